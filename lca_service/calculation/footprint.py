"""The footprint of a study: scores by stage and line, with what they cover.

The score of category c is  h_c = sum over purchases of M[c, provider] * amount * supply
plus sum over emissions of C[c, row] * amount * supply, where the supply of the study's
nodes solves A_ff x = e_0. M holds the multipliers of the background, so that nothing is
factorized per request but the k x k foreground block.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lca_service.calculation.bind import bind
from lca_service.calculation.coverage import (
    Coverage,
    Shares,
    inventory,
    present,
    reason_unknown,
)
from lca_service.calculation.foreground import (
    background_demand,
    direct_emissions,
    foreground_supply,
)
from lca_service.calculation.lines import LineResult, Notice, line_results, notices
from lca_service.calculation.link import PRODUCT, Foreground, Purchase, Release
from lca_service.calculation.statement import Statement, state
from lca_service.catalogue.catalogue import Catalogue
from lca_service.domain.method import ImpactCategory
from lca_service.domain.provenance import Source
from lca_service.domain.study import Stage, Study
from lca_service.matrices.background import Background

Array = NDArray[np.float64]


@dataclass(frozen=True)
class IndicatorResult:
    """One indicator of the footprint; ``value`` is None, with a reason, where unknown."""

    category: ImpactCategory
    value: float | None
    reason: str
    by_stage: Mapping[str, float] | None
    by_line: Mapping[str, float] | None
    coverage: Coverage


@dataclass(frozen=True)
class Footprint:
    """The answer to a study."""

    study: Study
    indicators: tuple[IndicatorResult, ...]
    lines: tuple[LineResult, ...]
    notices: tuple[Notice, ...]
    statement: Statement
    sources: tuple[tuple[Source, str], ...]


@dataclass(frozen=True)
class Entry:
    """Scores of one top-level line or emission, in the order of the selected categories."""

    id: str
    stage: str
    score: Sequence[float]


def footprint(study: Study, catalogue: Catalogue, background: Background) -> Footprint:
    """Return the footprint of one declared unit of a study.

    Raises
    ------
    StudyError
        With every fault of the study at once.
    """
    selected, foreground = bind(study, catalogue)
    supply = foreground_supply(foreground)
    demand = background_demand(foreground, supply)
    direct = direct_emissions(foreground, supply)
    rows = np.array(selected, dtype=np.intp)
    entries = _entries(foreground, background, rows)
    flows = inventory(catalogue, background, demand, direct)
    shares = Shares(background, rows, demand, direct)
    return Footprint(
        study=study,
        indicators=tuple(
            _indicator(catalogue, catalogue.categories[row], place, entries, flows, shares)
            for place, row in enumerate(selected)
        ),
        lines=line_results(foreground, catalogue),
        notices=tuple(notices(study, foreground, catalogue)),
        statement=state(study, catalogue, [catalogue.categories[row] for row in selected], demand),
        sources=_sources(catalogue, demand),
    )


def _entries(foreground: Foreground, background: Background, rows: NDArray[np.intp]) -> list[Entry]:
    """Return the scores of the top-level lines and emissions of a study, in their order.

    A line that buys an assembly has the score of one unit of it, from the adjoint of the
    foreground block: y solves A_ff^T y = d with d the direct costs of the nodes.
    """
    bought = [each for each in foreground.purchases if each.match is not None]
    emitted = foreground.releases
    scores = np.concatenate(
        [_purchase_scores(bought, background, rows), _release_scores(emitted, background, rows)]
    )
    costs = np.zeros((len(foreground.node_names), len(rows)))
    nodes = [each.node for each in bought] + [each.node for each in emitted]
    np.add.at(costs, nodes, scores)
    per_unit = np.linalg.solve(foreground.technosphere.T, costs)
    leaves = iter(scores.tolist())
    entries: list[Entry] = []
    for purchase in foreground.purchases:
        line = purchase.line
        if purchase.assembly is None:
            score = next(leaves)
        else:
            score = (per_unit[purchase.assembly] * purchase.amount).tolist()
        if purchase.node == PRODUCT:
            entries.append(Entry(line.id, line.stage.value, score))
    for release, score in zip(emitted, leaves, strict=True):
        if release.node == PRODUCT:
            entries.append(Entry(release.emission.id, release.emission.stage.value, score))
    return entries


def _purchase_scores(
    purchases: Sequence[Purchase], background: Background, rows: NDArray[np.intp]
) -> Array:
    """Return the scores of purchases from the background, shape (n_purchases, n_categories)."""
    positions = [each.match.activity_index for each in purchases if each.match is not None]
    amounts = np.array([each.amount for each in purchases]).reshape(-1, 1)
    columns = np.array(positions, dtype=np.intp).reshape(-1, 1)
    return np.asarray(background.multipliers[rows, columns] * amounts)


def _release_scores(
    releases: Sequence[Release], background: Background, rows: NDArray[np.intp]
) -> Array:
    """Return the scores of direct emissions, shape (n_releases, n_categories)."""
    scores = np.zeros((len(releases), len(rows)))
    for index, release in enumerate(releases):
        for row, amount in release.rows:
            scores[index] += background.characterization[rows, row] * amount
    return scores


def _indicator(
    catalogue: Catalogue,
    category: ImpactCategory,
    place: int,
    entries: Sequence[Entry],
    inventory: Mapping[str, float],
    shares: Shares,
) -> IndicatorResult:
    coverage = shares.coverage(
        place,
        present(category.partial_by, inventory, catalogue),
        present(catalogue.uncharacterized_flows[category.method], inventory, catalogue),
    )
    reason = reason_unknown(category, inventory, catalogue)
    if reason:
        return IndicatorResult(category, None, reason, None, None, coverage)
    by_line = {entry.id: entry.score[place] for entry in entries}
    by_stage: dict[str, float] = {}
    for entry in entries:
        by_stage[entry.stage] = by_stage.get(entry.stage, 0.0) + entry.score[place]
    return IndicatorResult(
        category=category,
        value=math.fsum(by_line.values()),
        reason="",
        by_stage={stage.value: by_stage[stage.value] for stage in Stage if stage in by_stage},
        by_line=by_line,
        coverage=coverage,
    )


def _sources(catalogue: Catalogue, demand: Mapping[int, float]) -> tuple[tuple[Source, str], ...]:
    mask = 0
    for position in demand:
        mask |= catalogue.chain_sources[position]
    return catalogue.sources_of(mask)
