"""Figures of countries beside their sources, read there by eye; and known cases of decoupling."""

import pytest

from lca_service.calculation.decoupling import Decoupled, Series, decouple, totals
from lca_service.engine import Engine

# raw value in its file: hdr/HDR23-24..., gcb2019/data/..., wb_gdp/data/gdp.csv
PRINTED = {
    ("territorial_co2", "GB", 1990): (163.966, "MtC"),
    ("territorial_co2", "GB", 2018): (103.450, "MtC"),
    ("territorial_co2", "KE", 2000): (2.812, "MtC"),
    ("territorial_co2", "CN", 2017): (2685.249, "MtC"),
    ("consumption_co2", "GB", 1990): (179.524, "MtC"),
    ("consumption_co2", "GB", 2017): (151.883, "MtC"),
    ("consumption_co2", "KE", 2017): (7.439, "MtC"),
    ("consumption_co2", "CN", 2000): (808.214, "MtC"),
    ("material_footprint", "GB", 2017): (16.4288, "t/person"),
    ("material_footprint", "KE", 2000): (2.6782, "t/person"),
    ("material_footprint", "CN", 2022): (24.2832, "t/person"),
    ("gross_national_income", "GB", 2000): (38952.38027, "2017 PPP $/person"),
    ("gross_national_income", "KE", 2017): (4230.839663, "2017 PPP $/person"),
    ("gross_national_income", "CN", 1990): (1425.257315, "2017 PPP $/person"),
    ("population", "GB", 1990): (57.2104425, "million"),
    ("population", "KE", 2017): (48.948137, "million"),
    ("population", "CN", 2000): (1264.099069, "million"),
    ("human_development_index", "KE", 2022): (0.601, "dimensionless"),
    ("life_expectancy", "CN", 2022): (78.587, "year"),
    ("gross_domestic_product", "GB", 2000): (1.665535e12, "current US$"),
    ("gross_domestic_product", "KE", 2017): (8.203651e10, "current US$"),
}


@pytest.mark.parametrize("key", PRINTED, ids=lambda key: "-".join(str(each) for each in key))
def test_a_figure_stands_as_its_source_prints_it(engine: Engine, key: tuple[str, str, int]) -> None:
    indicator, place, year = key
    series = {each.year: each for each in engine.catalogue.countries.series[indicator, place]}
    value, unit = PRINTED[key]
    assert series[year].printed == pytest.approx(value, rel=5e-6)  # six significant digits
    assert series[year].unit == unit
    assert str(year) in series[year].locator


def of(engine: Engine, indicator: str, place: str) -> Series:
    statistics = engine.catalogue.countries
    plain = {each.year: each.value for each in statistics.series[indicator, place]}
    people = {each.year: each.value for each in statistics.series["population", place]}
    return totals(plain, people) if statistics.indicators[indicator].is_per_person else plain


def change(engine: Engine, indicator: str, place: str, start: int, end: int) -> tuple[float, str]:
    income = of(engine, "gross_national_income", place)
    found = decouple(of(engine, indicator, place), income, start=start, end=end)
    assert found.pressure is not None
    assert found.verdict is not None
    return found.pressure.change, found.verdict.value


def test_territorial_carbon_of_the_united_kingdom_is_absolutely_decoupled(engine: Engine) -> None:
    # 103.450 / 163.966 = 0.6309; income per person 31075 to 2018's above 45,000
    assert change(engine, "territorial_co2", "GB", 1990, 2018) == (
        pytest.approx(103.450 / 163.966 - 1),
        "absolute",
    )


def test_what_the_united_kingdom_consumes_fell_by_less_than_half_of_that(engine: Engine) -> None:
    # 151.883 / 179.524 = 0.8460 against 105.728 / 163.966 = 0.6448 of the territory, to 2017
    consumed, verdict = change(engine, "consumption_co2", "GB", 1990, 2017)
    assert (consumed, verdict) == (pytest.approx(-0.15397, abs=1e-5), "absolute")
    territory, _ = change(engine, "territorial_co2", "GB", 1990, 2017)
    assert territory == pytest.approx(-0.35518, abs=1e-5)


def test_consumption_of_2018_is_unknown_and_no_zero(engine: Engine) -> None:
    found = decouple(
        of(engine, "consumption_co2", "GB"),
        of(engine, "gross_national_income", "GB"),
        start=1990,
        end=2018,
    )
    assert found.verdict is None
    assert found.reason == "the pressure has no value in 2018"


@pytest.mark.parametrize(
    ("place", "indicator", "expected", "verdict"),
    [
        # income: GB 38952.38 x 58.8500 to 45607.64 x 66.0648, +31.4 %
        ("GB", "territorial_co2", 105.728 / 154.800 - 1, "absolute"),
        ("GB", "consumption_co2", 151.883 / 185.729 - 1, "absolute"),
        ("GB", "material_footprint", 16.4288 * 66.0648 / (23.3142 * 58.8500) - 1, "absolute"),
        # KE 3272.44 x 30.8516 to 4230.84 x 48.9481, +105.1 %
        ("KE", "territorial_co2", 4.928 / 2.812 - 1, "relative"),
        ("KE", "consumption_co2", 7.439 / 2.788 - 1, "none"),
        ("KE", "material_footprint", 3.7448 * 48.9481 / (2.6782 * 30.8516) - 1, "none"),
        # CN 3416.48 x 1264.099 to 14224.87 x 1410.276, +364.5 %
        ("CN", "territorial_co2", 2685.249 / 914.109 - 1, "relative"),
        ("CN", "consumption_co2", 2333.115 / 808.214 - 1, "relative"),
        ("CN", "material_footprint", 22.6973 * 1410.276 / (8.4729 * 1264.099) - 1, "relative"),
    ],
)
def test_three_countries_from_2000_to_2017(
    engine: Engine, place: str, indicator: str, expected: float, verdict: str
) -> None:
    assert change(engine, indicator, place, 2000, 2017) == (
        pytest.approx(expected, rel=1e-4),
        verdict,
    )


def test_prices_of_the_year_are_never_the_growth_that_is_compared_with(engine: Engine) -> None:
    roles = {code: each.role for code, each in engine.catalogue.countries.indicators.items()}
    assert roles["gross_domestic_product"] == "context"
    assert [code for code, role in roles.items() if role == "activity"] == ["gross_national_income"]


def test_the_greek_crisis_is_a_recession_and_no_decoupling(engine: Engine) -> None:
    found = decouple(
        of(engine, "territorial_co2", "GR"),
        of(engine, "gross_national_income", "GR"),
        start=2008,
        end=2013,
    )
    assert found.verdict in {Decoupled.RECESSION_FASTER_FALL, Decoupled.RECESSION_SLOWER_FALL}


def test_series_are_there_for_the_countries_of_the_world(engine: Engine) -> None:
    found = engine.catalogue.countries
    places = {code: engine.catalogue.nomenclature.locations[code] for code in found.by_country}
    assert all(place.is_country for place in places.values())
    for indicator, least in {
        "territorial_co2": 200,
        "consumption_co2": 110,
        "material_footprint": 150,
        "gross_national_income": 190,
        "population": 190,
    }.items():
        assert sum(indicator in series for series in found.by_country.values()) >= least


def test_every_social_figure_has_a_source(engine: Engine) -> None:
    catalogue = engine.catalogue
    social = [
        code for code, each in catalogue.countries.indicators.items() if each.pillar == "social"
    ]
    assert sorted(social) == ["human_development_index", "life_expectancy", "population"]
    for (indicator, _), series in catalogue.countries.series.items():
        if indicator in social:
            assert all(each.locator and each.source in catalogue.sources for each in series)
