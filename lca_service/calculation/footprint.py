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

from lca_service.calculation.link import PRODUCT, Foreground, Purchase, link
from lca_service.calculation.select import select_categories
from lca_service.calculation.statement import Statement, state
from lca_service.catalogue.catalogue import Catalogue
from lca_service.domain.method import ImpactCategory
from lca_service.domain.provenance import Source
from lca_service.domain.study import Stage, Study
from lca_service.errors import Fault, StudyError
from lca_service.matrices.background import PARTS, Background

Array = NDArray[np.float64]

_NO_NET_OUTPUT = 1e-12  # smallest net output of a node per unit of gross output


@dataclass(frozen=True)
class FlowAmount:
    """An amount of an elementary flow, summed over locations."""

    flow: str
    amount: float
    unit: str


@dataclass(frozen=True)
class Coverage:
    """What a value rests on, and what it leaves out.

    The shares are parts of the sum of absolute contributions [-]; they are None where the
    value is zero. ``left_out`` are flows whose effect this indicator should contain and
    does not; ``uncharacterized`` are flows of the same kind without a factor.
    """

    own_share: float | None
    relinked_share: float | None
    average_share: float | None
    foreground_share: float | None
    substituted_factor_share: float | None
    is_partial: bool
    left_out: tuple[FlowAmount, ...]
    uncharacterized: tuple[FlowAmount, ...]


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
class LineResult:
    """How one line or emission of the study was understood."""

    id: str
    pointer: str
    status: str
    purchase: Purchase | None
    sources: tuple[Source, ...]
    licences: tuple[str, ...]


@dataclass(frozen=True)
class Notice:
    """Something the reader of a result should know; never an error."""

    code: str
    pointer: str
    detail: str


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
    """Scores of one top-level line or emission, shape (n_categories,) each."""

    id: str
    stage: str
    score: Array


def footprint(study: Study, catalogue: Catalogue, background: Background) -> Footprint:
    """Return the footprint of one declared unit of a study.

    Raises
    ------
    StudyError
        With every fault of the study at once.
    """
    faults: list[Fault] = []
    selected: list[int] = []
    try:
        selected = select_categories(study, catalogue.methods, catalogue.categories)
    except StudyError as error:
        faults += error.faults
    try:
        foreground = link(study, catalogue)
    except StudyError as error:
        raise StudyError([*error.faults, *faults]) from None
    if faults:
        raise StudyError(faults)
    supply = foreground_supply(foreground)
    demand = background_demand(foreground, supply)
    direct = direct_emissions(foreground, supply)
    rows = np.array(selected, dtype=np.intp)
    entries = _entries(foreground, background, rows)
    inventory = _inventory(catalogue, background, demand, direct)
    shares = _Shares(background, rows, demand, direct)
    return Footprint(
        study=study,
        indicators=tuple(
            _indicator(catalogue, catalogue.categories[row], place, entries, inventory, shares)
            for place, row in enumerate(selected)
        ),
        lines=_line_results(foreground, catalogue),
        notices=tuple(_notices(study, foreground, catalogue)),
        statement=state(study, catalogue, [catalogue.categories[row] for row in selected], demand),
        sources=_sources(catalogue, demand),
    )


def foreground_supply(foreground: Foreground) -> Array:
    """Return the output of every node for one declared unit, shape (k,).

    Raises
    ------
    StudyError
        If assemblies consume as much as they make, so that nothing is left over.
    """
    demand = np.zeros(len(foreground.node_names))
    demand[PRODUCT] = 1.0
    try:
        supply = np.linalg.solve(foreground.technosphere, demand)
    except np.linalg.LinAlgError:
        supply = np.full_like(demand, np.nan)
    needed = np.isfinite(supply) & (supply >= 0) & (supply < 1 / _NO_NET_OUTPUT)
    if needed.all():
        return np.asarray(supply)
    raise StudyError(
        [
            Fault(
                pointer=f"{purchase.line.pointer}/amount",
                code="no_net_output",
                detail=(
                    f"assembly {foreground.node_names[purchase.node]!r} takes as much as it "
                    "makes, directly or through other assemblies: no net output is left"
                ),
                hint="lower this amount, or raise the assembly's own output",
            )
            for purchase in foreground.purchases
            if purchase.assembly is not None and purchase.node != PRODUCT
        ]
    )


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
    emitted: dict[int, float] = {}
    for release in foreground.releases:
        for row, amount in release.rows:
            emitted[row] = emitted.get(row, 0.0) + amount * supply[release.node]
    return emitted


