"""Multipliers: the cradle-to-gate score of one unit of every product at once."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import sparse


class Adjoint(Protocol):
    """Anything that solves A^T y = q."""

    def adjoint(self, costs: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return y, shape (n, k), as `costs`."""
        ...


def multipliers(
    system: Adjoint, costs: sparse.csr_array | NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return M = Q A^-1, shape (n_costs, n_products).

    Parameters
    ----------
    system
        Of the technosphere matrix A, shape (n_products, n_activities).
    costs
        Q, shape (n_costs, n_activities): what one unit of each activity costs directly,
        such as the characterized emissions C B.

    Notes
    -----
    One adjoint solve per row of Q (Heijungs & Suh 2002, ch. 6) instead of one forward
    solve per product.
    """
    dense = costs.toarray() if sparse.issparse(costs) else np.asarray(costs)
    return np.ascontiguousarray(system.adjoint(np.ascontiguousarray(dense.T)).T)
