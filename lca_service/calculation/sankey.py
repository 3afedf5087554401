"""A footprint as a Sankey diagram: activities, and the scores that flow between them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Array = NDArray[np.float64]


@dataclass(frozen=True)
class SankeyNode:
    """An activity, or the study itself.

    ``value`` is the score of all that it makes, ``direct`` the part that arises in it,
    ``other`` the part that it buys from activities that are not shown. In a loop an activity
    buys, by way of others, from itself: values may be larger than the score of the study.
    """

    id: str
    value: float
    direct: float
    other: float


@dataclass(frozen=True)
class SankeyLink:
    """The score that what one node buys of another brings along."""

    source: str
    target: str
    value: float


@dataclass(frozen=True)
class Sankey:
    """The largest activities of one impact category, and what flows between them."""

    nodes: tuple[SankeyNode, ...]
    links: tuple[SankeyLink, ...]


def sankey(
    *,
    technosphere: sparse.csr_array,
    multipliers: Array,
    costs: Array,
    supply: Array,
    demand: Mapping[int, float],
    name_of: Callable[[int], str],
    root: SankeyNode,
    n_nodes: int,
) -> Sankey:
    """Return the diagram of one impact category.

    Parameters
    ----------
    technosphere
        A, with a unit of its product per activity, shape (n, n).
    multipliers, costs
        Score of a unit of every product, and what arises in its activity, shape (n,).
    supply
        s of A s = f, shape (n,).
    demand
        f, what the study buys, by activity.
    name_of
        Id of an activity at a position.
    root
        The study: its score, and what arises in it; ``other`` is found here.
    n_nodes
        Most activities that are shown.
    """
    values = multipliers * supply
    shown = np.argsort(-np.abs(values), kind="stable")[:n_nodes]
    shown = shown[values[shown] != 0]
    names = [name_of(i) for i in shown.tolist()]
    part = sparse.coo_array(technosphere[shown][:, shown])
    source, target = part.coords
    bought = -part.data * supply[shown[target]] * multipliers[shown[source]]
    is_link = (source != target) & (bought != 0)
    into = np.bincount(target[is_link], bought[is_link], len(shown))
    links = [
        SankeyLink(names[i], names[j], float(value))
        for i, j, value in zip(source[is_link], target[is_link], bought[is_link], strict=True)
    ]
    to_root = [demand.get(i, 0.0) * float(multipliers[i]) for i in shown.tolist()]
    links += [
        SankeyLink(name, root.id, value)
        for name, value in zip(names, to_root, strict=True)
        if value
    ]
    nodes = [
        SankeyNode(
            id=name,
            value=float(values[i]),
            direct=float(costs[i] * supply[i]),
            other=float(values[i] - costs[i] * supply[i] - bought_here),
        )
        for i, name, bought_here in zip(shown.tolist(), names, into.tolist(), strict=True)
    ]
    rest = root.value - root.direct - sum(to_root)
    whole = SankeyNode(root.id, root.value, root.direct, rest)
    links.sort(key=lambda link: (-abs(link.value), link.source, link.target))
    return Sankey((whole, *nodes), tuple(links))
