"""One activity opened: its exchanges, their formulas, and the figures behind them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypedDict

import numpy as np

from lca_service.catalogue.catalogue import Catalogue
from lca_service.catalogue.exchanges import ExchangeTable
from lca_service.catalogue.nomenclature import nearest_names
from lca_service.domain import quality
from lca_service.domain.activity import Activity
from lca_service.domain.provenance import Figure, Source
from lca_service.domain.quality import Quality
from lca_service.errors import UnknownName


@dataclass(frozen=True)
class SourcedFigure:
    """A figure with its source and the licence of its table."""

    figure: Figure
    source: Source
    licence: str


@dataclass(frozen=True)
class InspectedExchange:
    """One exchange of an activity.

    ``provider`` is the activity that supplies a product, None for elementary flows;
    ``location`` is that of the provider, or of a regional flow; ``quality`` holds the worst
    scores of the figures, None where there is no figure.
    """

    product: str
    flow: str
    provider: Activity | None
    location: str
    amount: float
    unit: str
    formula: str
    tags: tuple[str, ...]
    quality: Quality | None
    figures: tuple[SourcedFigure, ...]


class _Provenance(TypedDict):
    figures: tuple[SourcedFigure, ...]
    quality: Quality | None


def inspect_activity(
    catalogue: Catalogue, activity_id: str
) -> tuple[Activity, tuple[InspectedExchange, ...]]:
    """Return an activity and its exchanges per unit of its product.

    Raises
    ------
    UnknownName
        If there is no such activity, with the nearest ids.
    """
    position = catalogue.positions.get(activity_id)
    if position is None:
        nearest = nearest_names(activity_id, catalogue.positions)
        hint = "GET /v1/products/{code} lists the activities of a product"
        raise UnknownName("unknown_activity", activity_id, nearest, hint)
    exchanges = (*_products(catalogue, position), *_flows(catalogue, position))
    return catalogue.activities[position], exchanges


def _products(catalogue: Catalogue, position: int) -> Iterator[InspectedExchange]:
    table = catalogue.technosphere
    for index in _of_activity(table, position):
        provider = catalogue.activities[int(table.target_index[index])]
        unit = catalogue.nomenclature.products[provider.product].unit
        yield InspectedExchange(
            product=provider.product,
            flow="",
            provider=provider,
            location=provider.location,
            amount=float(table.amount[index]),
            unit=unit,
            formula=catalogue.formulas[int(table.formula_index[index])],
            tags=catalogue.tags[int(table.tag_index[index])],
            **_provenance(catalogue, table, index),
        )


def _flows(catalogue: Catalogue, position: int) -> Iterator[InspectedExchange]:
    table = catalogue.biosphere
    for index in _of_activity(table, position):
        flow, location = catalogue.flow_rows[int(table.target_index[index])]
        yield InspectedExchange(
            product="",
            flow=flow,
            provider=None,
            location=location,
            amount=float(table.amount[index]),
            unit=catalogue.nomenclature.flows[flow].unit,
            formula=catalogue.formulas[int(table.formula_index[index])],
            tags=catalogue.tags[int(table.tag_index[index])],
            **_provenance(catalogue, table, index),
        )


def _of_activity(table: ExchangeTable, position: int) -> list[int]:
    return [int(index) for index in np.flatnonzero(table.activity_index == position)]


def _provenance(catalogue: Catalogue, table: ExchangeTable, index: int) -> _Provenance:
    start, stop = int(table.figure_pointer[index]), int(table.figure_pointer[index + 1])
    rows = [catalogue.figures[int(place)] for place in table.figure_index[start:stop]]
    activity = catalogue.activities[int(table.activity_index[index])]
    names = catalogue.nomenclature
    worst = quality.worst(
        [figure for figure, _ in rows],
        product=activity.product,
        ladder=names.ladders[activity.location],
        regions=names.continents,
        year=catalogue.year,
    )
    figures = tuple(
        SourcedFigure(figure, catalogue.sources[figure.source], licence) for figure, licence in rows
    )
    return {"figures": figures, "quality": worst}
