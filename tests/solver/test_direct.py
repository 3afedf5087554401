"""What the direct solver refuses, so that no wrong number leaves it."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from scipy import sparse

from lca_service.errors import SingularSystem, UnstableSolution
from lca_service.solver import direct
from lca_service.solver.adjoint import multipliers
from lca_service.solver.direct import Factorization, check
from lca_service.solver.factors import PARDISO, SUPERLU, back_ends


@pytest.fixture(autouse=True, params=[SUPERLU, PARDISO])
def _back_end(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test runs with every back end."""
    if request.param not in back_ends():
        pytest.skip(f"{request.param} is not installed: it is an extra")
    monkeypatch.setattr(direct, "fastest", lambda n: request.param)


def factorized(*rows: list[float]) -> Factorization:
    return Factorization(sparse.csr_array(np.array(rows, dtype=float)))


@pytest.mark.parametrize(
    "rows",
    [
        ([1, -1], [-1, 1]),  # each takes all that the other makes
        ([1, 0], [0, 0]),  # nobody makes the second product
        ([1, -2], [-2, 4]),  # two activities with one recipe
    ],
)
def test_a_system_without_an_inverse_is_refused(rows: tuple[list[float], ...]) -> None:
    with pytest.raises(SingularSystem):
        factorized(*rows).supply(np.array([1.0, 0.5]))


def test_a_system_with_more_activities_than_products_is_refused() -> None:
    with pytest.raises(SingularSystem, match="2 products are made by 3 activities"):
        factorized([1, 0, 0], [0, 1, 1])


@pytest.mark.parametrize("left_over", [1e-15, 1e-13, 1e-10])
def test_a_loop_with_next_to_no_net_output_is_refused(left_over: float) -> None:
    with pytest.raises(UnstableSolution, match="rounding decides"):
        factorized([1, -1], [-(1 - left_over), 1]).supply(np.array([1.0, 0.0]))
    # The size of a unit does not hide it: the second product counted in thousands
    with pytest.raises(UnstableSolution, match="rounding decides"):
        factorized([1, -1000], [-(1 - left_over) / 1000, 1]).adjoint(np.array([1.0, 0.0]))


def test_a_tight_loop_is_solved() -> None:
    # 1e-5 of the output is left: x = 1 / (1 - 0.99999) = 1e5
    supply = factorized([1, -1], [-0.99999, 1]).supply(np.array([1.0, 0.0]))
    assert supply == pytest.approx([1e5, 99999], rel=1e-9)


def test_products_of_very_different_size_are_no_instability() -> None:
    # 1 MWh takes 1e-9 of a plant that takes 1e9 kg of steel: 1 kg of steel per MWh
    lu = factorized([1, 0, 0], [-1e-9, 1, 0], [0, -1e9, 1])
    assert lu.supply(np.array([1.0, 0, 0])) == pytest.approx([1, 1e-9, 1], rel=1e-12)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_demand_that_is_not_finite_is_refused(value: float) -> None:
    with pytest.raises(UnstableSolution, match="not finite"):
        factorized([1, -0.5], [0, 1]).supply(np.array([value, 1.0]))


def test_a_coefficient_that_is_not_a_number_is_refused() -> None:
    with pytest.raises((SingularSystem, UnstableSolution)):
        factorized([1, np.nan], [0, 1]).supply(np.array([1.0, 1.0]))


def test_a_wrong_solution_is_refused_in_the_row_where_it_is_wrong() -> None:
    matrix = sparse.csr_array(np.diag([1.0, 1e9]))
    right = np.array([1.0, 1e9])
    check(matrix, np.array([1.0, 1.0]), right)
    # the first row is a part in 1e7 off, nothing beside the size of the second
    with pytest.raises(UnstableSolution, match=r"relative residual of 5\.0e-08"):
        check(matrix, np.array([1.0 + 1e-7, 1.0]), right)


def test_a_system_that_takes_more_than_it_makes_is_pivoted() -> None:
    # elimination in the order of the diagonal meets a pivot of zero half way
    matrix = sparse.csr_array(np.eye(80) * (1 + 2 / 80) - 2 / 80)
    lu = Factorization(matrix)
    expected = np.full(80, -1 / (1 - 2 / 80))
    assert lu.supply(np.ones(80)) == pytest.approx(expected)
    assert lu.adjoint(np.ones(80)) == pytest.approx(expected)


def test_many_demands_are_solved_at_once() -> None:
    lu = factorized([1, -0.5], [-1, 1])
    both = lu.supply(np.array([[2.0, 0.5], [0.0, 0.0]]))
    assert both == pytest.approx(np.array([[4, 1], [4, 1]]), rel=1e-12)


def test_supply_and_adjoint_give_one_score() -> None:
    # q A^-1 f, from the left and from the right, on a random economy with loops
    generator = np.random.default_rng(20260101)
    n = 60
    purchases = generator.random((n, n)) * (generator.random((n, n)) < 0.1)
    purchases *= 0.8 / max(purchases.sum(axis=0).max(), 1e-9)
    lu = Factorization(sparse.csr_array(np.eye(n) - purchases))
    costs, demand = generator.random((3, n)), generator.random(n)
    forward = costs @ lu.supply(demand)
    assert multipliers(lu, costs) @ demand == pytest.approx(forward, rel=1e-12)


def test_threads_share_one_factorization() -> None:
    generator = np.random.default_rng(3)
    purchases = generator.random((200, 200)) * (generator.random((200, 200)) < 0.05)
    matrix = np.eye(200) - purchases * 0.5 / purchases.sum(axis=0).max()
    lu = Factorization(sparse.csr_array(matrix))
    demands = generator.random((16, 200))
    with ThreadPoolExecutor(max_workers=8) as pool:
        supplies = list(pool.map(lu.supply, demands))
        costs = list(pool.map(lu.adjoint, demands))
    for demand, supply, cost in zip(demands, supplies, costs, strict=True):
        assert matrix @ supply == pytest.approx(demand, rel=1e-12)
        assert matrix.T @ cost == pytest.approx(demand, rel=1e-12)
