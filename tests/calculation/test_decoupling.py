"""Decoupling, by hand: what a pressure does beside an activity that grows or falls."""

import pytest

from lca_service.calculation.decoupling import (
    Decoupled,
    Tapio,
    decouple,
    growth,
    jumps,
    rolling,
    totals,
)


@pytest.mark.parametrize(
    ("pressure", "activity", "verdict", "tapio"),
    [
        # from 100 each: the elasticity is the change of the one over that of the other
        (90, 150, "absolute", "strong_decoupling"),  # -0.1 / 0.5 = -0.2
        (100, 150, "relative", "weak_decoupling"),  # 0
        (120, 150, "relative", "weak_decoupling"),  # 0.2 / 0.5 = 0.4
        (145, 150, "relative", "expansive_coupling"),  # 0.9
        (150, 150, "none", "expansive_coupling"),  # 1
        (155, 150, "none", "expansive_coupling"),  # 1.1
        (180, 150, "none", "expansive_negative_decoupling"),  # 1.6
        (50, 80, "recession_faster_fall", "recessive_decoupling"),  # -0.5 / -0.2 = 2.5
        (78, 80, "recession_faster_fall", "recessive_coupling"),  # 1.1
        (80, 80, "recession_slower_fall", "recessive_coupling"),  # 1
        (95, 80, "recession_slower_fall", "weak_negative_decoupling"),  # 0.25
        (100, 80, "recession_slower_fall", "weak_negative_decoupling"),  # 0
        (110, 80, "recession_rise", "strong_negative_decoupling"),  # -0.5
    ],
)
def test_a_pressure_beside_an_activity_has_a_verdict_and_a_state_of_tapio(
    pressure: float, activity: float, verdict: str, tapio: str
) -> None:
    found = decouple({2000: 100, 2010: pressure}, {2000: 100, 2010: activity}, start=2000, end=2010)
    assert found.verdict is Decoupled(verdict)
    assert found.tapio is Tapio(tapio)
    assert found.elasticity == pytest.approx((pressure - 100) / (activity - 100))
    assert found.reason is None


def test_the_annual_rate_leads_from_the_first_to_the_last_value() -> None:
    # 1.02 ** 10 = 1.2189944...
    found = growth({1990: 50.0, 2000: 50.0 * 1.02**10}, 1990, 2000)
    assert found is not None
    assert found.annual == pytest.approx(0.02)
    assert found.change == pytest.approx(0.21899441999)


def test_what_falls_to_nothing_has_fallen_by_all_of_it() -> None:
    found = decouple({2000: 5, 2001: 0}, {2000: 1, 2001: 2}, start=2000, end=2001)
    assert found.pressure is not None
    assert (found.pressure.change, found.pressure.annual) == (-1, -1)
    assert found.verdict is Decoupled.ABSOLUTE


def test_a_period_that_a_series_does_not_cover_has_no_verdict_and_says_why() -> None:
    found = decouple({1990: 1, 2017: 2}, {1990: 1, 2018: 2}, start=1990, end=2018)
    assert (found.verdict, found.tapio, found.elasticity) == (None, None, None)
    assert found.pressure is None
    assert found.activity is not None
    assert found.reason == "the pressure has no value in 2018"


def test_every_missing_value_is_named() -> None:
    found = decouple({}, {2001: 1}, start=2000, end=2001)
    assert found.reason == (
        "the pressure has no value in 2000; the pressure has no value in 2001; "
        "the activity has no value in 2000"
    )


def test_growth_from_nothing_is_unknown_and_not_infinite() -> None:
    found = decouple({2000: 0, 2001: 1}, {2000: 1, 2001: 2}, start=2000, end=2001)
    assert found.verdict is None
    assert found.reason == "the pressure is 0 in 2000, where no rate begins"


def test_an_activity_that_stands_still_has_nothing_to_be_decoupled_from() -> None:
    found = decouple({2000: 2, 2001: 1}, {2000: 3, 2001: 3}, start=2000, end=2001)
    assert found.verdict is None
    assert "no growth" in (found.reason or "")


@pytest.mark.parametrize(("start", "end"), [(2000, 2000), (2001, 2000)])
def test_a_period_without_a_year_is_none(start: int, end: int) -> None:
    series = {2000: 1.0, 2001: 2.0}
    assert growth(series, start, end) is None
    assert "no period" in (decouple(series, series, start=start, end=end).reason or "")


def test_periods_roll_over_the_years_that_both_series_have() -> None:
    pressure = {year: 100.0 - year + 2000 for year in range(2000, 2013)}  # falls by 1 a year
    activity = {year: 100.0 + year - 2000 for year in range(2001, 2014)}  # grows by 1 a year
    found = list(rolling(pressure, activity, years=10))
    assert [(each.start, each.end) for each in found] == [(2001, 2011), (2002, 2012)]
    assert {each.verdict for each in found} == {Decoupled.ABSOLUTE}
    assert found[0].elasticity == pytest.approx((-10 / 99) / (10 / 101))


def test_a_country_that_halves_per_person_and_doubles_in_people_stays_in_all() -> None:
    assert totals({2000: 4, 2010: 2}, {2000: 10, 2010: 20}) == {2000: 40, 2010: 40}


def test_a_step_of_half_as_much_again_is_a_jump_and_a_gap_is_none() -> None:
    assert jumps({2000: 10, 2001: 15, 2002: 23, 2005: 100}) == [2002]
