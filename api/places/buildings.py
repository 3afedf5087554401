"""The common carbon metric of a building: operation and materials, apart.

Kilograms of CO2 equivalent per square metre and year, and per occupant and year (UNEP
Sustainable Buildings and Climate Initiative 2010, Common Carbon Metric; ISO 16745-1:2017).
Materials follow EN 15978 and are spread over the reference study period; they are never added
to the operation without saying so.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from api.ask import ask_footprint
from api.parse import parsed, pointer
from api.schemas import places as shapes
from api.schemas.answer import FootprintAnswer, IndicatorAnswer
from api.translate.answers import manifest
from lca_service.engine import Engine
from lca_service.errors import Fault, StudyError

FRAMES = {
    "concrete": "building-concrete-frame",
    "masonry": "building-masonry",
    "steel": "building-steel-frame",
    "timber": "building-timber-frame",
}
_NOTES = [
    "Operation is what is metered in a year; materials are EN 15978 A1 to A5 and C1 to C4, over "
    "the reference study period.",
    "Operation and materials are not added: their years are different.",
]


def ask_building(
    value: Mapping[str, Any], engine: Engine, *, max_lines: int
) -> shapes.BuildingAnswer:
    """Return the metric of a building; StudyError with every fault of it."""
    asked = parsed(shapes.BuildingRequest, value)
    faults: list[Fault] = []
    operation = _answered(_operation(asked), engine, max_lines, _at_operation, faults)
    bill = _materials(asked, faults)
    materials = None
    if bill is not None:
        materials = _answered(bill, engine, max_lines, _at_materials(asked), faults)
    if faults:
        raise StudyError(list(dict.fromkeys(faults)))
    assert operation is not None
    beside = {} if materials is None else {each.id: each for each in materials.indicators}
    notes = list(_NOTES)
    if asked.occupants is None:
        notes.append("Per occupant is not known: give `occupants`.")
    if materials is None:
        notes.append("Materials are not known: give `frame` or `materials`.")
    found = {each.id: each for each in (*operation.sources, *(materials or operation).sources)}
    return shapes.BuildingAnswer(
        name=asked.name,
        location=asked.location,
        floor_area=asked.floor_area,
        occupants=asked.occupants,
        years=asked.years,
        indicators=[_indicator(each, beside.get(each.id), asked) for each in operation.indicators],
        notes=notes,
        sources=list(found.values()),
        manifest=manifest(value, engine),
    )


def _operation(asked: shapes.BuildingRequest) -> dict[str, Any]:
    """Return the request of a year's operation."""
    return {
        "name": asked.name,
        "declared_unit": {"amount": 1, "unit": "year"},
        "location": asked.location,
        "bom": [
            {"id": f"carrier-{n}", "stage": "use", **each.model_dump(exclude_none=True)}
            for n, each in enumerate(asked.operation)
        ],
        "emissions": [
            {"id": f"refrigerant-{n}", "stage": "use", **each.model_dump()}
            for n, each in enumerate(asked.refrigerants)
        ],
        "indicators": asked.indicators,
    }


def _materials(asked: shapes.BuildingRequest, faults: list[Fault]) -> dict[str, Any] | None:
    """Return the request of what the building is made of; None if that is not known."""
    if asked.frame is not None and asked.materials:
        detail = "materials are those of a frame of the inventory, or a bill"
        faults.append(Fault("/materials", "frame_or_materials", detail, "leave one out"))
        return None
    lines: list[dict[str, Any]] = [
        {"stage": "raw_materials", **each.model_dump(mode="json", exclude_unset=True)}
        for each in asked.materials
    ]
    if asked.frame is not None:
        if asked.frame not in FRAMES:
            detail = f"no frame {asked.frame!r}"
            faults.append(Fault("/frame", "bad_value", detail, "", tuple(FRAMES)))
            return None
        product = FRAMES[asked.frame]
        area = {"amount": asked.floor_area, "unit": "m2"}
        lines = [
            {"id": "construction", "stage": "manufacturing", "product": product, **area},
            {"id": "end", "stage": "end_of_life", "product": f"{product}-demolition", **area},
        ]
    if not lines:
        return None
    return {
        "name": asked.name,
        "declared_unit": {"amount": 1, "unit": "piece"},
        "location": asked.location,
        "bom": lines,
        "indicators": asked.indicators,
    }


def _answered(
    request: dict[str, Any],
    engine: Engine,
    max_lines: int,
    place: Any,
    faults: list[Fault],
) -> FootprintAnswer | None:
    try:
        return ask_footprint(request, engine, max_lines=max_lines)
    except StudyError as error:
        faults += [dataclasses.replace(each, pointer=place(each.pointer)) for each in error.faults]
        return None


def _at_operation(at: str) -> str:
    steps = at.split("/")[1:]
    if steps[:1] == ["bom"]:
        return pointer(["operation", *steps[1:]])
    return pointer(["refrigerants", *steps[1:]]) if steps[:1] == ["emissions"] else at


def _at_materials(asked: shapes.BuildingRequest) -> Any:
    def place(at: str) -> str:
        steps = at.split("/")[1:]
        if steps[:1] != ["bom"]:
            return at
        return "/frame" if asked.frame is not None else pointer(["materials", *steps[1:]])

    return place


def _indicator(
    operation: IndicatorAnswer, materials: IndicatorAnswer | None, asked: shapes.BuildingRequest
) -> shapes.BuildingIndicatorAnswer:
    names = {f"carrier-{n}": each.product for n, each in enumerate(asked.operation)}
    names |= {f"refrigerant-{n}": each.flow for n, each in enumerate(asked.refrigerants)}
    by_carrier: dict[str, float] = {}
    for line, score in (operation.by_line or {}).items():
        by_carrier[names[line]] = by_carrier.get(names[line], 0.0) + score
    reason = "neither a frame nor a bill of materials is given"
    value = None if materials is None else materials.value
    return shapes.BuildingIndicatorAnswer(
        id=operation.id,
        unit=operation.unit,
        method=operation.method,
        operation=_metric(operation.value, 1.0, asked),
        by_carrier=by_carrier if operation.value is not None else None,
        operation_reason=operation.reason,
        materials=_metric(value, asked.years, asked),
        by_stage=None if materials is None else materials.by_stage,
        materials_reason=reason if materials is None else materials.reason,
    )


def _metric(
    value: float | None, years: float, asked: shapes.BuildingRequest
) -> shapes.MetricAnswer | None:
    if value is None:
        return None
    annual = value / years
    occupants = asked.occupants
    return shapes.MetricAnswer(
        of_building=annual,
        per_m2=annual / asked.floor_area,
        per_occupant=None if occupants is None else annual / occupants,
    )
