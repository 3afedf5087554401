"""What customers' files ask of a request: declared fields, unit, mass, and lines by stage."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from api.ask import ask_footprint
from api.keep import ANY_LENGTH
from api.schemas.answer import FootprintAnswer
from api.schemas.request import DeclarationRequest
from lca_service.domain.study import Stage
from lca_service.engine import Engine
from lca_service.errors import Fault, UnitMismatch
from lca_service.units import factor

GATE = (Stage.RAW_MATERIALS.value, Stage.MANUFACTURING.value)
_DIGITS = 12
_HINT = "ask for a footprint with it; a kept one never changes"


@dataclass(frozen=True)
class Standard:
    """What a kind of file is called, and the units it knows.

    ``code`` is that of the fault of a missing field; ``units`` are the file's names by the unit
    that is converted to; ``massless`` those of what weighs nothing.
    """

    name: str
    code: str
    units: Mapping[str, str]
    massless: Collection[str]

    def missing_field(self, pointer: str, detail: str) -> Fault:
        """Return the fault of a field that the file asks for."""
        return Fault(pointer, self.code, detail, _HINT)

    def missing(self, declared: DeclarationRequest, names: Iterable[str]) -> Iterator[Fault]:
        """Yield every field of these that only the company can know, and does not say."""
        for name in names:
            if getattr(declared, name) in (None, []):
                about = DeclarationRequest.model_fields[name].description or "of the product"
                detail = f"{self.name} asks for what no assessment can know: {about}"
                yield self.missing_field(f"/declaration/{name}", detail)

    def declared_unit(
        self, request: Mapping[str, Any], faults: list[Fault]
    ) -> tuple[str, Decimal] | None:
        """Return the file's unit and the amount in it; None with a fault if it has none."""
        given = request["declared_unit"]
        for unit, name in self.units.items():
            try:
                return name, number(given["amount"] * factor(given["unit"], unit))
            except UnitMismatch:
                continue
        detail = f"{self.name} has no unit for {given['unit']}"
        allowed = tuple(self.units.values())
        faults.append(Fault("/declared_unit/unit", "not_exportable", detail, "", allowed))
        return None

    def mass(
        self, request: Mapping[str, Any], unit: tuple[str, Decimal] | None, faults: list[Fault]
    ) -> Decimal:
        """Return the mass of the declared unit [kg]; what has none has 0."""
        if unit is not None and unit[0] == self.units["kg"]:
            return unit[1]
        if request["declared_unit"].get("mass_kg"):
            return number(request["declared_unit"]["mass_kg"])
        if unit is not None and unit[0] not in self.massless:
            detail = f"{self.name} asks for the mass of a declared unit"
            faults.append(self.missing_field("/declared_unit/mass_kg", detail))
        return Decimal(0)

    def no_gate(self) -> Fault:
        """Return the fault of a bill without a line before the gate."""
        detail = f"no line stands before the gate, where what {self.name} tells begins"
        hint = f"give lines of the stages {' or '.join(GATE)}"
        return Fault("/bom", "no_gate", detail, hint)


def declaration(request: Mapping[str, Any]) -> DeclarationRequest:
    """Return what a request declares."""
    return DeclarationRequest.model_validate(request.get("declaration") or {})


def of_stages(
    request: Mapping[str, Any],
    stages: Collection[str],
    engine: Engine,
    *,
    identity: str = "",
    also: Collection[str] = (),
) -> FootprintAnswer | None:
    """Return the footprint of the lines of some stages, under the default methods.

    Parameters
    ----------
    identity
        Of the footprint whose draws are used.
    also
        Fields of the request that are asked for as well: ``uncertainty``, or none.

    Returns
    -------
    FootprintAnswer or None
        None if no line is of these stages.

    Raises
    ------
    SamplesMissing
        If distributions are asked for and their samples are not built.
    """
    parts = {
        kind: [each for each in request.get(kind) or [] if each["stage"] in stages]
        for kind in ("bom", "emissions")
    }
    if not any(parts.values()):
        return None
    left_out = {"uncertainty", "indicators", "methods"} - set(also)
    asked = {name: value for name, value in request.items() if name not in left_out}
    return ask_footprint({**asked, **parts}, engine, max_lines=ANY_LENGTH, identity=identity)


def cradle_to_gate(request: Mapping[str, Any]) -> str:
    """Name what is bought and emitted before the gate."""
    before = [
        f"{each.get('product') or each.get('assembly') or each.get('flow')} ({each['stage']})"
        for each in entries(request)
        if each["stage"] in GATE
    ]
    return f"Cradle to gate: {', '.join(before)}.".replace("_", " ")


def entries(request: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the lines and emissions of the product itself."""
    return [*(request.get("bom") or []), *(request.get("emissions") or [])]


def number(value: float) -> Decimal:
    """Return a number with twelve digits that count."""
    return rounded(Decimal(repr(float(value))))


def rounded(value: Decimal) -> Decimal:
    """Return a decimal with twelve digits that count."""
    return (
        Decimal(0)
        if value == 0
        else value.quantize(Decimal(1).scaleb(value.adjusted() - _DIGITS + 1))
    )
