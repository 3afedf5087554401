"""Worked measures: what they ask, and their results beside published ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.parse import parsed
from api.policy.measures import ask_measure
from api.policy.shipped import (
    Published,
    ShippedMeasure,
    find_measure,
    request_of,
    shipped_measures,
)
from api.schemas import measures as shapes
from api.schemas.language import Language
from lca_service.engine import Engine
from lca_service.errors import UnknownName
from lca_service.releases import Releases


def list_measures(sector: str, language: Language) -> list[shapes.MeasureSummary]:
    """Return the worked measures of a sector, or all of them."""
    return [
        _summary(name, each, language)
        for name, each in shipped_measures().items()
        if not sector or sector in each.sectors
    ]


def shown(
    measure_id: str, measure: ShippedMeasure, engine: Engine, language: Language
) -> shapes.ShippedMeasureAnswer:
    """Return what a worked measure asks, and on what it rests."""
    return shapes.ShippedMeasureAnswer(
        **vars(_summary(measure_id, measure, language)),
        summary=measure.summary,
        request=request_of(measure, engine),
        assumptions=[each.model_dump() for each in measure.assumptions],
        volume=measure.volume.note,
        actions=[each.model_dump() for each in measure.actions],
    )


def ask_worked(
    measure_id: str, value: Mapping[str, Any], releases: Releases, *, max_lines: int
) -> shapes.ShippedResultAnswer:
    """Return the result of a worked measure, with what is asked otherwise of it.

    Raises
    ------
    StudyError
        With every fault of what is asked otherwise.
    UnknownName
        If there is no such measure.
    SamplesMissing
        If distributions are asked for and the samples are not built.
    """
    measure = find_measure(measure_id)
    changes = parsed(shapes.MeasureChanges, value)
    engine = releases.current
    asked = {
        **request_of(measure, engine),
        **changes.model_dump(mode="json", exclude_unset=True, exclude_none=True),
    }
    if changes.years is not None and changes.target is None:
        asked.pop("target", None)  # it was for other years
    answer = ask_measure(asked, releases, _no_footprint, _no_scenario, max_lines=max_lines)
    return shapes.ShippedResultAnswer(
        **vars(answer),
        id=measure_id,
        published=[_beside(each, answer) for each in measure.published],
    )


def _no_footprint(footprint_id: str) -> Any:
    raise UnknownName("unknown_footprint", footprint_id)


def _no_scenario(reference: Any) -> Any:
    raise UnknownName("unknown_scenario", str(reference))


def _summary(measure_id: str, measure: ShippedMeasure, language: Language) -> shapes.MeasureSummary:
    return shapes.MeasureSummary(
        id=measure_id,
        title=measure.title[language],
        sectors=list(measure.sectors),
        stages=list(measure.stages),
    )


def _beside(published: Published, answer: shapes.MeasureAnswer) -> shapes.PublishedAnswer:
    """Return a published result with ours beside it; none where it was not asked for."""
    found = next((each for each in answer.indicators if each.id == published.indicator), None)
    ours: float | None = None
    if found is not None and found.unit_baseline is not None and found.unit_scenario is not None:
        ours = {
            "relative": found.relative,
            "unit_saving": found.unit_baseline - found.unit_scenario,
            "unit_baseline": found.unit_baseline,
            "unit_scenario": found.unit_scenario,
        }[published.ours]
    ours = None if ours is None else ours * published.times
    return shapes.PublishedAnswer(
        what=published.what,
        citation=published.citation,
        locator=published.locator,
        value=published.value,
        minimum=published.minimum,
        maximum=published.maximum,
        unit=published.unit,
        ours=ours,
        ratio=None if ours is None else ours / published.value,
        why=published.why,
    )
