"""Savings, shares and curves, worked out by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lca_service.calculation.measure import Logistic, Plan, Points, savings, shapley


def scores(uptakes: dict[str, float]) -> np.ndarray:
    """Ten as it is; a takes 4 off, b halves what is left: not additive."""
    return np.array([(10.0 - 4.0 * uptakes["a"]) * (1.0 - 0.5 * uptakes["b"])])


def plan(**also: object) -> Plan:
    uptakes = {2025: {"a": 0.0, "b": 0.0}, 2026: {"a": 1.0, "b": 1.0}}
    return Plan((2025, 2026), {2025: 100.0, 2026: 200.0}, uptakes, **also)  # type: ignore[arg-type]


def test_a_year_saves_its_units_times_the_difference() -> None:
    # as it is 10; with both 6 * 0.5 = 3
    assert savings(plan(), scores).tolist() == [[0.0], [200.0 * 7.0]]


def test_a_rebound_buys_more_of_the_scenario() -> None:
    # 20 % more use of what scores 3
    found = savings(plan(rebound={"a": 0.2}), scores)
    assert found.tolist() == [[0.0], [pytest.approx(200.0 * (10.0 - 1.2 * 3.0))]]


def test_what_stands_is_in_force_before_and_after() -> None:
    def with_standing(uptakes: dict[str, float]) -> np.ndarray:
        return scores(uptakes) * (2.0 if uptakes["old"] else 1.0)

    found = savings(plan(standing=("old",)), with_standing)
    assert found.tolist() == [[0.0], [200.0 * 14.0]]


def test_shares_of_a_measure_by_hand() -> None:
    whole = plan()
    shares = shapley(["a", "b"], lambda patches: savings(whole.of(patches), scores).sum(axis=0))
    # a alone saves 4, b alone 5, both 7: a has (4 + 7 - 5) / 2 = 3, b has (5 + 7 - 4) / 2 = 4
    assert {name: share.tolist() for name, share in shares.items()} == {"a": [600.0], "b": [800.0]}


@given(st.integers(1, 6), st.integers(0, 2**32 - 1))
def test_shares_sum_to_the_whole_and_a_player_who_adds_nothing_has_none(n: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    worth = {frozenset(): np.zeros(2)}
    players = [str(i) for i in range(n)]

    def value(coalition: frozenset[str]) -> np.ndarray:
        active = coalition - {"0"}  # the first adds nothing to any
        if active not in worth:
            worth[active] = rng.normal(size=2) * 1e6
        return worth[active]

    shares = shapley(players, value)
    whole = value(frozenset(players))
    total = np.sum(list(shares.values()), axis=0)
    assert np.abs(total - whole).max() <= 1e-9 * 1e6
    assert np.abs(shares["0"]).max() <= 1e-9 * 1e6


def test_curves() -> None:
    assert Points({2025: 0.0, 2035: 1.0}).at(2020) == 0.0
    assert Points({2025: 0.0, 2035: 1.0}).at(2040) == 1.0
    curve = Logistic(2025, 2035, 0.6)
    # symmetric about its middle, rising, below its ceiling
    assert curve.at(2028) + curve.at(2032) == pytest.approx(0.6)
    assert all(curve.at(year) < curve.at(year + 1) < 0.6 for year in range(2015, 2050))
