"""Whether a kept footprint can be computed again to the bit, and what changed between two."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from api.ask import ask_footprint
from api.keep import answer_of, request_of
from api.parse import pointer
from api.schemas.answer import FootprintAnswer
from api.schemas.kept import (
    ChangeAnswer,
    DifferenceAnswer,
    EffectsAnswer,
    IndicatorDifferenceAnswer,
    RecomputedAnswer,
)
from api.store.footprints import Kept
from lca_service.engine import Engine
from lca_service.errors import StudyError
from lca_service.releases import Releases

_MOST_LINES = 1_000_000  # it was accepted when it was kept
_MOST_CHANGES = 100

Values = Mapping[str, float | None]


def recompute(kept: Kept, releases: Releases) -> RecomputedAnswer:
    """Compute a footprint again from its request and its data, and compare every bit.

    Raises
    ------
    UnknownName
        If its data release is no longer kept.
    """
    engine = releases.of_hash(kept.data_hash)
    again = ask_footprint(request_of(kept), engine, max_lines=_MOST_LINES)
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
    """
    first, last = answer_of(before), answer_of(after)
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
    return DifferenceAnswer(
        before=before.id,
        after=after.id,
        indicators=[
            _indicator(name, unit, [_step(values, name) for values in steps])
            for name, unit in units.items()
        ],
    )


def _step(values: Values | str, name: str) -> float | str:
    """Return a value, or why there is none."""
    if isinstance(values, str):
        return values
    value = values.get(name)
    return "it is unknown, or was not asked for, in one of the steps" if value is None else value


def _indicator(name: str, unit: str, steps: list[float | str]) -> IndicatorDifferenceAnswer:
    ends = [each if isinstance(each, float) else None for each in (steps[0], steps[-1])]
    known = [each for each in steps if isinstance(each, float)]
    effects, reason = None, next((each for each in steps if isinstance(each, str)), None)
    if len(known) == len(steps):
        kept, today, methods, data, other, last = known
        effects = EffectsAnswer(
            engine=(today - kept) + (last - other),
            method=methods - today,
            data=data - methods,
            input=other - data,
        )
    change = None if None in ends else ends[1] - ends[0]  # type: ignore[operator]
    return IndicatorDifferenceAnswer(
        id=name,
        unit=unit,
        before=ends[0],
        after=ends[1],
        change=change,
        effects=effects,
        reason=reason,
    )


def _values(answer: FootprintAnswer) -> Values:
    return {each.id: each.value for each in answer.indicators}


def _computed(request: Mapping[str, Any], engine: Engine) -> Values | str:
    """Return the values of a request on a release, or why it has none there.

    Distributions are left out: they change no value.
    """
    plain = {name: value for name, value in request.items() if name != "uncertainty"}
    try:
        return _values(ask_footprint(plain, engine, max_lines=_MOST_LINES))
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
