"""Loops of purchases that take as much as they make, or more: no system has a solution then."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph

from lca_service.catalogue.database import Database
from lca_service.errors import DataFault

Array = NDArray[np.float64]

_TURNS = 3000
_NAMED = 6  # activities of a loop, the largest part of it


def loop_faults(database: Database) -> Iterator[DataFault]:
    """Yield every loop of activities without a net output, with the activities it rests on.

    With purchases T >= 0 a loop has a net output if and only if the largest eigenvalue of its
    part of T is below one (Hawkins & Simon 1949). Collatz and Wielandt bound it from the growth
    of a positive vector, loop by loop.
    """
    table, n = database.technosphere, len(database.activities)
    bought = np.maximum(table.amount, 0.0)
    graph = sparse.csr_array(
        (np.ones(len(bought)), (table.activity_index, table.target_index)), shape=(n, n)
    )
    _, loop = csgraph.connected_components(graph, connection="strong")
    inside = loop[table.activity_index] == loop[table.target_index]
    where = table.target_index[inside], table.activity_index[inside]
    purchases = sparse.csr_array((bought[inside], where), shape=(n, n))
    if not purchases.nnz:
        return
    looping = np.unique(loop[where[0]])
    weight, low, growth = _growth(sparse.csr_array(purchases.T), loop)
    for each in looping[(low[looping] >= 1.0) | (growth[looping] >= 1.0)].tolist():
        size, _, _ = _growth(purchases, loop)  # seldom: faults alone pay for it
        members = np.flatnonzero(loop == each)
        order = members[np.argsort(-(weight * size)[members], kind="stable")]
        names = [database.activities[position].id for position in order[:_NAMED].tolist()]
        detail = (
            f"takes as much as it makes, or more ({growth[each]:.4g} of a unit), directly or "
            "through what it buys: no net output is left; lower an amount in "
            f"{', '.join(names)}"
        )
        yield DataFault("processes", names[0], "no_net_output", detail)


def _growth(purchases: sparse.csr_array, loop: NDArray[np.int32]) -> tuple[Array, Array, Array]:
    """Return a positive vector, and by loop a lower bound and an estimate of its growth."""
    n_loops = int(loop.max()) + 1
    weight = np.ones(purchases.shape[0])
    low = growth = np.zeros(n_loops)
    for _ in range(_TURNS):
        # half of the vector stays, so that a loop of even length does not swing
        grown = (weight + purchases @ weight) / 2
        ratio = 2 * grown / weight - 1
        low, high = np.full(n_loops, np.inf), np.zeros(n_loops)
        np.minimum.at(low, loop, ratio)
        np.maximum.at(high, loop, ratio)
        sums = [np.bincount(loop, each, n_loops) for each in (grown, weight)]
        growth = 2 * sums[0] / sums[1] - 1
        largest = np.zeros(n_loops)
        np.maximum.at(largest, loop, grown)
        weight = grown / largest[loop]
        if ((high < 1.0) | (low >= 1.0)).all():
            break
    return weight, low, growth
