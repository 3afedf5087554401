"""A technosphere that can be solved: by sweeps, and directly where they do not settle."""

from __future__ import annotations

import logging
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from lca_service.errors import SingularSystem, UnstableSolution
from lca_service.solver.direct import CHANGE_LIMIT, Factorization, check
from lca_service.solver.structure import Structure, analyse
from lca_service.solver.sweep import Coefficients, coefficients, sweep

Array = NDArray[np.float64]

_log = logging.getLogger(__name__)


class LinearSystem:
    """A square technosphere A, shape (n, n), solved for demands and for costs.

    Sweeps are certified by the residual of the equations and by how rounding of the
    coefficients changes the solution; where they fail, A is factorized once and
    `direct_reason` says why.

    Parameters
    ----------
    technosphere
        A, [unit of the product per unit of the activity].
    costs
        Direct costs of one unit of each activity, such as its emissions by category,
        shape (n_costs, n). They tell the solver which loops are tight, nothing else.
    structures
        Of this system, found before.

    Raises
    ------
    SingularSystem
        If A is not square, or no ordering leaves its diagonal without a zero.

    Examples
    --------
    >>> system = LinearSystem(sparse.csr_array([[1.0, -0.5], [0.0, 1.0]]), np.ones((1, 2)))
    >>> system.supply(np.array([0.0, 2.0])).tolist()
    [1.0, 2.0]
    """

    direct_reason: str = ""

    def __init__(
        self,
        technosphere: sparse.csr_array,
        costs: sparse.csr_array | Array,
        *,
        structures: tuple[Structure, Structure] | None = None,
    ) -> None:
        n_products, n_activities = technosphere.shape
        if n_products != n_activities:
            raise SingularSystem(f"{n_products} products are made by {n_activities} activities")
        self._forward = sparse.csr_array(technosphere).sorted_indices()
        self._transpose = sparse.csr_array(technosphere.T)
        self._costs = costs
        self._structures = structures
        self._is_stable: set[bool] = set()  # directions in which the matrix has been checked

    @property
    def n_activities(self) -> int:
        """Number of activities, which is the number of products."""
        return int(self._forward.shape[0])

    def supply(self, demand: Array) -> Array:
        """Return s of A s = f, shape (n,) or (n, k), as `demand`."""
        return self._solve(self._forward, demand, is_adjoint=False)

    def adjoint(self, costs: Array, *, start: Array | None = None) -> Array:
        """Return y of A^T y = q, shape (n,) or (n, k), as `costs`.

        ``start`` is a solution nearby, of a system before a change, to sweep from.
        """
        return self._solve(self._transpose, costs, is_adjoint=True, start=start)

    @property
    def structures(self) -> tuple[Structure, Structure]:
        """The orders in which A and A^T are swept; made once for a release."""
        return self._supply_structure, self._adjoint_structure

    @cached_property
    def _adjoint_structure(self) -> Structure:
        if self._structures is not None:
            return self._structures[1]
        return analyse(self._transpose, typical_costs(self._costs))

    @cached_property
    def _supply_structure(self) -> Structure:
        if self._structures is not None:
            return self._structures[0]
        # A unit of cost of every product is demanded, so that supplies are of a like size
        adjoint = self._adjoint_structure
        price = np.empty(len(adjoint.unknown))
        price[adjoint.unknown] = adjoint.weight
        return analyse(self._forward, price)

    @cached_property
    def _adjoint(self) -> tuple[Structure, Coefficients]:
        structure = self._adjoint_structure
        return structure, coefficients(structure, self._transpose.data)

    @cached_property
    def _supply(self) -> tuple[Structure, Coefficients]:
        structure = self._supply_structure
        return structure, coefficients(structure, self._forward.data)

    @cached_property
    def _factorization(self) -> Factorization:
        return Factorization(self._forward)

    def _solve(
        self,
        matrix: sparse.csr_array,
        right: Array,
        *,
        is_adjoint: bool,
        start: Array | None = None,
    ) -> Array:
        if not self.direct_reason:
            try:
                return self._swept(matrix, right, is_adjoint=is_adjoint, start=start)
            except UnstableSolution as error:
                self.direct_reason = str(error)
                _log.warning("sweeps gave up, factorizing instead: %s", error)
        lu = self._factorization
        return lu.adjoint(right) if is_adjoint else lu.supply(right)

    def _swept(
        self, matrix: sparse.csr_array, right: Array, *, is_adjoint: bool, start: Array | None
    ) -> Array:
        structure, numbers = self._adjoint if is_adjoint else self._supply
        if numbers.gain_passes_one.any():
            raise UnstableSolution("a loop takes as much as it makes, or more")
        columns = right if right.ndim > 1 else right[:, np.newaxis]
        size = np.empty(len(structure.weight))
        size[structure.unknown] = 1.0 / structure.weight
        if is_adjoint not in self._is_stable:
            columns = np.column_stack([columns, abs(matrix) @ size])
        swept = sweep(structure, numbers, columns, start=start)
        if not swept.is_settled.all():
            raise UnstableSolution(f"{(~swept.is_settled).sum()} solutions did not settle")
        check(matrix, swept.solution, columns)
        if is_adjoint not in self._is_stable:
            _check_sensitivity(swept.solution[:, -1] / size)
            self._is_stable.add(is_adjoint)
        return np.ascontiguousarray(swept.solution[:, : right.size // len(right)]).reshape(
            right.shape
        )


def _check_sensitivity(changes: Array) -> None:
    """Refuse a matrix whose solutions rounding of its coefficients would change.

    Parameters
    ----------
    changes
        |A^-1| |A| v / v for the expected sizes v of the unknowns: by how many units in the
        last place of the coefficients a solution of this size changes, in units of v. It is
        the condition number of Skeel (1979), exact for A = I - T with T >= 0.
    """
    if np.finfo(float).eps * np.abs(changes).max() > CHANGE_LIMIT:
        raise UnstableSolution("a loop leaves next to no net output: rounding decides the result")


def typical_costs(costs: sparse.csr_array | Array) -> Array:
    """Return one cost per activity, none negative: the costs, each beside its own mean, summed.

    Parameters
    ----------
    costs
        Shape (n_costs, n).
    """
    dense = np.abs(costs.toarray() if sparse.issparse(costs) else np.asarray(costs))
    means = dense.mean(axis=1)
    typical = dense.T @ np.where(means > 0, 1.0 / np.where(means > 0, means, 1.0), 0.0)
    return np.asarray(typical if typical.any() else np.ones(dense.shape[1]))
