"""The footprint of what a city, or any place, consumes in a year."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from api.ask import ask_footprint
from api.parse import parsed, pointer
from api.schemas import places as shapes
from api.schemas.answer import IndicatorAnswer
from api.translate.answers import manifest
from lca_service.engine import Engine
from lca_service.errors import Fault, StudyError

_NOTES = [
    "Cradle to the gate of what is bought, as far as the products of the rows go: what is not in "
    "the table is not in the result."
]


def ask_consumption(
    value: Mapping[str, Any], engine: Engine, *, max_lines: int
) -> shapes.ConsumptionAnswer:
    """Return what a consumption table scores; StudyError with every fault of it."""
    asked = parsed(shapes.ConsumptionRequest, value)
    names = [each.name for each in asked.rows]
    faults = [
        Fault(pointer(["rows", n, "name"]), "duplicate_id", f"another row is called {name!r}")
        for n, name in enumerate(names)
        if name in names[:n]
    ]
    request = {
        "name": asked.name,
        "declared_unit": {"amount": 1, "unit": "year"},
        "location": asked.location,
        "bom": [
            {
                "id": f"row-{n}",
                "stage": "use",
                **each.model_dump(include={"product", "amount", "unit", "location"},
                                  exclude_none=True),
            }
            for n, each in enumerate(asked.rows)
        ],
        "indicators": asked.indicators,
    }  # fmt: skip
    try:
        found = ask_footprint(request, engine, max_lines=max_lines)
    except StudyError as error:
        faults += [
            dataclasses.replace(each, pointer=each.pointer.replace("/bom/", "/rows/", 1))
            for each in error.faults
        ]
    if faults:
        raise StudyError(list(dict.fromkeys(faults)))
    return shapes.ConsumptionAnswer(
        name=asked.name,
        location=asked.location,
        population=asked.population,
        indicators=[_indicator(each, asked) for each in found.indicators],
        notes=_NOTES,
        sources=found.sources,
        manifest=manifest(value, engine),
    )


def _indicator(
    found: IndicatorAnswer, asked: shapes.ConsumptionRequest
) -> shapes.ConsumptionIndicatorAnswer:
    answer = shapes.ConsumptionIndicatorAnswer(
        id=found.id,
        unit=found.unit,
        method=found.method,
        total=None,
        by_group={},
        by_row={},
        reason=found.reason,
    )
    if found.value is None:
        return answer
    whole = found.value

    def consumed(score: float) -> shapes.ConsumedAnswer:
        return shapes.ConsumedAnswer(
            value=score,
            per_inhabitant=score / asked.population,
            share=score / whole if whole else None,
        )

    groups: dict[str, float] = {}
    for n, row in enumerate(asked.rows):
        score = (found.by_line or {})[f"row-{n}"]
        answer.by_row[row.name] = consumed(score)
        groups[row.group] = groups.get(row.group, 0.0) + score
    answer.total = consumed(whole)
    answer.by_group = {name: consumed(score) for name, score in groups.items()}
    return answer
