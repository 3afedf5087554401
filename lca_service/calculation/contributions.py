"""Where a footprint arises: by activity, elementary flow or location, and the upstream tree."""

from __future__ import annotations

import heapq
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from lca_service.calculation.bind import bind
from lca_service.calculation.coverage import inventory, reason_unknown
from lca_service.calculation.foreground import (
    background_demand,
    direct_emissions,
    foreground_supply,
)
from lca_service.calculation.link import PRODUCT, Foreground
from lca_service.calculation.sankey import Sankey, SankeyNode, sankey
from lca_service.catalogue.catalogue import Catalogue
from lca_service.domain.method import ImpactCategory
from lca_service.domain.study import Study
from lca_service.matrices.background import Background
from lca_service.solver.system import LinearSystem

Array = NDArray[np.float64]
By = Literal["activity", "flow", "location"]

FOREGROUND = "foreground"  # id under which the study's own emissions are listed
OTHER = "other"  # id of what is below the limit
_SMALLEST_SHARE = 0.001  # of the root's score: branches below it are not followed


@dataclass(frozen=True)
class Contribution:
    """A part of a score, and its share of it [-] (None where the score is zero)."""

    id: str
    value: float
    share: float | None


@dataclass(frozen=True)
class Branch:
    """A node of the upstream tree: what is bought, and the score of that purchase.

    ``value`` is the whole score up to here, ``direct`` the part that arises in the
    activity itself; the rest arises in ``children``, and in branches too small to follow.
    """

    id: str
    activity: str
    amount: float
    unit: str
    value: float
    direct: float
    children: tuple[Branch, ...]


@dataclass(frozen=True)
class CategoryContributions:
    """Contributions to one impact category; they sum to ``value``.

    Where the value is unknown it is None, with a reason, and nothing contributes.
    """

    category: ImpactCategory
    value: float | None
    reason: str
    contributions: tuple[Contribution, ...]
    tree: tuple[Branch, ...]
    sankey: Sankey | None


def contributions(
    study: Study,
    catalogue: Catalogue,
    background: Background,
    system: LinearSystem,
    *,
    by: By,
    depth: int,
    limit: int,
    nodes: int,
) -> tuple[CategoryContributions, ...]:
    """Return what a study's scores are made of.

    Parameters
    ----------
    by
        What the parts are: activities, elementary flows, or locations of activities.
    depth
        Levels of the upstream tree below the lines of the study; 0 leaves the tree out.
    limit
        Largest number of parts listed; the rest is summed under ``other``.
    nodes
        Largest number of activities in the Sankey diagram; 0 leaves it out.

    Raises
    ------
    StudyError
        With every fault of the study.
    """
    rows, foreground = bind(study, catalogue)
    supply = foreground_supply(foreground)
    demand = background_demand(foreground, supply)
    direct = direct_emissions(foreground, supply)
    final = np.zeros(background.n_activities)
    for position, amount in demand.items():
        final[position] = amount
    activity_supply = system.supply(final)
    columns = sparse.csc_array(background.technosphere) if depth > 0 else None
    found: list[CategoryContributions] = []
    flows = inventory(catalogue, background, demand, direct)
    for row in rows:
        category = catalogue.categories[row]
        reason = reason_unknown(category, flows, catalogue)
        if reason:
            found.append(CategoryContributions(category, None, reason, (), (), None))
            continue
        parts = _parts(catalogue, background, row, activity_supply, direct, by)
        value = sum(parts.values())
        found.append(
            CategoryContributions(
                category=category,
                value=value,
                reason="",
                contributions=_largest(parts, value, limit),
                tree=()
                if columns is None
                else _Tree(catalogue, background, columns, row, value).grow(
                    foreground, supply, depth
                ),
                sankey=None
                if nodes == 0
                else _sankey(
                    catalogue, background, row, value, activity_supply, demand, direct, nodes
                ),
            )
        )
    return tuple(found)


