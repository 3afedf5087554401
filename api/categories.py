"""Product categories: their questions as JSON Schema, and the bills their answers make."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from api.parse import pointer
from api.schemas.categories import CategoryAnswer, CategoryRequest
from lca_service.catalogue.nomenclature import nearest_names
from lca_service.catalogue.product_bills import expand
from lca_service.catalogue.product_templates import Amount, Choice, Place, ProductTemplate
from lca_service.engine import Engine
from lca_service.errors import Fault, StudyError, UnknownName


def find_template(code: str, engine: Engine) -> ProductTemplate:
    """Return the template of a category; UnknownName if there is none."""
    templates = engine.catalogue.product_templates
    if code not in templates:
        nearest = nearest_names(code, templates)
        raise UnknownName("unknown_category", code, nearest, "see GET /v1/categories")
    return templates[code]


def category(template: ProductTemplate) -> CategoryAnswer:
    """Return a category of the list."""
    return CategoryAnswer(
        id=template.id,
        title=template.title,
        category=template.category,
        declared_unit=f"{template.declared_unit.amount:g} {template.declared_unit.unit}",
        parameters=list(template.parameters),
        left_out=template.left_out,
    )


def schema(template: ProductTemplate) -> dict[str, Any]:
    """Return the JSON Schema of a request for a category: defaults, ranges, units, sources."""
    parameters: dict[str, Any] = {}
    for name, each in template.parameters.items():
        if isinstance(each, Amount):
            parameters[name] = {
                "title": each.title,
                "description": f"In {each.unit}, or as amount and unit; usually {each.minimum:g} "
                f"to {each.maximum:g}.",
                "anyOf": [
                    {"type": "number", "minimum": 0},
                    {
                        "type": "object",
                        "required": ["amount", "unit"],
                        "additionalProperties": False,
                        "properties": {
                            "amount": {"type": "number", "minimum": 0},
                            "unit": {"type": "string"},
                        },
                    },
                ],
                "default": each.value,
                "x-unit": each.unit,
                "x-usual-minimum": each.minimum,
                "x-usual-maximum": each.maximum,
                "x-basis": each.basis.value,
                "x-source": each.source or None,
                "x-note": each.note or None,
                "x-depends-on": each.depends_on or None,
                "x-cases": {
                    key: {
                        "default": case.value,
                        "x-usual-minimum": case.minimum,
                        "x-usual-maximum": case.maximum,
                        "x-source": case.source or None,
                        "x-note": case.note or None,
                    }
                    for key, case in each.cases.items()
                },
            }
        elif isinstance(each, Choice):
            parameters[name] = {
                "title": each.title,
                "enum": list(each.of),
                "default": each.value,
                "x-products": each.of,
            }
        else:
            parameters[name] = {
                "title": each.title,
                "type": "string",
                "description": "A place as in any request; else the product's own.",
            }
    found = CategoryRequest.model_json_schema()
    found["title"] = template.title
    found["properties"]["parameters"] = {
        "type": "object",
        "additionalProperties": False,
        "properties": parameters,
    }
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **found}


def to_request(
    template: ProductTemplate, value: Mapping[str, Any], also: Sequence[Fault] = ()
) -> dict[str, Any]:
    """Return the footprint request that answers to a category's questions make.

    Raises
    ------
    StudyError
        With every fault of the answers, and those that have been found before: ``also``.
    """
    faults: list[Fault] = []
    try:
        CategoryRequest.model_validate(value)
    except ValidationError as error:
        faults = [
            Fault(pointer(each["loc"]), "bad_value", str(each["msg"]))
            for each in error.errors(include_url=False)
        ]
    given = value.get("parameters", {})
    try:
        made = expand(template, _apart(given, template, value) if isinstance(given, dict) else {})
    except StudyError as error:
        raise StudyError([*also, *faults, *error.faults]) from error
    if faults:
        raise StudyError([*also, *faults])
    rest = {name: each for name, each in value.items() if name not in ("parameters", "name")}
    return {
        "name": value.get("name") or template.title,
        "declared_unit": dict(made.declared_unit),
        **rest,
        "bom": [dict(line) for line in made.bill],
        "template": {
            "id": template.id,
            "parameters": {
                name: {
                    key: each
                    for key, each in dataclasses.asdict(answered).items()
                    if each not in (None, "")
                }
                for name, answered in made.parameters.items()
            },
            "amounts": dict(made.amounts),
        },
    }


def _apart(
    given: Mapping[str, Any], template: ProductTemplate, value: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what is given beside the product's own place, which places have anyway."""
    return {
        name: each
        for name, each in given.items()
        if not (isinstance(template.parameters.get(name), Place) and each == value.get("location"))
    }


def at_answers(
    faults: Sequence[Fault],
    template: ProductTemplate,
    value: Mapping[str, Any],
    made: Mapping[str, Any],
) -> list[Fault]:
    """Return the faults of the bill that answers made, each where it stands in the answers.

    What the answers do not say stands under ``/expanded``, which is the bill.
    """
    places = {line.id: line.location for line in template.bill}
    given = value.get("parameters", {})

    def place(at: str) -> str:
        steps = at.split("/")[1:]
        if steps[:1] == ["bom"] and steps[2:] == ["location"]:
            parameter = places.get(made["bom"][int(steps[1])]["id"])
            if parameter is not None and parameter in given:
                return pointer(["parameters", parameter])
        is_said = not steps or (steps[0] in value and steps[0] != "parameters")
        return at if is_said else f"/expanded{at}"

    return list(
        dict.fromkeys(dataclasses.replace(each, pointer=place(each.pointer)) for each in faults)
    )
