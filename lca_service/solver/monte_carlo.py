"""Samples of the multipliers of all products at once, each from its own sample of the matrix."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from lca_service.errors import SingularSystem, UnstableSolution
from lca_service.solver.direct import RESIDUAL_LIMIT, Factorization
from lca_service.solver.jit import kernel
from lca_service.solver.structure import Structure
from lca_service.solver.sweep import coefficients, sweep_samples

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Pattern:
    """The pattern that all samples of a matrix share: stored entries by row.

    Parameters
    ----------
    pointer, index
        Of the compressed rows, shapes (n + 1,) and (n_entries,).
    """

    pointer: NDArray[np.int32]
    index: NDArray[np.int32]

    def matrix(self, values: Array) -> sparse.csr_array:
        """Return the matrix with these stored entries, shape (n_entries,)."""
        n = len(self.pointer) - 1
        return sparse.csr_array((values, self.index, self.pointer), shape=(n, n))


@dataclass(frozen=True)
class Solved:
    """Solutions for samples of a matrix.

    Parameters
    ----------
    solution
        Shape (n, n_right, N_LANES); NaN where a sample has none.
    is_swept
        Whether sweeps solved the sample; it was factorized otherwise, shape (N_LANES,).
    gain_passes_one
        Whether a loop of the sample takes as much as it makes, or more: its solution is
        that of the equations, and means nothing, shape (N_LANES,).
    """

    solution: Array
    is_swept: NDArray[np.bool_]
    gain_passes_one: NDArray[np.bool_]


def solve_samples(pattern: Pattern, structure: Structure, values: Array, right: Array) -> Solved:
    """Return x of A_l x_l = b_l for eight samples l of a matrix.

    Parameters
    ----------
    pattern, structure
        Of A, shape (n, n).
    values
        Stored entries, shape (n_entries, N_LANES).
    right
        b, shape (n, n_right, N_LANES).

    Notes
    -----
    Each sample is certified by a residual of its own; what fails is factorized, and what
    has no solution then is NaN.
    """
    numbers = coefficients(structure, values)
    swept = sweep_samples(structure, numbers, right)
    worst = _worst_residuals(pattern.pointer, pattern.index, values, swept.solution, right)
    is_swept = swept.is_settled & (worst <= RESIDUAL_LIMIT)
    gain_passes_one = numbers.gain_passes_one | ~swept.is_settled
    for lane in np.flatnonzero(~is_swept):
        # A copy of the values: the factorization keeps what it is given
        matrix = pattern.matrix(np.ascontiguousarray(values[:, lane]))
        try:
            found = Factorization(matrix).supply(np.ascontiguousarray(right[:, :, lane]))
        except (SingularSystem, UnstableSolution):
            swept.solution[:, :, lane] = np.nan
        else:
            swept.solution[:, :, lane] = found
    return Solved(swept.solution, is_swept, gain_passes_one)


@kernel
def _worst_residuals(pointer: Any, index: Any, values: Any, solution: Any, right: Any) -> Any:
    """Return the largest |b - A x| / (|A| |x| + |b|) of every sample, in plain arithmetic."""
    n, n_right, lanes = solution.shape
    worst = np.zeros(lanes)
    residual, scale = np.empty((n_right, lanes)), np.empty((n_right, lanes))
    for i in range(n):
        for column in range(n_right):
            for lane in range(lanes):
                residual[column, lane] = right[i, column, lane]
                scale[column, lane] = abs(right[i, column, lane])
        for entry in range(pointer[i], pointer[i + 1]):
            j = index[entry]
            for column in range(n_right):
                for lane in range(lanes):
                    product = values[entry, lane] * solution[j, column, lane]
                    residual[column, lane] -= product
                    scale[column, lane] += abs(product)
        for column in range(n_right):
            for lane in range(lanes):
                # written so that what is no number does not pass
                if not abs(residual[column, lane]) <= worst[lane] * scale[column, lane]:
                    ratio = abs(residual[column, lane]) / scale[column, lane]
                    worst[lane] = ratio if ratio >= 0.0 else np.inf
    return worst