def _parts(
    catalogue: Catalogue,
    background: Background,
    row: int,
    supply: Array,
    direct: Mapping[int, float],
    by: By,
) -> dict[str, float]:
    """Return the parts of one score that are not zero, by id."""
    factors = background.characterization[row]
    own = _own(factors, direct)
    if by == "flow":
        exchanged = background.biosphere @ supply
        for flow_row, amount in direct.items():
            exchanged[flow_row] += amount
        scores = factors * exchanged
    else:
        scores = (background.biosphere.T @ factors) * supply
    groups = catalogue.groups[by]
    sums = np.bincount(groups.index, weights=scores, minlength=len(groups.names))
    parts = {groups.names[position]: float(sums[position]) for position in np.flatnonzero(sums)}
    if by != "flow" and own:
        parts[FOREGROUND] = own
    return parts


def _own(factors: Array, direct: Mapping[int, float]) -> float:
    """Return the score of the study's own emissions."""
    return float(sum(factors[flow_row] * amount for flow_row, amount in direct.items()))


def _sankey(
    catalogue: Catalogue,
    background: Background,
    row: int,
    value: float,
    supply: Array,
    demand: Mapping[int, float],
    direct: Mapping[int, float],
    n_nodes: int,
) -> Sankey:
    factors = background.characterization[row]
    return sankey(
        technosphere=background.technosphere,
        multipliers=background.multipliers[row],
        costs=background.biosphere.T @ factors,
        supply=supply,
        demand=demand,
        name_of=lambda position: catalogue.activities[position].id,
        root=SankeyNode(FOREGROUND, value, _own(factors, direct), 0.0),
        n_nodes=n_nodes,
    )


def _largest(parts: Mapping[str, float], total: float, limit: int) -> tuple[Contribution, ...]:
    shown = heapq.nsmallest(limit, parts.items(), key=lambda part: (-abs(part[1]), part[0]))
    if len(parts) > limit:
        shown.append((OTHER, math.fsum((*parts.values(), *(-value for _, value in shown)))))
    return tuple(
        Contribution(name, value, value / total if total else None) for name, value in shown
    )


class _Tree:
    """Grows the upstream tree of one impact category from the multipliers."""

    def __init__(
        self,
        catalogue: Catalogue,
        background: Background,
        columns: sparse.csc_array,
        row: int,
        total: float,
    ) -> None:
        self._catalogue = catalogue
        self._multipliers = background.multipliers[row]
        self._costs = background.biosphere.T @ background.characterization[row]
        self._columns = columns
        self._smallest = abs(total) * _SMALLEST_SHARE

    def grow(self, foreground: Foreground, supply: Array, depth: int) -> tuple[Branch, ...]:
        """Return a branch per background purchase of the study, in the order of its lines."""
        names = foreground.node_names
        return tuple(
            self._branch(
                purchase.line.id
                if purchase.node == PRODUCT
                else f"{names[purchase.node]}/{purchase.line.id}",
                purchase.match.activity_index,
                purchase.amount * float(supply[purchase.node]),
                depth - 1,
            )
            for purchase in foreground.purchases
            if purchase.match is not None
        )

    def _branch(self, name: str, position: int, amount: float, depth: int) -> Branch:
        activity = self._catalogue.activities[position]
        children = self._children(position, amount, depth) if depth else ()
        return Branch(
            id=name,
            activity=activity.id,
            amount=amount,
            unit=self._catalogue.nomenclature.products[activity.product].unit,
            value=float(self._multipliers[position]) * amount,
            direct=float(self._costs[position]) * amount,
            children=children,
        )

    def _children(self, position: int, amount: float, depth: int) -> tuple[Branch, ...]:
        column = slice(*self._columns.indptr[position : position + 2])
        makers: Sequence[int] = self._columns.indices[column].tolist()
        inputs: Sequence[float] = self._columns.data[column].tolist()
        branches = [
            self._branch(self._catalogue.activities[maker].id, maker, -value * amount, depth - 1)
            for maker, value in zip(makers, inputs, strict=True)
            if maker != position and abs(self._multipliers[maker] * value * amount) > self._smallest
        ]
        return tuple(sorted(branches, key=lambda branch: -abs(branch.value)))
