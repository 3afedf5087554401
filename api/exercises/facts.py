"""The data of an exercise: figures of the release at a country, each with where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from api.exercises.shape import Datum, Exercise
from lca_service.catalogue.catalogue import Catalogue
from lca_service.catalogue.override import parameters_of
from lca_service.catalogue.resolve import Match, resolve_flow, resolve_product
from lca_service.domain.provenance import Source
from lca_service.domain.study import DeclaredUnit, Line, Stage, Study
from lca_service.engine import Engine
from lca_service.errors import Fault, NoProvider, StudyError, UnknownName

_DIGITS = 4  # as they are told: what is computed by hand is computed from these
_COUNTED = {"kg CO2e": "kg", "m3 world-eq": "m3"}  # what is counted, as a unit


@dataclass(frozen=True)
class Fact:
    """A figure at a place.

    Parameters
    ----------
    value
        With as many digits as learners are told.
    unit, shown_unit
        For computing, and as it is written, such as ``kg/kWh`` and ``kg CO2e/kWh``.
    match
        The activity it comes from, and how it was found; None for a factor.
    location
        The place whose figure it is.
    method
        The edition of the method that counts; empty where nothing is assessed.
    sources
        Those of the activity's own figures, each with its licence.
    """

    value: float
    unit: str
    shown_unit: str
    location: str
    match: Match | None
    method: str = ""
    sources: tuple[tuple[Source, str], ...] = ()


def look_up(
    exercise: Exercise, engine: Engine, country: str, others: Mapping[str, str]
) -> dict[str, Fact]:
    """Return the data of an exercise for a country and the other places it needs.

    Raises
    ------
    StudyError
        With every figure that the release does not have there.
    """
    found: dict[str, Fact] = {}
    faults: list[Fault] = []
    for name, datum in exercise.data.items():
        place = others.get(datum.location, datum.location) or country
        try:
            found[name] = _fact(datum, engine, place)
        except (UnknownName, NoProvider, StudyError, _NotKnown) as error:
            hint = getattr(error, "hint", "") or "choose another country"
            faults.append(Fault("/country", "no_data", f"{name}: {error}", hint))
    if faults:
        raise StudyError(faults)
    return found


class _NotKnown(Exception):
    """The release has no such figure."""


def counted(indicator_unit: str) -> str:
    """Return the unit of what an indicator counts: CO2 equivalents are kilograms."""
    return _COUNTED.get(indicator_unit, indicator_unit)


def category_row(catalogue: Catalogue, indicator: str, method: str) -> int:
    """Return the row of an impact category; of the default edition without a method."""
    for row, category in enumerate(catalogue.categories):
        if category.indicator == indicator and category.method == method:
            return row
    if not method and indicator in catalogue.default_categories:
        return catalogue.default_categories[indicator]
    raise UnknownName("unknown_indicator", f"{indicator} {method}".strip())


def _fact(datum: Datum, engine: Engine, place: str) -> Fact:
    catalogue = engine.catalogue
    if datum.factor:
        return _factor(datum, engine, place)
    match = resolve_product(catalogue, datum.product, place)
    product_unit = catalogue.nomenclature.products[datum.product].unit
    if datum.parameter:
        return _parameter(datum, catalogue, match)
    study = Study(
        name=datum.product,
        declared_unit=DeclaredUnit(1.0, product_unit),
        location=place,
        lines=(Line("one", Stage.RAW_MATERIALS, 1.0, product_unit, "", product=datum.product),),
        indicators=(datum.indicator,) if datum.indicator else ("climate_change.total",),
        methods={datum.indicator: datum.method} if datum.method else {},
    )
    method = ""
    if datum.flows:
        amounts = catalogue.flow_codes
        per_unit = engine.background.inventory_multipliers[:, match.activity_index]
        value = sum(float(per_unit[amounts.index(flow)]) for flow in datum.flows)
        unit = shown = catalogue.nomenclature.flows[datum.flows[0]].unit
    else:
        (result,) = engine.footprint(study).indicators
        if result.value is None:
            raise _NotKnown(f"{datum.indicator} of {datum.product} is {result.reason}")
        value, shown = result.value, result.category.unit
        unit, method = counted(shown), result.category.method
        if datum.scope is not None:
            split = engine.split_by_scope(study, {"one": datum.scope})["one"]
            value = split.own[datum.indicator] or 0.0
    return Fact(
        value=_told(value),
        unit=f"{unit}/({product_unit})",
        shown_unit=datum.shown_unit or f"{shown}/{_divisor(product_unit)}",
        location=match.location,
        match=match,
        method=method,
        sources=catalogue.sources_of(catalogue.direct_sources[match.activity_index]),
    )


def _factor(datum: Datum, engine: Engine, place: str) -> Fact:
    catalogue = engine.catalogue
    row = category_row(catalogue, datum.indicator, datum.method)
    ((flow_row, _),) = resolve_flow(catalogue, datum.factor, place).items()
    value = float(engine.background.characterization[row, flow_row])
    if not value:
        raise _NotKnown(f"{datum.indicator} has no factor for {datum.factor} there")
    category = catalogue.categories[row]
    flow_unit = catalogue.nomenclature.flows[datum.factor].unit
    return Fact(
        value=_told(value),
        unit=f"{counted(category.unit)}/({flow_unit})",
        shown_unit=datum.shown_unit or f"{category.unit}/{_divisor(flow_unit)}",
        location=catalogue.flow_rows[flow_row][1] or "GLO",
        match=None,
        method=category.method,
    )


def _parameter(datum: Datum, catalogue: Catalogue, match: Match) -> Fact:
    activity = catalogue.activities[match.activity_index]
    own = dict(catalogue.sources_of(catalogue.direct_sources[match.activity_index]))
    for each in parameters_of(catalogue, activity):
        if each.name == datum.parameter:
            figure = each.figure
            unit, source = figure.unit, catalogue.sources[figure.source]
            return Fact(
                value=_told(figure.value),
                unit=unit,
                shown_unit=datum.shown_unit or unit,
                location=match.location,
                match=match,
                sources=((source, own.get(source, source.licence)),),
            )
    raise _NotKnown(f"{activity.id} has no parameter {datum.parameter!r}")


def _told(value: float) -> float:
    return float(f"{value:.{_DIGITS}g}")


def _divisor(unit: str) -> str:
    return f"({unit})" if "*" in unit or "/" in unit else unit
