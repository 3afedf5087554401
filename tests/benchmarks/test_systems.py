"""The systems that are measured have the structure that their names promise."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import eigs

from benchmarks.systems import (
    TIGHTEST_LOOP,
    System,
    ecoinvent_like,
    input_output,
    multi_regional,
    normalized,
)
from lca_service.solver.direct import Factorization

N = 1_000
Array = NDArray[np.float64]


@pytest.fixture(scope="module")
def system() -> System:
    return ecoinvent_like(N)


def off_diagonal(matrix: sparse.csr_array) -> tuple[Array, NDArray[np.bool_]]:
    """The amounts beside the diagonal, and where they stand in ``data``."""
    entries = matrix.tocoo()
    beside = entries.row != entries.col
    return entries.data[beside], beside


def spectral_radius(inputs: sparse.csr_array) -> float:
    # The largest eigenvalue of a non-negative matrix is real (Perron and Frobenius)
    start = np.ones(inputs.shape[0])
    values = eigs(abs(inputs), k=1, which="LR", v0=start, return_eigenvectors=False)
    return float(values[0].real)


def components(system: System) -> NDArray[np.int64]:
    """The number of activities in every strongly connected component, the largest first."""
    _, label = connected_components(system.technosphere, connection="strong")
    return np.sort(np.bincount(label))[::-1]


@pytest.mark.parametrize("n", [N, 2_345])
def test_a_system_has_the_asked_activities_and_shapes(n: int) -> None:
    system = ecoinvent_like(n)
    assert system.technosphere.shape == (n, n)
    assert system.biosphere.shape[1] == n
    assert system.characterization.shape == (20, system.biosphere.shape[0])
    assert system.technosphere_sigma.shape == system.technosphere.data.shape
    assert system.biosphere_sigma.shape == system.biosphere.data.shape


def test_a_seed_gives_one_system_and_another_seed_another(system: System) -> None:
    again, other = ecoinvent_like(N), ecoinvent_like(N, seed=1)
    for name in ("technosphere", "biosphere"):
        ours, theirs = getattr(system, name), getattr(again, name)
        np.testing.assert_array_equal(ours.indices, theirs.indices)
        np.testing.assert_array_equal(ours.data, theirs.data)
        np.testing.assert_array_equal(
            getattr(system, f"{name}_sigma"), getattr(again, f"{name}_sigma")
        )
    np.testing.assert_array_equal(system.characterization, again.characterization)
    assert abs(system.technosphere - other.technosphere).max() > 0


def test_a_recipe_has_as_many_inputs_and_flows_as_in_ecoinvent() -> None:
    # 293,000 entries of A and about 420,000 of B for 23,523 activities: 12.5 and 17.9
    system = ecoinvent_like(5_000)
    assert system.technosphere.nnz / 5_000 == pytest.approx(12.0, rel=0.1)
    assert system.biosphere.nnz / 5_000 == pytest.approx(17.9, rel=0.1)


def test_two_fifths_of_the_activities_are_strongly_connected(system: System) -> None:
    largest, *others = components(system)
    assert largest / N == pytest.approx(0.4, abs=0.02)
    # Three loops stand outside: a market and at most twenty producers each
    assert sum(size > 1 for size in others) == 3
    assert max(others) <= 21


def test_four_hundredths_of_the_exchanges_avoid_a_product(system: System) -> None:
    amounts, _ = off_diagonal(system.technosphere)
    assert (amounts > 0).mean() == pytest.approx(0.04, abs=0.005)


def test_twelve_loops_return_up_to_93_hundredths_of_what_they_take(system: System) -> None:
    # Only in a loop do two activities buy from each other: a market from its producers, who take
    # back the good. Its gain is the sum of T_mp T_pm over the producers p, seen from the market m.
    # Freight between the markets of two carriers returns 0.04^2 at most.
    inputs = normalized(system.technosphere)
    returned = sparse.csr_array(inputs * inputs.T)
    _, label = connected_components(returned, connection="weak")
    gains = np.zeros(label.max() + 1)
    np.maximum.at(gains, label, returned.sum(axis=0))
    loops = np.sort(gains[gains > 0.0016])
    # 0.3, 0.357 ... 0.93: eleven equal steps
    assert loops == pytest.approx(0.3 + 0.63 / 11 * np.arange(12), rel=1e-9)


def test_no_loop_takes_more_than_it_makes(system: System) -> None:
    # A loop of two steps with gain g has the radius sqrt(g); the others hardly add to it
    radius = spectral_radius(normalized(system.technosphere))
    assert radius == pytest.approx(np.sqrt(TIGHTEST_LOOP), abs=0.005)
    assert radius < 1


def test_goods_are_counted_in_units_of_very_different_size(system: System) -> None:
    amounts = np.abs(normalized(system.technosphere).data)
    # Two units differ by 1000 at most. A producer spends 0.021 (in the tightest loop) to 0.75 of
    # what it makes, and at least a thousandth of that on each of its thirty inputs or fewer.
    assert amounts.min() > 0.021 * 1e-3 / 1.03 / 1000
    assert amounts.max() < 1000
    low, high = np.quantile(amounts, [0.001, 0.999])
    assert high / low > 1e6


@pytest.mark.parametrize("seed", range(10))
def test_no_activity_buys_what_it_makes(seed: int) -> None:
    production = ecoinvent_like(N, seed).technosphere.diagonal()
    assert set(production.tolist()) <= {0.1, 1.0, 10.0, 1000.0}


def test_a_few_activities_make_other_than_one_unit(system: System) -> None:
    production = system.technosphere.diagonal()
    assert (production > 0).all()
    assert 0 < (production != 1).mean() < 0.03


def test_production_is_certain_and_every_exchange_is_not(system: System) -> None:
    _, beside = off_diagonal(system.technosphere)
    assert (system.technosphere_sigma[~beside] == 0).all()
    for sigma in (system.technosphere_sigma[beside], system.biosphere_sigma):
        assert sigma.min() >= np.log(1.05)
        assert sigma.max() <= np.log(2)


def test_a_few_goods_are_bought_by_most(system: System) -> None:
    buyers = np.sort(np.diff(system.technosphere.indptr))[::-1]
    assert buyers[0] > 0.4 * N
    assert np.median(buyers) < 10


def test_no_supply_fades_below_what_a_solver_resolves() -> None:
    # A chain halves its distance to the core with every step, so that the 1,200 goods outside are
    # ten steps deep. Sixteen inputs share about half of what a producer spends, 0.03 each: after
    # ten steps 1e-15 of the demand, in units that differ by 1000 at most.
    system = ecoinvent_like(10_000)
    demand = np.zeros(10_000)
    demand[:30] = 1.0
    supply = np.abs(Factorization(system.technosphere).supply(demand))
    assert supply[supply > 0].min() > 1e-18


def test_every_activity_is_reached_from_a_market(system: System) -> None:
    # What nobody buys is a good for final use: its market takes one unit from its producers
    inputs = normalized(system.technosphere).tocsc()
    nobody = np.flatnonzero(np.diff(inputs.tocsr().indptr) == 0)
    assert 0 < len(nobody) < 0.1 * N
    assert (inputs[:, nobody].sum(axis=0) >= 1).all()
    reached = np.zeros(N)
    reached[nobody] = 1
    for _ in range(N):
        reached = np.minimum(reached + abs(inputs).sign() @ reached, 1)
    assert reached.all()


def test_trading_regions_are_one_component_with_a_radius_of_about_half() -> None:
    system = multi_regional(technologies=20, regions=10)
    assert components(system)[0] >= 180
    # A column of T sums to 0.40 to 0.68, and so does the eigenvalue
    assert 0.45 < spectral_radius(normalized(system.technosphere)) < 0.63


def test_half_of_the_entries_of_an_input_output_table_are_filled() -> None:
    system = input_output(n=200)
    assert system.technosphere.nnz / 200**2 == pytest.approx(0.5, abs=0.02)
    assert spectral_radius(normalized(system.technosphere)) < 0.7
