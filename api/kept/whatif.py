"""Variants of a kept footprint: what it would be if lines were others."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from api.ask import ask_footprint
from api.faults import count_entries
from api.keep import answer_of, request_of
from api.kept.patch import Json, patched
from api.parse import pointer
from api.schemas.answer import FootprintAnswer, IndicatorAnswer
from api.schemas.problem import FaultAnswer
from api.schemas.whatif import VariantAnswer, VariantIndicatorAnswer, WhatIfAnswer, WhatIfRequest
from api.store.footprints import Kept
from lca_service.calculation.editions import not_compared
from lca_service.engine import Engine
from lca_service.errors import Fault, StudyError

_MOST_TIMES = 10  # as many lines as one request may have, in all variants: some seconds


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
    _require_budget(question, request, max_lines)
    return WhatIfAnswer(
        footprint=kept.id,
        variants=[
            _variant(place, each.name, value["variants"][place], request, base, engine, max_lines)
            for place, each in enumerate(question.variants)
        ],
    )


def _parsed(value: Mapping[str, Any]) -> WhatIfRequest:
    try:
        return WhatIfRequest.model_validate(value)
    except ValidationError as error:
        faults = [
            Fault(pointer(each["loc"]), "bad_value", str(each["msg"]))
            for each in error.errors(include_url=False)
        ]
        raise StudyError(faults) from error


def _require_budget(question: WhatIfRequest, request: Json, max_lines: int) -> None:
    """Refuse more lines in all variants together than some seconds are enough for."""
    own = count_entries(request)
    count = sum(own + len(each.add) for each in question.variants)
    most = _MOST_TIMES * max_lines
    if count > most:
        detail = f"{len(question.variants)} variants of {own} lines, emissions and assemblies are "
        detail += f"{count} with those added; at most {most} are allowed"
        fault = Fault("/variants", "too_many_lines", detail, "ask for fewer variants at a time")
        raise StudyError([fault])


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
        changed = patched(request, variant, ("variants", place))
    except StudyError as error:
        return _refused(name, error.faults)
    try:
        # draws are those of the kept footprint: only what changes makes a difference
        answer = ask_footprint(
            changed.request, engine, max_lines=max_lines, identity=base.manifest.input_sha256
        )
    except StudyError as error:
        return _refused(
            name,
            [
                dataclasses.replace(each, pointer=changed.pointer_of(each.pointer))
                for each in error.faults
            ],
        )
    before = {each.id: each for each in base.indicators}
    families = {each.id: each.family for each in engine.catalogue.methods}
    return VariantAnswer(
        name=name,
        request=changed.request,
        indicators=[_beside(each, before.get(each.id), families) for each in answer.indicators],
        warnings=answer.warnings,
        errors=[],
    )


def _refused(name: str, faults: Sequence[Fault]) -> VariantAnswer:
    """Return a variant that has no footprint; pointers are into the question."""
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
            for each in faults
        ],
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
