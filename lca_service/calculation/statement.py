"""What every result states about itself (ISO 14067 clause 7, aligned with, not conforming)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lca_service.catalogue.catalogue import Catalogue
from lca_service.domain.method import ImpactCategory
from lca_service.domain.study import Stage, Study


@dataclass(frozen=True)
class Statement:
    """The frame of a result: without it a number cannot be compared with another.

    ``data_period`` are the first and last year of the figures behind the background.
    """

    declared_unit: str
    scope: str
    stages_included: tuple[str, ...]
    stages_left_out: tuple[str, ...]
    system_model: str
    cut_off: str
    allocation: str
    electricity: str
    biogenic_carbon: str
    land_use_change: str
    scenarios: str
    gwp_sets: tuple[str, ...]
    data_period: tuple[int, int] | None
    uncertainty: str
    sensitivity: str
    limits: tuple[str, ...]
    review: str
    aligned_with: tuple[str, ...]


def state(
    study: Study,
    catalogue: Catalogue,
    categories: Sequence[ImpactCategory],
    demand: Mapping[int, float],
) -> Statement:
    """Return the statement of a study's result."""
    unit = study.declared_unit
    named = {line.stage for line in study.lines} | {each.stage for each in study.emissions}
    included = tuple(stage.value for stage in Stage if stage in named)
    left_out = tuple(stage.value for stage in Stage if stage not in named)
    editions = {method.id: method for method in catalogue.methods}
    gwp_sets = dict.fromkeys(
        f"{editions[category.method].edition}"
        for category in categories
        if editions[category.method].family == "climate_change"
    )
    return Statement(
        declared_unit=f"{unit.amount:g} {unit.unit}",
        scope="partial footprint" if left_out else "footprint of the stages named in the bill",
        stages_included=included,
        stages_left_out=left_out,
        system_model="attributional, cut-off by recycled content, no credits",
        cut_off="nothing is cut off by mass or value; what is missing is what no line names and "
        "what the boundary of an activity excludes",
        allocation="subdivision, then physical causality, then economic (five-year mean prices); "
        "see the formula of each activity",
        electricity="location-based: generation and net imports of the country, with grid losses",
        biogenic_carbon="uptake and release of biogenic CO2 count 0 in climate_change.total",
        land_use_change="not assessed where a product system occupies cropland: luluc is null "
        "and the total partial",
        scenarios="use and end of life are what the lines of the bill say",
        gwp_sets=tuple(gwp_sets),
        data_period=_data_period(catalogue, demand),
        uncertainty="values follow from the table figures, each the median of its distribution; "
        "intervals, where samples are asked for, are those of the figures and of the given "
        "amounts, with characterization factors as published",
        sensitivity="to the time horizon and edition of the GWP: by_edition beside each climate "
        "indicator; to a contract for electricity: with_grid_electricity; to amounts and places: "
        "ask variants; to allocation: not computed",
        limits=(
            "carbon and water only: no other impact category",
            "water degradation is not covered",
            "infrastructure and packaging only where a line or an activity names them",
        ),
        review="not reviewed",
        aligned_with=("ISO 14040:2006", "ISO 14044:2006", "ISO 14067:2018", "ISO 14046:2014"),
    )


def _data_period(catalogue: Catalogue, demand: Mapping[int, float]) -> tuple[int, int] | None:
    periods = [catalogue.periods[position] for position in demand]
    known = [period for period in periods if period is not None]
    if not known:
        return None
    return min(first for first, _ in known), max(last for _, last in known)
