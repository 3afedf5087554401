"""Multipliers after a change of a few activities, for one sample of a system or for many.

The same identity as in `update` (Sherman, Morrison & Woodbury 1950), over arrays of samples: what
products take of the changed activities is found once, each set of changes costs k equations.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lca_service.errors import SingularSystem

Array = NDArray[np.float64]

_LEAST_NET_OUTPUT = 1e-12  # of the changed activities, per unit of their gross output


@dataclass(frozen=True)
class Known:
    """A solved system, as far as a change needs it; the first axis is that of samples.

    Parameters
    ----------
    taken
        Of the k changed activities by a unit of the products that they buy before or after,
        shape (n_samples, r, k).
    taken_by_products
        By a unit of the products that are asked for, shape (n_samples, p, k).
    taken_by_changed
        By a unit of the changed activities themselves, shape (n_samples, k, k).
    multipliers
        Of the products that they buy, shape (n_samples, r, n_costs).
    product_multipliers
        Of the products that are asked for, shape (n_samples, p, n_costs).
    """

    taken: Array
    taken_by_products: Array
    taken_by_changed: Array
    multipliers: Array
    product_multipliers: Array


def patched_multipliers(known: Known, bought: Array, costs: Array) -> Array:
    """Return the multipliers of products after a change, shape (n_samples, p, n_costs).

    Parameters
    ----------
    bought
        What a unit of each changed activity buys more than before of each product, shape
        (n_samples, r, k).
    costs
        What it costs directly more than before, shape (n_samples, k, n_costs).

    Raises
    ------
    SingularSystem
        If the changed activities leave no net output, in the only sample. Samples without
        one are NaN where there are several.

    Examples
    --------
    An activity that bought half a unit of another of multiplier 1 buys 0.75 of it:

    >>> one = np.ones((1, 1, 1))
    >>> known = Known(0 * one, one, one, one, 2.5 * one)
    >>> patched_multipliers(known, 0.25 * one, 0 * one).tolist()
    [[[2.75]]]
    """
    more = bought.transpose(0, 2, 1)
    core = np.eye(bought.shape[2]) - more @ known.taken
    right = more @ (known.multipliers + known.taken @ costs)
    has_output = _has_net_output(core, known.taken_by_changed)
    if not has_output.any() and len(core) == 1:
        raise SingularSystem("the changed activities take as much as they make, or more")
    core[~has_output] = np.eye(core.shape[1])
    shift = costs + np.linalg.solve(core, right)
    found = known.product_multipliers + known.taken_by_products @ shift
    found[~has_output] = np.nan
    return np.asarray(found)


def _has_net_output(core: Array, taken_by_changed: Array) -> NDArray[np.bool_]:
    """Return by sample whether the changed activities leave something over (Hawkins & Simon 1949).

    With purchases that are none negative they do if and only if the inverse of the changed system
    exists and has no negative entry; its columns of the changed activities tell.
    """
    found = np.zeros(len(core), dtype=bool)
    for sample, (matrix, taken) in enumerate(zip(core, taken_by_changed, strict=True)):
        try:
            gross = np.linalg.solve(matrix.T, taken.T).T
        except np.linalg.LinAlgError:
            continue
        largest = float(gross.diagonal().max())
        found[sample] = (
            gross.min() >= -1e-9 * largest
            and gross.diagonal().min() > 0
            and largest < 1 / _LEAST_NET_OUTPUT
        )
    return found
