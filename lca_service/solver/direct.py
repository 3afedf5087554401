"""Direct solution of the technosphere equations, checked and refined.

The transpose is factorized: the columns of A in life cycle inventories are sparse and
its rows (electricity, transport) are not, so that A^T fills in far less than A.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import MatrixRankWarning, splu

from lca_service.errors import SingularSystem, UnstableSolution
from lca_service.solver.jit import kernel

Array = NDArray[np.float64]
Sparse = sparse.csr_array | sparse.csc_array

_REFINEMENTS = 2
RESIDUAL_LIMIT = 1e-9
CHANGE_LIMIT = 1e-9


class Factorization:
    """LU factors of A^T for a square sparse A, shape (n, n).

    Raises
    ------
    SingularSystem
        If A has no inverse, because it is singular or not square.

    Examples
    --------
    >>> from scipy import sparse
    >>> lu = Factorization(sparse.csr_array([[1.0, -0.5], [0.0, 1.0]]))
    >>> lu.supply(np.array([0.0, 2.0])).tolist()
    [1.0, 2.0]
    """

    def __init__(self, technosphere: sparse.csr_array) -> None:
        n_products, n_activities = technosphere.shape
        if n_products != n_activities:
            raise SingularSystem(f"{n_products} products are made by {n_activities} activities")
        self._matrix = technosphere
        self._transpose = sparse.csc_array(technosphere.T)
        options = _options(self._transpose)
        self._is_pivoted = not options
        self._lu = self._factorized(options)

    def _factorized(self, options: dict[str, Any]) -> Any:  # the stubs of scipy know no `trans`
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error", MatrixRankWarning)
                return splu(self._transpose, **options)
        except (RuntimeError, MatrixRankWarning) as error:
            raise SingularSystem("the technosphere matrix has no inverse") from error

    def supply(self, demand: Array) -> Array:
        """Return s of A s = f, shape (n,) or (n, k), as `demand`."""
        return self._refined(self._matrix, demand, "T")

    def adjoint(self, costs: Array) -> Array:
        """Return y of A^T y = q, shape (n,) or (n, k), as `costs`."""
        return self._refined(self._transpose, costs, "N")

    def _refined(self, matrix: Sparse, right: Array, transposed: str) -> Array:
        try:
            return self._checked(matrix, right, transposed)
        except UnstableSolution:
            if self._is_pivoted:
                raise
        # a system that takes more than it makes may need rows exchanged after all
        self._lu, self._is_pivoted = self._factorized({}), True
        return self._checked(matrix, right, transposed)

    def _checked(self, matrix: Sparse, right: Array, transposed: str) -> Array:
        solution = self._lu.solve(right, trans=transposed)
        for _ in range(_REFINEMENTS):
            solution = solution + self._lu.solve(right - matrix @ solution, trans=transposed)
        solution = np.where(reached(matrix, right), solution, 0.0)
        check(matrix, solution, right)
        self._check_sensitivity(matrix, solution, transposed)
        return np.asarray(solution)

    def _check_sensitivity(self, matrix: Sparse, solution: Array, transposed: str) -> None:
        """Refuse a solution that rounding the coefficients of A would change.

        A loop that takes nearly all it makes is solved with a residual of nothing, and the
        solution means nothing. The condition number of Skeel (1979),
        max(|A^-1| |A| |x|) / max(|x|), is exact here for A = I - T with T >= 0.
        """
        changed = np.abs(self._lu.solve(abs(matrix) @ np.abs(solution), trans=transposed))
        change = np.finfo(float).eps * changed.max(axis=0)
        if (change > CHANGE_LIMIT * np.abs(solution).max(axis=0)).any():
            raise UnstableSolution(
                "a loop leaves next to no net output: rounding decides the result"
            )


def _options(matrix: sparse.csc_array) -> dict[str, Any]:
    """Return how to order and pivot.

    Inventories are I - T with T >= 0. Elimination of such a matrix needs no pivoting
    (Fan 1960: its Schur complements have the same signs), so that an ordering of the
    symmetric pattern may be kept: a fifteenth of the fill-in of COLAMD with row exchanges
    on the shipped release, which regional averages tie together. Any other matrix is
    pivoted.
    """
    diagonal = matrix.diagonal()
    others = matrix - sparse.diags_array(diagonal)
    if not ((diagonal > 0).all() and others.nnz and others.max() <= 0):
        return {}
    return {
        "permc_spec": "MMD_AT_PLUS_A",
        "diag_pivot_thresh": 0.0,
        "options": {"SymmetricMode": True},
    }


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
