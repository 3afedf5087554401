"""Where a footprint arises: by activity, elementary flow or location, and the upstream tree."""

from __future__ import annotations

import heapq
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lca_service.calculation.bind import bind
from lca_service.calculation.coverage import inventory, reason_unknown
from lca_service.calculation.foreground import (
    background_demand,
    direct_emissions,
    foreground_supply,
)
from lca_service.calculation.sankey import Sankey, SankeyNode, sankey
from lca_service.calculation.upstream import Branch, UpstreamTree
from lca_service.catalogue.catalogue import Catalogue
from lca_service.domain.method import ImpactCategory
from lca_service.domain.study import Study
from lca_service.matrices.background import Background
from lca_service.solver.system import LinearSystem

Array = NDArray[np.float64]
By = Literal["activity", "flow", "location"]

FOREGROUND = "foreground"  # id under which the study's own emissions are listed
OTHER = "other"  # id of what is below the limit


@dataclass(frozen=True)
class Contribution:
    """A part of a score, and its share of it [-] (None where the score is zero)."""

    id: str
    value: float
    share: float | None


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
                if depth == 0
                else UpstreamTree(catalogue, background, row, value).below(
                    foreground, supply, depth=depth
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
