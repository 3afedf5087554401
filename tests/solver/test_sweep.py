"""Sweeps give what a direct solution gives, or say that they do not settle."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from lca_service.errors import SingularSystem, UnstableSolution
from lca_service.solver.lanes import N_LANES
from lca_service.solver.structure import analyse
from lca_service.solver.sweep import Coefficients, Room, coefficients, sweep
from lca_service.solver.system import LinearSystem

Matrix = sparse.csr_array


def economy(n: int, seed: int, *, bought: float = 0.7, negative: float = 0.0) -> Matrix:
    """Return I - T of an economy with chains, hubs and loops, in units of random size."""
    generator = np.random.default_rng(seed)
    purchases = generator.random((n, n)) * (generator.random((n, n)) < min(1.0, 6 / n))
    purchases[:, : n // 2] *= np.triu(np.ones((n, n)))[:, : n // 2]  # half of it in a chain
    np.fill_diagonal(purchases, 0.0)
    purchases *= bought / np.maximum(purchases.sum(axis=0), 1e-9)
    purchases *= np.where(generator.random((n, n)) < negative, -1.0, 1.0)
    units = 10.0 ** generator.uniform(-2, 2, n)
    made = generator.choice([1.0, 1.0, 1.0, 2.5, -1.0], n)
    return Matrix((np.eye(n) - purchases) * units[:, None] / units * made)


def is_solution(matrix: Matrix, right: np.ndarray, found: np.ndarray, limit: float = 1e-9) -> bool:
    """Return whether `found` is A^-1 b, beside what it would be without any cancellation."""
    inverse = np.linalg.inv(matrix.toarray())
    size = np.abs(inverse) @ np.abs(right)
    # the dense inverse has rounding errors where nothing is reached
    return bool((np.abs(found - inverse @ right) <= limit * size + 1e-13 * size.max()).all())


@settings(max_examples=40, deadline=None)
@given(
    st.integers(1, 60),
    st.integers(0, 2**32 - 1),
    st.sampled_from([0.3, 0.7, 0.95]),
    st.sampled_from([0.0, 0.1]),
    st.integers(1, 20),
)
def test_an_economy_is_solved_both_ways(
    n: int, seed: int, bought: float, negative: float, n_right: int
) -> None:
    matrix = economy(n, seed, bought=bought, negative=negative)
    generator = np.random.default_rng(seed + 1)
    size = np.abs(np.linalg.inv(matrix.toarray()))
    costs = generator.random((n, n_right)) / np.maximum(size.sum(axis=1), 1e-300)[:, None]
    system = LinearSystem(matrix, costs.T)
    found = system.adjoint(costs)
    assert is_solution(Matrix(matrix.T), costs, found)
    demand = generator.random((n, n_right)) * (generator.random((n, n_right)) < 0.3)
    assert is_solution(matrix, demand, system.supply(demand))


def test_equations_may_stand_in_any_order() -> None:
    matrix = economy(40, 3)
    shuffled = Matrix(matrix[np.random.default_rng(0).permutation(40)])
    costs = np.ones((1, 40))
    system = LinearSystem(shuffled, costs)
    demand = np.eye(40)[:, :3]
    assert is_solution(shuffled, demand, system.supply(demand))


def test_units_do_not_matter() -> None:
    # in units that are powers of two the arithmetic is the same, bit for bit
    matrix, demand = economy(40, 4), np.eye(40)[:, :2]
    units = 2.0 ** np.random.default_rng(2).integers(-40, 40, 40)
    scaled = Matrix(matrix.toarray() * units[:, None] / units)
    plain = LinearSystem(matrix, np.ones((1, 40))).supply(demand)
    found = LinearSystem(scaled, 1 / units[None]).supply(demand * units[:, None])
    assert (found == plain * units[:, None]).all()


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 25),
    st.integers(1, 25),
    st.integers(0, 2**32 - 1),
    st.integers(-12, 12),
    st.data(),
)
def test_systems_of_every_kind_are_solved(
    n: int, n_apart: int, seed: int, decades: int, data: st.DataObject
) -> None:
    # two economies apart from each other; some activities consume their own product, and some
    # make a second one, for which another activity makes less
    generator = np.random.default_rng(seed)
    plain = sparse.block_diag((economy(n, seed, bought=0.6), economy(n_apart, seed + 1))).toarray()
    size = len(plain)
    of_own = generator.random(size) < 0.2
    plain[of_own, of_own] *= 1 - generator.uniform(0.05, 0.3, of_own.sum())
    second = np.abs(np.diag(plain)) * generator.uniform(0.0, 0.05, (size, size))
    plain += np.where(generator.random((size, size)) < 0.5 / size, second, 0.0)
    # products in any order and in units from 1e-12 to 1e12
    order = generator.permutation(size)
    units = 10.0 ** (decades * generator.random(size))
    matrix = Matrix(plain[order] * units[:, None])
    demand = generator.random((size, 2)) * (generator.random((size, 2)) < 0.5)
    if data.draw(st.booleans()):
        empty = data.draw(st.integers(0, size - 1))
        matrix = Matrix(matrix.multiply(np.arange(size) != empty))
        matrix.eliminate_zeros()
        with pytest.raises(SingularSystem):
            LinearSystem(matrix, np.ones((1, size))).supply(demand[:, 0])
        return
    found = LinearSystem(matrix, np.ones((1, size))).supply(demand * units[:, None])
    assert is_solution(Matrix(plain[order]), demand, found)


def test_a_tight_loop_is_solved_as_a_block() -> None:
    # scrap that is melted again and again: 0.93 of every kilogram comes back
    loop = Matrix([[1.0, -0.96, 0.0], [-0.97, 1.0, 0.0], [-0.1, -0.2, 1.0]])
    structure = analyse(loop, np.ones(3))
    assert sorted(np.diff(structure.block_start).tolist()) == [1, 2]
    numbers = coefficients(structure, loop.data)
    found = sweep(structure, numbers, np.eye(3))
    assert found.n_sweeps <= 2
    assert is_solution(loop, np.eye(3), found.solution, 1e-13)


def test_every_sample_has_its_own_matrix() -> None:
    matrix = economy(50, 11)
    structure = analyse(matrix, np.ones(50))
    generator = np.random.default_rng(5)
    values = matrix.data[:, None] * np.exp(0.1 * generator.normal(size=(matrix.nnz, N_LANES)))
    room = Room(structure, 3)
    room.numbers.values[:] = values[structure.order]
    room.right[:] = right = generator.random((50, 3, N_LANES))
    room.prepare()
    is_settled, residual = room.sweep()
    assert is_settled.all()
    assert residual.max() < 1e-10
    for lane in range(N_LANES):
        sample = Matrix((values[:, lane], matrix.indices, matrix.indptr), shape=matrix.shape)
        assert is_solution(sample, right[:, :, lane], room.solution[:, :, lane])


def test_a_sample_whose_loop_feeds_itself_is_told() -> None:
    loop = Matrix([[1.0, -0.96], [-0.97, 1.0]])
    structure = analyse(loop, np.ones(2))
    values = np.repeat(loop.data[:, None], N_LANES, axis=1)
    values[1, 2] = -1.1  # 0.97 * 1.1 > 1: needs more than it makes
    numbers = Coefficients.room(structure, N_LANES)
    numbers.values[:] = values[structure.order]
    numbers.prepare(structure)
    assert numbers.gain_passes_one.tolist() == [lane == 2 for lane in range(N_LANES)]


@pytest.mark.parametrize(
    ("matrix", "reason"),
    [
        # more is needed than is made, in a loop and along a ring of many small shares
        (Matrix([[1.0, -1.2], [-1.0, 1.0]]), "takes as much as it makes"),
        (Matrix(np.eye(80) - 0.04 * (1 - np.eye(80))), "did not settle"),
    ],
)
def test_what_does_not_settle_is_factorized_and_said(matrix: Matrix, reason: str) -> None:
    n = matrix.shape[0]
    system = LinearSystem(matrix, np.ones((1, n)))
    demand = np.eye(n)[:, 0]
    assert is_solution(matrix, demand, system.supply(demand))
    assert reason in system.direct_reason


@pytest.mark.parametrize(
    ("build", "error"),
    [
        (lambda: Matrix([[1.0, -1.0], [-1.0, 1.0]]), SingularSystem),
        (lambda: Matrix([[1.0, -1.0], [-1.0, 1.0 + 1e-14]]), UnstableSolution),
        (lambda: Matrix([[1.0, 0.0], [1.0, 0.0]]), SingularSystem),
        (lambda: Matrix(np.ones((2, 3))), SingularSystem),
        (lambda: Matrix([[1.0, np.nan], [0.0, 1.0]]), (SingularSystem, UnstableSolution)),
    ],
)
def test_a_system_without_an_answer_is_refused(
    build: Callable[[], Matrix], error: type[Exception]
) -> None:
    with pytest.raises(error):
        LinearSystem(build(), np.ones((1, build().shape[1]))).supply(np.array([1.0, 1.0]))


def test_what_nothing_reaches_is_exactly_zero() -> None:
    matrix = economy(30, 8)
    demand = np.zeros(30)
    demand[29] = 1.0
    found = LinearSystem(matrix, np.ones((1, 30))).supply(demand)
    reach = (matrix.toarray() != 0).astype(float)
    is_reached = np.linalg.matrix_power(reach, 30)[:, 29] > 0
    assert 0 < is_reached.sum() < 30
    assert ((found != 0) == is_reached).all()
