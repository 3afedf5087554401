"""Variants of a kept footprint: what it would be if lines were others."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from api.ask import ask_footprint
from api.keep import answer_of, request_of
from api.parse import pointer
from api.schemas.answer import FootprintAnswer, IndicatorAnswer
from api.schemas.problem import FaultAnswer
from api.schemas.whatif import VariantAnswer, VariantIndicatorAnswer, WhatIfAnswer, WhatIfRequest
from api.store.footprints import Kept
from lca_service.calculation.editions import not_compared
from lca_service.catalogue.nomenclature import nearest_names
from lca_service.engine import Engine
from lca_service.errors import Fault, StudyError

Json = dict[str, Any]


def ask_variants(
    kept: Kept, value: Mapping[str, Any], engine: Engine, *, max_lines: int
) -> WhatIfAnswer:
    """Return the footprints of variants, each beside the kept one, or the faults of a variant.

    Raises
    ------
    StudyError
        With every fault of the form of the question.
    """
    question = _parsed(value)
    base, request = answer_of(kept), request_of(kept)
    return WhatIfAnswer(
        footprint=kept.id,
        variants=[
            _variant(place, each.name, value["variants"][place], request, base, engine, max_lines)
            for place, each in enumerate(question.variants)
        ],
    )


def patched(request: Json, variant: Mapping[str, Any], path: list[str | int]) -> Json:
    """Return a request with the changes of a variant.

    Lines and emissions are addressed by id, those of an assembly by ``assembly/id``, and are
    changed as by a JSON merge patch (RFC 7396): null takes out.

    Raises
    ------
    StudyError
        With every line that is changed and is not there.
    """
    found = copy.deepcopy(request)
    for name in ("location", "declared_unit", "methods"):
        if name in variant:
            found[name] = _merged(found.get(name), variant[name])
    faults: list[Fault] = []
    for name, kind, prefix in (("lines", "bom", "line"), ("emissions", "emissions", "emission")):
        places = _places(found, kind, prefix)
        for key, change in (variant.get(name) or {}).items():
            if key not in places:
                nearest = nearest_names(key, places)
                detail = f"the footprint has no {prefix} {key!r}"
                where = pointer([*path, name, key])
                faults.append(Fault(where, f"unknown_{prefix}", detail, "", nearest))
                continue
            entries, index = places[key]
            entries[index] = None if change is None else _merged(entries[index], change)
        for entries in {id(each): each for each, _ in places.values()}.values():
            entries[:] = [each for each in entries if each is not None]
    if faults:
        raise StudyError(faults)
    if variant.get("add"):
        found["bom"] = [*found["bom"], *variant["add"]]
    return found


def _parsed(value: Mapping[str, Any]) -> WhatIfRequest:
    try:
        return WhatIfRequest.model_validate(value)
    except ValidationError as error:
        faults = [
            Fault(pointer(each["loc"]), "bad_value", str(each["msg"]))
            for each in error.errors(include_url=False)
        ]
        raise StudyError(faults) from error


def _places(request: Json, kind: str, prefix: str) -> dict[str, tuple[list[Any], int]]:
    """Return the lists and places of all lines, or emissions, by id; named before any changes."""
    bills = [
        ("", request),
        *((f"{name}/", each) for name, each in request.get("assemblies", {}).items()),
    ]
    return {
        f"{before}{entry.get('id') or f'{prefix}-{index + 1}'}": (entries, index)
        for before, bill in bills
        for entries in [bill.get(kind) or []]
        for index, entry in enumerate(entries)
    }


def _merged(old: Any, change: Any) -> Any:
    """Return a JSON value after a merge patch (RFC 7396)."""
    if not isinstance(change, dict):
        return change
    found = dict(old) if isinstance(old, dict) else {}
    for key, value in change.items():
        if value is None:
            found.pop(key, None)
        else:
            found[key] = _merged(found.get(key), value)
    return found


def _variant(
    place: int,
    name: str,
    variant: Mapping[str, Any],
    request: Json,
    base: FootprintAnswer,
    engine: Engine,
    max_lines: int,
) -> VariantAnswer:
    try:
        changed = patched(request, variant, ["variants", place])
        # draws are those of the kept footprint: only what changes makes a difference
        answer = ask_footprint(
            changed, engine, max_lines=max_lines, identity=base.manifest.input_sha256
        )
    except StudyError as error:
        return VariantAnswer(
            name=name,
            request=None,
            indicators=[],
            warnings=[],
            errors=[
                FaultAnswer(
                    pointer=each.pointer,
                    code=each.code,
                    detail=each.detail,
                    hint=each.hint,
                    allowed=list(each.allowed),
                )
                for each in error.faults
            ],
        )
    before = {each.id: each for each in base.indicators}
    families = {each.id: each.family for each in engine.catalogue.methods}
    return VariantAnswer(
        name=name,
        request=changed,
        indicators=[_beside(each, before.get(each.id), families) for each in answer.indicators],
        warnings=answer.warnings,
        errors=[],
    )


def _beside(
    found: IndicatorAnswer, kept: IndicatorAnswer | None, families: Mapping[str, str]
) -> VariantIndicatorAnswer:
    """Return an indicator of a variant beside that of the kept footprint, if it has that."""
    before = None if kept is None else kept.value
    editions = {each.method.id for each in (found, kept) if each is not None}
    reason = not_compared(editions, families)
    change = None
    if reason is None and found.value is not None and before is not None:
        change = found.value - before
    return VariantIndicatorAnswer(
        id=found.id,
        unit=found.unit,
        kept=before,
        value=found.value,
        change=change,
        by_line=found.by_line,
        reason=found.reason or reason,
        with_grid_electricity=found.with_grid_electricity,
        uncertainty=found.uncertainty,
    )
