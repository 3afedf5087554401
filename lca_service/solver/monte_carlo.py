"""Samples of a system, eight at a time, each solved from its own sample of the matrix."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from lca_service.errors import SingularSystem, UnstableSolution
from lca_service.solver.direct import RESIDUAL_LIMIT, Factorization
from lca_service.solver.structure import Structure
from lca_service.solver.sweep import Room

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Solved:
    """What happened to eight samples; their solutions are in the room they were solved in.

    Parameters
    ----------
    is_swept
        Whether sweeps solved the sample; it was factorized otherwise, shape (N_LANES,).
    gain_passes_one
        Whether a loop of the sample takes as much as it makes, or more: its solution is
        that of the equations, and means nothing. A sample that does not settle counts, for
        it is close to that. Shape (N_LANES,).
    """

    is_swept: NDArray[np.bool_]
    gain_passes_one: NDArray[np.bool_]


def solve_samples(room: Room) -> Solved:
    """Fill ``room.solution`` with x of A_l x_l = b_l for its eight samples l, prepared before.

    Notes
    -----
    Each sample is certified by a residual of its own; what fails is factorized, and what
    has no solution then is NaN.
    """
    is_settled, residual = room.sweep()
    is_swept = is_settled & (residual <= RESIDUAL_LIMIT)
    gain_passes_one = room.numbers.gain_passes_one | ~is_settled
    for lane in np.flatnonzero(~is_swept):
        matrix = _matrix(room.structure, room.numbers.values[:, lane])
        try:
            found = Factorization(matrix).supply(np.ascontiguousarray(room.right[:, :, lane]))
        except (SingularSystem, UnstableSolution):
            room.solution[:, :, lane] = np.nan
        else:
            room.solution[:, :, lane] = found
    return Solved(is_swept, gain_passes_one)


def _matrix(structure: Structure, values: Array) -> sparse.csr_array:
    """Return the matrix whose entries are `values`, in the order of the structure."""
    n = len(structure.pivot)
    row = np.repeat(np.arange(n), np.diff(structure.pointer))
    sizes = np.diff(structure.block_start)
    first, large = structure.block_start[:-1][sizes > 1], sizes[sizes > 1]
    of_block = np.repeat(np.arange(len(large)), large**2)
    element = (
        np.arange(len(structure.dense_entry)) - structure.dense_start[:-1][sizes > 1][of_block]
    )
    inside = structure.dense_entry >= 0
    rows = (first[of_block] + element // large[of_block])[inside]
    columns = (first[of_block] + element % large[of_block])[inside]
    beside = rows != columns  # the pivots stand among the elements of the blocks, too
    outer = n + len(row)
    return sparse.csr_array(
        (
            np.concatenate((values[:outer], values[outer:][beside])),
            (
                structure.row[np.concatenate((np.arange(n), row, rows[beside]))],
                structure.unknown[
                    np.concatenate((np.arange(n), structure.column, columns[beside]))
                ],
            ),
        ),
        shape=(n, n),
    )
