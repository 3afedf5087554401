"""What an openEPD document says in words: what it is not, what stands where, what is left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from api.exports.declared import cradle_to_gate, entries
from api.exports.openepd_fields import IMPACTS, RESOURCE_USES
from api.schemas.answer import FootprintAnswer
from api.schemas.request import DeclarationRequest
from lca_service.domain.study import Stage

_UNTOLD = {
    Stage.USE.value: "the use stage, because openEPD has no sum of B1 to B7",
    Stage.END_OF_LIFE.value: "the end of life, because openEPD has no sum of C1 to C4",
}
_STATUS = (
    "Result of a life cycle assessment, {review}: no third party has verified it, no program "
    "operator has registered it, and it declares conformity with no standard and no product "
    "category rules, such as EN 15804 or ISO 21930."
)
_FIGURES = (
    "openEPD names no method with the factors used here, hence Unknown LCIA: {methods}.",
    "gwp counts biogenic carbon dioxide 0 when it is taken up and 0 when it is released; "
    "gwp-biogenic, its net, is not declared. gwp-nonCO2 is biogenic methane. Nitrous oxide stands "
    "in gwp-fossil, that of drained peat in gwp-luluc: the inventory does not divide it further. "
    "What comes as carbon dioxide equivalents without its gases stands in gwp alone.",
    "fw is water consumed, without evaporation from reservoirs.",
)


def discussion(
    declared: DeclarationRequest,
    request: Mapping[str, Any],
    gate: FootprintAnswer,
    parts: Mapping[str, FootprintAnswer],
) -> str:
    """Return the notes for whoever reads the figures, by heading.

    Parameters
    ----------
    gate
        The footprint up to the gate, whose statement is told.
    parts
        The footprints by module, with that one.
    """
    said = gate.statement
    sections = {
        "Status": [_STATUS.format(review=said.review), declared.comment or ""],
        "Figures": [*_figures(gate), _spread(request, gate)],
        "Left out": list(_left_out(request, parts)),
        "Method": [
            f"System model: {said.system_model}. Allocation: {said.allocation}. "
            f"Cut-off: {said.cut_off}. Electricity: {said.electricity}.",
            *_carbon(declared),
        ],
    }
    return "\n\n".join(
        f"# {heading}\n\n{text}"
        for heading, found in sections.items()
        if (text := "\n\n".join(filter(None, found)))
    )


def made_in(place: str, request: Mapping[str, Any]) -> str:
    """Return where the product is made, and what is bought and emitted up to the gate."""
    return f"Made in {place}. {cradle_to_gate(request)}"


def _figures(gate: FootprintAnswer) -> Iterator[str]:
    methods = "; ".join(
        f"{each.id} by {each.method.id} {each.method.version}"
        for each in gate.indicators
        if each.id in IMPACTS | RESOURCE_USES
    )
    for text in _FIGURES:
        yield text.format(methods=methods)


def _spread(request: Mapping[str, Any], gate: FootprintAnswer) -> str:
    """Return what rsd is, or why there is none although it was asked for."""
    if not request.get("uncertainty"):
        return ""
    if gate.uncertainty is None:
        return "No rsd: the samples that the footprint was drawn from are not built any more."
    return (
        "mean is the value from the table's figures, which are medians; rsd is the standard "
        f"deviation of {gate.uncertainty.used} samples over it. The shape of the distribution is "
        "not known."
    )


def _left_out(request: Mapping[str, Any], parts: Mapping[str, FootprintAnswer]) -> Iterator[str]:
    """Yield the stages that have lines and no entry, and what figures lack or do not know."""
    stages = {each["stage"] for each in entries(request)}
    for stage, why in _UNTOLD.items():
        if stage in stages:
            yield f"Not declared: {why}."
    for module, answer in parts.items():
        for each in answer.indicators:
            if each.id not in IMPACTS | RESOURCE_USES:
                continue
            lacks = [*each.coverage.left_out, *each.coverage.uncharacterized]
            if each.value is None:
                yield f"Unknown in {module}: {each.id} ({each.reason})."
            elif each.coverage.partial:
                named = ", ".join(sorted({flow.flow for flow in lacks}))
                yield f"Partial in {module}: {each.id}, without {named}."


def _carbon(declared: DeclarationRequest) -> Iterator[str]:
    for name in ("fossil", "biogenic"):
        content = getattr(declared, f"{name}_carbon_content_kg")
        if content is not None:
            yield f"Carbon of {name} origin in the declared unit: {content} kg C."
