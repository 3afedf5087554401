"""What patches change in the matrices, at any uptake.

Where an activity has several patches, its producers take each of them up independently: at
uptakes u the share of the product that is made with exactly the patches T is the product of u
over T and of 1 - u over the others. An uptake of part of the producers is thus a mean of
activities, not an activity of mean parameters.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from lca_service.calculation.alter import Exchanges, altered
from lca_service.catalogue.catalogue import Catalogue
from lca_service.domain.scenario import Patch

Array = NDArray[np.float64]
Each = TypeVar("Each")
Drawn = Callable[[int], Mapping[str, Array]]

MOST_TOGETHER = 4  # patches of one activity, or of one bill: 16 combinations


@dataclass(frozen=True)
class Term:
    """What an activity buys and emits more than before, with exactly these of its patches.

    Parameters
    ----------
    column
        Place of the activity among the changed ones.
    together, apart
        Ids of its patches that are taken up, and of those that are not.
    bought
        By product of `Changes.products`, shape (n_samples, r).
    emitted
        By row of `Changes.flow_rows`, shape (n_samples, m).
    """

    column: int
    together: tuple[str, ...]
    apart: tuple[str, ...]
    bought: Array
    emitted: Array


@dataclass(frozen=True)
class Changes:
    """What patches change, of one sample or of several.

    Parameters
    ----------
    activities
        Positions of the changed activities, shape (k,).
    products
        Positions of what they buy before or after, shape (r,).
    flow_rows
        Rows of the biosphere that they exchange before or after, shape (m,).
    """

    activities: tuple[int, ...]
    products: tuple[int, ...]
    flow_rows: tuple[int, ...]
    terms: tuple[Term, ...]
    n_samples: int

    def at(self, uptakes: Mapping[str, float]) -> tuple[Array, Array]:
        """Return what is bought and emitted more per unit of each changed activity.

        Returns
        -------
        tuple of Array
            Shapes (n_samples, r, k) and (n_samples, m, k).
        """
        k = len(self.activities)
        bought = np.zeros((self.n_samples, len(self.products), k))
        emitted = np.zeros((self.n_samples, len(self.flow_rows), k))
        for term in self.terms:
            weight = weight_of(term.together, term.apart, uptakes)
            if weight:
                bought[:, :, term.column] += weight * term.bought
                emitted[:, :, term.column] += weight * term.emitted
        return bought, emitted


def weight_of(together: Sequence[str], apart: Sequence[str], uptakes: Mapping[str, float]) -> float:
    """Return the share [-] that takes up some patches and not others, of independent uptakes.

    Examples
    --------
    >>> weight_of(["a"], ["b"], {"a": 0.5, "b": 0.2})
    0.4
    """
    found = 1.0
    for name in together:
        found *= uptakes[name]
    for name in apart:
        found *= 1.0 - uptakes[name]
    return found


def subsets(patches: Sequence[Each]) -> list[tuple[Each, ...]]:
    """Return every choice of patches but the empty one, in the order of the patches."""
    sizes = range(1, len(patches) + 1)
    return list(chain.from_iterable(combinations(patches, size) for size in sizes))


def changes(
    catalogue: Catalogue,
    patches: Sequence[Patch],
    drawn: Drawn | None = None,
    n_samples: int = 1,
) -> Changes:
    """Return what patches change of the activities that they name.

    Parameters
    ----------
    drawn
        Returns the parameters of an activity by its position, in SI base units, shape
        (n_samples,); default: the figures of the tables, as one sample.

    Raises
    ------
    BadParameter, NoProvider
        If patches that are fine one by one lead to no amount together.
    """
    by_activity: dict[int, list[Patch]] = {}
    for patch in patches:
        for name in patch.activities:
            by_activity.setdefault(catalogue.positions[name], []).append(patch)
    before: list[Exchanges] = []
    after: list[tuple[int, tuple[Patch, ...], list[Patch], Exchanges]] = []
    for column, (position, own) in enumerate(by_activity.items()):
        activity = catalogue.activities[position]
        values = drawn(position) if drawn else None
        before.append(altered(catalogue, activity, [], values, n_samples))
        for together in subsets(own):
            apart = [each for each in own if each not in together]
            found = altered(catalogue, activity, together, values, n_samples)
            after.append((column, together, apart, found))
    every = [*before, *(found for *_, found in after)]
    products = tuple(sorted({place for each in every for place in each.inputs}))
    flow_rows = tuple(sorted({row for each in every for row in each.emissions}))
    return Changes(
        activities=tuple(by_activity),
        products=products,
        flow_rows=flow_rows,
        terms=tuple(
            Term(
                column,
                tuple(each.id for each in together),
                tuple(each.id for each in apart),
                _more(products, before[column].inputs, found.inputs, n_samples),
                _more(flow_rows, before[column].emissions, found.emissions, n_samples),
            )
            for column, together, apart, found in after
        ),
        n_samples=n_samples,
    )


def _more(
    places: Sequence[int], before: Mapping[int, Array], after: Mapping[int, Array], count: int
) -> Array:
    """Return what is exchanged more after than before, shape (count, n_places)."""
    found = np.zeros((count, len(places)))
    for column, place in enumerate(places):
        for amounts, sign in ((before, -1.0), (after, 1.0)):
            if place in amounts:
                found[:, column] += sign * amounts[place]
    return found
