"""Multipliers: the cradle-to-gate score of one unit of every product at once."""

from __future__ import annotations

from dataclasses import dataclass
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


@dataclass(frozen=True)
class Sensitivities:
    """What a score changes by, per relative change of each stored entry, to first order.

    Parameters
    ----------
    technosphere, biosphere
        In the order of the stored entries of A and B.
    characterization
        By row of the biosphere, shape (n_flow_rows,).
    """

    technosphere: NDArray[np.float64]
    biosphere: NDArray[np.float64]
    characterization: NDArray[np.float64]


def sensitivities(
    technosphere: sparse.csr_array,
    biosphere: sparse.csr_array,
    factors: NDArray[np.float64],
    supply: NDArray[np.float64],
    multipliers: NDArray[np.float64],
) -> Sensitivities:
    """Return a dh/da for every entry a of A, B and C of the score h = c B A^-1 f.

    Parameters
    ----------
    technosphere, biosphere
        A, shape (n, n), and B, shape (n_flow_rows, n).
    factors
        c, the row of C of the score, shape (n_flow_rows,).
    supply
        s = A^-1 f, shape (n,).
    multipliers
        y = A^-T B^T c, shape (n,).

    Notes
    -----
    dh/dA_ij = -y_i s_j, dh/dB_rj = c_r s_j, dh/dc_r = (B s)_r (Heijungs & Suh 2002, ch. 6.5).
    """
    rows = np.repeat(np.arange(technosphere.shape[0]), np.diff(technosphere.indptr))
    flows = np.repeat(np.arange(biosphere.shape[0]), np.diff(biosphere.indptr))
    return Sensitivities(
        technosphere=-technosphere.data * multipliers[rows] * supply[technosphere.indices],
        biosphere=biosphere.data * factors[flows] * supply[biosphere.indices],
        characterization=factors * (biosphere @ supply),
    )