def _entries(foreground: Foreground, background: Background, rows: NDArray[np.intp]) -> list[Entry]:
    """Return the scores of the top-level lines and emissions of a study.

    A line that buys an assembly has the score of one unit of it, from the adjoint of the
    foreground block: y solves A_ff^T y = d with d the direct costs of the nodes.
    """
    n_nodes = len(foreground.node_names)
    costs = np.zeros((n_nodes, len(rows)))
    leaves: list[tuple[int, str, str, Array]] = []
    for purchase in foreground.purchases:
        line = purchase.line
        if purchase.match is not None:
            score = background.multipliers[rows, purchase.match.activity_index] * purchase.amount
            costs[purchase.node] += score
            leaves.append((purchase.node, line.id, line.stage.value, score))
    for release in foreground.releases:
        emission = release.emission
        score = np.zeros(len(rows))
        for row, amount in release.rows:
            score += background.characterization[rows, row] * amount
        costs[release.node] += score
        leaves.append((release.node, emission.id, emission.stage.value, score))
    per_unit = np.linalg.solve(foreground.technosphere.T, costs)
    bought = [
        Entry(line.id, line.stage.value, per_unit[purchase.assembly] * purchase.amount)
        for purchase in foreground.purchases
        if purchase.assembly is not None and purchase.node == PRODUCT
        for line in (purchase.line,)
    ]
    own = [Entry(name, stage, score) for node, name, stage, score in leaves if node == PRODUCT]
    return [*own, *bought]


def _inventory(
    catalogue: Catalogue,
    background: Background,
    demand: Mapping[int, float],
    direct: Mapping[int, float],
) -> Mapping[str, float]:
    """Return the elementary flows of the whole product system, summed over locations."""
    positions = np.fromiter(demand, dtype=np.intp, count=len(demand))
    amounts = np.fromiter(demand.values(), dtype=float, count=len(demand))
    totals = background.inventory_multipliers[:, positions] @ amounts
    inventory = dict(zip(catalogue.flow_codes, totals.tolist(), strict=True))
    for row, amount in direct.items():
        inventory[catalogue.flow_rows[row][0]] += amount
    return inventory


class _Shares:
    """Parts of the absolute scores of the selected categories."""

    def __init__(
        self,
        background: Background,
        rows: NDArray[np.intp],
        demand: Mapping[int, float],
        direct: Mapping[int, float],
    ) -> None:
        positions = np.fromiter(demand, dtype=np.intp, count=len(demand))
        amounts = np.fromiter(demand.values(), dtype=float, count=len(demand))
        parts = background.absolute_multipliers[:, rows[:, None], positions] @ amounts
        self._parts = dict(zip(PARTS, parts, strict=True))
        self._foreground = np.zeros(len(rows))
        for row, amount in direct.items():
            self._foreground += np.abs(background.characterization[rows, row] * amount)

    def coverage(
        self, place: int, left_out: Sequence[FlowAmount], uncharacterized: Sequence[FlowAmount]
    ) -> Coverage:
        """Return the coverage of the selected category at a place in the order asked."""
        part = {name: float(values[place]) for name, values in self._parts.items()}
        foreground = float(self._foreground[place])
        total = part["total"] + foreground

        def share(amount: float) -> float | None:
            return min(max(amount / total, 0.0), 1.0) if total > 0 else None

        return Coverage(
            own_share=share(part["own"]),
            relinked_share=share(part["relinked"]),
            average_share=share(part["total"] - part["own"] - part["relinked"]),
            foreground_share=share(foreground),
            substituted_factor_share=share(part["substituted_factor"]),
            is_partial=bool(left_out or uncharacterized),
            left_out=tuple(left_out),
            uncharacterized=tuple(uncharacterized),
        )


