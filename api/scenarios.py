"""What a statement says of the scenarios of use and end of life: of a template only what is so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from api.schemas.request import FootprintRequest, TemplateRequest
from lca_service.catalogue.product_bills import GIVEN, Answered, Expanded, expand
from lca_service.engine import Engine
from lca_service.errors import Fault, StudyError


def scenarios(request: FootprintRequest, engine: Engine, said: str) -> str:
    """Return where the scenarios of a request come from; ``said`` is what holds for any bill.

    A request may claim a template: it is expanded again, and its sources are named only where
    the bill is what it makes.
    """
    if request.template is None:
        return said
    template = engine.catalogue.product_templates[request.template.id]
    try:
        made = expand(template, dict(_given(request.template)))
    except StudyError:
        made = None
    if made is None or not _is_unchanged(request, made):
        return f"{said}; begun with the template {template.id}, and changed since"
    sources = "; ".join(
        f"{name} {_value(each)} ({each.status}{': ' if each.source else ''}{each.source})"
        for name, each in made.parameters.items()
        if each.status != GIVEN and (each.choice or each.amount is not None)
    )
    rest = f"with {sources}" if sources else "with all of its parameters given"
    return f"{said}, as the template {template.id} makes them {rest}"


def template_faults(request: FootprintRequest, engine: Engine) -> Iterator[Fault]:
    """Yield a fault if a request names a template that there is not."""
    templates = engine.catalogue.product_templates
    if request.template is not None and request.template.id not in templates:
        detail = f"there is no template {request.template.id!r}"
        hint = "see GET /v1/categories; a bill of your own needs none"
        yield Fault("/template/id", "unknown_category", detail, hint, tuple(templates)[:5])


def _value(each: Answered) -> str:
    if each.amount is None:
        return each.choice
    return f"{each.amount:g}" + (f" {each.unit}" if each.unit != "dimensionless" else "")


def _given(template: TemplateRequest) -> Iterator[tuple[str, Any]]:
    for name, each in template.parameters.items():
        if each.status == GIVEN:
            yield name, each.choice if each.amount is None else each.amount


def _is_unchanged(request: FootprintRequest, made: Expanded) -> bool:
    lines: list[Mapping[str, Any]] = [
        line.model_dump(mode="json", exclude_defaults=True) for line in request.bom
    ]
    unit = request.declared_unit.model_dump(exclude_none=True)
    own = request.emissions or request.assemblies
    return not own and lines == list(made.bill) and unit == made.declared_unit
