"""Sweeps over a system in the order of its supply chains: exact where it loops tightly.

Block Gauss-Seidel iteration on the `Structure` of a matrix, eight right-hand sides or eight
samples of the matrix side by side. LCA matrices are I - T with T >= 0 and little feedback
outside a few tight loops, so that some twenty sweeps reach the accuracy of the numbers; a
direct method spends its time on fill-in instead.
"""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from lca_service.solver import kernels
from lca_service.solver.lanes import N_LANES
from lca_service.solver.structure import Array, Structure
from lca_service.solver.threads import n_threads

_LINE = 8  # numbers in a line of the cache
_PRECISION = 1e-13
_PRECISION_OF_SAMPLES = 1e-11  # what a sample says about a distribution it says with four digits


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
    slots
        Entries of A in the order of `Structure.order`, and what the condensation makes of
        them, shape (n_values + n_added, k) with k = 1 or `N_LANES`.
    reciprocal
        Of the pivots, shape (n, k).
    inverse
        Of the blocks of more than one equation, shape (n_dense, k).
    gain_passes_one
        Whether a tight loop, or one that is substituted, takes as much as it makes, or more,
        shape (k,).
    n_added
        How many slots are behind the values.
    """

    slots: Array
    reciprocal: Array
    inverse: Array
    gain_passes_one: NDArray[np.bool_]
    n_added: int

    @staticmethod
    def room(structure: Structure, k: int) -> Coefficients:
        """Return coefficients to be filled: values first, then by `prepare`."""
        n_added = len(structure.condensation.source)
        return Coefficients(
            aligned(len(structure.order) + n_added, k),
            aligned(len(structure.pivot), k),
            aligned(len(structure.dense_entry), k),
            np.zeros(k, np.bool_),
            n_added,
        )

    @property
    def values(self) -> Array:
        """Entries of A in the order of `Structure.order`, shape (n_values, k)."""
        return self.slots[: len(self.slots) - self.n_added]

    def prepare(self, structure: Structure) -> None:
        """Compute what follows from the values."""
        plan = structure.condensation
        self.gain_passes_one[:] = False
        kernels.PREPARE[self.slots.shape[1]](
            structure.block_start,
            structure.segment_start,
            structure.dense_start,
            plan.source,
            plan.target,
            plan.pivot,
            plan.pointer,
            plan.slot,
            plan.ahead_pointer,
            plan.ahead_column,
            plan.ahead_slot,
            plan.dense,
            plan.until,
            self.slots,
            self.reciprocal,
            self.inverse,
            self.gain_passes_one,
        )


def parts(structure: Structure, values: Array) -> tuple[Array, Array, Array]:
    """Return the pivots, the entries outside the blocks and those inside, as views."""
    n, n_outside = len(structure.pivot), len(structure.entry)
    return values[:n], values[n : n + n_outside], values[n + n_outside :]


def coefficients(structure: Structure, values: Array) -> Coefficients:
    """Return the numbers of A, whose stored entries are `values`, shape (n_entries,)."""
    numbers = Coefficients.room(structure, 1)
    numbers.values[:, 0] = values[structure.order]
    numbers.prepare(structure)
    return numbers


def sweep(
    structure: Structure, numbers: Coefficients, right: Array, *, start: Array | None = None
) -> Swept:
    """Return x of A x = b by sweeps, for one matrix and many b.

    Parameters
    ----------
    structure, numbers
        Of A, shape (n, n), with k = 1.
    right
        b, shape (n, n_right).
    start
        Solutions to begin with for the first of them, shape (n,) or (n, n_start); else zero.
    """
    n, n_right = right.shape
    solution = np.empty((n, n_right))
    is_settled = np.zeros(n_right, np.bool_)
    ordered = right[structure.row]
    begun = np.zeros((n, n_right))
    if start is not None:
        columns = start.reshape(n, -1)
        begun[:, : columns.shape[1]] = columns[structure.unknown]

    def batch(place: tuple[int, int]) -> int:
        first, columns = place[0] * N_LANES, place[1]
        part = slice(first, min(first + columns * N_LANES, n_right))
        width = part.stop - first
        lanes, unknowns = (aligned(n, columns * N_LANES) for _ in range(2))
        earlier = aligned(3, structure.n_largest, columns * N_LANES)
        lanes[:, :width], lanes[:, width:] = ordered[:, part], 0.0
        unknowns[:, :width], unknowns[:, width:] = begun[:, part], 0.0
        unsettled, n_sweeps = _swept(structure, numbers, lanes, unknowns, earlier, _PRECISION)
        solution[structure.unknown, part] = unknowns[:, :width]
        is_settled[part] = ~unsettled[:width]
        return n_sweeps

    n_rows = -(-n_right // N_LANES)
    batches = _columns(n_rows, -(-n_rows // n_threads()))
    if len(batches) == 1:
        return Swept(solution, batch(batches[0]), is_settled)
    with ThreadPoolExecutor(max_workers=n_threads()) as pool:
        return Swept(solution, max(pool.map(batch, batches), default=0), is_settled)


class Room:
    """Arrays for eight samples of a system, to be filled again for the next eight.

    They are made once for a thread: fresh memory costs more than what is computed in it.

    Parameters
    ----------
    structure
        Of A, shape (n, n).
    n_right
        Right-hand sides of every sample.

    Attributes
    ----------
    numbers
        Of the samples: `numbers.values` are to be filled, and the rest by `prepare`.
    right
        b, to be filled, shape (n, n_right, N_LANES).
    solution
        x after `sweep`, shape (n, n_right, N_LANES).
    n_sweeps
        That `sweep` took.
    """

    def __init__(self, structure: Structure, n_right: int) -> None:
        n = len(structure.pivot)
        self.structure = structure
        self.numbers = Coefficients.room(structure, N_LANES)
        self.n_sweeps = 0
        self.right = aligned(n, n_right, N_LANES)
        self.solution = aligned(n, n_right, N_LANES)
        self._batches = _columns(n_right, max(kernels.SWEEPS))
        widest = max(columns for _, columns in self._batches) * N_LANES
        self._lanes, self._unknowns = aligned(n * widest), aligned(n * widest)
        self._earlier = aligned(3 * structure.n_largest * widest)

    def prepare(self) -> None:
        """Compute what follows from new values."""
        self.numbers.prepare(self.structure)

    def sweep(self) -> tuple[NDArray[np.bool_], Array]:
        """Fill `solution` with x_l of A_l x_l = b_l for the eight samples l.

        Returns
        -------
        is_settled, residual
            Whether each sample settled, and its largest |b - A x| / (|A| |x| + |b|), each of
            shape (N_LANES,).
        """
        structure = self.structure
        n = len(structure.pivot)
        self.n_sweeps = 0
        is_settled, residual = np.ones(N_LANES, np.bool_), np.zeros(N_LANES)
        for first, columns in self._batches:
            shape = n, columns * N_LANES
            lanes = self._lanes[: n * shape[1]].reshape(shape)
            unknowns = self._unknowns[: n * shape[1]].reshape(shape)
            kernels.gather(self.right, structure.row, first, lanes)
            unknowns[:] = 0.0
            size = 3, structure.n_largest, shape[1]
            earlier = self._earlier[: math.prod(size)].reshape(size)
            unsettled, n_sweeps = _swept(
                structure, self.numbers, lanes, unknowns, earlier, _PRECISION_OF_SAMPLES
            )
            self.n_sweeps = max(self.n_sweeps, n_sweeps)
            is_settled &= ~unsettled.reshape(columns, N_LANES).any(axis=0)
            kernels.gather(self.right, structure.row, first, lanes)
            pivot, amount, dense = parts(structure, self.numbers.values)
            worst = np.empty((1, shape[1]))
            kernels.RESIDUALS[columns](
                structure.block_start,
                structure.pointer,
                structure.column,
                structure.dense_start,
                structure.dense_entry,
                pivot,
                amount,
                dense,
                lanes,
                unknowns,
                worst,
            )
            residual = np.maximum(residual, worst.reshape(columns, N_LANES).max(axis=0))
            kernels.scatter(unknowns, structure.unknown, first, self.solution)
        return is_settled, residual


def aligned(*shape: int) -> Array:
    """Return an array that begins where a cache line does, so that no row lies in two."""
    size = math.prod(shape)
    room = np.empty(size + _LINE)
    first = -(room.ctypes.data // room.itemsize) % _LINE
    return room[first : first + size].reshape(shape)


def multiply(matrix: sparse.csr_array, lanes: Array, out: Array) -> None:
    """Fill `out`, shape (n, N_LANES), with M v for eight samples v, without fresh memory.

    Parameters
    ----------
    matrix
        M, shape (n, m).
    lanes
        v, shape (m, N_LANES).
    """
    kernels.product(matrix.indptr, matrix.indices, matrix.data, lanes, out)


def _columns(n: int, at_most: int) -> list[tuple[int, int]]:
    """Return where to start and how many columns to sweep at once, for n columns."""
    found, first = [], 0
    for columns in kernels.SWEEPS:
        while columns <= min(at_most, n - first):
            found.append((first, columns))
            first += columns
    return found


def _swept(
    structure: Structure,
    numbers: Coefficients,
    right: Array,
    unknowns: Array,
    earlier: Array,
    precision: float,
) -> tuple[NDArray[np.bool_], int]:
    """Fill the unknowns, in the order of the structure; return unsettled lanes and sweeps."""
    worst = np.zeros(right.shape[1])
    plan = structure.condensation
    of_all = [numbers.slots, numbers.reciprocal, numbers.inverse]
    n_sweeps = kernels.SWEEPS[right.shape[1] // N_LANES](
        structure.block_start,
        structure.segment_start,
        structure.is_swept,
        structure.dense_start,
        structure.weight,
        plan.until,
        plan.ahead_pointer,
        plan.ahead_column,
        plan.ahead_slot,
        plan.pointer,
        plan.column,
        plan.slot,
        *(each if each.shape[1] > 1 else each[:, 0] for each in of_all),
        right,
        precision,
        unknowns,
        earlier,
        worst,
    )
    return worst != 0, int(n_sweeps)
