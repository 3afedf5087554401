"""A product's chain unfolded into steps: which part of its score arises in which.

The activities of a chain are opened one after the other; what one buys belongs to the step of
what is bought, if that has one, and else to its own. The steps sum to the whole score.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lca_service.catalogue.catalogue import Catalogue
from lca_service.errors import NoProvider
from lca_service.matrices.background import Background
from lca_service.units import factor

Array = NDArray[np.float64]

_DEEPEST = 12  # averages of averages are opened, too


@dataclass(frozen=True)
class Part:
    """What a chain buys at its end: a product, its amount, and the step it belongs to."""

    product: str
    amount: float
    unit: str
    step: str
    location: str = ""


@dataclass(frozen=True)
class Chain:
    """How a product is unfolded.

    Parameters
    ----------
    parts
        The bill of a declared unit.
    opened
        Steps of the products whose activities are opened: what they do not buy of another
        step, and what they emit, belongs to them.
    assigned
        Steps of products that are not opened: their whole score belongs to it.
    """

    parts: Sequence[Part]
    opened: Mapping[str, str]
    assigned: Mapping[str, str]


def unfold(
    chain: Chain, place: str, catalogue: Catalogue, background: Background
) -> dict[str, Array]:
    """Return the scores of the steps of a chain at a place, each of shape (n_categories,).

    Raises
    ------
    NoProvider
        If a product of the bill is not made there or above it.
    """
    found: dict[str, Array] = {}

    def add(step: str, scores: Array) -> None:
        found[step] = found.get(step, np.zeros(len(scores))) + scores

    def follow(position: int, amount: float, step: str, depth: int) -> None:
        product = catalogue.activities[position].product
        if product in chain.assigned:
            add(chain.assigned[product], amount * background.multipliers[:, position])
        elif product not in chain.opened or depth == _DEEPEST:
            add(step, amount * background.multipliers[:, position])
        else:
            own = chain.opened[product]
            add(own, amount * _direct(background, position))
            for provider, bought in _bought(background, position):
                follow(provider, amount * bought, own, depth + 1)

    for part in chain.parts:
        provider = catalogue.providers.find(part.product, part.location or place)
        if provider is None or part.product not in catalogue.nomenclature.products:
            raise NoProvider(f"nobody makes {part.product} at {place} or above it")
        unit = catalogue.nomenclature.products[part.product].unit
        follow(provider[0], part.amount * factor(part.unit, unit), part.step, 0)
    return found


def _direct(background: Background, position: int) -> Array:
    """Return the scores of what an activity itself emits per unit, shape (n_categories,)."""
    column = background.biosphere_columns
    rows = column.indices[column.indptr[position] : column.indptr[position + 1]]
    amounts = column.data[column.indptr[position] : column.indptr[position + 1]]
    return np.asarray(background.characterization[:, rows] @ amounts)


def _bought(background: Background, position: int) -> list[tuple[int, float]]:
    """Return what an activity buys per unit: provider and amount."""
    column = background.technosphere_columns
    at = slice(column.indptr[position], column.indptr[position + 1])
    return [
        (int(row), -float(amount))
        for row, amount in zip(column.indices[at], column.data[at], strict=True)
        if row != position
    ]
