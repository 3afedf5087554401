"""The inner loops of the sweeps: eight right-hand sides or eight samples at a time.

Arrays are those of `structure.Structure`, by name; `x`, `right` and the coefficients of
samples have a row of `N_LANES` per equation or entry.
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
)
from lca_service.solver.structure import LARGEST_BLOCK

_MAX_SWEEPS = 300
_ROUNDING = 1e-15  # of a change, beside the largest unknown, both in units of their size
_LIMIT = 1e100  # an unknown that has grown so far will not settle


@kernel
def prepare(
    block_start: Any,
    pointer: Any,
    entry: Any,
    dense_start: Any,
    dense_entry: Any,
    pivot_entry: Any,
    values: Any,
    pivot: Any,
    weight: Any,
    inverse: Any,
    passes: Any,
) -> None:
    """Fill `pivot`, `weight`, `inverse` and `passes`: the `sweep.Coefficients` of `values`."""
    n, k = pivot.shape
    for i in range(n):
        for lane in range(k):
            pivot[i, lane] = values[pivot_entry[i], lane]
        for j in range(pointer[i], pointer[i + 1]):
            for lane in range(k):
                weight[j, lane] = -values[entry[j], lane] / pivot[i, lane]
    for block in range(len(block_start) - 1):
        first, size = block_start[block], block_start[block + 1] - block_start[block]
        if size == 1:
            continue
        start = dense_start[block]
        for lane in range(k):
            dense = np.zeros((size, size))
            for i in range(size):
                for j in range(size):
                    where = dense_entry[start + i * size + j]
                    if where >= 0:
                        dense[i, j] = values[where, lane] / pivot[first + i, lane]
                dense[i, i] = 1.0
            if _invert(dense):
                passes[lane] = True
            for i in range(size):
                for j in range(size):
                    inverse[start + i * size + j, lane] = dense[i, j]


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
def sweep(
    block_start: Any,
    segment_start: Any,
    is_swept: Any,
    pointer: Any,
    column: Any,
    dense_start: Any,
    scale: Any,
    weight: Any,
    inverse: Any,
    right: Any,
    x: Any,
    worst: Any,
    n_sweeps: Any,
) -> None:
    """Sweep eight right-hand sides of one matrix, or of eight samples of it.

    Coefficients have one number each, or one for every lane. `worst[0]` is left 1 where a
    lane did not settle.
    """
    rest = np.empty((LARGEST_BLOCK, N_LANES))
    for segment in range(len(is_swept)):
        before = np.full(N_LANES, np.inf)
        for turn in range(_MAX_SWEEPS):
            change, size = same(0.0), same(0.0)
            for block in range(segment_start[segment], segment_start[segment + 1]):
                first, last = block_start[block], block_start[block + 1]
                if last - first == 1:
                    total = load(right, first)
                    for entry in range(pointer[first], pointer[first + 1]):
                        total = add_weighted(total, weight, entry, load(x, column[entry]))
                    change = larger_change(change, total, load(x, first), scale[first])
                    size = larger_size(size, total, scale[first])
                    store(x, first, total)
                    continue
                for i in range(first, last):
                    total = load(right, i)
                    for entry in range(pointer[i], pointer[i + 1]):
                        total = add_weighted(total, weight, entry, load(x, column[entry]))
                    store(rest, i - first, total)
                element = dense_start[block]
                for i in range(first, last):
                    total = same(0.0)
                    for j in range(last - first):
                        total = add_weighted(total, inverse, element + j, load(rest, j))
                    element += last - first
                    change = larger_change(change, total, load(x, i), scale[i])
                    size = larger_size(size, total, scale[i])
                    store(x, i, total)
            if not is_swept[segment] or _is_settled(change, size, before, worst, turn):
                n_sweeps[0] = max(n_sweeps[0], turn + 1)
                break


@kernel
def _is_settled(change: Any, size: Any, before: Any, worst: Any, turn: int) -> bool:
    """Return whether to stop sweeping; `worst[0]` takes the lanes that stop unsettled.

    A lane has settled when no unknown changes by more than 1e-13 of itself. Where unknowns
    are small differences of large numbers rounding forbids that: it has settled, too, when
    changes are within rounding of the largest unknown and fall no further.
    """
    found = np.empty((2, N_LANES))
    store(found, 0, change)
    store(found, 1, size)
    is_done = True
    for lane in range(N_LANES):
        left, largest = found[0, lane], found[1, lane]
        is_exact = left <= 0.0
        is_rounding = left <= _ROUNDING * largest and left > 0.5 * before[lane]
        before[lane] = left
        if is_exact or is_rounding:
            continue
        if turn + 1 == _MAX_SWEEPS or not largest < _LIMIT:
            # what is no number ends up here, too
            worst[0, lane] = 1.0
        else:
            is_done = False
    return is_done
