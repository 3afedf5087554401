"""The upstream tree: purchases of purchases, with the score that each brings along.

Grown from the multipliers alone, a level at a time, so that nothing is solved for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from lca_service.calculation.bind import bind
from lca_service.calculation.foreground import foreground_supply
from lca_service.calculation.link import PRODUCT, Foreground
from lca_service.catalogue.catalogue import Catalogue
from lca_service.catalogue.nomenclature import nearest_names
from lca_service.domain.study import Study
from lca_service.errors import UnknownName
from lca_service.matrices.background import Background

Array = NDArray[np.float64]

_SMALLEST_SHARE = 0.001  # of the root's score: branches below it are not followed


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


def upstream_tree(
    study: Study,
    catalogue: Catalogue,
    background: Background,
    *,
    row: int,
    total: float,
    branch: Sequence[str],
    depth: int,
) -> tuple[Branch, ...]:
    """Return the upstream tree of one score, or what is below one of its branches.

    Parameters
    ----------
    row
        Of the impact category.
    total
        The study's score in it: branches far below it are not followed.
    branch
        Ids from the lines of the study down; empty for the whole tree.
    depth
        Levels that are returned.

    Raises
    ------
    UnknownName
        If there is no such branch.
    """
    _, foreground = bind(study, catalogue)
    tree = UpstreamTree(catalogue, background, row, total)
    return tree.below(foreground, foreground_supply(foreground), depth=depth, branch=branch)


class UpstreamTree:
    """Grows the upstream tree of one impact category."""

    def __init__(
        self, catalogue: Catalogue, background: Background, row: int, total: float
    ) -> None:
        self._catalogue = catalogue
        self._multipliers = background.multipliers[row]
        self._costs = background.biosphere.T @ background.characterization[row]
        self._columns = sparse.csc_array(background.technosphere)
        self._smallest = abs(total) * _SMALLEST_SHARE

    def below(
        self, foreground: Foreground, supply: Array, *, depth: int, branch: Sequence[str] = ()
    ) -> tuple[Branch, ...]:
        """Return the branches below one of them; a branch per line of the study without one."""
        branches = self._lines(foreground, supply, 1 if branch else depth)
        for level, name in enumerate(branch, start=1):
            by_id = {each.id: each for each in branches}
            if name not in by_id:
                raise UnknownName("unknown_branch", name, nearest_names(name, by_id))
            followed = by_id[name]
            branches = self._children(
                self._catalogue.positions[followed.activity],
                followed.amount,
                depth if level == len(branch) else 1,
            )
        return branches

    def _lines(self, foreground: Foreground, supply: Array, depth: int) -> tuple[Branch, ...]:
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
        return Branch(
            id=name,
            activity=activity.id,
            amount=amount,
            unit=self._catalogue.nomenclature.products[activity.product].unit,
            value=float(self._multipliers[position]) * amount,
            direct=float(self._costs[position]) * amount,
            children=self._children(position, amount, depth) if depth else (),
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
