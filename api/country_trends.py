"""One country over time: its series with growth, and the decoupling of its pressures."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from api.schemas import countries as shapes
from lca_service.calculation.decoupling import (
    Decoupling,
    Growth,
    decouple,
    growth,
    jumps,
    rolling,
    totals,
)
from lca_service.catalogue.catalogue import Catalogue
from lca_service.domain.country import CountryIndicator, Observation, Role

_WINDOW = 10  # years of the rolling periods

Years = dict[int, float]


@dataclass(frozen=True)
class Trends:
    """A country's answer, and the (source, licence) pairs of the figures in it."""

    answer: shapes.CountryTrendsAnswer
    sources: frozenset[tuple[str, str]]


def of_country(
    code: str, catalogue: Catalogue, *, start: int | None, end: int | None, pressures: Sequence[str]
) -> Trends:
    """Return the series of a country, and the decoupling of the named pressures."""
    statistics = catalogue.countries
    found = statistics.by_country.get(code, {})
    shown = [
        each
        for name, each in sorted(statistics.indicators.items())
        if each.role is not Role.PRESSURE or name in pressures
    ]
    whole = _totals(found, statistics.indicators)
    answer = shapes.CountryTrendsAnswer(
        code=code,
        name=catalogue.nomenclature.locations[code].name,
        series=[_series(each, found.get(each.code, ()), start, end) for each in shown],
        decoupling=[
            _decoupling(pressure, activity.code, whole, start=start, end=end)
            for activity in statistics.of_role(Role.ACTIVITY)
            for pressure in dict.fromkeys(pressures)
        ],
    )
    used = {(each.source, each.licence) for one in shown for each in found.get(one.code, ())}
    return Trends(answer, frozenset(used))


def _totals(
    found: Mapping[str, Sequence[Observation]], indicators: Mapping[str, CountryIndicator]
) -> dict[str, Years]:
    """Return the series by indicator, those per person times the population."""
    plain = {name: {each.year: each.value for each in series} for name, series in found.items()}
    people: Years = {}
    for name, years in plain.items():
        if indicators[name].role is Role.POPULATION:
            people = people or years
    return {
        name: totals(years, people) if indicators[name].is_per_person else years
        for name, years in plain.items()
    }


def _series(
    indicator: CountryIndicator,
    observations: Sequence[Observation],
    start: int | None,
    end: int | None,
) -> shapes.SeriesAnswer:
    kept = [
        each
        for each in observations
        if (start is None or each.year >= start) and (end is None or each.year <= end)
    ]
    years = {each.year: each.value for each in kept}
    period = _period(years, start, end)
    found = period and growth(years, *period)
    return shapes.SeriesAnswer(
        indicator=indicator.code,
        name=indicator.name,
        unit=indicator.unit,
        pillar=indicator.pillar,
        per_person=indicator.is_per_person,
        points=[_point(each, kept[0].value) for each in kept],
        growth=_growth(found, period) if found and period else None,
        jumps=jumps(years),
        reason=None if found else _why(years, period),
    )


def _why(years: Collection[int], period: tuple[int, int] | None) -> str:
    if not years or period is None:
        return "no source of this release has a value of it"
    missing = [str(year) for year in period if year not in years]
    if missing:
        return f"no growth: there is no value in {' and '.join(missing)}"
    return f"no growth: {period[0]} to {period[1]} has no positive value to begin with, or no year"


def _period(years: Collection[int], start: int | None, end: int | None) -> tuple[int, int] | None:
    """Return the period that is asked for, else the first and the last year of a series."""
    if not years:
        return None
    return min(years) if start is None else start, max(years) if end is None else end


def _decoupling(
    pressure: str, activity: str, whole: Mapping[str, Years], *, start: int | None, end: int | None
) -> shapes.DecouplingAnswer:
    one, other = whole.get(pressure, {}), whole.get(activity, {})
    common = {
        year
        for year in one.keys() & other.keys()
        if (start is None or year >= start) and (end is None or year <= end)
    }
    period = _period(common, start, end)
    missing = [name for name, years in ((pressure, one), (activity, other)) if not years]
    reason = f"no series of {' and '.join(missing)}" if missing else None
    if period is None and reason is None:
        reason = "the two series have no year in common in this period"
    return shapes.DecouplingAnswer(
        pressure=pressure,
        activity=activity,
        period=_answer(decouple(one, other, start=period[0], end=period[1])) if period else None,
        rolling=[
            _answer(each)
            for each in rolling(one, other, years=_WINDOW)
            if each.start in common and each.end in common
        ],
        reason=reason,
    )


def _answer(each: Decoupling) -> shapes.PeriodAnswer:
    period = each.start, each.end
    return shapes.PeriodAnswer(
        start=each.start,
        end=each.end,
        pressure=_growth(each.pressure, period) if each.pressure else None,
        activity=_growth(each.activity, period) if each.activity else None,
        elasticity=each.elasticity,
        verdict=each.verdict,
        tapio=each.tapio,
        reason=each.reason,
    )


def _growth(found: Growth, period: tuple[int, int]) -> shapes.GrowthAnswer:
    return shapes.GrowthAnswer(
        start=period[0], end=period[1], change=found.change, annual=found.annual
    )


def _point(each: Observation, first: float) -> shapes.PointAnswer:
    return shapes.PointAnswer(
        year=each.year,
        value=each.value,
        index=100.0 * each.value / first if first else None,
        printed=each.printed,
        printed_unit=each.unit,
        basis=each.basis.value,
        source=each.source,
        locator=each.locator,
        note=each.note,
    )
