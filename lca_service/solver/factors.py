"""Factors of a sparse matrix, from whichever library makes them fastest here.

SuperLU comes with scipy. PARDISO, of Intel's MKL, is an extra: ``pip install
lca-service[pardiso]`` on x86-64. It answers singular systems with numbers, so that whoever
uses factors checks what comes out (`direct`).
"""

from __future__ import annotations

import importlib.util
import threading
import warnings
import weakref
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import MatrixRankWarning, splu

from lca_service.errors import SingularSystem

Array = NDArray[np.float64]

SUPERLU, PARDISO = "SuperLU", "PARDISO"
_LARGE = 20_000  # equations; at 80,000 PARDISO takes a third of the time
_NO_INVERSE = "the technosphere matrix has no inverse"


class Factors(Protocol):
    """Factors of M, shape (n, n)."""

    @property
    def is_pivoted(self) -> bool:
        """Whether rows were exchanged for large pivots."""
        ...

    def solve(self, right: Array, *, transposed: bool) -> Array:
        """Return x of M x = b, or of M^T x = b, shape (n,) or (n, k), as `right`."""
        ...


def back_ends() -> tuple[str, ...]:
    """Return the names of the libraries that are installed."""
    return (SUPERLU, PARDISO) if importlib.util.find_spec("pypardiso") else (SUPERLU,)


def fastest(n: int) -> str:
    """Return the library that is fastest for n equations: PARDISO takes 0.3 s to begin with."""
    return back_ends()[-1] if n >= _LARGE else SUPERLU


def factorize(matrix: sparse.csc_array, back_end: str, *, pivot: bool = False) -> Factors:
    """Return the factors of M, shape (n, n).

    Parameters
    ----------
    matrix
        M.
    back_end
        One of `back_ends`.
    pivot
        Exchange rows for large pivots, even if M looks as if it needed none.

    Raises
    ------
    SingularSystem
        If M is found to be singular; PARDISO does not always tell.
    """
    return _Pardiso(matrix) if back_end == PARDISO else _SuperLU(matrix, pivot=pivot)


class _SuperLU:
    def __init__(self, matrix: sparse.csc_array, *, pivot: bool) -> None:
        options = {} if pivot else _options(matrix)
        self.is_pivoted = not options
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error", MatrixRankWarning)
                # Any: the stubs of scipy know no `trans`
                self._lu: Any = splu(matrix, **options)
        except (RuntimeError, MatrixRankWarning) as error:
            raise SingularSystem(_NO_INVERSE) from error

    def solve(self, right: Array, *, transposed: bool) -> Array:
        return np.asarray(self._lu.solve(right, trans="T" if transposed else "N"))


class _Pardiso:
    is_pivoted = False  # only within the blocks that it works on

    def __init__(self, matrix: sparse.csc_array) -> None:
        import pypardiso  # an extra

        rows = sparse.csr_matrix(matrix)
        rows.sort_indices()
        self._matrix = rows
        # the same arrays read by column: how the library is told to solve with M^T
        self._transpose = sparse.csc_matrix(
            (rows.data, rows.indices, rows.indptr), shape=rows.shape
        )
        self._solver = pypardiso.PyPardisoSolver()
        self._lock = threading.Lock()  # the library keeps what it works on in its handle
        self._error = pypardiso.pardiso_wrapper.PyPardisoError
        try:
            self._solver.factorize(rows)
        except (ValueError, self._error) as error:
            raise SingularSystem(_NO_INVERSE) from error
        weakref.finalize(self, self._solver.free_memory, everything=True)

    def solve(self, right: Array, *, transposed: bool) -> Array:
        with self._lock:
            try:
                found = self._solver.solve(self._transpose if transposed else self._matrix, right)
            except self._error as error:
                raise SingularSystem(_NO_INVERSE) from error
        return np.ascontiguousarray(found)


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
