"""Product templates: a few questions about a product, and the bill of materials they make.

One YAML file per template under ``datasets/templates``. A parameter is an amount with a usual
range, a place, or a choice; formulas and lines are expressions over the amounts, whose
dimensions are checked. What a template makes is an ordinary bill.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from lca_service.catalogue.formulas import FormulaError, Formulas
from lca_service.catalogue.nomenclature import Nomenclature, nearest_names
from lca_service.domain.provenance import Basis
from lca_service.domain.study import Stage
from lca_service.errors import DataFault, Fault, StudyError, UnitMismatch
from lca_service.units import factor, to_base

FOLDER = "templates"


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Sourced(_Shape):
    """Where a default comes from; an estimate of ours says in ``note`` how it was made."""

    basis: Basis
    source: str = ""
    note: str = ""


class Amount(Sourced):
    """A number that is asked for, its default and its usual range, in ``unit``."""

    kind: Literal["amount"] = "amount"
    title: str
    unit: str
    value: float
    minimum: float
    maximum: float


class Place(_Shape):
    """A place that is asked for; else that of the product."""

    kind: Literal["location"]
    title: str


class Choice(_Shape):
    """One of several products of the inventory, by name."""

    kind: Literal["choice"]
    title: str
    of: dict[str, str]
    value: str


Parameter = Annotated[Amount | Place | Choice, Field(discriminator="kind")]


class TemplateLine(_Shape):
    """A line of the bill; ``product`` may have a choice in braces, ``location`` name a place."""

    id: str
    stage: Stage
    product: str
    amount: str
    unit: str
    location: str = ""


class DeclaredUnitOf(_Shape):
    """What the footprint is for; ``mass`` is an expression [kg]."""

    amount: float = 1.0
    unit: str
    mass: str = ""


class ProductTemplate(_Shape):
    """A category of products: its questions, and the bill that the answers make."""

    id: str = ""
    title: str
    category: str
    declared_unit: DeclaredUnitOf
    parameters: dict[str, Parameter]
    formulas: dict[str, str] = {}
    bill: list[TemplateLine]
    left_out: str = Field(description="What a complete footprint would add.")


@dataclass(frozen=True)
class Answered:
    """A parameter as it was used: ``given`` by the user, or the template's ``default``."""

    amount: float | None
    unit: str
    choice: str
    status: str
    minimum: float | None
    maximum: float | None
    source: str


@dataclass(frozen=True)
class Expanded:
    """The bill that a template makes, and what it was made of."""

    declared_unit: Mapping[str, Any]
    bill: tuple[Mapping[str, Any], ...]
    parameters: Mapping[str, Answered]


def read_product_templates(
    root: Path, names: Nomenclature
) -> tuple[dict[str, ProductTemplate], list[DataFault]]:
    """Return the templates under a folder of knowledge, by id, and everything wrong in them."""
    found: dict[str, ProductTemplate] = {}
    faults: list[DataFault] = []
    for path in sorted((root / "datasets" / FOLDER).glob("*.yaml")):
        file = f"{FOLDER}/{path.name}"
        try:
            raw = yaml.safe_load(path.read_text("utf-8"))
            for each in raw["parameters"].values():
                each.setdefault("kind", "amount")
            template = ProductTemplate.model_validate({**raw, "id": path.stem})
        except ValidationError as error:
            for each in error.errors(include_url=False):
                place = "/".join(str(step) for step in each["loc"])
                faults.append(DataFault(file, place, "bad_template", str(each["msg"])))
            continue
        except (yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
            faults.append(DataFault(file, "", "bad_template", f"no template: {error}"))
            continue
        faults += [DataFault(file, *each) for each in _faults(template, names)]
        found[template.id] = template
    return found, faults


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
    for name, parameter in template.parameters.items():
        try:
            used[name] = _answered(parameter, given.get(name))
        except (ValueError, UnitMismatch) as error:
            faults.append(Fault(f"/parameters/{name}", "bad_value", str(error)))
    if faults:
        raise StudyError(faults)
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
    return Expanded(unit, bill, used)


def _faults(template: ProductTemplate, names: Nomenclature) -> Iterator[tuple[str, str, str]]:
    """Yield place, code and detail of what is wrong in a template."""
    for name, parameter in template.parameters.items():
        if isinstance(parameter, Amount):
            if not parameter.minimum <= parameter.value <= parameter.maximum:
                yield name, "out_of_range", f"{parameter.value} is not in its own range"
            if not parameter.source and not (parameter.basis is Basis.ESTIMATED and parameter.note):
                yield name, "no_source", "a default needs a source, an estimate a note"
        if isinstance(parameter, Choice):
            if parameter.value not in parameter.of:
                yield name, "unknown_choice", f"{parameter.value!r} is none of its choices"
            for code in parameter.of.values():
                if code not in names.products:
                    yield name, "unknown_product", f"unknown product {code!r}"
    places = {name for name, each in template.parameters.items() if isinstance(each, Place)}
    for line in template.bill:
        for code in _products(line, template):
            if code not in names.products:
                yield line.id, "unknown_product", f"unknown product {code!r}"
        if line.location and line.location not in places and line.location not in names.locations:
            yield line.id, "unknown_location", f"unknown place {line.location!r}"
    try:
        expand(template, {})
    except (StudyError, FormulaError) as error:
        yield "bill", "bad_formula", str(error)


def _products(line: TemplateLine, template: ProductTemplate) -> Iterator[str]:
    """Yield the products that a line may buy."""
    choices = {name: each for name, each in template.parameters.items() if isinstance(each, Choice)}
    named = [name for name in choices if f"{{{name}}}" in line.product]
    if not named:
        yield line.product
    for name in named:
        for code in choices[name].of.values():
            yield line.product.replace(f"{{{name}}}", code)


def _answered(parameter: Amount | Place | Choice, given: Any) -> Answered:
    status = "default" if given is None else "given"
    if isinstance(parameter, Place):
        if given is not None and not isinstance(given, str):
            raise ValueError("a place is a text, such as BD")
        return Answered(None, "", given or "", status, None, None, "")
    if isinstance(parameter, Choice):
        chosen = parameter.value if given is None else given
        if chosen not in parameter.of:
            raise ValueError(f"{chosen!r} is none of {', '.join(parameter.of)}")
        return Answered(None, "", chosen, status, None, None, "")
    source = "; ".join(part for part in (parameter.source, parameter.note) if part)
    return Answered(
        amount=_number(parameter, given),
        unit=parameter.unit,
        choice="",
        status=status,
        minimum=parameter.minimum,
        maximum=parameter.maximum,
        source="" if status == "given" else source,
    )


def _number(parameter: Amount, given: Any) -> float:
    """Return what was given, in the parameter's unit."""
    if given is None:
        return parameter.value
    amount, unit = given, parameter.unit
    if isinstance(given, Mapping):
        if set(given) != {"amount", "unit"} or not isinstance(given["unit"], str):
            raise ValueError(f"give a number in {parameter.unit}, or amount and unit")
        amount, unit = given["amount"], given["unit"]
    if isinstance(amount, bool) or not isinstance(amount, int | float) or not 0 <= amount <= 1e15:
        raise ValueError(f"give a number from 0 to 1e15, in {parameter.unit}")
    return float(amount) * factor(unit, parameter.unit)


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
