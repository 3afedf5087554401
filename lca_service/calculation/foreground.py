"""What the foreground makes and takes: its supply, background demand and direct emissions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from lca_service.calculation.link import PRODUCT, Foreground, Release
from lca_service.errors import Fault, StudyError

Array = NDArray[np.float64]

NO_LOOP = -1
_LEAST_NET_OUTPUT = 1e-12  # of a loop of assemblies, per unit of its gross output


def foreground_supply(foreground: Foreground) -> Array:
    """Return the output of every node for one declared unit, shape (k,).

    Raises
    ------
    StudyError
        If assemblies that buy each other leave nothing over, with the lines of the loop.
    """
    labels = loops_without_output(foreground.technosphere)
    faults = [
        Fault(
            pointer=f"{purchase.line.pointer}/amount",
            code="no_net_output",
            detail=(
                f"assembly {foreground.node_names[purchase.node]!r} takes as much as it makes, "
                "directly or through other assemblies: no net output is left"
            ),
            hint="lower this amount, or raise the assembly's own output",
        )
        for purchase in foreground.purchases
        if purchase.assembly is not None
        and labels[purchase.node] == labels[purchase.assembly] != NO_LOOP
    ]
    if faults:
        raise StudyError(faults)
    demand = np.zeros(len(foreground.node_names))
    demand[PRODUCT] = 1.0
    return np.asarray(np.linalg.solve(foreground.technosphere, demand))


def loops_without_output(technosphere: Array) -> NDArray[np.int32]:
    """Return, per node, the label of the loop it is in if that loop has no net output.

    A loop is a strongly connected part of the foreground. With purchases T >= 0 it has a
    net output if and only if (I - T)^-1 exists and makes something of everything
    (Hawkins & Simon 1949). The diagonal of that inverse is the gross output per net
    output, a measure that does not depend on the units of the nodes.

    Examples
    --------
    >>> loops_without_output(np.array([[1.0, -0.5], [-2.0, 1.0]])).tolist()
    [0, 0]
    >>> loops_without_output(np.array([[1.0, -0.5], [-1.0, 1.0]])).tolist()
    [-1, -1]
    """
    purchases = np.eye(len(technosphere)) - technosphere
    if not purchases.any():
        return np.full(len(purchases), NO_LOOP, dtype=np.int32)
    n_parts, labels = connected_components(sparse.csr_array(purchases), connection="strong")
    for part in range(n_parts):
        nodes = np.flatnonzero(labels == part)
        if _has_net_output(technosphere[np.ix_(nodes, nodes)]):
            labels[nodes] = NO_LOOP
    return np.asarray(labels)


def _has_net_output(loop: Array) -> bool:
    try:
        gross = np.linalg.inv(loop)
    except np.linalg.LinAlgError:
        return False
    is_productive = (gross.sum(axis=1) > 0).all()
    return bool(is_productive and gross.diagonal().max() < 1 / _LEAST_NET_OUTPUT)


def background_demand(foreground: Foreground, supply: Array) -> Mapping[int, float]:
    """Return what the foreground buys from the background, by activity position."""
    demand: dict[int, float] = {}
    for purchase in foreground.purchases:
        if purchase.match is not None:
            position = purchase.match.activity_index
            demand[position] = demand.get(position, 0.0) + purchase.amount * supply[purchase.node]
    return demand


def direct_emissions(foreground: Foreground, supply: Array) -> Mapping[int, float]:
    """Return the foreground's own exchanges with nature, by row of the biosphere."""
    return emissions_of(foreground.releases, supply)


def emissions_of(releases: Iterable[Release], supply: Array) -> dict[int, float]:
    """Return what is exchanged with nature, by row of the biosphere."""
    emitted: dict[int, float] = {}
    for release in releases:
        for row, amount in release.rows:
            emitted[row] = emitted.get(row, 0.0) + amount * supply[release.node]
    return emitted
