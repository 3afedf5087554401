"""What a score owes to every figure of the tables: first-order elasticities.

A score is h = q (I - T)^-1 f. Changing an exchange of activity j by da changes it by
s_j da w, where s is the supply and w the multiplier of the product bought or the factor
of the flow exchanged. Templates tell how the exchanges follow from a figure; one figure
may stand behind many exchanges at many places.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from lca_service.catalogue.catalogue import Catalogue
from lca_service.catalogue.formulas import Formulas
from lca_service.catalogue.override import figure_of
from lca_service.catalogue.templates import ExchangeTemplate, ProcessTemplate, names_in
from lca_service.matrices.background import Background
from lca_service.units import to_base

Array = NDArray[np.float64]
Positions = NDArray[np.intp]

_STEP = 1e-6  # relative; formulas are smooth, and the error of the difference is of this size


def figure_elasticities(
    catalogue: Catalogue, background: Background, supplies: Array, categories: Sequence[int]
) -> Array:
    """Return d ln(score) / d ln(figure), shape (n_figures, n_supplies, n_categories).

    Parameters
    ----------
    supplies
        Supply of every activity for each demand, shape (n_supplies, n_activities).
    categories
        Rows of the impact categories. A score of zero has elasticities of zero.
    """
    rows = list(categories)
    direct = background.characterization[rows] @ background.biosphere
    scores = supplies @ np.asarray(direct).T
    worth = (background.multipliers[rows], background.characterization[rows])
    change = np.zeros((len(catalogue.figures), *scores.shape))
    for template, positions in _placed(catalogue):
        if supplies[:, positions].any():
            _add_template(catalogue, template, positions, supplies, worth, change)
    _add_averages(catalogue, supplies, worth[0], change)
    elasticities = np.zeros_like(change)
    np.divide(change, scores, out=elasticities, where=scores != 0)
    return elasticities


def _placed(catalogue: Catalogue) -> Iterator[tuple[ProcessTemplate, Positions]]:
    positions: defaultdict[str, list[int]] = defaultdict(list)
    for position, activity in enumerate(catalogue.activities):
        positions[activity.process].append(position)
    for code, template in catalogue.templates.items():
        yield template, np.array(positions[code], dtype=np.intp)


def _add_template(
    catalogue: Catalogue,
    template: ProcessTemplate,
    positions: Positions,
    supplies: Array,
    worth: tuple[Array, Array],
    change: Array,
) -> None:
    """Add what each figure of a template changes, per relative change of the figure."""
    columns = {
        binding.name: np.array(
            [figure_of(catalogue, binding, catalogue.activities[p].location) for p in positions],
            dtype=np.intp,
        )
        for binding in template.parameters
    }
    values, units = _values(catalogue, columns)
    uses = _Uses(template)
    plain = _evaluator(template, values, units, len(positions))
    exchanges = [
        (each, _weights(catalogue, each, positions, supplies, worth), uses(each.amount))
        for each in template.exchanges
    ]
    for name, column in columns.items():
        affected = [(each, weight) for each, weight, names in exchanges if name in names]
        if not affected:
            continue
        raised = {**values, name: values[name] * (1 + _STEP)}
        formulas = _evaluator(template, raised, units, len(positions))
        moved = np.zeros((len(positions), *change.shape[1:]))
        for each, weight in affected:
            unit = _unit(catalogue, template, each)
            slope = formulas.amounts(each.amount, unit) - plain.amounts(each.amount, unit)
            moved += (slope / _STEP)[:, None, None] * weight
        np.add.at(change, column, moved)


def _values(
    catalogue: Catalogue, columns: Mapping[str, Positions]
) -> tuple[dict[str, Array], dict[str, str]]:
    """Return the parameters in SI base units, and these units."""
    values: dict[str, Array] = {}
    units: dict[str, str] = {}
    for name, column in columns.items():
        figures = [catalogue.figures[position][0] for position in column]
        values[name] = np.array([each.value * to_base(each.unit)[0] for each in figures])
        units[name] = to_base(figures[0].unit)[1]
    return values, units


def _evaluator(
    template: ProcessTemplate, values: Mapping[str, Array], units: Mapping[str, str], count: int
) -> Formulas:
    formulas = Formulas(values, units, count)
    for name, expression in template.derived:
        formulas.define(name, expression)
    return formulas


class _Uses:
    """Which parameters an expression of a template depends on."""

    def __init__(self, template: ProcessTemplate) -> None:
        self._names = {each.name: frozenset([each.name]) for each in template.parameters}
        for name, expression in template.derived:
            self._names[name] = self(expression)

    def __call__(self, expression: str) -> frozenset[str]:
        found = (self._names.get(name, frozenset()) for name in names_in(expression))
        return frozenset().union(*found)


def _unit(catalogue: Catalogue, template: ProcessTemplate, exchange: ExchangeTemplate) -> str:
    return catalogue.nomenclature.exchange_unit(
        product=exchange.product, flow=exchange.flow, of=template.product
    )


def _weights(
    catalogue: Catalogue,
    exchange: ExchangeTemplate,
    positions: Positions,
    supplies: Array,
    worth: tuple[Array, Array],
) -> Array:
    """Return what a unit of an exchange is worth, shape (n_places, n_supplies, n_categories)."""
    places = [catalogue.activities[position].location for position in positions]
    if exchange.product:
        targets: list[int] = []
        for place in places:
            provider = catalogue.providers.find(
                exchange.product, exchange.location or place, exchange.mix
            )
            assert provider is not None, "the release has a provider for every exchange"
            targets.append(provider[0])
        value = worth[0][:, targets]
    else:
        regional = catalogue.nomenclature.flows[exchange.flow].is_regional
        rows = catalogue.flow_row_positions
        value = worth[1][:, [rows[exchange.flow, place if regional else ""] for place in places]]
    return np.asarray(np.einsum("sp,cp->psc", supplies[:, positions], value))


def _add_averages(catalogue: Catalogue, supplies: Array, multipliers: Array, change: Array) -> None:
    """Add what the weights of averages change: a larger weight draws towards its member."""
    table = catalogue.technosphere
    is_mix = np.array([bool(activity.mix) for activity in catalogue.activities])
    found = np.flatnonzero(is_mix[table.activity_index])
    mixes, members = table.activity_index[found], table.target_index[found]
    pull = multipliers[:, members] - multipliers[:, mixes]
    moved = np.einsum("se,ce->esc", supplies[:, mixes] * table.amount[found], pull)
    np.add.at(change, table.figure_index[table.figure_pointer[found]], moved)
