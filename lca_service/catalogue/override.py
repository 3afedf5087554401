"""A process evaluated again at its place, with some of its parameters given by the user.

The user's mix of electricity is the supply process with other shares; a refrigerator of his
own is the refrigerator with another charge. Nothing of the release changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from lca_service.catalogue.catalogue import Catalogue
from lca_service.catalogue.formulas import FormulaError, Formulas
from lca_service.catalogue.nomenclature import nearest_names
from lca_service.catalogue.templates import Binding, ExchangeTemplate, ProcessTemplate
from lca_service.domain.activity import Activity
from lca_service.domain.location import WORLD
from lca_service.domain.provenance import Figure
from lca_service.errors import BadParameter, UnknownName
from lca_service.units import factor, to_base

_WHOLE = 0.005  # shares of a whole may be rounded


@dataclass(frozen=True)
class Parameter:
    """A parameter of a process at a place, and the figure it takes."""

    name: str
    figure: Figure
    shares_whole_with: tuple[str, ...]


@dataclass(frozen=True)
class Input:
    """A product that the process buys, per unit of its own: who provides it, and how found."""

    activity_index: int
    product: str
    asked: str
    ladder: tuple[str, ...]
    amount: float


@dataclass(frozen=True)
class Evaluated:
    """What one unit of the process takes and emits; emissions by row of the biosphere."""

    inputs: tuple[Input, ...]
    emissions: tuple[tuple[int, float], ...]


def parameters_of(catalogue: Catalogue, activity: Activity) -> tuple[Parameter, ...]:
    """Return the parameters of an activity's process; none for an average."""
    template = catalogue.templates.get(activity.process)
    if template is None:
        return ()
    return tuple(
        Parameter(
            binding.name,
            catalogue.figures[figure_of(catalogue, binding, activity.location)][0],
            next((group for group in template.shares if binding.name in group), ()),
        )
        for binding in template.parameters
    )


def evaluate_again(
    catalogue: Catalogue, activity: Activity, given: Mapping[str, tuple[float, str]]
) -> Evaluated:
    """Return the exchanges of an activity with some parameters given, as amount and unit.

    Where given shares of a whole sum to one, the shares of that whole that are not given
    are zero.

    Raises
    ------
    UnknownName
        If the process has no such parameter, or is an average, which has none.
    UnitMismatch
        If a given unit has another dimension than the parameter's.
    BadParameter
        If shares of a whole do not sum to one, or an exchange comes out negative or is no
        number.
    """
    parameters = {each.name: each for each in parameters_of(catalogue, activity)}
    for name in given:
        if name not in parameters:
            hint = f"GET /v1/activities/{activity.id} lists the parameters"
            raise UnknownName("unknown_parameter", name, nearest_names(name, parameters), hint)
    template = catalogue.templates[activity.process]
    values = {
        name: amount * factor(unit, parameters[name].figure.unit)
        for name, (amount, unit) in given.items()
    }
    for group in template.shares:
        if not values.keys().isdisjoint(group):
            _complete(group, values, parameters)
    formulas = _formulas(template, parameters, values)
    inputs: list[Input] = []
    emissions: list[tuple[int, float]] = []
    for exchange in template.exchanges:
        amount = _amount(catalogue, template, exchange, formulas)
        if amount == 0.0:
            continue
        if exchange.product:
            inputs.append(_input(catalogue, exchange, activity.location, amount))
        else:
            regional = catalogue.nomenclature.flows[exchange.flow].is_regional
            row = exchange.flow, activity.location if regional else ""
            emissions.append((catalogue.flow_row_positions[row], amount))
    return Evaluated(tuple(inputs), tuple(emissions))


def figure_of(catalogue: Catalogue, binding: Binding, location: str) -> int:
    """Return the position of the figure that a parameter takes at a place."""
    rungs: tuple[str, ...] = catalogue.nomenclature.ladders[location]
    if binding.at != "ladder":
        rungs = (location,) if binding.at == "own" else (WORLD,)
    positions = catalogue.figure_positions
    return next(
        positions[key]
        for rung in rungs
        if (key := (binding.quantity, binding.subject, rung)) in positions
    )


def _complete(
    group: tuple[str, ...], values: dict[str, float], parameters: Mapping[str, Parameter]
) -> None:
    """Set the shares of a whole that are not given to zero, if those given are the whole."""
    parts = {
        name: values[name] * to_base(parameters[name].figure.unit)[0]
        for name in group
        if name in values
    }
    whole = sum(parts.values())
    if abs(whole - 1) > _WHOLE:
        raise BadParameter(
            f"{', '.join(parts)} are shares of one whole and sum to {whole:.4g}",
            f"give shares that sum to 1 among: {', '.join(group)}",
        )
    values |= {name: 0.0 for name in group if name not in values}


def _formulas(
    template: ProcessTemplate, parameters: Mapping[str, Parameter], values: Mapping[str, float]
) -> Formulas:
    base = {name: to_base(each.figure.unit) for name, each in parameters.items()}
    formulas = Formulas(
        {
            name: np.array([values.get(name, each.figure.value) * base[name][0]])
            for name, each in parameters.items()
        },
        {name: unit for name, (_, unit) in base.items()},
        1,
    )
    for name, expression in template.derived:
        formulas.define(name, expression)
    return formulas


def _amount(
    catalogue: Catalogue, template: ProcessTemplate, exchange: ExchangeTemplate, formulas: Formulas
) -> float:
    names = catalogue.nomenclature
    what = exchange.product or exchange.flow
    unit = names.exchange_unit(product=exchange.product, flow=exchange.flow, of=template.product)
    try:
        amounts = formulas.amounts(exchange.amount, unit)
    except FormulaError as error:
        raise BadParameter(f"{what}: {error}", "give another value") from error
    amount = float(amounts[0])
    if not np.isfinite(amount) or (exchange.product and amount < 0):
        detail = f"{what} comes out as {amount:g} with the parameters given"
        raise BadParameter(detail, f"its amount is {exchange.amount}")
    return amount


def _input(catalogue: Catalogue, exchange: ExchangeTemplate, location: str, amount: float) -> Input:
    asked = exchange.location or location
    found = catalogue.providers.find(exchange.product, asked, exchange.mix)
    assert found is not None, "the release was compiled with a provider for every exchange"
    position, walked = found
    return Input(position, exchange.product, asked, tuple(walked), amount)
