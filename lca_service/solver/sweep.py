"""Sweeps over a system in the order of its supply chains: exact where it loops tightly.

Block Gauss-Seidel iteration on the `Structure` of a matrix, eight right-hand sides or eight
samples of the matrix side by side. LCA matrices are I - T with T >= 0 and little feedback
outside a few tight loops, so that some twenty sweeps reach the accuracy of the numbers; a
direct method spends its time on fill-in instead.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lca_service.solver import kernels
from lca_service.solver.lanes import N_LANES
from lca_service.solver.structure import Array, Structure


@dataclass(frozen=True)
class Swept:
    """What a sweep found; lanes that did not settle hold values that mean nothing.

    Parameters
    ----------
    solution
        x, shape (n, k), in the order of the unknowns of the matrix.
    n_sweeps
        Of the component that needed most.
    is_settled
        Whether each right-hand side settled, shape (k,).
    """

    solution: Array
    n_sweeps: int
    is_settled: NDArray[np.bool_]


@dataclass(frozen=True)
class Coefficients:
    """The numbers of one matrix, or of eight samples of it, in the order of a structure.

    Parameters
    ----------
    pivot
        d_i, shape (n, k) with k = 1 or `N_LANES`.
    weight
        w_ij outside the blocks, shape (n_entries, k).
    inverse
        Of the blocks of more than one equation, shape (n_dense, k).
    gain_passes_one
        Whether a tight loop takes as much as it makes, or more, shape (k,).
    """

    pivot: Array
    weight: Array
    inverse: Array
    gain_passes_one: NDArray[np.bool_]


def coefficients(structure: Structure, values: Array) -> Coefficients:
    """Return the numbers of A, whose stored entries are `values`, shape (n_entries, k)."""
    k = values.shape[1]
    n = len(structure.pivot)
    pivot = np.empty((n, k))
    weight = np.empty((len(structure.entry), k))
    inverse = np.empty((len(structure.dense_entry), k))
    passes = np.zeros(k, np.bool_)
    kernels.prepare(
        structure.block_start,
        structure.pointer,
        structure.entry,
        structure.dense_start,
        structure.dense_entry,
        structure.pivot,
        values,
        pivot,
        weight,
        inverse,
        passes,
    )
    return Coefficients(pivot, weight, inverse, passes)


def sweep(structure: Structure, numbers: Coefficients, right: Array) -> Swept:
    """Return x of A x = b by sweeps, for one matrix and many b.

    Parameters
    ----------
    structure, numbers
        Of A, shape (n, n), with k = 1.
    right
        b, shape (n, n_right).
    """
    n, n_right = right.shape
    solution = np.empty((n, n_right))
    is_settled = np.zeros(n_right, np.bool_)
    scaled = (right[structure.row] / numbers.pivot).astype(np.float64, copy=False)

    def batch(first: int) -> int:
        width = min(N_LANES, n_right - first)
        lanes = np.zeros((n, N_LANES))
        lanes[:, :width] = scaled[:, first : first + width]
        unknowns = np.zeros((n, N_LANES))
        worst, n_sweeps = np.zeros((2, N_LANES)), np.zeros(1, np.int64)
        kernels.sweep(
            *_order(structure),
            numbers.weight[:, 0],
            numbers.inverse[:, 0],
            lanes,
            unknowns,
            worst,
            n_sweeps,
        )
        solution[structure.unknown, first : first + width] = unknowns[:, :width]
        is_settled[first : first + width] = worst[0, :width] == 0
        return int(n_sweeps[0])

    firsts = range(0, n_right, N_LANES)
    if len(firsts) == 1:
        return Swept(solution, batch(0), is_settled)
    with ThreadPoolExecutor(max_workers=n_threads()) as pool:
        return Swept(solution, max(pool.map(batch, firsts), default=0), is_settled)


def sweep_samples(structure: Structure, numbers: Coefficients, right: Array) -> Swept:
    """Return x of A_l x_l = b_l for eight samples l of a matrix.

    Parameters
    ----------
    structure, numbers
        Of A, shape (n, n), with k = `N_LANES`.
    right
        b, shape (n, n_right, N_LANES).

    Returns
    -------
    Swept
        With a solution of shape (n, n_right, N_LANES), and `is_settled` of N_LANES.
    """
    n, n_right, _ = right.shape
    solution = np.empty_like(right)
    worst, n_sweeps = np.zeros((2, N_LANES)), np.zeros(1, np.int64)
    unknowns = np.empty((n, N_LANES))
    for column in range(n_right):
        lanes = right[structure.row, column] / numbers.pivot
        unknowns[:] = 0.0
        kernels.sweep(
            *_order(structure),
            numbers.weight,
            numbers.inverse,
            lanes,
            unknowns,
            worst,
            n_sweeps,
        )
        solution[structure.unknown, column] = unknowns
    return Swept(solution, int(n_sweeps[0]), worst[0] == 0)


def n_threads() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _order(structure: Structure) -> tuple[Any, ...]:
    return (
        structure.block_start,
        structure.segment_start,
        structure.is_swept,
        structure.pointer,
        structure.column,
        structure.dense_start,
        structure.weight,
    )
