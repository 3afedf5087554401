"""The order of a system's equations: made once for a pattern, used for every solve.

Supply chains have an order: producers before users. What loops back, through electricity
that makes the steel of power plants, stands in strongly connected components, which are
swept until they settle. Inside them a few loops are tight, such as a scrap market that
takes most of what it gives: a sweep settles no faster than the tightest loop it goes
through, so that these are found by value and solved exactly, as small dense blocks. And many
equations can be substituted, so that they need not be swept (`condensation`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph

from lca_service.errors import SingularSystem
from lca_service.solver.condensation import Condensation, condense, eliminate

Array = NDArray[np.float64]
Index = NDArray[np.int32]

# Share of an equation's cost that one unknown brings, from which a loop may be tight. Blocks
# of one part in fifty cost next to nothing, and sweeps settle in two thirds of the turns that
# one part in five takes.
_TIGHT = 0.02
LARGEST_BLOCK = 64
_WEIGHING_SWEEPS = 40
_PLAN = "condensation."


@dataclass(frozen=True)
class Structure:
    """The equations of a matrix A, shape (n, n), in the order in which they are swept.

    Positions below are those of the new order, unless they say otherwise. Equation i is
    d_i x_i = b_i - sum_j a_ij x_j, d_i the coefficient of the unknown that it is solved for.

    Parameters
    ----------
    row, unknown
        Row and column of A at every position, shape (n,): `row[i]` is solved for
        `unknown[i]`. They are equal unless A has a zero on its diagonal.
    block_start
        First position of every block, and n at the end. Blocks of one equation are
        solved one after the other, larger ones as dense systems.
    segment_start
        First block of every segment, and the number of blocks at the end: a segment is
        a run of blocks that need one pass, or the blocks of a component that are swept
        until they settle. Those that are substituted stand behind them.
    is_swept
        Whether a segment is swept, shape (n_segments,).
    pointer, column
        The a_ij outside the blocks, by row: row i has ``column[pointer[i]:pointer[i+1]]``.
    entry
        Where each of them stands in the values of A, shape (n_entries,).
    dense_start
        First element of a block of more than one equation among the elements of all such
        blocks, row by row, shape (n_blocks + 1,).
    dense_entry
        Where each of these elements stands in the values of A, -1 if A has none,
        shape (n_dense,).
    pivot
        Where d_i stands in the values of A, shape (n,).
    weight
        One over the size that x_i is expected to have, shape (n,): what makes changes of
        unknowns in different units comparable.
    condensation
        What is substituted, and what is left to sweep.
    """

    row: Index
    unknown: Index
    block_start: Index
    segment_start: Index
    is_swept: NDArray[np.bool_]
    pointer: Index
    column: Index
    entry: Index
    dense_start: Index
    dense_entry: Index
    pivot: Index
    weight: Array
    condensation: Condensation

    def save(self, path: Path) -> None:
        """Write the arrays to an npz file."""
        own, plan = (
            {each.name: getattr(of, each.name) for each in fields(of)}
            for of in (self, self.condensation)
        )
        del own["condensation"]
        np.savez(path, **own, **{_PLAN + name: array for name, array in plan.items()})

    @staticmethod
    def load(path: Path) -> Structure:
        """Read what `save` has written."""
        with np.load(path, allow_pickle=False) as arrays:
            own = {name: arrays[name] for name in arrays if not name.startswith(_PLAN)}
            plan = {name.removeprefix(_PLAN): arrays[name] for name in arrays if name not in own}
        return Structure(**own, condensation=Condensation(**plan))

    @cached_property
    def order(self) -> Index:
        """Where the entries of A stand in its values: pivots, those outside the blocks, others."""
        return _order_of_values(self.pivot, self.entry, self.dense_entry)

    @cached_property
    def n_largest(self) -> int:
        """How many equations the largest component has that are swept."""
        sizes = np.diff(self.block_start[self.segment_start])[self.is_swept]
        return int(sizes.max(initial=0))


def analyse(matrix: sparse.csr_array, costs: Array) -> Structure:
    """Return the structure of a square matrix.

    Parameters
    ----------
    matrix
        A, shape (n, n), for equations A x = b; every stored entry is part of the pattern.
    costs
        A right-hand side of the size that is expected, none negative, shape (n,): loops are
        tight or not by value, and units say nothing about value.

    Raises
    ------
    SingularSystem
        If no order of the rows has an entry of A on the whole diagonal.
    ValueError
        If the columns of a row are not sorted: the structure addresses values by their place.
    """
    if not matrix.has_sorted_indices:
        raise ValueError("the columns of the matrix are not sorted within its rows")
    n = matrix.shape[0]
    rows = np.repeat(np.arange(n, dtype=np.int32), np.diff(matrix.indptr))
    unknown_of_row = _pivots(matrix)
    row_of_unknown = np.empty(n, np.int32)
    row_of_unknown[unknown_of_row] = np.arange(n, dtype=np.int32)
    owner = row_of_unknown[matrix.indices]  # the equation that is solved for this column
    is_pivot = owner == rows
    values = matrix.data
    diagonal = values[is_pivot]
    with np.errstate(all="ignore"):
        weights = np.abs(np.where(is_pivot, 0.0, values / diagonal[rows]))
        size = _sizes(rows, owner, weights, np.abs(costs / diagonal))
        share = np.where(is_pivot, 0.0, weights * size[owner] / size[rows])
    share = np.where(np.isfinite(share), share, 1.0)
    component = _ordered_components(rows, owner, n)
    tight = _tight_blocks(rows, owner, share, component)
    return _arranged(matrix, rows, owner, is_pivot, unknown_of_row, component, tight, size)


def needed(matrix: sparse.csr_array, demand: Array) -> tuple[Index, Index]:
    """Return the rows and columns of A that determine x of A x = b, in pairs.

    Parameters
    ----------
    matrix
        A, shape (n, n).
    demand
        b, shape (n,). What it does not need, directly or not, is zero in x whatever the
        values of A.
    """
    matrix = sparse.csr_array(matrix)
    n = matrix.shape[0]
    unknown_of_row = _pivots(matrix)
    rows = np.repeat(np.arange(n, dtype=np.int32), np.diff(matrix.indptr))
    row_of_unknown = np.empty(n, np.int32)
    row_of_unknown[unknown_of_row] = np.arange(n, dtype=np.int32)
    # an unknown that is not zero gives the equations of its column something to supply
    users = row_of_unknown[matrix.indices]
    demanded = np.flatnonzero(demand)
    used = np.concatenate((rows, demanded.astype(np.int32)))
    user = np.concatenate((users, np.full(len(demanded), n, np.int32)))
    graph = sparse.csr_array((np.ones(len(used)), (user, used)), shape=(n + 1, n + 1))
    # the stubs of scipy know no array here
    search: Callable[..., Index] = csgraph.breadth_first_order
    reached = search(graph, n, return_predecessors=False)
    kept = np.sort(reached[reached < n]).astype(np.int32)
    return kept, unknown_of_row[kept]


def _pivots(matrix: sparse.csr_array) -> Index:
    """Return the unknown that each row is solved for: the diagonal, where it has no zero."""
    n = matrix.shape[0]
    if matrix.shape[0] != matrix.shape[1]:
        raise SingularSystem(f"{n} equations have {matrix.shape[1]} unknowns")
    if matrix.diagonal().all():
        return np.arange(n, dtype=np.int32)
    pattern = matrix.copy()
    pattern.eliminate_zeros()
    with np.errstate(divide="ignore"):
        # large pivots in all: the product of their absolute values is largest (Duff & Koster)
        pattern.data = -np.log(np.abs(pattern.data)) + 1000.0
    pattern.data = np.where(np.isfinite(pattern.data), pattern.data, 1e6)
    try:
        _, columns = csgraph.min_weight_full_bipartite_matching(pattern)
    except ValueError as error:
        raise SingularSystem("some products cannot be told apart by what makes them") from error
    return np.asarray(columns, dtype=np.int32)


def _sizes(rows: Index, owner: Index, weights: Array, costs: Array) -> Array:
    """Return roughly the solution for these costs with all weights positive, shape (n,)."""
    n = len(costs)
    operator = sparse.csr_array((weights, (rows, owner)), shape=(n, n))
    start = costs + costs.mean() * 1e-12
    size = start
    for _ in range(_WEIGHING_SWEEPS):
        grown = start + operator @ size
        if not np.isfinite(grown).all() or grown.max() > 1e200:
            break
        size = grown
    return np.asarray(size)


def _ordered_components(rows: Index, owner: Index, n: int) -> Index:
    """Return the strongly connected component of every equation, in the order to solve them."""
    graph = sparse.csr_array((np.ones(len(rows)), (rows, owner)), shape=(n, n))
    _, labels = csgraph.connected_components(graph, directed=True, connection="strong")
    return _in_order(labels, rows, owner)


def _in_order(labels: Index, rows: Index, owner: Index) -> Index:
    """Return labels that rise from what is used to what uses it.

    The algorithm of Pearce (2005) numbers components in the order in which it leaves them,
    so that the labels are in order, or in reverse order, already.
    """
    step = np.sign(labels[rows].astype(np.int64) - labels[owner])
    if (step >= 0).all():
        return labels
    assert (step <= 0).all(), "components come out sorted"
    return np.asarray(labels.max() - labels)


def _tight_blocks(rows: Index, owner: Index, share: Array, component: Index) -> Index:
    """Return a number for every equation that rises in its component; equal in a tight loop.

    Equations are in the order of the larger shares, so that a sweep meets most of the cost
    of an unknown before the unknown itself.
    """
    n = len(component)
    threshold = _TIGHT
    strong = (share >= threshold) & (component[rows] == component[owner])
    while True:
        edges = rows[strong], owner[strong]
        graph = sparse.csr_array((np.ones(len(edges[0])), edges), shape=(n, n))
        _, labels = csgraph.connected_components(graph, directed=True, connection="strong")
        too_large = np.bincount(labels) > LARGEST_BLOCK
        if not too_large.any():
            return _in_order(labels, *edges)
        threshold *= 1.25
        strong &= (share >= threshold) | ~too_large[labels[rows]]


def _arranged(
    matrix: sparse.csr_array,
    rows: Index,
    owner: Index,
    is_pivot: NDArray[np.bool_],
    unknown_of_row: Index,
    component: Index,
    tight: Index,
    size: Array,
) -> Structure:
    n = len(component)
    is_swept = _has_blocks(component, tight)[component]
    is_alone = np.bincount(tight)[tight] == 1
    inner = np.flatnonzero(~is_pivot & (component[rows] == component[owner]))
    steps, *new = eliminate(rows[inner], owner[inner], is_swept & is_alone)
    place = tight.astype(np.int64)
    place[steps] = n + np.arange(len(steps), 0, -1)  # the first at the end
    is_swept[steps] = False

    order = np.lexsort((place, component)).astype(np.int32)
    position = np.empty(n, np.int32)
    position[order] = np.arange(n, dtype=np.int32)
    components, places = component[order], place[order]
    changes = np.flatnonzero((np.diff(components) != 0) | (np.diff(places) != 0)) + 1
    block_start = np.concatenate(([0], changes, [n])).astype(np.int32)
    block = np.repeat(np.arange(len(block_start) - 1), np.diff(block_start))
    segment_start, swept_segments = _segments(components, is_swept[order], block_start)

    new_row, new_column = position[rows], position[owner]
    inside = block[new_row] == block[new_column]
    lengths = np.diff(block_start)
    kept = np.flatnonzero(~is_pivot & ~inside)
    kept = kept[np.lexsort((new_column[kept], new_row[kept]))]
    counts = np.bincount(new_row[kept], minlength=n)

    dense_start = np.concatenate(([0], np.cumsum(np.where(lengths > 1, lengths**2, 0))))
    dense_entry = np.full(dense_start[-1], -1, np.int32)
    where = np.flatnonzero(inside & (lengths[block[new_row]] > 1))

    def offset(row: Index, column: Index) -> Index:
        own = block[row]
        first = block_start[own]
        return np.asarray(dense_start[own] + (row - first) * lengths[own] + column - first)

    dense_entry[offset(new_row[where], new_column[where])] = where
    pivot = np.empty(n, np.int32)
    pivot[new_row[is_pivot]] = np.flatnonzero(is_pivot)
    first_swept = block_start[segment_start[:-1][swept_segments]]
    until = np.zeros(len(swept_segments), np.int32)
    until[swept_segments] = np.searchsorted(components, components[first_swept], side="right")
    condensation = condense(
        new_row,
        new_column,
        (position[new[0]], position[new[1]]),
        component=components,
        is_substituted=places > n,
        order=_order_of_values(pivot, kept, dense_entry),
        block=block,
        offset=offset,
        n_dense=len(dense_entry),
        until=until,
    )
    return Structure(
        row=order,
        unknown=unknown_of_row[order],
        block_start=block_start,
        segment_start=segment_start,
        is_swept=swept_segments,
        pointer=np.concatenate(([0], np.cumsum(counts))).astype(np.int32),
        column=new_column[kept].astype(np.int32),
        entry=kept.astype(np.int32),
        dense_start=dense_start.astype(np.int32),
        dense_entry=dense_entry,
        pivot=pivot,
        weight=1.0 / size[order],
        condensation=condensation,
    )


def _order_of_values(pivot: Index, entry: NDArray[np.integer], dense_entry: Index) -> Index:
    return np.concatenate((pivot, entry, dense_entry[dense_entry >= 0]))


def _has_blocks(component: Index, tight: Index) -> NDArray[np.bool_]:
    """Return whether each component has more than one block, and so needs more than one pass."""
    n = component.max(initial=-1) + 1
    lowest, highest = np.full(n, len(tight)), np.full(n, -1)
    np.minimum.at(lowest, component, tight)
    np.maximum.at(highest, component, tight)
    return np.asarray(lowest < highest)


def _segments(
    components: Index, is_swept: NDArray[np.bool_], block_start: Index
) -> tuple[Index, NDArray[np.bool_]]:
    """Return the runs of blocks to pass once, and those of a component to sweep."""
    of_block, swept = components[block_start[:-1]], is_swept[block_start[:-1]]
    changes = (np.diff(of_block) != 0) | (np.diff(swept) != 0)
    firsts = np.flatnonzero(np.concatenate(([True], changes)))
    swept = swept[firsts]
    starts = np.concatenate(([True], swept[1:] | swept[:-1]))
    return (
        np.concatenate((firsts[starts], [len(of_block)])).astype(np.int32),
        swept[starts],
    )
