"""The inner loops of the sweeps: eight right-hand sides or eight samples at a time.

Arrays are those of `structure.Structure`, by name; the coefficients of samples have a row
of `N_LANES` per equation or entry.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from lca_service.solver.jit import kernel
from lca_service.solver.lanes import (
    N_LANES,
    add_weighted,
    larger_change,
    larger_size,
    load,
    same,
    store,
    take_weighted,
    weighted,
)
from lca_service.solver.structure import LARGEST_BLOCK

_MAX_SWEEPS = 300
_ROUNDING = 1e-15  # of a change, beside the largest unknown, both in units of their size
_LIMIT = 1e100  # an unknown that has grown so far will not settle


@kernel
def prepare(
    block_start: Any,
    dense_start: Any,
    dense_entry: Any,
    pivot: Any,
    dense: Any,
    reciprocal: Any,
    inverse: Any,
    passes: Any,
) -> None:
    """Fill `reciprocal`, `inverse` and `passes`: what `sweep.Coefficients` have beside values."""
    n, k = pivot.shape
    for i in range(n):
        for lane in range(k):
            reciprocal[i, lane] = 1.0 / pivot[i, lane]
    before = 0  # elements of the blocks before
    for block in range(len(block_start) - 1):
        first, size = block_start[block], block_start[block + 1] - block_start[block]
        if size == 1:
            continue
        start = dense_start[block]
        for lane in range(k):
            loop = np.zeros((size, size))
            where = before
            for i in range(size):
                for j in range(size):
                    if dense_entry[start + i * size + j] >= 0:
                        loop[i, j] = dense[where, lane] / pivot[first + i, lane]
                        where += 1
                loop[i, i] = 1.0
            if _invert(loop):
                passes[lane] = True
            for i in range(size):
                for j in range(size):
                    inverse[start + i * size + j, lane] = loop[i, j]
        before = where


@kernel
def _invert(dense: Any) -> bool:
    """Invert a block in place; return whether its loops take as much as they make.

    Elimination of I - T with T >= 0 needs no pivoting, and all pivots are positive if and
    only if the loops of T have a gain below one (Fiedler & Ptak 1962).
    """
    size = len(dense)
    passes = False
    for step in range(size):
        pivot = dense[step, step]
        passes |= not pivot > 0.0
        dense[step, step] = 1.0
        for j in range(size):
            dense[step, j] /= pivot
        for i in range(size):
            if i != step:
                factor = dense[i, step]
                dense[i, step] = 0.0
                for j in range(size):
                    dense[i, j] -= factor * dense[step, j]
    return passes


@kernel
def _is_settled(found: Any, before: Any, worst: Any, turn: int) -> bool:
    """Return whether to stop sweeping; `worst` takes the lanes that stop unsettled.

    A lane has settled when no unknown changes by more than the precision times itself. Where
    unknowns are small differences of large numbers rounding forbids that: it has settled,
    too, when changes are within rounding of the largest unknown and fall no further.
    """
    is_done = True
    for lane in range(len(before)):
        left, largest = found[0, lane], found[1, lane]
        is_exact = left <= 0.0
        is_rounding = left <= _ROUNDING * largest and left > 0.5 * before[lane]
        before[lane] = left
        if is_exact or is_rounding:
            continue
        if turn + 1 == _MAX_SWEEPS or not largest < _LIMIT:
            # what is no number ends up here, too
            worst[lane] = 1.0
        else:
            is_done = False
    return is_done


def _sweep_of(columns: int) -> Any:
    """Return the kernel that sweeps eight lanes of so many columns."""

    @kernel
    def sweep(
        block_start: Any,
        segment_start: Any,
        is_swept: Any,
        pointer: Any,
        column: Any,
        dense_start: Any,
        scale: Any,
        amount: Any,
        reciprocal: Any,
        inverse: Any,
        right: Any,
        precision: float,
        x: Any,
        worst: Any,
    ) -> int:
        rest = np.empty((LARGEST_BLOCK, columns * N_LANES))
        before = np.empty(columns * N_LANES)
        n_sweeps = 1
        for segment in range(len(is_swept)):
            before[:] = np.inf
            for turn in range(_MAX_SWEEPS):
                change, size = same(0.0, columns), same(0.0, columns)
                for block in range(segment_start[segment], segment_start[segment + 1]):
                    first, last = block_start[block], block_start[block + 1]
                    if last - first == 1:
                        total = load(right, first, columns)
                        for entry in range(pointer[first], pointer[first + 1]):
                            bought = load(x, column[entry], columns)
                            total = take_weighted(total, amount, entry, bought)
                        total = weighted(reciprocal, first, total)
                        old = load(x, first, columns)
                        change = larger_change(change, total, old, scale[first], precision)
                        size = larger_size(size, total, scale[first])
                        store(x, first, total)
                        continue
                    for i in range(first, last):
                        total = load(right, i, columns)
                        for entry in range(pointer[i], pointer[i + 1]):
                            bought = load(x, column[entry], columns)
                            total = take_weighted(total, amount, entry, bought)
                        store(rest, i - first, weighted(reciprocal, i, total))
                    element = dense_start[block]
                    for i in range(first, last):
                        total = same(0.0, columns)
                        for j in range(last - first):
                            bought = load(rest, j, columns)
                            total = add_weighted(total, inverse, element + j, bought)
                        element += last - first
                        old = load(x, i, columns)
                        change = larger_change(change, total, old, scale[i], precision)
                        size = larger_size(size, total, scale[i])
                        store(x, i, total)
                if not is_swept[segment]:
                    break
                found = np.empty((2, columns * N_LANES))
                store(found, 0, change)
                store(found, 1, size)
                if _is_settled(found, before, worst, turn):
                    n_sweeps = max(n_sweeps, turn + 1)
                    break
        return n_sweeps

    return sweep


SWEEPS = {columns: _sweep_of(columns) for columns in (4, 2, 1)}
"""The kernels by the columns they sweep at once, as many as there are.

