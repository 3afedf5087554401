"""Exchanges of the expanded database, as parallel arrays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]
IndexArray = NDArray[np.int32]


@dataclass(frozen=True)
class ExchangeTable:
    """Exchanges of one kind, as parallel arrays of length n_exchanges.

    Parameters
    ----------
    activity_index
        The activity that has the exchange.
    target_index
        The activity that provides the product, or the row of the elementary flow.
    amount
        Amount per unit of the reference product, in the unit of the product or flow.
    formula_index, tag_index
        Positions in `Database.formulas` and `Database.tags`.
    figure_pointer, figure_index
        The figures behind exchange i are ``figure_index[figure_pointer[i]:figure_pointer[i+1]]``.
    """

    activity_index: IndexArray
    target_index: IndexArray
    amount: FloatArray
    formula_index: IndexArray
    tag_index: IndexArray
    figure_pointer: IndexArray
    figure_index: IndexArray


class ExchangeRows:
    """Grows an `ExchangeTable` block by block."""

    def __init__(self) -> None:
        self._blocks: list[tuple[Sequence[int], Sequence[int], Sequence[float], int, int]] = []
        self._figures: list[Sequence[int]] = []

    def extend(
        self,
        activities: Sequence[int],
        targets: Sequence[int],
        amounts: Sequence[float],
        *,
        formula: int,
        tag: int,
        figures: Iterable[Sequence[int]],
    ) -> None:
        """Enter exchanges that share a formula and tags; one sequence of figures for each."""
        self._blocks.append((activities, targets, amounts, formula, tag))
        self._figures.extend(figures)

    def table(self) -> ExchangeTable:
        """Return the exchanges entered so far."""
        sizes = [len(block[0]) for block in self._blocks]
        counts = [len(figures) for figures in self._figures]
        return ExchangeTable(
            activity_index=_index([i for block in self._blocks for i in block[0]]),
            target_index=_index([i for block in self._blocks for i in block[1]]),
            amount=np.array([x for block in self._blocks for x in block[2]], dtype=np.float64),
            formula_index=_index(np.repeat([block[3] for block in self._blocks], sizes)),
            tag_index=_index(np.repeat([block[4] for block in self._blocks], sizes)),
            figure_pointer=_index([0, *np.cumsum(counts).tolist()]),
            figure_index=_index([i for figures in self._figures for i in figures]),
        )


def _index(values: ArrayLike) -> IndexArray:
    return np.asarray(values, dtype=np.int32)
