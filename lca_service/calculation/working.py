"""The working of a footprint: matrices small enough to be solved by hand.

The columns are the study's product and assemblies, the activities that are opened, and
everything else that these buy, closed: with the elementary flows of its whole supply
chain. With f the demand for one declared unit, s = A^-1 f, g = B s and h = C g, the same
score as that of the whole inventory (Heijungs & Suh 2002, section 2.2).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lca_service.calculation.bind import bind
from lca_service.calculation.link import PRODUCT, Foreground
from lca_service.catalogue.catalogue import Catalogue
from lca_service.catalogue.inspect import InspectedExchange, inspect_activity
from lca_service.catalogue.nomenclature import nearest_names
from lca_service.domain.method import ImpactCategory
from lca_service.domain.study import Study
from lca_service.errors import Fault, StudyError
from lca_service.matrices.background import Background
from lca_service.solver.system import LinearSystem

Array = NDArray[np.float64]
Kind = Literal["product", "assembly", "opened", "closed"]

MOST_COLUMNS = 40
MOST_ROWS = 25  # of elementary flows; the rest is one row
OTHER = "other"


@dataclass(frozen=True)
class Column:
    """A process of the working; ``activity`` is empty for those of the study itself."""

    id: str
    kind: Kind
    unit: str
    activity: str = ""


@dataclass(frozen=True)
class FlowRow:
    """An elementary flow at a place (empty where places do not matter)."""

    flow: str
    location: str
    unit: str


@dataclass(frozen=True)
class Cell:
    """Where a number of A or B comes from: a line of the study, or exchanges of an activity."""

    matrix: Literal["A", "B"]
    row: int
    column: int
    pointer: str = ""
    exchange: InspectedExchange | None = None


@dataclass(frozen=True)
class Working:
    """The matrices of a study and what is computed from them, for one impact category.

    Parameters
    ----------
    technosphere
        A, shape (n, n): outputs positive, inputs negative [unit of the row per unit of the column].
    demand, supply
        f and s, shape (n,).
    biosphere
        B, shape (m, n) [unit of the flow per unit of the column].
    inventory
        g = B s, shape (m,).
    factors
        C, shape (m,) [unit of the category per unit of the flow].
    scores
        C B s by column, shape (n,); they sum to ``value``.
    """

    category: ImpactCategory
    columns: tuple[Column, ...]
    rows: tuple[FlowRow, ...]
    technosphere: Array
    demand: Array
    supply: Array
    biosphere: Array
    inventory: Array
    factors: Array
    scores: Array
    value: float
    cells: tuple[Cell, ...]


def working(
    study: Study,
    catalogue: Catalogue,
    background: Background,
    system: LinearSystem,
    *,
    row: int,
    opened: Sequence[str],
) -> Working:
    """Return the working of a study for one impact category.

    Parameters
    ----------
    row
        Of the impact category.
    opened
        Ids of activities that are shown as they are, each bought by the study or by
        another that is opened.

    Raises
    ------
    StudyError
        With every fault of the study, every activity that cannot be opened, or if there
        would be more columns than anybody reads.
    """
    _, foreground = bind(study, catalogue)
    bought = _bought(foreground, catalogue, background, opened)
    n_own = len(foreground.node_names)
    columns = (*_own_columns(study, foreground), *_columns(catalogue, bought, opened))
    if len(columns) > MOST_COLUMNS:
        detail = f"the working would have {len(columns)} columns; at most {MOST_COLUMNS} are shown"
        hint = "open fewer activities, or ask for fewer lines"
        raise StudyError([Fault("/open", "too_large_to_show", detail, hint)])
    place = {position: n_own + index for index, position in enumerate(bought)}
    is_open = {catalogue.positions[name] for name in opened}
    matrix = np.eye(len(columns))
    matrix[:n_own, :n_own] = foreground.technosphere
    for purchase in foreground.purchases:
        if purchase.match is not None:
            matrix[place[purchase.match.activity_index], purchase.node] -= purchase.amount
    exchanged = np.zeros((background.biosphere.shape[0], len(columns)))
    for release in foreground.releases:
        for flow_row, amount in release.rows:
            exchanged[flow_row, release.node] += amount
    for position, column in place.items():
        if position in is_open:
            for maker, value in _inputs(background, position):
                matrix[place[maker], column] = value
            exchanged[:, column] = background.biosphere[:, [position]].toarray().ravel()
        else:
            one = np.zeros(background.n_activities)
            one[position] = 1.0
            exchanged[:, column] = background.biosphere @ system.supply(one)
    demand = np.zeros(len(columns))
    demand[PRODUCT] = 1.0
    supply = np.asarray(np.linalg.solve(matrix, demand))
    factors = background.characterization[row]
    shown, rows = _largest_rows(catalogue, factors, exchanged @ supply)
    rest = factors.copy()
    rest[shown] = 0.0
    others = rest @ exchanged
    biosphere, used = exchanged[shown], factors[shown]
    category = catalogue.categories[row]
    if others.any():
        biosphere, used = np.vstack([biosphere, others]), np.append(used, 1.0)
        rows = (*rows, FlowRow(OTHER, "", category.unit))
    scores = (used @ biosphere) * supply
    return Working(
        category=category,
        columns=columns,
        rows=rows,
        technosphere=matrix,
        demand=demand,
        supply=supply,
        biosphere=biosphere,
        inventory=biosphere @ supply,
        factors=used,
        scores=scores,
        value=float(scores.sum()),
        cells=tuple(_cells(foreground, catalogue, place, shown, opened)),
    )


def _bought(
    foreground: Foreground, catalogue: Catalogue, background: Background, opened: Sequence[str]
) -> list[int]:
    """Return the activities that the study and those that are opened buy, in their order."""
    found = dict.fromkeys(
        each.match.activity_index for each in foreground.purchases if each.match is not None
    )
    faults: list[Fault] = []
    for name in opened:
        position = catalogue.positions.get(name)
        if position is None or position not in found:
            named = [catalogue.activities[each].id for each in found]
            detail = f"{name!r} is bought neither by the study nor by what is opened before it"
            allowed = nearest_names(name, named)
            faults.append(Fault("/open", "unknown_activity", detail, "", allowed))
            continue
        found |= dict.fromkeys(maker for maker, _ in _inputs(background, position))
    if faults:
        raise StudyError(faults)
    return list(found)


def _inputs(background: Background, position: int) -> list[tuple[int, float]]:
    """Return the entries of a column of A, its own output first."""
    column = background.technosphere[:, [position]].tocoo()
    entries = zip(column.row.tolist(), column.data.tolist(), strict=True)
    return sorted(entries, key=lambda entry: (entry[0] != position, entry[0]))


def _own_columns(study: Study, foreground: Foreground) -> Iterator[Column]:
    units = {each.name: each.unit for each in study.assemblies}
    bought = {each.assembly: each.instead_of for each in foreground.purchases}
    for node, name in enumerate(foreground.node_names):
        if node == PRODUCT:
            unit = f"{study.declared_unit.amount:g} {study.declared_unit.unit}"
            yield Column(study.name, "product", unit)
        else:  # an assembly, or a process whose parameters the study gives
            yield Column(name, "opened" if bought.get(node) else "assembly", units.get(name, ""))


def _columns(
    catalogue: Catalogue, bought: Sequence[int], opened: Sequence[str]
) -> Iterator[Column]:
    for position in bought:
        activity = catalogue.activities[position]
        unit = catalogue.nomenclature.products[activity.product].unit
        kind: Kind = "opened" if activity.id in opened else "closed"
        yield Column(activity.id, kind, unit, activity.id)


def _largest_rows(
    catalogue: Catalogue, factors: Array, inventory: Array
) -> tuple[NDArray[np.intp], tuple[FlowRow, ...]]:
    """Return the biosphere rows that make up most of the score, largest first."""
    sizes = np.abs(factors * inventory)
    found = np.flatnonzero(sizes)
    shown = found[np.argsort(-sizes[found], kind="stable")][:MOST_ROWS]
    flows = catalogue.nomenclature.flows
    names = [catalogue.flow_rows[place] for place in shown.tolist()]
    return shown, tuple(FlowRow(flow, place, flows[flow].unit) for flow, place in names)


def _cells(
    foreground: Foreground,
    catalogue: Catalogue,
    place: dict[int, int],
    shown: NDArray[np.intp],
    opened: Sequence[str],
) -> Iterator[Cell]:
    """Yield where the numbers of A and B come from; those of closed columns are computed."""
    row_of = {flow_row: row for row, flow_row in enumerate(shown.tolist())}
    for purchase in foreground.purchases:
        target = purchase.assembly
        if purchase.match is not None:
            target = place[purchase.match.activity_index]
        assert target is not None, "a line buys one or the other"
        yield Cell("A", target, purchase.node, pointer=purchase.line.pointer)
    for release in foreground.releases:
        for flow_row, _ in release.rows:
            if flow_row in row_of:
                pointer = release.emission.pointer
                yield Cell("B", row_of[flow_row], release.node, pointer=pointer)
    rows = {catalogue.flow_rows[flow_row]: row for flow_row, row in row_of.items()}
    for name in opened:
        _, exchanges = inspect_activity(catalogue, name)
        column = place[catalogue.positions[name]]
        for each in exchanges:
            if each.provider is not None:
                maker = place[catalogue.positions[each.provider.id]]
                yield Cell("A", maker, column, exchange=each)
            elif (each.flow, each.location) in rows:
                yield Cell("B", rows[each.flow, each.location], column, exchange=each)
