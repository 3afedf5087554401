"""Samples of one demand are those of the whole system, whatever is left out or beside."""

from typing import Any

import bw_processing as bwp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from lca_service.solver import demand_sampler
from lca_service.solver.demand_sampler import DemandSampler
from lca_service.solver.lanes import N_LANES
from lca_service.solver.monte_carlo import solve_samples
from lca_service.solver.structure import analyse, needed
from lca_service.solver.sweep import Room
from lca_service.solver.uncertain import UncertainAmounts

Matrix = sparse.csr_array
LOGNORMAL, NORMAL, CERTAIN = 2, 3, 1


def uncertain(matrix: Matrix, sigma: float, first_stream: int, kind: int = LOGNORMAL) -> Any:
    """Return the entries of a matrix with a spread; ones on the diagonal have none."""
    parameters = np.zeros(matrix.nnz, dtype=bwp.UNCERTAINTY_DTYPE)
    varies = (matrix.data != 1.0) & (sigma > 0)
    location = np.log(np.abs(matrix.data)) if kind == LOGNORMAL else matrix.data
    parameters["uncertainty_type"] = np.where(varies, kind, CERTAIN)
    parameters["loc"] = np.where(varies, location, matrix.data)
    parameters["scale"] = sigma
    parameters["minimum"] = parameters["maximum"] = parameters["shape"] = np.nan
    parameters["negative"] = matrix.data < 0
    return UncertainAmounts(
        matrix.data, parameters, np.arange(matrix.nnz, dtype=np.uint64) + first_stream
    )


