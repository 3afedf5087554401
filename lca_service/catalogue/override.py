"""A process evaluated again at its place, with some of its parameters given by the user.

The user's mix of electricity is the supply process with other shares; a refrigerator of his
own is the refrigerator with another charge. Nothing of the release changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from lca_service.catalogue.catalogue import Catalogue
from lca_service.catalogue.formulas import FormulaError, Formulas
from lca_service.catalogue.nomenclature import nearest_names
from lca_service.catalogue.templates import Binding, ExchangeTemplate, ProcessTemplate
from lca_service.domain.activity import Activity
from lca_service.domain.location import WORLD
from lca_service.domain.provenance import Figure
from lca_service.errors import BadParameter, NoProvider, UnknownName
from lca_service.units import factor, to_base

Array = NDArray[np.float64]

_WHOLE = 0.005  # shares of a whole may be rounded


@dataclass(frozen=True)
class Parameter:
    """A parameter of a process at a place, and the figure it takes."""

    name: str
    figure: Figure
    shares_whole_with: tuple[str, ...]


Amount = TypeVar("Amount")


@dataclass(frozen=True)
class Input(Generic[Amount]):
    """A product that the process buys, per unit of its own: who provides it, and how found.

    The amount is one number, or one per sample.
    """

    activity_index: int
    product: str
    asked: str
    ladder: tuple[str, ...]
    amount: Amount


@dataclass(frozen=True)
class Evaluated:
    """What one unit of the process takes and emits; emissions by row of the biosphere."""

    inputs: tuple[Input[float], ...]
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
    bought, emitted = exchanges_of(
        catalogue, activity, given_values(catalogue, activity, given), count=1
    )
    return Evaluated(
        tuple(
            Input(each.activity_index, each.product, each.asked, each.ladder, float(each.amount[0]))
            for each in bought
        ),
        tuple((row, float(amount[0])) for row, amount in emitted),
    )


def given_values(
    catalogue: Catalogue, activity: Activity, given: Mapping[str, tuple[float, str]]
) -> dict[str, float]:
    """Return given parameters in SI base units, and with them the shares they leave nothing of.

    Raises as `evaluate_again`.
    """
    parameters = {each.name: each for each in parameters_of(catalogue, activity)}
    values = {
        name: amount * factor(unit, parameters[name].figure.unit)
        for name, (amount, unit) in given.items()
    }
    for group in catalogue.templates[activity.process].shares:
        if not values.keys().isdisjoint(group):
            _complete(group, values, parameters)
    return {
        name: value * to_base(parameters[name].figure.unit)[0] for name, value in values.items()
    }


def exchanges_of(
    catalogue: Catalogue, activity: Activity, values: Mapping[str, Array | float], *, count: int
) -> tuple[list[Input[Array]], list[tuple[int, Array]]]:
    """Return what an activity buys, and what it emits by row of the biosphere.

    Parameters
    ----------
    values
        Of parameters in SI base units, each a number or shape (count,); those of the table
        where one is left out.

    Raises
    ------
    BadParameter
        If an exchange comes out negative or is no number.
    """
    template = catalogue.templates[activity.process]
    formulas = _formulas(template, parameters_of(catalogue, activity), values, count)
    bought: list[Input[Array]] = []
    emitted: list[tuple[int, Array]] = []
    for exchange in template.exchanges:
        amount = _amounts(catalogue, template, exchange, formulas)
        if not amount.any():
            continue
        if exchange.product:
            asked = exchange.location or activity.location
            bought.append(bought_from(catalogue, exchange.product, asked, exchange.mix, amount))
        else:
            regional = catalogue.nomenclature.flows[exchange.flow].is_regional
            row = exchange.flow, activity.location if regional else ""
            emitted.append((catalogue.flow_row_positions[row], amount))
    return bought, emitted


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
    template: ProcessTemplate,
    parameters: tuple[Parameter, ...],
    values: Mapping[str, Array | float],
    count: int,
) -> Formulas:
    base = {each.name: to_base(each.figure.unit) for each in parameters}
    table = {each.name: each.figure.value * base[each.name][0] for each in parameters}
    formulas = Formulas(
        {name: np.broadcast_to(values.get(name, table[name]), (count,)) for name in base},
        {name: unit for name, (_, unit) in base.items()},
        count,
    )
    for name, expression in template.derived:
        formulas.define(name, expression)
    return formulas


def _amounts(
    catalogue: Catalogue, template: ProcessTemplate, exchange: ExchangeTemplate, formulas: Formulas
) -> Array:
    names = catalogue.nomenclature
    what = exchange.product or exchange.flow
    unit = names.exchange_unit(product=exchange.product, flow=exchange.flow, of=template.product)
    try:
        amounts = formulas.amounts(exchange.amount, unit)
    except FormulaError as error:
        raise BadParameter(f"{what}: {error}", "give another value") from error
    if len(amounts) == 1:  # of samples, some may be drawn beyond what makes sense
        amount = float(amounts[0])
        if not np.isfinite(amount) or (exchange.product and amount < 0):
            detail = f"{what} comes out as {amount:g} with the parameters given"
            raise BadParameter(detail, f"its amount is {exchange.amount}")
    return amounts


def bought_from(
    catalogue: Catalogue, product: str, asked: str, mix: str, amount: Array
) -> Input[Array]:
    """Return a purchase with who provides the product at a place, or above it on the ladder.

    Raises
    ------
    NoProvider
        If nobody does.
    """
    found = catalogue.providers.find(product, asked, mix)
    if found is None:
        raise NoProvider(f"nobody makes {product} at {asked} or above it")
    position, walked = found
    return Input(position, product, asked, tuple(walked), amount)
