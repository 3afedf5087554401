"""The bill of materials that a product template makes of the answers to its questions."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lca_service.catalogue.formulas import FormulaError, Formulas
from lca_service.catalogue.nomenclature import nearest_names
from lca_service.catalogue.product_templates import Amount, Case, Choice, Place, ProductTemplate
from lca_service.domain.provenance import Basis
from lca_service.errors import Fault, StudyError, UnitMismatch
from lca_service.units import factor, to_base

GIVEN, COMPLETED, DEFAULT, PROXY = "given", "completed", "default", "proxy"


@dataclass(frozen=True)
class Answered:
    """A parameter as it was used.

    Its ``status`` is ``given`` by the user; ``completed`` from something else that was given,
    as a place that is the product's; the template's sourced ``default``; or ``proxy``, an
    estimate in place of a default that no source gives.
    """

    amount: float | None
    unit: str
    choice: str
    status: str
    minimum: float | None
    maximum: float | None
    source: str


@dataclass(frozen=True)
class Expanded:
    """The bill that a template makes, and what it was made of.

    ``amounts`` has the status of the amount of every line: that of the weakest parameter it
    is computed from, and ``completed`` where all of them were given.
    """

    declared_unit: Mapping[str, Any]
    bill: tuple[Mapping[str, Any], ...]
    parameters: Mapping[str, Answered]
    amounts: Mapping[str, str]


def expand(template: ProductTemplate, given: Mapping[str, Any]) -> Expanded:
    """Return the bill of a template for what is given of its parameters.

    Parameters
    ----------
    given
        By name: an amount as a number in the template's unit or as ``{"amount", "unit"}``, a
        place or a choice as text.

    Raises
    ------
    StudyError
        With every parameter that is unknown, or is given something that it cannot be.
    """
    faults = [
        Fault(f"/parameters/{name}", "unknown_parameter", f"no parameter {name!r}", "",
              nearest_names(name, template.parameters))
        for name in given
        if name not in template.parameters
    ]  # fmt: skip
    used: dict[str, Answered] = {}
    # what an amount depends on comes before it
    for name in sorted(template.parameters, key=lambda name: _is_amount(template, name)):
        try:
            used[name] = _answered(template.parameters[name], given.get(name), used)
        except (ValueError, UnitMismatch) as error:
            faults.append(Fault(f"/parameters/{name}", "bad_value", str(error)))
    if faults:
        raise StudyError(faults)
    used = {name: used[name] for name in template.parameters}
    formulas = _formulas(template, used)
    try:
        bill = tuple(_lines(template, used, formulas))
        unit: dict[str, Any] = {
            "amount": template.declared_unit.amount,
            "unit": template.declared_unit.unit,
        }
        if template.declared_unit.mass:
            unit["mass_kg"] = _amount(formulas, template.declared_unit.mass, "kg")
    except FormulaError as error:
        raise StudyError([Fault("/parameters", "bad_value", str(error))]) from error
    formulas_of = {line.id: line.amount for line in template.bill}
    amounts = {
        line["id"]: _status_of_amount(formulas_of[line["id"]], template, used) for line in bill
    }
    return Expanded(unit, bill, used, amounts)


@dataclass(frozen=True)
class DrawnLine:
    """A line of a bill whose amount varies: amounts in ``unit``, shape (n,)."""

    product: str
    amounts: NDArray[np.float64]
    unit: str
    location: str


def expand_draws(
    template: ProductTemplate,
    choices: Mapping[str, str],
    drawn: Mapping[str, NDArray[np.float64]],
    n: int,
) -> list[DrawnLine]:
    """Return the bill of a template for many values of its amounts.

    Parameters
    ----------
    choices
        Of its choices, by name; else the default.
    drawn
        Values of amounts by name, in the template's units, shape (n,); else the default.

    Raises
    ------
    StudyError
        If a choice is not known, or an amount comes out negative or is no number.
    """
    made = expand(template, choices)
    scale, unit = to_base("piece")
    values, units = {"piece": np.full(n, scale)}, {"piece": unit}
    for name, each in made.parameters.items():
        if each.amount is not None:
            scale, units[name] = to_base(each.unit)
            values[name] = np.broadcast_to(drawn.get(name, each.amount), (n,)) * scale
    formulas = Formulas(values, units, n)
    for name, expression in template.formulas.items():
        formulas.define(name, expression)
    chosen = {
        name: each.of[made.parameters[name].choice]
        for name, each in template.parameters.items()
        if isinstance(each, Choice)
    }
    found: list[DrawnLine] = []
    for line in template.bill:
        amounts = formulas.amounts(line.amount, line.unit)
        if not (np.isfinite(amounts) & (amounts >= 0)).all():
            detail = f"{line.id}: {line.amount} is negative or no number for some values"
            raise StudyError([Fault("/parameters", "bad_value", detail)])
        place = "" if line.location in template.parameters else line.location
        found.append(DrawnLine(line.product.format_map(chosen), amounts, line.unit, place))
    return found


def _is_amount(template: ProductTemplate, name: str) -> bool:
    return isinstance(template.parameters[name], Amount)


def _case(parameter: Amount, used: Mapping[str, Answered]) -> Case:
    """Return the default that holds for what the amount depends on."""
    other = used.get(parameter.depends_on)
    if other is None:
        return parameter
    return parameter.cases.get(other.choice) or parameter.cases.get(other.status) or parameter


def _answered(
    parameter: Amount | Place | Choice, given: Any, used: Mapping[str, Answered]
) -> Answered:
    if isinstance(parameter, Place):
        if given is not None and not isinstance(given, str):
            raise ValueError("a place is a text, such as BD")
        return Answered(
            None, "", given or "", COMPLETED if given is None else GIVEN, None, None, ""
        )
    if isinstance(parameter, Choice):
        chosen = parameter.value if given is None else given
        if not isinstance(chosen, str) or chosen not in parameter.of:
            raise ValueError(f"{chosen!r} is none of {', '.join(parameter.of)}")
        return Answered(None, "", chosen, DEFAULT if given is None else GIVEN, None, None, "")
    case = _case(parameter, used)
    source = "; ".join(part for part in (case.source, case.note) if part)
    unsourced = PROXY if case.basis is Basis.ESTIMATED else DEFAULT
    return Answered(
        amount=case.value if given is None else _number(parameter.unit, given),
        unit=parameter.unit,
        choice="",
        status=unsourced if given is None else GIVEN,
        minimum=case.minimum,
        maximum=case.maximum,
        source=source if given is None else "",
    )


def _number(wanted: str, given: Any) -> float:
    """Return what was given, in the unit that is wanted."""
    amount, unit = given, wanted
    if isinstance(given, Mapping):
        if set(given) != {"amount", "unit"} or not isinstance(given["unit"], str):
            raise ValueError(f"give a number in {wanted}, or amount and unit")
        amount, unit = given["amount"], given["unit"]
    if isinstance(amount, bool) or not isinstance(amount, int | float) or not 0 <= amount <= 1e15:
        raise ValueError(f"give a number from 0 to 1e15, in {wanted}")
    return float(amount) * factor(unit, wanted)


def _status_of_amount(
    expression: str, template: ProductTemplate, used: Mapping[str, Answered]
) -> str:
    """Return the status of what an expression gives."""
    names = {node.id for node in ast.walk(ast.parse(expression)) if isinstance(node, ast.Name)}
    found = {used[name].status for name in names if name in used} | {
        _status_of_amount(template.formulas[name], template, used)
        for name in names
        if name in template.formulas
    }
    return next((status for status in (PROXY, DEFAULT) if status in found), COMPLETED)


def _formulas(template: ProductTemplate, used: Mapping[str, Answered]) -> Formulas:
    scale, unit = to_base("piece")
    values, units = {"piece": np.array([scale])}, {"piece": unit}
    for name, each in used.items():
        if each.amount is not None:
            scale, units[name] = to_base(each.unit)
            values[name] = np.array([each.amount * scale])
    formulas = Formulas(values, units, 1)
    for name, expression in template.formulas.items():
        formulas.define(name, expression)
    return formulas


def _amount(formulas: Formulas, expression: str, unit: str) -> float:
    return float(formulas.amounts(expression, unit)[0])


def _lines(
    template: ProductTemplate, used: Mapping[str, Answered], formulas: Formulas
) -> Iterator[Mapping[str, Any]]:
    """Yield the lines of which something is bought."""
    for line in template.bill:
        amount = _amount(formulas, line.amount, line.unit)
        if not np.isfinite(amount) or amount < 0:
            raise FormulaError(f"{line.id}: {line.amount} is {amount:g} for these parameters")
        if amount == 0:
            continue
        chosen = {
            name: each.of[used[name].choice]
            for name, each in template.parameters.items()
            if isinstance(each, Choice)
        }
        found = {
            "id": line.id,
            "stage": line.stage.value,
            "product": line.product.format_map(chosen),
            "amount": amount,
            "unit": line.unit,
        }
        place = used[line.location].choice if line.location in used else line.location
        yield found | ({"location": place} if place else {})
