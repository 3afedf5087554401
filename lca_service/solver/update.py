"""Scores after a change of a few activities, without solving the whole system again.

A^T with k changed columns of A is A^T + E D^T, where E picks the columns and D, shape
(n, k), is their change, and its inverse follows from that of A^T (Sherman, Morrison &
Woodbury 1950): what every product takes of the k activities is found once, each set of
changes then costs a system of k equations.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from lca_service.errors import SingularSystem, UnstableSolution
from lca_service.solver.direct import CHANGE_LIMIT, RESIDUAL_LIMIT
from lca_service.solver.jit import kernel
from lca_service.solver.system import LinearSystem

Array = NDArray[np.float64]
Index = NDArray[np.intp]

_EPSILON = float(np.finfo(float).eps)


class ColumnUpdate:
    """Multipliers of products after changes of some activities.

    Parameters
    ----------
    technosphere
        A, shape (n, n), as it was solved.
    system
        That solves it.
    costs
        q, what a unit of each activity costs directly, by category, shape (n_costs, n).
    multipliers
        y of A^T y = q, shape (n_costs, n).
    columns
        Of the activities that may change, shape (k,).

    Examples
    --------
    >>> a = sparse.csr_array([[1.0, -0.5], [0.0, 1.0]])
    >>> costs = np.array([[2.0, 1.0]])
    >>> system = LinearSystem(a, costs)
    >>> update = ColumnUpdate(a, system, costs, system.adjoint(costs.T).T, [1])
    >>> change = sparse.csc_array([[-0.25], [0.0]])  # the second now takes 0.75 of the first
    >>> update.multipliers(change, products=[1]).tolist()
    [[2.5]]
    """

    def __init__(
        self,
        technosphere: sparse.csr_array,
        system: LinearSystem,
        costs: Array,
        multipliers: Array,
        columns: Sequence[int] | Index,
    ) -> None:
        self._columns = np.asarray(columns, dtype=np.intp)
        n, k = technosphere.shape[0], len(self._columns)
        before = sparse.csc_array(technosphere)[:, self._columns]
        self._before = before.indptr, before.indices, before.data
        self._costs = np.ascontiguousarray(costs[:, self._columns].T)
        self._multipliers = np.ascontiguousarray(multipliers.T)
        picked = np.zeros((n, k))
        picked[self._columns, np.arange(k)] = 1.0
        self._taken = system.adjoint(picked)  # of the k activities by a unit of every product

    def multipliers(
        self,
        exchanges: sparse.csc_array,
        costs: Array | None = None,
        *,
        products: Sequence[int] | Index,
    ) -> Array:
        """Return the multipliers of some products after a change, shape (n_costs, n_products).

        Parameters
        ----------
        exchanges
            D, what is added to the columns of A, shape (n, k).
        costs
            What is added to their costs, shape (n_costs, k).
        products
            Whose multipliers are asked for.

        Raises
        ------
        SingularSystem
            If the changed system has no solution.
        UnstableSolution
            If the changed equations do not hold to one part in 10^9, or rounding decides.

        Notes
        -----
        Takes what k columns and their entries take, whatever n. Where hundreds of columns
        change, `changed_multipliers` is faster.
        """
        change = sparse.csc_array(exchanges)
        added = np.zeros_like(self._costs) if costs is None else np.ascontiguousarray(costs.T)
        wanted = np.asarray(products, dtype=np.intp)
        found = np.empty((len(wanted), added.shape[1]))
        fault = _update(
            change.indptr,
            change.indices,
            change.data,
            *self._before,
            self._taken,
            self._multipliers,
            self._costs,
            added,
            wanted,
            found,
        )
        if fault == _SINGULAR:
            raise SingularSystem("the changed activities make nothing in sum")
        if fault == _UNSTABLE:
            raise UnstableSolution(
                "the change leaves next to no net output: rounding decides the result"
            )
        return found.T


_SOLVED, _SINGULAR, _UNSTABLE = 0, 1, 2


@kernel
def _update(
    pointer: Any,
    index: Any,
    amount: Any,
    old_pointer: Any,
    old_index: Any,
    old_amount: Any,
    taken: Any,
    multipliers: Any,
    costs: Any,
    added: Any,
    wanted: Any,
    found: Any,
) -> int:
    """Fill `found` with y + shift * taken of what is wanted; return what is wrong, or 0."""
    k, n_costs = costs.shape
    core, entries = np.eye(k), np.eye(k)
    # before the exchanges change, costs have: y0 = y + A^-T E dq
    right = np.zeros((k, n_costs))
    for j in range(k):
        for place in range(pointer[j], pointer[j + 1]):
            row, value = index[place], amount[place]
            for other in range(k):
                core[j, other] += value * taken[row, other]
                entries[j, other] += abs(value * taken[row, other])
            for cost in range(n_costs):
                right[j, cost] += value * multipliers[row, cost]
                for other in range(k):
                    right[j, cost] += value * taken[row, other] * added[other, cost]
    if not _invert(core):
        return _SINGULAR
    weight = core @ right
    # as in `Factorization`: what rounding of the coefficients does to the solution
    rounding = np.abs(core) @ (entries @ np.abs(weight))
    for cost in range(n_costs):
        largest = np.abs(weight[:, cost]).max()
        if not _EPSILON * rounding[:, cost].max() <= CHANGE_LIMIT * largest:
            return _UNSTABLE
    shift = added - weight
    for j in range(k):
        # the changed equations must hold; all others hold as they did, whatever the shift
        for cost in range(n_costs):
            left = costs[j, cost] + added[j, cost]
            size = abs(left)
            for place in range(old_pointer[j], old_pointer[j + 1]):
                product = old_amount[place] * _at(old_index[place], cost, multipliers, taken, shift)
                left, size = left - product, size + abs(product)
            for place in range(pointer[j], pointer[j + 1]):
                product = amount[place] * _at(index[place], cost, multipliers, taken, shift)
                left, size = left - product, size + abs(product)
            if not abs(left) <= RESIDUAL_LIMIT * size:
                return _UNSTABLE
    for place in range(len(wanted)):
        for cost in range(n_costs):
            found[place, cost] = _at(wanted[place], cost, multipliers, taken, shift)
    return _SOLVED


@kernel
def _at(row: int, cost: int, multipliers: Any, taken: Any, shift: Any) -> float:
    """Return a multiplier after the change."""
    total = multipliers[row, cost]
    for j in range(len(shift)):
        total += taken[row, j] * shift[j, cost]
    return float(total)


@kernel
def _invert(matrix: Any) -> bool:
    """Invert a small matrix in place, rows exchanged as needed; return whether it can be."""
    k = len(matrix)
    other = np.eye(k)
    for step in range(k):
        best = step + int(np.argmax(np.abs(matrix[step:, step])))
        pivot = matrix[best, step]
        if not abs(pivot) > 0.0:
            return False
        for j in range(k):
            matrix[step, j], matrix[best, j] = matrix[best, j], matrix[step, j]
            other[step, j], other[best, j] = other[best, j], other[step, j]
        for j in range(k):
            matrix[step, j] /= pivot
            other[step, j] /= pivot
        for i in range(k):
            if i != step:
                factor = matrix[i, step]
                for j in range(k):
                    matrix[i, j] -= factor * matrix[step, j]
                    other[i, j] -= factor * other[step, j]
    matrix[:] = other
    return True


def changed_multipliers(
    technosphere: sparse.csr_array,
    costs: Array,
    *,
    before: LinearSystem,
    multipliers: Array,
) -> tuple[LinearSystem, Array]:
    """Return a changed system and its multipliers, swept from those of the system before.

    Parameters
    ----------
    technosphere
        A after the change, with the pattern of the system before, shape (n, n).
    costs
        After the change, shape (n_costs, n).
    before, multipliers
        The system before and its multipliers, shape (n_costs, n).
    """
    after = LinearSystem(technosphere, costs, structures=before.structures)
    return after, after.adjoint(costs.T, start=multipliers.T).T
