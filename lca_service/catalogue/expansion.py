"""Expansion of process templates: exchanges and data class of every activity."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from lca_service.catalogue.build import Build, Placed, shown
from lca_service.catalogue.formulas import FormulaError, Formulas
from lca_service.catalogue.templates import (
    Binding,
    ExchangeTemplate,
    ProcessTemplate,
    names_in,
)
from lca_service.domain.activity import DataClass
from lca_service.domain.location import WORLD
from lca_service.domain.provenance import Basis
from lca_service.errors import UnitMismatch

_SHARE_TOLERANCE = 0.005  # shares stand as the source prints them, rounded


def expand_processes(build: Build) -> None:
    """Add the exchanges of every placed template, and set its data class."""
    own = {code: _expand(build, entry) for code, entry in build.placed.items()}
    supplied = _with_local_supply(build)
    for code, entry in build.placed.items():
        _classify(build, entry, own[code], supplied)


def _expand(build: Build, entry: Placed) -> list[bool]:
    """Add the exchanges of one template; return which locations have own figures in them."""
    template, count = entry.template, len(entry.locations)
    bound = {
        each.name: _bind(build, template, each, entry.locations) for each in template.parameters
    }
    own = [False] * count
    if not count or any(column is None for column in bound.values()):
        return own
    columns = {name: column for name, column in bound.items() if column is not None}
    for group in template.shares:
        _check_shares(build, entry, group, columns)
    formulas, uses = _define(build, template, columns, count)
    # A figure that only says that the activity exists there does not distinguish it, and an
    # estimate of ours is no source
    used = frozenset().union(*(_parameters(each.amount, uses) for each in template.exchanges))
    for name in used:
        for index, position in enumerate(columns[name]):
            figure = build.figures.rows[position]
            is_sourced = figure.basis is not Basis.ESTIMATED
            own[index] |= is_sourced and figure.location == entry.locations[index] != WORLD
    for exchange in template.exchanges:
        _exchange(build, entry, exchange, formulas, columns, uses)
    return own


def _bind(
    build: Build, template: ProcessTemplate, binding: Binding, locations: Sequence[str]
) -> list[int] | None:
    """Return the figure of a parameter at every location, None if one is missing."""
    found: list[int] = []
    missing: list[str] = []
    for location in locations:
        rungs: Iterable[str] = build.names.ladders[location]
        if binding.at != "ladder":
            rungs = (location,) if binding.at == "own" else (WORLD,)
        position = build.figures.nearest(binding.quantity, binding.subject, rungs)
        if position is None:
            missing.append(location)
        else:
            found.append(position)
    if missing:
        detail = (
            f"parameter {binding.name!r}: no figure {binding.quantity!r} of "
            f"{binding.subject!r} (at: {binding.at}) for {shown(missing)}"
        )
        build.fault(template, "no_figure", detail)
        return None
    if len({build.figures.base_units[position] for position in found}) > 1:
        units = sorted({build.figures.rows[position].unit for position in found})
        build.fault(template, "mixed_units", f"parameter {binding.name!r} in {units}")
        return None
    return found


def _check_shares(
    build: Build, entry: Placed, group: Sequence[str], columns: Mapping[str, list[int]]
) -> None:
    """Note a fault where parameters that share a whole do not sum to one."""
    unknown = [name for name in group if name not in columns]
    if unknown:
        build.fault(entry.template, "bad_template", f"'shares' names no parameter: {unknown}")
        return
    values = build.figures.base_values
    sums = np.sum([[values[position] for position in columns[name]] for name in group], axis=0)
    wrong = np.flatnonzero(np.abs(sums - 1) > _SHARE_TOLERANCE)
    if len(wrong):
        where = shown([f"{entry.locations[index]} ({sums[index]:.4g})" for index in wrong])
        build.fault(entry.template, "bad_shares", f"{', '.join(group)} do not sum to 1 at {where}")


def _define(
    build: Build, template: ProcessTemplate, columns: Mapping[str, list[int]], count: int
) -> tuple[Formulas, dict[str, frozenset[str]]]:
    """Return the evaluator, and which parameters every name depends on."""
    values = {
        name: np.array([build.figures.base_values[position] for position in column])
        for name, column in columns.items()
    }
    units = {name: build.figures.base_units[column[0]] for name, column in columns.items()}
    formulas = Formulas(values, units, count)
    uses = {name: frozenset([name]) for name in columns}
    for name, expression in template.derived:
        try:
            formulas.define(name, expression)
        except FormulaError as error:
            detail = f"derived {name!r}: {error}; a derived value uses those written before it"
            build.fault(template, "bad_formula", detail)
        uses[name] = _parameters(expression, uses)
    return formulas, uses


def _exchange(
    build: Build,
    entry: Placed,
    exchange: ExchangeTemplate,
    formulas: Formulas,
    columns: Mapping[str, list[int]],
    uses: Mapping[str, frozenset[str]],
) -> None:
    template = entry.template
    if not _is_known(build, template, exchange):
        return
    try:
        amounts = formulas.amounts(exchange.amount, _ratio_unit(build, template, exchange))
    except (FormulaError, UnitMismatch) as error:
        build.fault(template, "bad_formula", f"{exchange.product or exchange.flow}: {error}")
        return
    bad = ~np.isfinite(amounts) | ((amounts < 0) & bool(exchange.product))
    if bad.any():
        where = shown([entry.locations[index] for index in np.flatnonzero(bad)])
        detail = f"{exchange.product or exchange.flow}: negative or not finite at {where}"
        build.fault(template, "bad_amount", detail)
        return
    names = sorted(_parameters(exchange.amount, uses))
    # An amount of zero is a zero of the source, such as a country without coal power
    present = [index for index in range(len(amounts)) if amounts[index] != 0.0]
    targets = [_target(build, template, exchange, entry.locations[index]) for index in present]
    if any(target is None for target in targets):
        return
    table = build.technosphere if exchange.product else build.biosphere
    table.extend(
        [entry.positions[index] for index in present],
        [target for target in targets if target is not None],
        [float(amounts[index]) for index in present],
        formula=build.formula(exchange.amount),
        tag=build.tag(exchange.tags),
        figures=[[columns[name][index] for name in names] for index in present],
    )


def _is_known(build: Build, template: ProcessTemplate, exchange: ExchangeTemplate) -> bool:
    if exchange.flow:
        return build.knows_flow(exchange.flow, template)
    is_known = build.knows_product(exchange.product, template)
    return is_known and (not exchange.location or build.knows_location(exchange.location, template))


def _ratio_unit(build: Build, template: ProcessTemplate, exchange: ExchangeTemplate) -> str:
    """Return the unit of an amount: exchange unit per unit of the reference product."""
    return build.names.exchange_unit(
        product=exchange.product, flow=exchange.flow, of=template.product
    )


def _target(
    build: Build, template: ProcessTemplate, exchange: ExchangeTemplate, location: str
) -> int | None:
    if exchange.flow:
        is_regional = build.names.flows[exchange.flow].is_regional
        return build.flow_positions[exchange.flow, location if is_regional else ""]
    found = build.providers.find(exchange.product, exchange.location or location, exchange.mix)
    if found is None:
        detail = f"nobody makes {exchange.product!r} for {location}; give it a GLO average"
        build.fault(template, "no_provider", detail)
        return None
    return found[0]


def _classify(build: Build, entry: Placed, own: Sequence[bool], supplied: frozenset[int]) -> None:
    """Set the data class of the activities of one template."""
    for index, position in enumerate(entry.positions):
        if own[index]:
            data_class = DataClass.OWN
        elif position in supplied:
            data_class = DataClass.RELINKED
        else:
            continue
        build.activities[position] = dataclasses.replace(
            build.activities[position], data_class=data_class
        )


def _with_local_supply(build: Build) -> frozenset[int]:
    """Return the activities that buy something made at their own location."""
    table = build.technosphere.table()
    return frozenset(
        int(user)
        for user, maker in zip(table.activity_index, table.target_index, strict=True)
        if build.activities[user].location == build.activities[maker].location != WORLD
    )


def _parameters(expression: str, uses: Mapping[str, frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*(uses.get(name, frozenset()) for name in names_in(expression)))
