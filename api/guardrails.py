"""What looks wrong in a request that can be answered: said, never corrected."""

from __future__ import annotations

from collections.abc import Iterator

from api.parse import pointer
from api.schemas.answer import IndicatorAnswer, WarningAnswer
from api.schemas.request import FootprintRequest, TemplateParameter
from lca_service.domain.study import Stage
from lca_service.errors import UnitMismatch
from lca_service.units import factor

_LEAST_MATERIAL = 0.98  # of the mass; a hundredth or two is rounding
_MOST_MATERIAL = 20.0  # times the mass
_MAY_BE_NEGATIVE = "climate_change.total_with_biogenic_uptake"


def guardrails(
    request: FootprintRequest, indicators: list[IndicatorAnswer]
) -> Iterator[WarningAnswer]:
    """Yield a warning, with a pointer, for everything that is worth a second look."""
    if request.template is not None:
        for name, given in request.template.parameters.items():
            yield from _unusual(name, given)
    yield from _mass_balance(request)
    yield from _repeated(request)
    yield from _missing_stages(request)
    for each in indicators:
        if each.value is not None and each.value < 0 and each.id != _MAY_BE_NEGATIVE:
            detail = f"{each.id} is negative: something is counted as a credit"
            yield WarningAnswer(code="negative_result", pointer="", detail=detail)


def _unusual(name: str, given: TemplateParameter) -> Iterator[WarningAnswer]:
    """Warn of a value outside the usual range of its category, and of a unit's prefix."""
    amount, low, high = given.amount, given.minimum, given.maximum
    if amount is None or low is None or high is None or low <= amount <= high:
        return
    detail = f"{amount:g} {given.unit} is outside the usual {low:g} to {high:g} {given.unit}"
    for times, word in ((1e-3, "thousandth"), (1e3, "thousandfold")):
        if low <= amount * times <= high:
            detail += f"; its {word} is not: is the unit right?"
    where = pointer(["template", "parameters", name, "amount"])
    yield WarningAnswer(code="unusual_value", pointer=where, detail=detail)


def _mass_balance(request: FootprintRequest) -> Iterator[WarningAnswer]:
    """Warn of materials that weigh less, or far more, than the product."""
    mass = request.declared_unit.mass_kg
    if mass is None:
        return
    materials = 0.0
    for line in request.bom:
        if line.stage in (Stage.RAW_MATERIALS, None):
            try:
                materials += line.amount * factor(line.unit, "kg")
            except UnitMismatch:
                return  # what is bought by the piece weighs something, and nobody says what
    if materials and not mass * _LEAST_MATERIAL <= materials <= mass * _MOST_MATERIAL:
        detail = f"raw materials of {materials:g} kg make a product of {mass:g} kg"
        yield WarningAnswer(code="mass_balance", pointer="/declared_unit/mass_kg", detail=detail)


def _repeated(request: FootprintRequest) -> Iterator[WarningAnswer]:
    """Warn of a purchase that stands in the bill twice."""
    seen: dict[str, int] = {}
    for index, line in enumerate(request.bom):
        key = line.model_dump_json(exclude={"id", "uncertainty"})
        if key in seen:
            detail = f"the same purchase as line {seen[key] + 1}: is it counted twice?"
            yield WarningAnswer(code="repeated_line", pointer=f"/bom/{index}", detail=detail)
        seen.setdefault(key, index)


def _missing_stages(request: FootprintRequest) -> Iterator[WarningAnswer]:
    """Warn of a stage without a line between stages that have some."""
    stages = list(Stage)
    named = [line.stage for line in request.bom] + [each.stage for each in request.emissions]
    present = {stages.index(stage) for stage in named if stage is not None}
    if not present:
        return
    for place in range(min(present), max(present)):
        if place not in present:
            detail = f"no line stands in {stages[place]}: is it part of a product that is bought?"
            yield WarningAnswer(code="missing_stage", pointer="/bom", detail=detail)
