"""What one unit of a product owes to every exchange behind it, and to every factor."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lca_service.catalogue.catalogue import Catalogue
from lca_service.domain.method import ImpactCategory
from lca_service.matrices.background import Background
from lca_service.solver.adjoint import sensitivities
from lca_service.solver.system import LinearSystem


@dataclass(frozen=True)
class Elasticity:
    """Relative change of a score per relative change of an amount or factor [-].

    ``activity`` has the exchange, with ``target``: the activity that provides a product,
    or an elementary flow. A factor has no activity. ``location`` is that of the flow.
    """

    activity: str
    target: str
    location: str
    elasticity: float


@dataclass(frozen=True)
class Elasticities:
    """The largest elasticities of one score, in the order of their size."""

    category: ImpactCategory
    value: float
    products: tuple[Elasticity, ...]
    flows: tuple[Elasticity, ...]
    factors: tuple[Elasticity, ...]


def elasticities(
    position: int,
    row: int,
    catalogue: Catalogue,
    background: Background,
    system: LinearSystem,
    *,
    limit: int,
) -> Elasticities:
    """Return the elasticities of the score of one unit of an activity's product.

    Parameters
    ----------
    position
        Of the activity.
    row
        Of the impact category.
    limit
        Most entries of each kind.

    Notes
    -----
    Those of all flows sum to 1, and so do those of all factors; a score of zero has none.
    """
    demand = np.zeros(background.n_activities)
    demand[position] = 1.0
    value = float(background.multipliers[row, position])
    if value == 0.0:
        return Elasticities(catalogue.categories[row], value, (), (), ())
    technosphere, biosphere = background.technosphere, background.biosphere
    found = sensitivities(
        technosphere,
        biosphere,
        background.characterization[row],
        system.supply(demand),
        background.multipliers[row],
    )
    makers = np.repeat(np.arange(technosphere.shape[0]), np.diff(technosphere.indptr))
    bought = np.where(makers == technosphere.indices, 0.0, found.technosphere)
    flows = np.repeat(np.arange(biosphere.shape[0]), np.diff(biosphere.indptr))
    ids = [activity.id for activity in catalogue.activities]
    return Elasticities(
        category=catalogue.categories[row],
        value=value,
        products=tuple(
            Elasticity(
                ids[technosphere.indices[entry]], ids[makers[entry]], "", bought[entry] / value
            )
            for entry in _largest(bought, limit)
        ),
        flows=tuple(
            _of_flow(
                ids[biosphere.indices[entry]],
                catalogue.flow_rows[flows[entry]],
                found.biosphere[entry] / value,
            )
            for entry in _largest(found.biosphere, limit)
        ),
        factors=tuple(
            _of_flow("", catalogue.flow_rows[entry], found.characterization[entry] / value)
            for entry in _largest(found.characterization, limit)
        ),
    )


def _of_flow(activity: str, flow_row: tuple[str, str], elasticity: float) -> Elasticity:
    flow, location = flow_row
    return Elasticity(activity, flow, location, elasticity)


def _largest(values: NDArray[np.float64], limit: int) -> list[int]:
    """Return the positions of the largest values that are not zero, the largest first."""
    size = np.abs(values)
    count = min(limit, int(np.count_nonzero(size)))
    if not count:
        return []
    largest = np.argpartition(-size, count - 1)[:count]
    return [int(each) for each in largest[np.lexsort((largest, -size[largest]))]]
