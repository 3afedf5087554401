"""Countries over time: which series there are, and what they say of decoupling."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from api import describe
from api.country_trends import of_country
from api.schemas import countries as shapes
from lca_service.catalogue.catalogue import Catalogue
from lca_service.catalogue.nomenclature import nearest_names
from lca_service.catalogue.resolve import resolve_location
from lca_service.domain.country import CountryIndicator, Role
from lca_service.engine import Engine
from lca_service.errors import Fault, StudyError, UnknownName

MOST_COUNTRIES = 30

_RULE = (
    "From the first to the last year of a period, in totals of the country: absolute, the pressure "
    "falls while the activity grows; relative, it grows more slowly; none, it grows as fast or "
    "faster. Where the activity falls it is a recession, named apart. Both series must have a "
    "value in both years. Two years decide: see whether the rolling periods agree."
)


@dataclass(frozen=True)
class Asked:
    """What is asked of the series: years, and the pressures that are shown."""

    start: int | None
    end: int | None
    pressures: tuple[str, ...]


def list_countries(catalogue: Catalogue) -> shapes.CountryPage:
    """Return the countries that have series, and what these tell."""
    statistics, places = catalogue.countries, catalogue.nomenclature.locations
    items = [
        shapes.CountryAnswer(
            code=code,
            name=places[code].name,
            iso3=places[code].iso3,
            series=[
                shapes.SpanAnswer(
                    indicator=indicator,
                    first_year=series[0].year,
                    last_year=series[-1].year,
                    n_years=len(series),
                )
                for indicator, series in found.items()
            ],
        )
        for code, found in statistics.by_country.items()
    ]
    told = [_indicator(each) for _, each in sorted(statistics.indicators.items())]
    return shapes.CountryPage(items=items, total=len(items), indicators=told)


def ask_trends(
    countries: Sequence[str],
    engine: Engine,
    *,
    start: int | None,
    end: int | None,
    pressures: Sequence[str],
) -> shapes.TrendsAnswer:
    """Return the series of countries and what they say of decoupling.

    Without ``start`` or ``end`` a period begins or ends with the first or the last year that
    its series have; without ``pressures`` all of them are shown.

    Raises
    ------
    StudyError
        With every fault: of the countries, the pressures and the period.
    """
    catalogue = engine.catalogue
    codes, faults = _codes(countries, catalogue)
    faults += _pressure_faults(pressures, catalogue)
    if start is not None and end is not None and start >= end:
        detail = f"the period ends in {end}, and begins in {start}"
        faults.append(Fault("/end", "bad_period", detail, "name an end after the start"))
    if faults:
        raise StudyError(faults)
    asked = Asked(start, end, tuple(pressures) or _pressures(catalogue))
    return _trends(codes, asked, catalogue)


def find_country(asked: str, catalogue: Catalogue) -> str:
    """Return the ISO 3166-1 alpha-2 code of a country; UnknownName if it is none."""
    code = resolve_location(catalogue, asked)[0]
    place = catalogue.nomenclature.locations.get(code)
    if place is None or not place.is_country:
        raise UnknownName("unknown_country", asked, (), "see GET /v1/countries")
    return code


def _trends(codes: Sequence[str], asked: Asked, catalogue: Catalogue) -> shapes.TrendsAnswer:
    found = [
        of_country(code, catalogue, start=asked.start, end=asked.end, pressures=asked.pressures)
        for code in codes
    ]
    used = sorted({pair for each in found for pair in each.sources})
    return shapes.TrendsAnswer(
        countries=[each.answer for each in found],
        rule=_RULE,
        sources=[describe.source(catalogue.sources[code], licence) for code, licence in used],
        data_release=catalogue.release,
        data_hash=catalogue.data_hash,
    )


def _codes(asked: Sequence[str], catalogue: Catalogue) -> tuple[list[str], list[Fault]]:
    codes: list[str] = []
    faults: list[Fault] = []
    if not asked:
        faults.append(Fault("/countries", "missing_field", "no country is named", "such as KE,FR"))
    if len(asked) > MOST_COUNTRIES:
        detail = f"{len(asked)} countries; the most is {MOST_COUNTRIES}"
        faults.append(Fault("/countries", "too_many_countries", detail, "ask several times"))
    for name in asked[:MOST_COUNTRIES]:
        try:
            codes.append(find_country(name, catalogue))
        except UnknownName as error:
            faults.append(Fault("/countries", error.code, str(error), error.hint, error.nearest))
    return list(dict.fromkeys(codes)), faults


def _pressure_faults(asked: Sequence[str], catalogue: Catalogue) -> Iterator[Fault]:
    known = _pressures(catalogue)
    for name in dict.fromkeys(asked):
        if name not in known:
            detail, nearest = f"unknown pressure {name!r}", nearest_names(name, known) or known
            yield Fault("/pressure", "unknown_pressure", detail, "see GET /v1/countries", nearest)


def _pressures(catalogue: Catalogue) -> tuple[str, ...]:
    return tuple(each.code for each in catalogue.countries.of_role(Role.PRESSURE))


def _indicator(each: CountryIndicator) -> shapes.CountryIndicatorAnswer:
    return shapes.CountryIndicatorAnswer(
        id=each.code,
        name=each.name,
        unit=each.unit,
        pillar=each.pillar,
        role=each.role,
        per_person=each.is_per_person,
        definition=each.definition,
    )
