"""Equations that are substituted before a component is swept, because that adds nothing to it.

A producer that sells to one market need not be swept: its equation goes into that of the
market. An equation with p purchases and q users leaves the sweeps if the p q products that
its substitution takes bring fewer new entries than the p + q that go with it. What is
substituted where depends on the pattern alone. It is found once, and replayed for every
sample of the values.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lca_service.solver.jit import kernel

Index = NDArray[np.int32]

# Products for an entry that leaves: a sweep saves one for each, and there are about so many
_DEAREST = 16
_MAX_PASSES = 20


@dataclass(frozen=True)
class Condensation:
    """How a structure is condensed, and what is left of it.

    Numbers are addressed by *slots*: the values in the order of `Structure.order`, and behind
    them those that the condensation adds. Positions are those of the structure, in which the
    equations of a component that are substituted stand behind the others, the first at the
    end: from the end to the beginning everything is known when it is needed.

    Parameters
    ----------
    source
        Slot of the value that an added number begins with, -1 for zero, shape (n_added,).
    target
        Slots of the products: for every row of a component, from the last to the first, for
        every equation substituted in it, from the last, and for all that is left of its row.
    pivot
        Slots of the pivots, shape (n,).
    pointer, column, slot
        What is left of every row, outside the blocks, by row and column.
    ahead_pointer, ahead_column, ahead_slot
        What goes to the right-hand side of a row before its component is swept, by row and
        falling column: of equations that have been substituted, which stand behind the row,
        and of other components, which stand before.
    dense
        Slots of the elements of the blocks, -1 for zero, as in `Structure.dense_entry`.
    until
        Behind the last row that belongs to the component of a swept segment, substituted ones
        included, and 0 for others, shape (n_segments,).
    """

    source: Index
    target: Index
    pivot: Index
    pointer: Index
    column: Index
    slot: Index
    ahead_pointer: Index
    ahead_column: Index
    ahead_slot: Index
    dense: Index
    until: Index


def condense(
    row: Index,
    column: Index,
    new: tuple[Index, Index],
    *,
    component: Index,
    is_substituted: NDArray[np.bool_],
    order: Index,
    block: NDArray[np.intp],
    offset: Callable[[Index, Index], Index],
    n_dense: int,
    until: Index,
) -> Condensation:
    """Return the condensation of a structure.

    Parameters
    ----------
    row, column
        Positions of the entries of the matrix; those on the diagonal are the pivots.
    new
        Rows and columns that substitution brings.
    component, is_substituted, block
        Of every position, each of shape (n,).
    order
        `Structure.order`: pivots first.
    offset, n_dense
        Place of the elements of blocks by row and column, and their number.
    until
        See `Condensation`.
    """
    n, n_values = len(component), len(order)
    row, column = np.concatenate((row, new[0])), np.concatenate((column, new[1]))
    slot = np.full(len(row), -1, np.int32)
    slot[order[n:]] = np.arange(n, n_values)
    slot[order[:n]] = np.arange(n)
    by_place = np.lexsort((column, row))
    row, column, slot = row[by_place], column[by_place], slot[by_place]

    is_swept = np.zeros(component.max(initial=0) + 1, np.bool_)
    is_swept[component[until[until > 0] - 1]] = True
    is_same = component[row] == component[column]
    is_used = is_same & is_substituted[column] & (column > row)
    is_ahead = is_used | (is_swept[component[row]] & ~is_same)
    is_pivot = row == column
    is_dense = (block[row] == block[column]) & ~is_pivot
    is_kept = ~(is_pivot | is_ahead | is_dense)

    kept, ahead = np.flatnonzero(is_kept), np.flatnonzero(is_ahead)
    ahead = ahead[np.lexsort((-column[ahead], row[ahead]))]
    pointer, ahead_pointer = _pointer(row[kept], n), _pointer(row[ahead], n)
    used = np.flatnonzero(is_used)
    # components in order, rows and columns of each from the last to the first
    used = used[np.lexsort((-column[used], -row[used], component[row[used]]))]
    target = _targets(row, column, used, kept, pointer)
    changed = np.unique(target)
    changed = changed[np.argsort(~is_kept[changed], kind="stable")]
    source = slot[changed]
    slot[changed] = n_values + np.arange(len(changed))
    dense = np.full(n_dense, -1, np.int32)
    dense[offset(row[is_dense], column[is_dense])] = slot[is_dense]
    return Condensation(
        source=source,
        target=slot[target],
        pivot=slot[is_pivot],
        pointer=pointer,
        column=column[kept],
        slot=slot[kept],
        ahead_pointer=ahead_pointer,
        ahead_column=column[ahead],
        ahead_slot=slot[ahead],
        dense=dense,
        until=until,
    )


def _pointer(row: Index, n: int) -> Index:
    """Return where each row starts, and the number of entries at the end, for sorted rows."""
    return np.concatenate(([0], np.cumsum(np.bincount(row, minlength=n)))).astype(np.int32)


def _targets(
    row: Index,
    column: Index,
    used: NDArray[np.intp],
    kept: NDArray[np.intp],
    pointer: Index,
) -> NDArray[np.intp]:
    """Return the entries that the products go to, of entries sorted by row and column."""
    substituted = column[used]
    counts = pointer[substituted + 1] - pointer[substituted]
    turn = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    purchase = kept[np.repeat(pointer[substituted], counts) + turn]
    n = len(pointer) - 1
    keys = row.astype(np.int64) * n + column
    wanted = np.repeat(row[used], counts).astype(np.int64) * n + column[purchase]
    return np.asarray(np.searchsorted(keys, wanted), dtype=np.intp)


@kernel
def eliminate(rows: Any, columns: Any, is_free: Any) -> Any:
    """Return what to substitute and what that brings, for entries inside of components.

    Parameters
    ----------
    rows, columns
        Of the entries, without the pivots, each of shape (m,).
    is_free
        Whether an equation may be substituted, shape (n,).

    Returns
    -------
    step
        Equations in the order of their substitution, shape (n_steps,).
    rows, columns
        Of the entries that are new, each of shape (n_new,).
    """
    n, m = len(is_free), len(rows)
    size = 2 * m + 16
    row, column = np.empty(size, np.int32), np.empty(size, np.int32)
    row[:m], column[:m] = rows, columns
    is_left = np.ones(size, np.bool_)
    # two chains through the entries: along rows, down columns
    following = np.full((2, size), -1, np.int32)
    first = np.full((2, n), -1, np.int32)
    length = np.zeros((2, n), np.int32)
    for entry in range(m):
        _chain(first, following, length, entry, row[entry], column[entry])
    step = np.empty(n, np.int32)
    n_steps, n_entries = 0, m
    free = np.flatnonzero(is_free)
    for _ in range(_MAX_PASSES):
        n_before = n_steps
        cost = length[0][free].astype(np.int64) * length[1][free]
        free = free[np.argsort(cost, kind="mergesort")]
        is_kept = np.ones(len(free), np.bool_)
        for place in range(len(free)):
            one = free[place]
            p, q = length[0, one], length[1, one]
            n_new = _fill(one, p + q, first, following, length, row, column, is_left)
            is_dear = p * q > _DEAREST * (p + q - n_new)
            if n_new >= p + q or is_dear or n_entries + n_new > size:
                continue
            is_kept[place] = False
            step[n_steps] = one
            n_steps += 1
            use = first[1, one]
            while use >= 0:
                is_left[use] = False
                length[0, row[use]] -= 1
                purchase = first[0, one]
                while purchase >= 0:
                    i, j = row[use], column[purchase]
                    if i != j and _is_missing(i, j, first, following, length, row, column, is_left):
                        row[n_entries], column[n_entries] = i, j
                        _chain(first, following, length, n_entries, i, j)
                        n_entries += 1
                    purchase = following[0, purchase]
                use = following[1, use]
            purchase = first[0, one]
            while purchase >= 0:
                is_left[purchase] = False
                length[1, column[purchase]] -= 1
                purchase = following[0, purchase]
        free = free[is_kept]
        if n_steps == n_before:
            break
    return step[:n_steps], row[m:n_entries], column[m:n_entries]


@kernel
def _chain(first: Any, following: Any, length: Any, entry: int, i: int, j: int) -> None:
    """Put an entry at the head of the chains of its row and column."""
    following[0, entry], first[0, i] = first[0, i], entry
    following[1, entry], first[1, j] = first[1, j], entry
    length[0, i] += 1
    length[1, j] += 1


@kernel
def _tidy(side: int, i: int, first: Any, following: Any, is_left: Any) -> None:
    """Take entries that are no longer left out of a chain."""
    before, entry = -1, first[side, i]
    while entry >= 0:
        after = following[side, entry]
        if is_left[entry]:
            before = entry
        elif before < 0:
            first[side, i] = after
        else:
            following[side, before] = after
        entry = after


@kernel
def _is_missing(
    i: int, j: int, first: Any, following: Any, length: Any, row: Any, column: Any, is_left: Any
) -> bool:
    """Return whether there is no entry at row i and column j, along the shorter chain."""
    side = 0 if length[0, i] <= length[1, j] else 1
    entry = first[side, i if side == 0 else j]
    while entry >= 0:
        if is_left[entry] and row[entry] == i and column[entry] == j:
            return False
        entry = following[side, entry]
    return True


@kernel
def _fill(
    one: int,
    limit: int,
    first: Any,
    following: Any,
    length: Any,
    row: Any,
    column: Any,
    is_left: Any,
) -> int:
    """Return how many entries the substitution of an equation brings, or `limit` if as many."""
    _tidy(0, one, first, following, is_left)
    _tidy(1, one, first, following, is_left)
    if length[0, one] * length[1, one] > _DEAREST * limit:
        return limit
    found = 0
    use = first[1, one]
    while use >= 0:
        purchase = first[0, one]
        while purchase >= 0:
            i, j = row[use], column[purchase]
            if i != j and _is_missing(i, j, first, following, length, row, column, is_left):
                found += 1
                if found >= limit:
                    return limit
            purchase = following[0, purchase]
        use = following[1, use]
    return found
