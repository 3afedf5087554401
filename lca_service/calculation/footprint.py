"""The footprint of a study: scores by stage and line, with what they cover.

The score of category c is  h_c = sum over purchases of M[c, provider] * amount * supply
plus sum over emissions of C[c, row] * amount * supply, where the supply of the study's
nodes solves A_ff x = e_0. M holds the multipliers of the background, so that nothing is
factorized per request but the k x k foreground block.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
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
from lca_service.calculation.editions import other_editions
from lca_service.calculation.foreground import (
    background_demand,
    direct_emissions,
    emissions_of,
    foreground_supply,
)
from lca_service.calculation.lines import LineResult, Notice, line_results, notices
from lca_service.calculation.link import Foreground, Purchase, Release
from lca_service.calculation.scores import Entries, entries
from lca_service.calculation.statement import Statement, state
from lca_service.catalogue.catalogue import Catalogue
from lca_service.domain.activity import DataClass
from lca_service.domain.method import ImpactCategory
from lca_service.domain.provenance import Source
from lca_service.domain.study import Study
from lca_service.matrices.background import Background

Array = NDArray[np.float64]


@dataclass(frozen=True)
class IndicatorResult:
    """One indicator of the footprint; ``value`` is None, with a reason, where unknown.

    ``by_edition`` has the value under other editions of the method, by method.
    """

    category: ImpactCategory
    value: float | None
    reason: str
    by_stage: Mapping[str, float] | None
    by_line: Mapping[str, float] | None
    by_edition: Mapping[str, float | None]
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
    scored = entries(
        foreground, background, rows, lambda bought: background.multipliers[rows[:, None], bought]
    )
    flows = inventory(catalogue, background, demand, direct)
    shares = Shares(background, rows, demand, *_by_emitter(foreground, supply, catalogue))
    editions = other_editions(selected, catalogue, background, demand, direct, flows)
    indicators = tuple(_indicators(catalogue, selected, scored, flows, shares, editions))

    def scores(purchase: Purchase) -> dict[str, float]:
        assert purchase.instead_of is not None, "only lines with given parameters are asked"
        bought = background.multipliers[rows, purchase.instead_of.activity_index]
        amounts = (bought * purchase.amount * supply[purchase.node]).tolist()
        pairs = zip(indicators, amounts, strict=True)
        return {each.category.indicator: x for each, x in pairs if each.value is not None}

    return Footprint(
        study=study,
        indicators=indicators,
        lines=line_results(foreground, catalogue, scores),
        notices=tuple(notices(study, foreground, catalogue)),
        statement=state(study, catalogue, [catalogue.categories[row] for row in selected], demand),
        sources=_sources(catalogue, demand),
    )


def _by_emitter(
    foreground: Foreground, supply: Array, catalogue: Catalogue
) -> tuple[Mapping[int, float], Mapping[DataClass, Mapping[int, float]]]:
    """Return what the study itself emits, and what activities evaluated again do, by class."""
    given: list[Release] = []
    evaluated: dict[DataClass, list[Release]] = {}
    for release in foreground.releases:
        if release.instead_of is None:
            given.append(release)
        else:
            activity = catalogue.activities[release.instead_of.activity_index]
            evaluated.setdefault(activity.data_class, []).append(release)
    by_class = {each: emissions_of(releases, supply) for each, releases in evaluated.items()}
    return emissions_of(given, supply), by_class


def _indicators(
    catalogue: Catalogue,
    selected: Sequence[int],
    entries: Entries,
    inventory: Mapping[str, float],
    shares: Shares,
    editions: Sequence[Mapping[str, float | None]],
) -> Iterator[IndicatorResult]:
    by_stage = entries.by_stage()
    for place, (row, scores) in enumerate(zip(selected, entries.scores.T.tolist(), strict=True)):
        category = catalogue.categories[row]
        coverage = shares.coverage(
            place,
            present(category.partial_by, inventory, catalogue),
            present(catalogue.uncharacterized_flows[category.method], inventory, catalogue),
        )
        reason = reason_unknown(category, inventory, catalogue)
        if reason:
            yield IndicatorResult(category, None, reason, None, None, editions[place], coverage)
            continue
        yield IndicatorResult(
            category=category,
            value=math.fsum(scores),
            reason="",
            by_stage={stage: values[place] for stage, values in by_stage.items()},
            by_line=dict(zip(entries.ids, scores, strict=True)),
            by_edition=editions[place],
            coverage=coverage,
        )


def _sources(catalogue: Catalogue, demand: Mapping[int, float]) -> tuple[tuple[Source, str], ...]:
    mask = 0
    for position in demand:
        mask |= catalogue.chain_sources[position]
    return catalogue.sources_of(mask)
