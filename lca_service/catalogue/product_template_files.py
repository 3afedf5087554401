"""Reading the product templates, and everything wrong in them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import yaml
from pydantic import ValidationError

from lca_service.catalogue.formulas import FormulaError
from lca_service.catalogue.nomenclature import Nomenclature
from lca_service.catalogue.product_bills import GIVEN, expand
from lca_service.catalogue.product_templates import (
    Amount,
    Choice,
    Place,
    ProductTemplate,
    TemplateLine,
)
from lca_service.domain.provenance import Basis
from lca_service.errors import DataFault, StudyError

FOLDER = "templates"


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


def _faults(template: ProductTemplate, names: Nomenclature) -> Iterator[tuple[str, str, str]]:
    """Yield place, code and detail of what is wrong in a template."""
    for name, parameter in template.parameters.items():
        if isinstance(parameter, Amount):
            yield from _amount_faults(template, name, parameter)
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


def _amount_faults(
    template: ProductTemplate, name: str, parameter: Amount
) -> Iterator[tuple[str, str, str]]:
    for case in (parameter, *parameter.cases.values()):
        if not case.minimum <= case.value <= case.maximum:
            yield name, "out_of_range", f"{case.value} is not in its own range"
        if not case.source and not (case.basis is Basis.ESTIMATED and case.note):
            yield name, "no_source", "a default needs a source, an estimate a note"
    other = template.parameters.get(parameter.depends_on)
    known = set(other.of) if isinstance(other, Choice) else {GIVEN} if other else set()
    for key in sorted(set(parameter.cases) - known):
        yield name, "unknown_choice", f"{parameter.depends_on!r} cannot be {key!r}"
