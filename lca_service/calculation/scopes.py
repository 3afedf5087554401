"""What of a purchase arises at the site, in the plants that supply it, and further upstream.

GHG Protocol Corporate Standard: a fuel's combustion is scope 1 of who burns it. Scope 2
Guidance (2015), chapters 5 and 6: purchased energy is scope 2 with the emissions of its
generation, of the amount consumed. What remains, which is fuel supply, plants and the energy
lost on the way, is category 3 of the Scope 3 Standard, "fuel- and energy-related activities".
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lca_service.calculation.bind import bind
from lca_service.calculation.borders import Borders
from lca_service.calculation.link import PRODUCT, Foreground, Purchase, Release
from lca_service.catalogue.catalogue import Catalogue
from lca_service.domain.study import Study
from lca_service.matrices.background import Background

Array = NDArray[np.float64]

CO2_BIOGENIC = "co2-biogenic"


@dataclass(frozen=True)
class Split:
    """The amounts of one line of a study, by measure; None where unknown, with a reason.

    Parameters
    ----------
    own
        What belongs to the scope of the line.
    upstream
        What comes before it: the whole is their sum.
    reasons
        Why an amount is unknown, by measure.
    """

    own: Mapping[str, float | None]
    upstream: Mapping[str, float | None]
    reasons: Mapping[str, str]


def split_by_scope(
    study: Study,
    scopes: Mapping[str, int],
    catalogue: Catalogue,
    background: Background,
    borders: Borders,
) -> Mapping[str, Split]:
    """Return the lines and emissions of a study, split as their scopes ask, by id.

    A line of scope 1 is split into its combustion and what comes before; one of scope 2 into
    the generation of the amount consumed and the rest; one of scope 3 is not split.

    Raises
    ------
    StudyError
        With every fault of the study.
    """
    selected, foreground = bind(study, catalogue)
    measures = [
        *_of_categories(selected, catalogue, background),
        _of_biogenic(catalogue, background),
    ]
    found: dict[str, Split] = {}
    for purchase in foreground.purchases:
        if purchase.node == PRODUCT:
            bought = _Bought(foreground, purchase)
            scope = scopes[purchase.line.id]
            supply = _own_supply(bought, scope, borders)
            found[purchase.line.id] = _split(bought, supply, scope, measures)
    for release in foreground.releases:
        if release.node == PRODUCT:
            found[release.emission.id] = _released(release, measures)
    return found


class _Bought:
    """What a line buys from the background and, with given parameters, emits itself."""

    def __init__(self, foreground: Foreground, purchase: Purchase) -> None:
        self.amount = purchase.amount
        self.demand: dict[int, float] = {}
        self.released: dict[int, float] = {}
        if purchase.match is not None:
            self.demand[purchase.match.activity_index] = purchase.amount
            return
        for each in foreground.purchases:
            if each.node == purchase.assembly and each.match is not None:
                position = each.match.activity_index
                before = self.demand.get(position, 0.0)
                self.demand[position] = before + each.amount * purchase.amount
        for release in foreground.releases:
            if release.node == purchase.assembly:
                for row, amount in release.rows:
                    self.released[row] = self.released.get(row, 0.0) + amount * purchase.amount


@dataclass(frozen=True)
class _Measure:
    """Something that is counted: by one unit of every activity, itself and in all, and row."""

    id: str
    direct: Array
    whole: Array
    by_row: Array
    blocked_by: tuple[tuple[str, Array, Array], ...] = ()

    def reason(self, demand: Mapping[int, float], released: Mapping[int, float]) -> str:
        """Return why the amount is unknown; empty if it is known."""
        names = [
            name
            for name, whole, rows in self.blocked_by
            if _dot(whole, demand) or _dot(rows, released)
        ]
        return f"unknown, because the supply chain contains {', '.join(names)}" if names else ""


def _own_supply(bought: _Bought, scope: int, borders: Borders) -> Mapping[int, float]:
    """Return the activities whose emissions belong to a scope; none of 3, which is not split."""
    if scope == 1:
        return borders.burnt(bought.demand)
    return borders.generated(bought.demand, bought.amount) if scope == 2 else {}


def _of_categories(
    selected: Iterable[int], catalogue: Catalogue, background: Background
) -> Iterator[_Measure]:
    for row in selected:
        category = catalogue.categories[row]
        factors = background.characterization[row]
        yield _Measure(
            id=category.indicator,
            direct=np.asarray(background.biosphere.T @ factors),
            whole=background.multipliers[row],
            by_row=factors,
            blocked_by=tuple(
                (flow, *_of_flow(flow, catalogue, background)) for flow in category.blocked_by
            ),
        )


def _of_biogenic(catalogue: Catalogue, background: Background) -> _Measure:
    whole, rows = _of_flow(CO2_BIOGENIC, catalogue, background)
    return _Measure(CO2_BIOGENIC, np.asarray(background.biosphere.T @ rows), whole, rows)


def _of_flow(flow: str, catalogue: Catalogue, background: Background) -> tuple[Array, Array]:
    """Return the amount of a flow per unit of every product, and per unit of every row."""
    whole = background.inventory_multipliers[catalogue.flow_codes.index(flow)]
    rows = np.array([float(name == flow) for name, _ in catalogue.flow_rows])
    return whole, rows


def _split(
    bought: _Bought, supply: Mapping[int, float], scope: int, measures: Iterable[_Measure]
) -> Split:
    own: dict[str, float | None] = {}
    upstream: dict[str, float | None] = {}
    reasons: dict[str, str] = {}
    for each in measures:
        emitted = _dot(each.by_row, bought.released)
        whole = _dot(each.whole, bought.demand) + emitted
        reason = each.reason(bought.demand, bought.released)
        if reason:
            reasons[each.id] = reason
        unknown = None if reason else whole
        if scope == 3:
            own[each.id], upstream[each.id] = unknown, 0.0
            continue
        part = _dot(each.direct, supply) + (emitted if scope == 1 else 0.0)
        own[each.id] = part
        upstream[each.id] = None if unknown is None else whole - part
    return Split(own, upstream, reasons)


def _released(release: Release, measures: Iterable[_Measure]) -> Split:
    rows = dict(release.rows)
    found = [(each.id, _dot(each.by_row, rows), each.reason({}, rows)) for each in measures]
    return Split(
        own={name: None if reason else amount for name, amount, reason in found},
        upstream={name: 0.0 for name, _, _ in found},
        reasons={name: reason for name, _, reason in found if reason},
    )


def _dot(per_unit: Array, amounts: Mapping[int, float]) -> float:
    return math.fsum(per_unit[place] * amount for place, amount in amounts.items())