Coefficients have one number each, or one for every lane. `x` and `right` have rows of
``columns * N_LANES``. `worst` is left 1 where a lane did not settle to `precision`; how many
sweeps it took is returned.
"""


@kernel
def gather(right: Any, row: Any, first: int, lanes: Any) -> None:
    """Fill `lanes` with columns of `right`, from `first`, in the order of the equations."""
    for i in range(len(row)):
        for column in range(lanes.shape[1] // N_LANES):
            for lane in range(N_LANES):
                lanes[i, column * N_LANES + lane] = right[row[i], first + column, lane]


@kernel
def scatter(x: Any, unknown: Any, first: int, solution: Any) -> None:
    """Fill columns of `solution`, from `first`, with what was found."""
    for i in range(len(unknown)):
        for column in range(x.shape[1] // N_LANES):
            for lane in range(N_LANES):
                solution[unknown[i], first + column, lane] = x[i, column * N_LANES + lane]


@kernel
def residuals(
    block_start: Any,
    pointer: Any,
    column: Any,
    dense_start: Any,
    dense_entry: Any,
    pivot: Any,
    amount: Any,
    dense: Any,
    right: Any,
    x: Any,
    worst: Any,
) -> None:
    """Raise `worst` to the largest |b - A x| / (|A| |x| + |b|) of every sample.

    In plain arithmetic, equation by equation, from the entries of A alone.
    """
    width = x.shape[1]
    left, scale = np.empty(width), np.empty(width)
    where = 0
    for block in range(len(block_start) - 1):
        first, last = block_start[block], block_start[block + 1]
        for i in range(first, last):
            for at in range(0, width, N_LANES):
                for lane in range(N_LANES):
                    product = pivot[i, lane] * x[i, at + lane]
                    left[at + lane] = right[i, at + lane] - product
                    scale[at + lane] = abs(right[i, at + lane]) + abs(product)
            for entry in range(pointer[i], pointer[i + 1]):
                j = column[entry]
                for at in range(0, width, N_LANES):
                    for lane in range(N_LANES):
                        product = amount[entry, lane] * x[j, at + lane]
                        left[at + lane] -= product
                        scale[at + lane] += abs(product)
            if last - first > 1:
                start = dense_start[block] + (i - first) * (last - first)
                for j in range(last - first):
                    if dense_entry[start + j] < 0:
                        continue
                    if first + j != i:
                        for at in range(0, width, N_LANES):
                            for lane in range(N_LANES):
                                product = dense[where, lane] * x[first + j, at + lane]
                                left[at + lane] -= product
                                scale[at + lane] += abs(product)
                    where += 1
            for at in range(0, width, N_LANES):
                for lane in range(N_LANES):
                    size = abs(left[at + lane])
                    # written so that what is no number does not pass
                    if not size <= worst[lane] * scale[at + lane]:
                        ratio = size / scale[at + lane]
                        worst[lane] = ratio if ratio >= 0.0 else np.inf
