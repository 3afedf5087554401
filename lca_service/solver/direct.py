"""Direct solution of the technosphere equations, checked and refined.

The transpose is factorized: the columns of A in life cycle inventories are sparse and
its rows (electricity, transport) are not, so that A^T fills in far less than A.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from lca_service.errors import SingularSystem, UnstableSolution
from lca_service.solver.factors import SUPERLU, factorize, fastest
from lca_service.solver.jit import kernel

Array = NDArray[np.float64]
Sparse = sparse.csr_array | sparse.csc_array

_REFINEMENTS = 2
RESIDUAL_LIMIT = 1e-9
CHANGE_LIMIT = 1e-9


class Factorization:
    """Factors of A^T for a square sparse A, shape (n, n), that threads may share.

    Parameters
    ----------
    technosphere
        A.
    back_end
        One of `back_ends`; default: the fastest that is installed for the size of A.

    Raises
    ------
    SingularSystem
        If A has no inverse, because it is singular or not square; with PARDISO the first
        solution tells.

    Examples
    --------
    >>> from scipy import sparse
    >>> lu = Factorization(sparse.csr_array([[1.0, -0.5], [0.0, 1.0]]))
    >>> lu.supply(np.array([0.0, 2.0])).tolist()
    [1.0, 2.0]
    """

    def __init__(self, technosphere: sparse.csr_array, *, back_end: str = "") -> None:
        n_products, n_activities = technosphere.shape
        if n_products != n_activities:
            raise SingularSystem(f"{n_products} products are made by {n_activities} activities")
        self._matrix = technosphere
        self._transpose = sparse.csc_array(technosphere.T)
        self._factors = factorize(self._transpose, back_end or fastest(n_products))

    def supply(self, demand: Array) -> Array:
        """Return s of A s = f, shape (n,) or (n, k), as `demand`."""
        return self._refined(self._matrix, demand, transposed=True)

    def adjoint(self, costs: Array) -> Array:
        """Return y of A^T y = q, shape (n,) or (n, k), as `costs`."""
        return self._refined(self._transpose, costs, transposed=False)

    def _refined(self, matrix: Sparse, right: Array, *, transposed: bool) -> Array:
        try:
            return self._checked(matrix, right, transposed=transposed)
        except UnstableSolution:
            if self._factors.is_pivoted:
                raise
        # a system that takes more than it makes may need rows exchanged after all, and
        # PARDISO does not say that a system is singular
        self._factors = factorize(self._transpose, SUPERLU, pivot=True)
        return self._checked(matrix, right, transposed=transposed)

    def _checked(self, matrix: Sparse, right: Array, *, transposed: bool) -> Array:
        solution = self._factors.solve(right, transposed=transposed)
        for _ in range(_REFINEMENTS):
            solution = solution + self._factors.solve(
                right - matrix @ solution, transposed=transposed
            )
        solution = np.where(reached(matrix, right), solution, 0.0)
        check(matrix, solution, right)
        self._check_sensitivity(matrix, solution, transposed=transposed)
        return np.asarray(solution)

    def _check_sensitivity(self, matrix: Sparse, solution: Array, *, transposed: bool) -> None:
        """Refuse a solution that rounding the coefficients of A would change.

        A loop that takes nearly all it makes is solved with a residual of nothing, and the
        solution means nothing. The condition number of Skeel (1979),
        max(|A^-1| |A| |x|) / max(|x|), is exact here for A = I - T with T >= 0.
        """
        changed = np.abs(
            self._factors.solve(np.asarray(abs(matrix) @ np.abs(solution)), transposed=transposed)
        )
        change = np.finfo(float).eps * changed.max(axis=0)
        if (change > CHANGE_LIMIT * np.abs(solution).max(axis=0)).any():
            raise UnstableSolution(
                "a loop leaves next to no net output: rounding decides the result"
            )


def reached(matrix: Sparse, right: Array) -> NDArray[np.bool_]:
    """Return where the solution of A x = b can differ from zero, from the pattern alone.

    x_i is zero unless b_i is not, or row i uses an x_j that is not. Elimination leaves
    rounding errors in those places, which a reader would take for traces. A matrix with a
    zero on its diagonal says nothing: everything counts as reached.

    Examples
    --------
    >>> chain = sparse.csr_array([[1.0, -0.5, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    >>> reached(chain, np.array([0.0, 1.0, 0.0])).tolist()
    [True, True, False]
    """
    marked = right != 0
    if not matrix.diagonal().all():
        return np.ones_like(marked)
    pattern = abs(matrix).sign()
    size = -1
    while marked.sum() > size:
        size = int(marked.sum())
        marked = (pattern @ marked.astype(float)) > 0
    return np.asarray(marked)


def check(matrix: Sparse, solution: Array, right: Array) -> None:
    """Refuse a solution that is not finite or does not solve the equations.

    The backward error of Oettli and Prager (1964) is used, row by row:
    |b - A x| <= limit * (|A| |x| + |b|).

    Raises
    ------
    UnstableSolution
        If a value is not finite, or the residual of any row is above 1e-9.
    """
    if not np.isfinite(solution).all():
        raise UnstableSolution("the solution is not finite: the system is close to singular")
    columns = solution if solution.ndim > 1 else solution[:, np.newaxis]
    demands = right if right.ndim > 1 else right[:, np.newaxis]
    rows = sparse.csr_array(matrix)
    worst = _worst_residual(rows.indptr, rows.indices, rows.data, columns, demands)
    if not worst <= RESIDUAL_LIMIT:
        raise UnstableSolution(f"the solution leaves a relative residual of {worst:.1e}")


@kernel
def _worst_residual(pointer: Any, index: Any, value: Any, solution: Any, right: Any) -> float:
    """Return the largest |b - A x| / (|A| |x| + |b|) of any row and column.

    In plain arithmetic, apart from the kernels that it is to certify.
    """
    n, k = solution.shape
    worst = 0.0
    residual, scale = np.empty(k), np.empty(k)
    for i in range(n):
        for column in range(k):
            residual[column] = right[i, column]
            scale[column] = abs(right[i, column])
        for entry in range(pointer[i], pointer[i + 1]):
            j, a = index[entry], value[entry]
            for column in range(k):
                product = a * solution[j, column]
                residual[column] -= product
                scale[column] += abs(product)
        for column in range(k):
            # a scale that is no number must not pass
            if not abs(residual[column]) <= worst * scale[column]:
                worst = abs(residual[column]) / scale[column]
                if not worst >= 0.0:
                    return np.inf
    return worst
