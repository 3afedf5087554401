"""Changed activities give what the changed system gives when it is solved anew."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from lca_service.errors import SingularSystem, UnstableSolution
from lca_service.solver.system import LinearSystem
from lca_service.solver.update import ColumnUpdate, changed_multipliers


def economy(n: int, seed: int) -> tuple[sparse.csr_array, np.ndarray]:
    generator = np.random.default_rng(seed)
    bought = generator.random((n, n)) * (generator.random((n, n)) < min(1.0, 4 / n))
    np.fill_diagonal(bought, 0.0)
    bought *= 0.6 / np.maximum(bought.sum(axis=0), 1e-9)
    return sparse.csr_array(np.eye(n) - bought), generator.random((3, n))


def solved(matrix: np.ndarray, costs: np.ndarray) -> np.ndarray:
    return np.linalg.solve(matrix.T, costs.T).T


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 40), st.integers(0, 2**32 - 1), st.integers(1, 5), st.booleans())
def test_any_change_of_columns_and_costs(n: int, seed: int, k: int, costs_change: bool) -> None:
    matrix, costs = economy(n, seed)
    generator = np.random.default_rng(seed + 1)
    columns = generator.choice(n, min(k, n), replace=False)
    change = np.where(
        generator.random((n, len(columns))) < 0.4, -0.3 * generator.random((n, len(columns))) / n, 0
    )
    change[columns, np.arange(len(columns))] += 0.2  # makes more of its product
    added = generator.random((3, len(columns))) if costs_change else None
    system = LinearSystem(matrix, costs)
    update = ColumnUpdate(matrix, system, costs, system.adjoint(costs.T).T, columns)
    found = update.multipliers(sparse.csc_array(change), added, products=np.arange(n))
    after, after_costs = matrix.toarray(), costs.copy()
    after[:, columns] += change
    if added is not None:
        after_costs[:, columns] += added
    assert found == pytest.approx(solved(after, after_costs), rel=1e-9)


def test_no_change_is_no_change() -> None:
    matrix, costs = economy(30, 1)
    system = LinearSystem(matrix, costs)
    multipliers = system.adjoint(costs.T).T
    update = ColumnUpdate(matrix, system, costs, multipliers, [3, 4])
    found = update.multipliers(sparse.csc_array((30, 2)), products=[0, 7])
    assert (found == multipliers[:, [0, 7]]).all()


@pytest.mark.parametrize("left", [0.0, 1e-13, 1e-10])
def test_a_change_that_leaves_no_net_output_is_refused(left: float) -> None:
    # each of two products is made of the other, and half of the first is left over
    loop = sparse.csr_array([[1.0, -0.5], [-1.0, 1.0]])
    base = LinearSystem(loop, np.ones((1, 2)))
    update = ColumnUpdate(loop, base, np.ones((1, 2)), base.adjoint(np.ones((2, 1))).T, [1])
    change = sparse.csc_array([[-0.5 * (1 - left)], [0.0]])
    with pytest.raises((SingularSystem, UnstableSolution)):
        update.multipliers(change, products=[0])


def test_a_changed_system_is_swept_from_the_old_solution() -> None:
    matrix, costs = economy(200, 4)
    before = LinearSystem(matrix, costs)
    multipliers = before.adjoint(costs.T).T
    generator = np.random.default_rng(0)
    changed = sparse.csr_array(
        (matrix.data * generator.uniform(0.95, 1.05, matrix.nnz), matrix.indices, matrix.indptr),
        matrix.shape,
    )
    after, found = changed_multipliers(changed, costs, before=before, multipliers=multipliers)
    assert not after.direct_reason
    assert found == pytest.approx(solved(changed.toarray(), costs), rel=1e-9)
