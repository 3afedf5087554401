"""The inner loops of the sweeps: eight right-hand sides or eight samples at a time.

Arrays are those of `structure.Structure` and `condensation.Condensation`, by name; the numbers
of samples have a row of `N_LANES` per equation or entry.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from lca_service.solver.jit import kernel
from lca_service.solver.lanes import (
    N_LANES,
    add_size,
    add_weighted,
    larger_change,
    larger_ratio,
    larger_size,
    less,
    load,
    same,
    store,
    take_weighted,
    weighted,
)
from lca_service.solver.structure import LARGEST_BLOCK

_MAX_SWEEPS = 300
_LEAP = 8  # sweeps from one leap to the next
_PARALLEL = 1e-8  # squared sine of two changes that lead the same way
_UNEXPLAINED = 0.1  # share of a change that may not follow from those before
_LEAST_LOSS = 0.005  # what a slow loop loses in a turn; with less a leap is a guess
_ROUNDING = 1e-15  # of a change, beside the largest unknown, both in units of their size
_LIMIT = 1e100  # an unknown that has grown so far will not settle


def _prepare_of(n_lanes: int) -> Any:
    """Return the kernel that prepares the numbers of one matrix, or of eight."""
    is_one = n_lanes == 1

    @kernel
    def prepare(
        block_start: Any,
        segment_start: Any,
        dense_start: Any,
        source: Any,
        target: Any,
        pivot: Any,
        pointer: Any,
        slot: Any,
        ahead_pointer: Any,
        ahead_column: Any,
        ahead_slot: Any,
        dense: Any,
        until: Any,
        slots: Any,
        reciprocal: Any,
        inverse: Any,
        passes: Any,
    ) -> None:
        n_values = len(slots) - len(source)
        for added in range(len(source)):
            for lane in range(n_lanes):
                begun = slots[source[added], lane] if source[added] >= 0 else 0.0
                slots[n_values + added, lane] = begun
        where = done = 0
        for segment in range(len(until)):
            first, done = done, max(block_start[segment_start[segment + 1]], until[segment])
            for i in range(done - 1, first - 1, -1):
                for entry in range(ahead_pointer[i], ahead_pointer[i + 1]):
                    bought = ahead_column[entry]
                    if bought < i:
                        break
                    if is_one:
                        share = slots[ahead_slot[entry], 0] * reciprocal[bought, 0]
                        for left in range(pointer[bought], pointer[bought + 1]):
                            slots[target[where], 0] -= share * slots[slot[left], 0]
                            where += 1
                    else:
                        shares = weighted(slots, ahead_slot[entry], load(reciprocal, bought, 1))
                        for left in range(pointer[bought], pointer[bought + 1]):
                            total = load(slots, target[where], 1)
                            total = take_weighted(total, slots, slot[left], shares)
                            store(slots, target[where], total)
                            where += 1
                for lane in range(n_lanes):
                    reciprocal[i, lane] = 1.0 / slots[pivot[i], lane]
                    if pivot[i] != i and not slots[i, lane] * reciprocal[i, lane] > 0.0:
                        passes[lane] = True  # the sign turns: a loop takes more than it makes
        for block in range(len(block_start) - 1):
            first, size = block_start[block], block_start[block + 1] - block_start[block]
            if size == 1:
                continue
            start = dense_start[block]
            for lane in range(n_lanes):
                loop = np.zeros((size, size))
                for i in range(size):
                    for j in range(size):
                        element = dense[start + i * size + j]
                        if element >= 0:
                            loop[i, j] = slots[element, lane] * reciprocal[first + i, lane]
                    loop[i, i] = 1.0
                if _invert(loop):
                    passes[lane] = True
                for i in range(size):
                    for j in range(size):
                        inverse[start + i * size + j, lane] = loop[i, j]

    return prepare


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


@kernel
def _leap(x: Any, earlier: Any, scale: Any) -> None:
    """Go on to where the last three sweeps lead, lane by lane.

    Changes come to follow the slowest loops: each is a sum of the two before, times two
    numbers that least squares give, and so the series of all that are to come has a sum
    (minimal polynomial extrapolation of second order, Cabay & Jackson 1976). What this does
    not explain is left to further sweeps.
    """
    n, width = x.shape
    inner = np.zeros((6, width))  # products of the changes, newest first: 11 12 22 01 02 00
    for i in range(n):
        weight = scale[i] * scale[i]
        for lane in range(width):
            first = x[i, lane] - earlier[2, i, lane]
            second = earlier[2, i, lane] - earlier[1, i, lane]
            third = earlier[1, i, lane] - earlier[0, i, lane]
            inner[0, lane] += weight * second * second
            inner[1, lane] += weight * second * third
            inner[2, lane] += weight * third * third
            inner[3, lane] += weight * first * second
            inner[4, lane] += weight * first * third
            inner[5, lane] += weight * first * first
    factors = np.zeros((2, width))
    for lane in range(width):
        p11, p12, p22, q1, q2, size = inner[:, lane]
        determinant = p11 * p22 - p12 * p12
        if determinant > _PARALLEL * p11 * p22:
            a = (q1 * p22 - q2 * p12) / determinant
            b = (q2 * p11 - q1 * p12) / determinant
        else:
            a, b = q1 / p11, 0.0
        is_explained = size - a * q1 - b * q2 < _UNEXPLAINED * size
        if is_explained and 1.0 - a - b > _LEAST_LOSS:
            factors[0, lane] = (a + b) / (1.0 - a - b)
            factors[1, lane] = b / (1.0 - a - b)
    for i in range(n):
        for lane in range(width):
            first = x[i, lane] - earlier[2, i, lane]
            second = earlier[2, i, lane] - earlier[1, i, lane]
            x[i, lane] += factors[0, lane] * first + factors[1, lane] * second


PREPARE = {n_lanes: _prepare_of(n_lanes) for n_lanes in (1, N_LANES)}
"""The kernels that condense the numbers of one matrix, or of eight samples.

