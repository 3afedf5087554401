"""What is substituted leaves the solution as it is, and less to sweep."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from lca_service.solver.lanes import N_LANES
from lca_service.solver.structure import Structure, analyse
from lca_service.solver.sweep import Coefficients, Room

Matrix = sparse.csr_array


def loose(n: int, seed: int) -> Matrix:
    """Return a ring of weak links with some more across: nothing in it is tight."""
    generator = np.random.default_rng(seed)
    links = np.roll(np.eye(n), 1, axis=0) + (generator.random((n, n)) < 1.5 / n)
    np.fill_diagonal(links, 0.0)
    return Matrix(np.eye(n) - links * generator.uniform(1e-6, 0.019, (n, n)))


def n_swept(structure: Structure) -> int:
    return int(np.diff(structure.block_start[structure.segment_start])[structure.is_swept].sum())


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 80), st.integers(0, 2**32 - 1), st.integers(1, 7))
def test_samples_are_those_of_a_dense_solution(n: int, seed: int, n_right: int) -> None:
    matrix = loose(n, seed)
    structure = analyse(matrix, np.ones(n))
    generator = np.random.default_rng(seed)
    values = matrix.data[:, None] * generator.uniform(0.8, 1.2, (matrix.nnz, N_LANES))
    room = Room(structure, n_right)
    room.numbers.values[:] = values[structure.order]
    room.right[:] = right = generator.random((n, n_right, N_LANES))
    room.prepare()
    is_settled, residual = room.sweep()
    assert is_settled.all()
    assert residual.max() < 1e-10
    for lane in range(N_LANES):
        sample = Matrix((values[:, lane], matrix.indices, matrix.indptr), shape=matrix.shape)
        expected = np.linalg.solve(sample.toarray(), right[:, :, lane])
        np.testing.assert_allclose(room.solution[:, :, lane], expected, rtol=1e-9)


def test_a_chain_that_closes_is_swept_in_one_place() -> None:
    n = 50
    ring = Matrix(np.eye(n) - 0.01 * np.roll(np.eye(n), 1, axis=0))
    assert n_swept(analyse(ring, np.ones(n))) == 1


def test_where_all_are_tied_to_all_nothing_is_substituted() -> None:
    # the products would be far more than what is swept
    n = 120
    assert n_swept(analyse(Matrix(np.eye(n) * 1.0001 - 1e-4), np.ones(n))) == n


def test_a_loop_that_is_substituted_and_takes_more_than_it_makes_is_told() -> None:
    n = 10
    ring = Matrix(np.eye(n) - 0.01 * np.roll(np.eye(n), 1, axis=0))
    structure = analyse(ring, np.ones(n))
    values = np.repeat(ring.data[:, None], N_LANES, axis=1)
    values[values[:, 5] < 0, 5] = -1.1
    numbers = Coefficients.room(structure, N_LANES)
    numbers.values[:] = values[structure.order]
    numbers.prepare(structure)
    assert numbers.gain_passes_one.tolist() == [lane == 5 for lane in range(N_LANES)]


@pytest.mark.parametrize("seed", range(3))
def test_a_structure_is_read_as_it_was_written(seed: int, tmp_path: Path) -> None:
    structure = analyse(loose(30, seed), np.ones(30))
    structure.save(tmp_path / "structure.npz")
    found = Structure.load(tmp_path / "structure.npz")
    for each, expected in vars(structure.condensation).items():
        assert (getattr(found.condensation, each) == expected).all()
    assert (found.order == structure.order).all()