def _indicator(
    catalogue: Catalogue,
    category: ImpactCategory,
    place: int,
    entries: Sequence[Entry],
    inventory: Mapping[str, float],
    shares: _Shares,
) -> IndicatorResult:
    def present(flows: Sequence[str]) -> list[FlowAmount]:
        units = catalogue.nomenclature.flows
        return [
            FlowAmount(flow, inventory[flow], units[flow].unit)
            for flow in flows
            if inventory[flow] != 0
        ]

    blocking = present(category.blocked_by)
    coverage = shares.coverage(
        place,
        present(category.partial_by),
        present(catalogue.uncharacterized_flows[category.method]),
    )
    if blocking:
        amounts = ", ".join(f"{each.amount:.3g} {each.unit} of {each.flow}" for each in blocking)
        return IndicatorResult(
            category=category,
            value=None,
            reason=f"unknown, because the product system contains {amounts}",
            by_stage=None,
            by_line=None,
            coverage=coverage,
        )
    by_line = {entry.id: float(entry.score[place]) for entry in entries}
    by_stage: dict[str, float] = {}
    for entry in entries:
        by_stage[entry.stage] = by_stage.get(entry.stage, 0.0) + float(entry.score[place])
    return IndicatorResult(
        category=category,
        value=math.fsum(by_line.values()),
        reason="",
        by_stage={stage.value: by_stage[stage.value] for stage in Stage if stage in by_stage},
        by_line=by_line,
        coverage=coverage,
    )


def _line_results(foreground: Foreground, catalogue: Catalogue) -> tuple[LineResult, ...]:
    bought = [_purchase_result(purchase, catalogue) for purchase in foreground.purchases]
    emitted = [
        LineResult(release.emission.id, release.emission.pointer, "given", None, (), ())
        for release in foreground.releases
    ]
    return (*bought, *emitted)


def _purchase_result(purchase: Purchase, catalogue: Catalogue) -> LineResult:
    line, match = purchase.line, purchase.match
    if match is None:
        return LineResult(line.id, line.pointer, "assembly", purchase, (), ())
    own = catalogue.sources_of(catalogue.direct_sources[match.activity_index])
    chain = catalogue.sources_of(catalogue.chain_sources[match.activity_index])
    return LineResult(
        id=line.id,
        pointer=line.pointer,
        status="substituted" if match.is_substituted else "exact",
        purchase=purchase,
        sources=tuple(dict.fromkeys(source for source, _ in own)),
        licences=tuple(sorted({licence for _, licence in chain})),
    )


def _notices(study: Study, foreground: Foreground, catalogue: Catalogue) -> Iterator[Notice]:
    for purchase in foreground.purchases:
        match = purchase.match
        if match is not None and match.is_substituted:
            activity = catalogue.activities[match.activity_index]
            steps = " -> ".join(match.ladder)
            detail = (
                f"no own figures for {match.product} at {match.asked}: "
                f"{activity.id} stands in ({steps})"
            )
            yield Notice("location_substituted", f"{purchase.line.pointer}/location", detail)
    bought = {purchase.assembly for purchase in foreground.purchases}
    for position, assembly in enumerate(study.assemblies, start=1):
        if position not in bought:
            detail = f"assembly {assembly.name!r} is not bought by any line and does not count"
            yield Notice("unused_assembly", assembly.pointer, detail)
    if study.declared_unit.mass_kg is None:
        detail = "no mass given: checks of the mass balance and carbon content are left out"
        yield Notice("no_mass", "/declared_unit", detail)


def _sources(catalogue: Catalogue, demand: Mapping[int, float]) -> tuple[tuple[Source, str], ...]:
    mask = 0
    for position in demand:
        mask |= catalogue.chain_sources[position]
    return tuple(catalogue.sources_of(mask))