They fill the slots that a condensation adds, `reciprocal`, `inverse` and `passes`: what
`sweep.Coefficients` have beside values.
"""


def _sweep_of(columns: int) -> Any:
    """Return the kernel that sweeps eight lanes of so many columns."""

    @kernel
    def sweep(
        block_start: Any,
        segment_start: Any,
        is_swept: Any,
        dense_start: Any,
        scale: Any,
        until: Any,
        ahead_pointer: Any,
        ahead_column: Any,
        ahead_slot: Any,
        pointer: Any,
        column: Any,
        slot: Any,
        slots: Any,
        reciprocal: Any,
        inverse: Any,
        right: Any,
        precision: float,
        x: Any,
        earlier: Any,
        worst: Any,
    ) -> int:
        rest = np.empty((LARGEST_BLOCK, columns * N_LANES))
        before = np.empty(columns * N_LANES)
        n_sweeps = 1
        for segment in range(len(is_swept)):
            # from the first to be substituted to those that are left
            for i in range(until[segment] - 1, block_start[segment_start[segment]] - 1, -1):
                total = load(right, i, columns)
                for entry in range(ahead_pointer[i], ahead_pointer[i + 1]):
                    bought = load(x, ahead_column[entry], columns)
                    total = take_weighted(total, slots, ahead_slot[entry], bought)
                store(right, i, total)
                if i >= block_start[segment_start[segment + 1]]:
                    store(x, i, weighted(reciprocal, i, total))
            before[:] = np.inf
            for turn in range(_MAX_SWEEPS):
                change, size = same(0.0, columns), same(0.0, columns)
                for block in range(segment_start[segment], segment_start[segment + 1]):
                    first, last = block_start[block], block_start[block + 1]
                    if last - first == 1:
                        total = load(right, first, columns)
                        for entry in range(pointer[first], pointer[first + 1]):
                            bought = load(x, column[entry], columns)
                            total = take_weighted(total, slots, slot[entry], bought)
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
                            total = take_weighted(total, slots, slot[entry], bought)
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
                start = block_start[segment_start[segment]]
                end = block_start[segment_start[segment + 1]]
                left = _LEAP - 1 - turn % _LEAP  # sweeps to the next leap
                if left == 0:
                    _leap(x[start:end], earlier, scale[start:end])
                elif left <= 3:
                    earlier[3 - left, : end - start] = x[start:end]
        return n_sweeps

    return sweep


SWEEPS = {columns: _sweep_of(columns) for columns in (4, 2, 1)}
"""The kernels by the columns they sweep at once, as many as there are.

Slots have one number each, or one for every lane. `x` and `right` have rows of
``columns * N_LANES``, and so has `earlier`, three times the largest component. `right` is left
as the sweeps need it. `worst` is left 1 where a lane did not settle to `precision`; how many
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


def _residuals_of(columns: int) -> Any:
    """Return the kernel that certifies so many columns."""

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
        largest = same(0.0, columns)
        where = 0
        for block in range(len(block_start) - 1):
            first, last = block_start[block], block_start[block + 1]
            for i in range(first, last):
                made = weighted(pivot, i, load(x, i, columns))
                demand = load(right, i, columns)
                left, scale = (
                    less(demand, made),
                    add_size(add_size(same(0.0, columns), demand), made),
                )
                for entry in range(pointer[i], pointer[i + 1]):
                    used = weighted(amount, entry, load(x, column[entry], columns))
                    left, scale = less(left, used), add_size(scale, used)
                start = dense_start[block] + (i - first) * (last - first)
                for j in range(last - first if last - first > 1 else 0):
                    if dense_entry[start + j] < 0:
                        continue
                    if first + j != i:
                        used = weighted(dense, where, load(x, first + j, columns))
                        left, scale = less(left, used), add_size(scale, used)
                    where += 1
                largest = larger_ratio(largest, left, scale)
        store(worst, 0, largest)

    return residuals


RESIDUALS = {columns: _residuals_of(columns) for columns in SWEEPS}
"""The kernels that fill `worst` with the largest |b - A x| / (|A| |x| + |b|) of every lane.

In plain arithmetic, equation by equation, from the entries of A alone.
"""


@kernel
def product(pointer: Any, index: Any, factor: Any, lanes: Any, found: Any) -> None:
    """Fill `found` with a sparse matrix times `lanes`, rows of `N_LANES`."""
    for i in range(len(pointer) - 1):
        total = same(0.0, 1)
        for entry in range(pointer[i], pointer[i + 1]):
            total = add_weighted(total, factor, entry, load(lanes, index[entry], 1))
        store(found, i, total)
