"""The upstream tree: purchases of purchases, with the score that each brings along.

Grown from the multipliers alone, a level at a time, so that nothing is solved for it.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

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


@dataclass(frozen=True)
class LargestBranches:
    """The largest branches of an upstream tree, each below the one that buys it.

    ``n_cut`` are those left out directly below what is shown, too small or too many.
    """

    branches: tuple[Branch, ...]
    n_shown: int
    n_cut: int


@dataclass(frozen=True)
class _Shown:
    """A branch that is shown, with those below it as far as they have been reached."""

    branch: Branch
    children: list[_Shown]

    def whole(self) -> Branch:
        return replace(self.branch, children=tuple(each.whole() for each in self.children))


def upstream_tree(
    study: Study,
    catalogue: Catalogue,
    background: Background,
    *,
    row: int,
    total: float,
    branch: Sequence[str],
    depth: int,
    nodes: int,
    cut_off: float,
) -> LargestBranches:
    """Return the upstream tree of one score, or what is below one of its branches.

    Parameters
    ----------
    row
        Of the impact category.
    total
        The study's score in it.
    branch
        Ids from the lines of the study down; empty for the whole tree.
    depth
        Levels that are returned.
    nodes
        Most branches; the largest are.
    cut_off
        Share of the total [-] below which a branch is left out.

    Raises
    ------
    UnknownName
        If there is no such branch.
    """
    _, foreground = bind(study, catalogue)
    tree = UpstreamTree(catalogue, background, row, total, cut_off=cut_off)
    supply = foreground_supply(foreground)
    return tree.largest(foreground, supply, branch=branch, depth=depth, n_nodes=nodes)


class UpstreamTree:
    """Grows the upstream tree of one impact category."""

    def __init__(
        self,
        catalogue: Catalogue,
        background: Background,
        row: int,
        total: float,
        *,
        cut_off: float = _SMALLEST_SHARE,
    ) -> None:
        self._catalogue = catalogue
        self._multipliers = background.multipliers[row]
        self._costs = background.biosphere.T @ background.characterization[row]
        self._columns = sparse.csc_array(background.technosphere)
        self._smallest = abs(total) * cut_off

    def below(self, foreground: Foreground, supply: Array, *, depth: int) -> tuple[Branch, ...]:
        """Return a branch per line of the study, with all below it that is not too small."""
        return tuple(self._grown(each, depth - 1) for each in self._lines(foreground, supply))

    def largest(
        self,
        foreground: Foreground,
        supply: Array,
        *,
        branch: Sequence[str],
        depth: int,
        n_nodes: int,
    ) -> LargestBranches:
        """Return the largest branches below one of them, or of all; raises as `upstream_tree`.

        Only what is shown is followed: however small the cut-off, it takes no longer.
        """
        turns = itertools.count()
        shown: list[_Shown] = []
        queue: list[tuple[float, int, int, Branch, list[_Shown]]] = []

        def offer(branches: Iterable[Branch], level: int, siblings: list[_Shown]) -> None:
            for each in branches:
                heapq.heappush(queue, (-abs(each.value), next(turns), level, each, siblings))

        offer(self._followed(foreground, supply, branch), 1, shown)
        n_shown = 0
        while queue and n_shown < n_nodes and -queue[0][0] >= self._smallest:
            _, _, level, found, siblings = heapq.heappop(queue)
            siblings.append(_Shown(found, []))
            n_shown += 1
            if level < depth:
                offer(self._children(found), level + 1, siblings[-1].children)
        return LargestBranches(tuple(each.whole() for each in shown), n_shown, len(queue))

    def _followed(
        self, foreground: Foreground, supply: Array, branch: Sequence[str]
    ) -> Iterable[Branch]:
        """Return what is directly below a branch; the lines of the study without one."""
        branches = self._lines(foreground, supply)
        for name in branch:
            by_id = {each.id: each for each in branches}
            if name not in by_id:
                raise UnknownName("unknown_branch", name, nearest_names(name, by_id))
            branches = self._children(by_id[name])
        return branches

    def _lines(self, foreground: Foreground, supply: Array) -> list[Branch]:
        """Return a branch per background purchase of the study, in the order of its lines."""
        names = foreground.node_names
        return [
            self._branch(
                purchase.line.id
                if purchase.node == PRODUCT
                else f"{names[purchase.node]}/{purchase.line.id}",
                purchase.match.activity_index,
                purchase.amount * float(supply[purchase.node]),
            )
            for purchase in foreground.purchases
            if purchase.match is not None
        ]

    def _branch(self, name: str, position: int, amount: float) -> Branch:
        activity = self._catalogue.activities[position]
        return Branch(
            id=name,
            activity=activity.id,
            amount=amount,
            unit=self._catalogue.nomenclature.products[activity.product].unit,
            value=float(self._multipliers[position]) * amount,
            direct=float(self._costs[position]) * amount,
            children=(),
        )

    def _grown(self, branch: Branch, depth: int) -> Branch:
        if not depth:
            return branch
        children = self._children(branch, above=self._smallest)
        return replace(branch, children=tuple(self._grown(each, depth - 1) for each in children))

    def _children(self, branch: Branch, *, above: float = -1.0) -> list[Branch]:
        """Return what an activity buys, the largest first; all of it, unless ``above`` a size."""
        position = self._catalogue.positions[branch.activity]
        column = slice(*self._columns.indptr[position : position + 2])
        makers: Sequence[int] = self._columns.indices[column].tolist()
        inputs: Sequence[float] = self._columns.data[column].tolist()
        branches = [
            self._branch(self._catalogue.activities[maker].id, maker, -value * branch.amount)
            for maker, value in zip(makers, inputs, strict=True)
            if maker != position and abs(self._multipliers[maker] * value * branch.amount) > above
        ]
        return sorted(branches, key=lambda each: -abs(each.value))
