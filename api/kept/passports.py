"""Whether a kept footprint can be computed again to the bit, and what changed between two."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from api.ask import ask_footprint
from api.keep import ANY_LENGTH, answer_of, request_of
from api.parse import pointer
from api.schemas.answer import FootprintAnswer, IndicatorAnswer
from api.schemas.kept import (
    ChangeAnswer,
    DifferenceAnswer,
    EffectsAnswer,
    IndicatorDifferenceAnswer,
    RecomputedAnswer,
)
from api.store.footprints import Kept
from lca_service.calculation.editions import not_compared
from lca_service.engine import Engine
from lca_service.errors import Fault, StudyError, UnitMismatch
from lca_service.releases import Releases
from lca_service.units import factor

_MOST_CHANGES = 100

Values = Mapping[str, IndicatorAnswer]


def recompute(kept: Kept, releases: Releases) -> RecomputedAnswer:
    """Compute a footprint again from its request and its data, and compare every bit.

    Raises
    ------
    UnknownName
        If its data release is no longer kept.
    """
    engine = releases.of_hash(kept.data_hash)
    again = ask_footprint(request_of(kept), engine, max_lines=ANY_LENGTH)
    found = again.model_dump_json().encode()
    changes = [] if found == kept.answer else _changes(json.loads(kept.answer), json.loads(found))
    return RecomputedAnswer(
        footprint=kept.id,
        identical=found == kept.answer,
        kept_sha256=hashlib.sha256(kept.answer).hexdigest(),
        recomputed_sha256=hashlib.sha256(found).hexdigest(),
        engine=engine.version,
        changes=list(changes)[:_MOST_CHANGES],
    )


def difference(before: Kept, after: Kept, releases: Releases) -> DifferenceAnswer:
    """Split the change from one footprint to another into its causes.

    One part after the other is exchanged, and computed with the engine that runs now: what
    is kept and what it computes today differ by the engine, at both ends.

    Raises
    ------
    UnknownName
        If the data release of one of them is no longer kept.
    StudyError
        If their declared units differ in dimension.
    """
    first, last = answer_of(before), answer_of(after)
    note = _note(first, last)
    old, new = releases.of_hash(before.data_hash), releases.of_hash(after.data_hash)
    asked, wanted = request_of(before), request_of(after)
    methods = {**asked, "methods": wanted.get("methods", {})}
    steps = (
        _values(first),
        _computed(asked, old),
        _computed(methods, old),
        _computed(methods, new),
        _computed(wanted, new),
        _values(last),
    )
    units = {each.id: each.unit for answer in (first, last) for each in answer.indicators}
    families = {each.id: each.family for engine in (old, new) for each in engine.catalogue.methods}
    return DifferenceAnswer(
        before=before.id,
        after=after.id,
        note=note,
        indicators=[_indicator(name, unit, steps, families) for name, unit in units.items()],
    )


def _note(first: FootprintAnswer, last: FootprintAnswer) -> str | None:
    """Return that two footprints are of different amounts; StudyError if they are of two kinds."""
    one, other = first.declared_unit, last.declared_unit
    units = [f"{each.amount:g} {each.unit}" for each in (one, other)]
    shown = f"one footprint is of {units[0]}, the other of {units[1]}"
    try:
        times = other.amount * factor(other.unit, one.unit) / one.amount
    except UnitMismatch as error:
        raise StudyError([Fault("/other_id", "not_comparable", shown)]) from error
    if math.isclose(times, 1.0, rel_tol=1e-12):
        return None
    return f"{shown}: the change is between these, not between equal amounts"


def _step(values: Values | str, name: str) -> float | str:
    """Return a value, or why there is none."""
    if isinstance(values, str):
        return values
    value = values[name].value if name in values else None
    return "it is unknown, or was not asked for, in one of the steps" if value is None else value


def _editions(steps: Iterable[Values | str], name: str) -> set[str]:
    """Return the method editions of an indicator in some steps."""
    return {each[name].method.id for each in steps if not isinstance(each, str) and name in each}


def _indicator(
    name: str, unit: str, found: Sequence[Values | str], families: Mapping[str, str]
) -> IndicatorDifferenceAnswer:
    steps = [_step(values, name) for values in found]
    ends = [each if isinstance(each, float) else None for each in (steps[0], steps[-1])]
    reason = not_compared(_editions(found, name), families)
    reason = reason or next((each for each in steps if isinstance(each, str)), None)
    effects, change = None, None
    if reason is None:
        kept, today, methods, data, other, last = (
            each for each in steps if isinstance(each, float)
        )
        effects = EffectsAnswer(
            engine=(today - kept) + (last - other),
            method=methods - today,
            data=data - methods,
            input=other - data,
        )
    before, after = ends
    are_compared = not_compared(_editions([found[0], found[-1]], name), families) is None
    if are_compared and before is not None and after is not None:
        change = after - before
    return IndicatorDifferenceAnswer(
        id=name,
        unit=unit,
        before=before,
        after=after,
        change=change,
        effects=effects,
        reason=reason,
    )


def _values(answer: FootprintAnswer) -> Values:
    return {each.id: each for each in answer.indicators}


def _computed(request: Mapping[str, Any], engine: Engine) -> Values | str:
    """Return the values of a request on a release, or why it has none there.

    Distributions are left out: they change no value.
    """
    plain = {name: value for name, value in request.items() if name != "uncertainty"}
    try:
        return _values(ask_footprint(plain, engine, max_lines=ANY_LENGTH))
    except StudyError as error:
        where = f"{error.faults[0].pointer}: {error.faults[0].detail}"
        return f"the request does not fit release {engine.catalogue.release}: {where}"


def _changes(kept: Any, found: Any) -> Iterator[ChangeAnswer]:
    """Yield the places where two JSON values differ."""

    def walk(path: list[str | int], old: Any, new: Any) -> Iterator[ChangeAnswer]:
        if isinstance(old, dict) and isinstance(new, dict):
            for key in dict.fromkeys([*old, *new]):
                yield from walk([*path, key], old.get(key, _NOTHING), new.get(key, _NOTHING))
        elif isinstance(old, list) and isinstance(new, list):
            for place in range(max(len(old), len(new))):
                ours = [each[place] if place < len(each) else _NOTHING for each in (old, new)]
                yield from walk([*path, place], *ours)
        elif old is _NOTHING or new is _NOTHING or old != new:
            yield ChangeAnswer(pointer=pointer(path), kept=_json(old), recomputed=_json(new))

    return walk([], kept, found)


_NOTHING = object()


def _json(value: Any) -> str | None:
    return None if value is _NOTHING else json.dumps(value, ensure_ascii=False)