def economy(n: int, seed: int) -> tuple[Matrix, Matrix, np.ndarray]:
    """Return A with a third of the products that nobody else needs, B, and factors."""
    generator = np.random.default_rng(seed)
    bought = generator.random((n, n)) * (generator.random((n, n)) < min(1.0, 3 / n))
    bought[2 * n // 3 :, : 2 * n // 3] = 0.0
    np.fill_diagonal(bought, 0.0)
    bought *= 0.5 / np.maximum(bought.sum(axis=0), 1e-9)
    emitted = generator.random((4, n)) * (generator.random((4, n)) < 0.5) + np.eye(4, n)
    factors = generator.random((2, 4)) * [[1, 0, 1, 1], [0, 1, 1, 0]]
    return Matrix(np.eye(n) - bought), Matrix(emitted), factors


def sampler(n: int, seed: int, sigma: float, **options: Any) -> DemandSampler:
    a, b, factors = economy(n, seed)
    demand = np.zeros(n)
    demand[0] = 2.0
    return DemandSampler(
        a,
        b,
        exchanges=uncertain(a, sigma, 0, **options),
        emissions=uncertain(b, sigma, 10**6, **options),
        factors=factors,
        demand=demand,
        seed=3,
    )


def test_products_may_stand_in_any_order() -> None:
    n = 40
    a, b, factors = economy(n, 5)
    order = np.random.default_rng(6).permutation(n)
    places = Matrix((np.arange(1, a.nnz + 1), a.indices, a.indptr), shape=a.shape)[order]
    shuffled = Matrix((a.data[places.data - 1], places.indices, places.indptr), shape=a.shape)
    demand = np.zeros(n)
    demand[0] = 2.0

    def scores(matrix: Matrix, exchanges: UncertainAmounts, demand: np.ndarray) -> np.ndarray:
        of = {"emissions": uncertain(b, 0.3, 10**6), "factors": factors, "seed": 3}
        return DemandSampler(matrix, b, exchanges=exchanges, demand=demand, **of).scores(64)[0]

    plain = uncertain(a, 0.3, 0)
    found = scores(shuffled, plain[places.data - 1], demand[order])
    np.testing.assert_allclose(found, scores(a, plain, demand), rtol=1e-9)


def scores_of_whole(n: int, seed: int, sigma: float, kind: int) -> np.ndarray:
    """Return the scores of the first samples with every exchange drawn, by dense algebra."""
    a, b, factors = economy(n, seed)
    drawn = [
        uncertain(matrix, sigma, stream, kind).draw(
            seed=3, first=0, out=np.empty((matrix.nnz, N_LANES))
        )
        for matrix, stream in ((a, 0), (b, 10**6))
    ]
    found = np.empty((2, N_LANES))
    for lane in range(N_LANES):
        sample_a, sample_b = (
            Matrix((values[:, lane], matrix.indices, matrix.indptr), matrix.shape)
            for matrix, values in zip((a, b), drawn, strict=True)
        )
        supply = np.linalg.solve(sample_a.toarray(), 2.0 * np.eye(n)[0])
        found[:, lane] = factors @ (sample_b @ supply)
    return found


@settings(max_examples=25, deadline=None)
@given(st.integers(4, 40), st.integers(0, 2**32 - 1), st.sampled_from([LOGNORMAL, NORMAL]))
def test_what_is_left_out_changes_no_score(n: int, seed: int, kind: int) -> None:
    found, solved = sampler(n, seed, 0.1, kind=kind).scores(N_LANES)
    assert solved.is_swept.all()
    assert found == pytest.approx(scores_of_whole(n, seed, 0.1, kind), rel=1e-8)


def test_only_what_is_needed_is_drawn() -> None:
    a, b, _ = economy(30, 1)
    rows, columns = needed(a, np.eye(30)[0])
    assert rows.tolist() == columns.tolist()
    supply = np.linalg.solve(a.toarray(), np.eye(30)[0])
    assert set(np.flatnonzero(supply)) <= set(columns.tolist()) < set(range(30))
    assert sampler(30, 1, 0.1).n_draws < a.nnz + b.nnz


def test_rows_of_products_and_columns_of_activities_need_not_stand_alike() -> None:
    a, _, _ = economy(20, 5)
    order = np.random.default_rng(0).permutation(20)
    shuffled = Matrix(a[order])  # product i is made by activity order[i]
    rows, columns = needed(shuffled, np.eye(20)[0])
    alone = shuffled[rows][:, columns].toarray()
    supply = np.zeros(20)
    supply[columns] = np.linalg.solve(alone, np.eye(20)[0][rows])
    assert supply == pytest.approx(np.linalg.solve(shuffled.toarray(), np.eye(20)[0]), abs=1e-14)


def test_without_spread_a_sample_is_the_score() -> None:
    found, _ = sampler(30, 2, 0.0).scores(3)
    a, b, factors = economy(30, 2)
    expected = factors @ (b @ np.linalg.solve(a.toarray(), 2.0 * np.eye(30)[0]))
    assert found == pytest.approx(np.repeat(expected[:, None], 3, axis=1), rel=1e-12)


def test_a_sample_is_the_same_on_any_number_of_threads_and_in_any_batch(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole, _ = sampler(40, 4, 0.3).scores(40)
    monkeypatch.setattr(demand_sampler, "n_threads", lambda: 1)
    alone = sampler(40, 4, 0.3)
    assert (alone.scores(40)[0] == whole).all()
    assert (alone.scores(11, first=16)[0] == whole[:, 16:27]).all()


def test_moments_are_those_of_the_lognormal_distribution() -> None:
    # one emission of median 3 and sigma 0.4: mean 3 exp(0.08), and the variance of the textbook
    a, b = Matrix(np.eye(1)), Matrix([[3.0]])
    one = DemandSampler(
        a,
        b,
        exchanges=uncertain(a, 0.4, 0),
        emissions=uncertain(b, 0.4, 1),
        factors=np.ones((1, 1)),
        demand=np.ones(1),
        seed=11,
    )
    (found,), _ = one.scores(100_000)
    mean, square = 3.0 * np.exp(0.08), np.expm1(0.16)
    assert found.mean() == pytest.approx(mean, rel=4 * square**0.5 / 100_000**0.5)
    assert found.std() == pytest.approx(mean * square**0.5, rel=0.02)
    assert np.median(found) == pytest.approx(3.0, rel=0.01)


def test_a_sample_whose_loop_makes_less_than_it_takes_is_factorized_and_told() -> None:
    loop = Matrix([[1.0, -0.5], [-0.5, 1.0]])
    structure = analyse(loop, np.ones(2))
    room = Room(structure, 1)
    values = np.repeat(loop.data[:, None], N_LANES, axis=1)
    values[[1, 2], 3] = -1.2
    room.numbers.values[:] = values[structure.order]
    room.right[:] = np.ones((2, 1, N_LANES))
    room.prepare()
    solved = solve_samples(room)
    assert solved.gain_passes_one.tolist() == [lane == 3 for lane in range(N_LANES)]
    assert room.solution[:, 0, 3] == pytest.approx([-5.0, -5.0])  # as the equations have it
    assert room.solution[:, 0, 0] == pytest.approx([2.0, 2.0])


@pytest.mark.parametrize("n", [30, 80])
def test_samples_that_do_not_settle_are_factorized(n: int) -> None:
    # a ring of small shares that sum to more than one is no tight block
    matrix = Matrix(np.eye(n) * (1 + 2.0 / n) - 2.0 / n)
    structure = analyse(matrix, np.ones(n))
    room = Room(structure, 2)
    room.numbers.values[:] = matrix.data[structure.order][:, None]
    room.right[:] = np.random.default_rng(1).random((n, 2, N_LANES))
    room.prepare()
    solved = solve_samples(room)
    assert solved.gain_passes_one.all()
    expected = np.linalg.solve(matrix.toarray(), room.right.reshape(n, -1))
    assert room.solution.reshape(n, -1) == pytest.approx(expected, rel=1e-9)
