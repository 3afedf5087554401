"""Buildings and consumption tables as charts and tables."""

from __future__ import annotations

from collections.abc import Iterator

from api.charts.caption import caption
from api.charts.labels import indicator, title, word
from api.charts.shapes import Bar, Bars, Publication, Row
from api.schemas.language import Language
from api.schemas.places import BuildingAnswer, ConsumptionAnswer


def of_building(answer: BuildingAnswer, language: Language) -> Publication:
    """Return operation and materials per floor area and occupant."""
    panels: list[Bars] = []
    for each in answer.indicators:
        for part in ("per_m2", "per_occupant"):
            bars = [
                Bar(word(kind, language), value)
                for kind in ("operation", "materials")
                if (metric := getattr(each, kind)) is not None
                and (value := getattr(metric, part)) is not None
            ]
            if bars:
                heading = f"{indicator(each.id, language)}: {word(part, language)}"
                panels.append(Bars(heading, each.unit, bars))
    return Publication(
        title=title("building", answer.name, language),
        panels=panels,
        rows=list(_building_rows(answer)),
        caption=caption(
            answer.manifest,
            [each.method for each in answer.indicators],
            answer.sources,
            language,
            [f"{answer.floor_area:g} m2, {answer.years:g} a, {answer.location}"],
        ),
    )


def of_consumption(answer: ConsumptionAnswer, language: Language) -> Publication:
    """Return what groups of products score per inhabitant."""
    return Publication(
        title=title("consumption", answer.name, language),
        panels=[
            Bars(
                f"{indicator(each.id, language)}: {word('per_inhabitant', language)}",
                each.unit,
                [Bar(name, found.per_inhabitant) for name, found in each.by_group.items()],
            )
            for each in answer.indicators
            if each.by_group
        ],
        rows=list(_consumption_rows(answer)),
        caption=caption(
            answer.manifest,
            [each.method for each in answer.indicators],
            answer.sources,
            language,
            [f"{answer.location}, {answer.population:g}"],
        ),
    )


def _building_rows(answer: BuildingAnswer) -> Iterator[Row]:
    for each in answer.indicators:
        for kind in ("operation", "materials"):
            metric = getattr(each, kind)
            if metric is None:
                reason = getattr(each, f"{kind}_reason") or ""
                yield Row(each.id, kind, unit=each.unit, note=reason)
                continue
            yield Row(each.id, kind, value=metric.of_building, unit=f"{each.unit}/a")
            yield Row(each.id, "per_m2", kind, value=metric.per_m2, unit=f"{each.unit}/m2/a")
            yield Row(each.id, "per_occupant", kind, value=metric.per_occupant, unit=each.unit)
        for name, value in (each.by_carrier or {}).items():
            yield Row(each.id, "operation", name, value=value, unit=f"{each.unit}/a")


def _consumption_rows(answer: ConsumptionAnswer) -> Iterator[Row]:
    for each in answer.indicators:
        if each.total is None:
            yield Row(each.id, "value", unit=each.unit, note=each.reason or "")
            continue
        yield Row(each.id, "value", value=each.total.value, unit=each.unit)
        for found in (each.by_group, each.by_row):
            for name, consumed in found.items():
                yield Row(each.id, "value", name, value=consumed.value, unit=each.unit)
                yield Row(each.id, "per_inhabitant", name, value=consumed.per_inhabitant,
                          unit=each.unit)  # fmt: skip
