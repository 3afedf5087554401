"""Scores of the lines of a study, from the multipliers of what they buy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lca_service.calculation.link import PRODUCT, Foreground, Purchase, Release
from lca_service.domain.study import Stage
from lca_service.matrices.background import Background

Array = NDArray[np.float64]
Multipliers = Callable[[NDArray[np.intp]], Array]
"""From positions of activities to their multipliers, shape (n_categories, n_positions)."""

_STAGES = {stage: position for position, stage in enumerate(Stage)}


@dataclass(frozen=True)
class Entries:
    """The top-level lines and emissions of a study, in their order.

    Parameters
    ----------
    ids
        Their ids.
    stages
        Positions of their life cycle stages in `Stage`.
    scores
        Shape (n_entries, n_categories), for the selected categories.
    """

    ids: tuple[str, ...]
    stages: list[int]
    scores: Array

    def by_stage(self) -> dict[str, list[float]]:
        """Return the scores of the stages that have any entry, by category."""
        sums = np.zeros((len(_STAGES), self.scores.shape[1]))
        np.add.at(sums, self.stages, self.scores)
        return {
            stage.value: sums[place].tolist()
            for stage, place in _STAGES.items()
            if place in self.stages
        }


def entries(
    foreground: Foreground,
    background: Background,
    rows: NDArray[np.intp],
    multipliers: Multipliers,
) -> Entries:
    """Return the top-level lines and emissions of a study, with their scores.

    A line that buys an assembly has the score of one unit of it, from the adjoint of the
    foreground block: y solves A_ff^T y = d with d the direct costs of the nodes.
    """
    purchases, releases = foreground.purchases, foreground.releases
    nodes = [each.node for each in purchases] + [each.node for each in releases]
    scores = np.concatenate(
        [
            _purchase_scores(purchases, len(rows), multipliers),
            _release_scores(releases, background, rows),
        ]
    )
    if any(each.assembly is not None for each in purchases):
        costs = np.zeros((len(foreground.node_names), len(rows)))
        np.add.at(costs, nodes, scores)
        per_unit = np.linalg.solve(foreground.technosphere.T, costs)
        for index, each in enumerate(purchases):
            if each.assembly is not None:
                scores[index] = per_unit[each.assembly] * each.amount
    top = [index for index, node in enumerate(nodes) if node == PRODUCT]
    asked = [each.line for each in purchases] + [each.emission for each in releases]
    return Entries(
        ids=tuple(asked[index].id for index in top),
        stages=[_STAGES[asked[index].stage] for index in top],
        scores=scores[top],
    )


def _purchase_scores(
    purchases: Sequence[Purchase], n_categories: int, multipliers: Multipliers
) -> Array:
    """Return the scores of purchases, shape (n_purchases, n_categories).

    Those of purchases from the background; zero where an assembly is bought.
    """
    scores = np.zeros((len(purchases), n_categories))
    bought = [(i, each.match.activity_index) for i, each in enumerate(purchases) if each.match]
    if bought:
        places, columns = np.array(bought, dtype=np.intp).T
        amounts = np.array([each.amount for each in purchases])[places]
        scores[places] = multipliers(columns).T * amounts[:, None]
    return scores


def _release_scores(
    releases: Sequence[Release], background: Background, rows: NDArray[np.intp]
) -> Array:
    """Return the scores of direct emissions, shape (n_releases, n_categories)."""
    scores = np.zeros((len(releases), len(rows)))
    for index, release in enumerate(releases):
        for row, amount in release.rows:
            scores[index] += background.characterization[rows, row] * amount
    return scores
