"""A kept footprint as a PACT 3.0.3 ProductFootprint (cradle to gate).

Source: PACT Technical Specifications 3.0.3, data model `ProductFootprint` and
`CarbonFootprint`. Sums are checked here, because the official examples break their own.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from api.exports.declared import (
    GATE,
    cradle_to_gate,
    declaration,
    entries,
    number,
    of_stages,
    rounded,
)
from api.exports.pact_fields import PACT, missing, wrong_periods
from api.keep import request_of
from api.schemas.answer import FootprintAnswer, IndicatorAnswer
from api.schemas.request import DeclarationRequest
from api.store.footprints import Kept
from api.store.portfolio import Lineage
from lca_service.domain.location import Location, LocationKind
from lca_service.engine import Engine
from lca_service.errors import Fault, StudyError

SPECIFICATION = "3.0.3"
EXTENSION_VERSION = "2.0.0"  # of the data model extensions' specification
_CARBON_DIOXIDE_PER_CARBON = Decimal(44) / Decimal(12)

_WATER = ("water.withdrawal", "water.consumption", "water.scarcity_aware")

WATER_SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Water footprint beside a carbon footprint",
    "description": "Of the same declared unit and boundary as the carbon footprint.",
    "type": "object",
    "required": ["indicators"],
    "additionalProperties": False,
    "properties": {
        "indicators": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["id", "unit", "value", "method"],
                "additionalProperties": False,
                "properties": {
                    "id": {"enum": list(_WATER)},
                    "unit": {"type": "string", "description": "Per declared unit."},
                    "value": {
                        "anyOf": [
                            {"type": "string", "pattern": r"^[+-]?\d+(\.\d+)?$"},
                            {"type": "null"},
                        ]
                    },
                    "reason": {"type": "string", "description": "Why the value is null."},
                    "method": {"type": "string", "description": "Method edition and version."},
                },
            },
        }
    },
}


def as_pact(kept: Kept, engine: Engine, *, address: str, lineage: Lineage) -> bytes:
    """Return a ProductFootprint as JSON; the parameters are those of `product_footprint`."""
    found = product_footprint(kept, engine, address=address, lineage=lineage)
    return json.dumps(found, ensure_ascii=False).encode()


def product_footprint(
    kept: Kept, engine: Engine, *, address: str, lineage: Lineage
) -> dict[str, Any]:
    """Return a ProductFootprint.

    Parameters
    ----------
    address
        Of this service, where the schema of the water extension can be read.
    lineage
        The versions of the product before this one, and whether there is a later one.

    Raises
    ------
    StudyError
        With every field that is missing, and the reason of each that cannot be given.
    """
    request = request_of(kept)
    declared = declaration(request)
    faults = [*missing(declared), *wrong_periods(declared)]
    unit = PACT.declared_unit(request, faults)
    mass = PACT.mass(request, unit, faults)
    gate = of_stages(request, GATE, engine)
    if gate is None:
        faults.append(PACT.no_gate())
    luluc = _land_use_change(gate, declared, faults) if gate else Decimal(0)
    if faults or gate is None or unit is None:
        raise StudyError(faults)
    # narrowed by `missing`
    assert declared.fossil_carbon_content_kg is not None
    assert declared.biogenic_carbon_content_kg is not None
    assert declared.reference_period_start is not None
    assert declared.reference_period_end is not None
    total = _amount(_indicator(gate, "climate_change.total"))
    biogenic = _amount(_indicator(gate, "climate_change.biogenic"))
    ours = _indicator(gate, "climate_change.luluc").value
    # what the total has beside land use change and biogenic methane is fossil, gases whose
    # kind nobody tells included
    fossil = total - biogenic - (Decimal(0) if ours is None else number(ours))
    excluding = fossil + luluc + biogenic
    content = number(declared.biogenic_carbon_content_kg)
    uptake = -rounded(_CARBON_DIOXIDE_PER_CARBON * content)
    name, amount = unit
    climate = _indicator(gate, "climate_change.total")
    pcf: dict[str, Any] = {
        "declaredUnitOfMeasurement": name,
        "declaredUnitAmount": text(amount),
        "productMassPerDeclaredUnit": text(mass),
        "referencePeriodStart": _time(declared.reference_period_start),
        "referencePeriodEnd": _time(declared.reference_period_end),
        **geography(gate.location, engine.catalogue.nomenclature.locations),
        "boundaryProcessesDescription": _boundary(request),
        "pcfExcludingBiogenicUptake": text(excluding),
        "pcfIncludingBiogenicUptake": text(excluding + uptake),
        "fossilGhgEmissions": text(fossil),
        "fossilCarbonContent": text(number(declared.fossil_carbon_content_kg)),
        "biogenicCarbonContent": text(content),
        "landUseChangeGhgEmissions": text(luluc),
        "biogenicCO2Uptake": text(uptake),
        "biogenicNonCO2Emissions": text(biogenic),
        "packagingEmissionsIncluded": declared.packaging_included,
        "ccsTechnologicalCO2CaptureIncluded": declared.ccs_included,
        "ipccCharacterizationFactors": ["AR6"],
        "crossSectoralStandards": ["ISO14067", "PACT-3.0"],
        "exemptedEmissionsPercent": text(number(declared.exempted_percent or 0.0)),
        "exemptedEmissionsDescription": declared.exempted_description or "",
        "allocationRulesDescription": gate.statement.allocation,
        "secondaryEmissionFactorSources": [
            {"name": "open regional life cycle inventory", "version": kept.data_release}
        ],
        "primaryDataShare": text(number(100 * (climate.coverage.foreground_share or 0.0))),
    }
    if climate.coverage.quality is not None:
        rated = climate.coverage.quality
        pcf["dqi"] = {
            "technologicalDQR": text(number(rated.technological)),
            "geographicalDQR": text(number(rated.geographical)),
            "temporalDQR": text(number(rated.temporal)),
        }
    found: dict[str, Any] = {
        "id": kept.id,
        "specVersion": SPECIFICATION,
        "created": _time(kept.created),
        "status": "Deprecated" if lineage.is_superseded else "Active",
        "companyName": declared.company_name,
        "companyIds": _each_once(declared.company_ids),
        "productDescription": declared.product_description,
        "productIds": _each_once(declared.product_ids),
        "productNameCompany": kept.name,
        "comment": _comment(declared, gate, ours),
        "pcf": pcf,
        "extensions": [
            {
                "specVersion": EXTENSION_VERSION,
                "dataSchema": f"{address}/v1/schemas/pact-water.json",
                "data": {"indicators": [_water(_indicator(gate, each)) for each in _WATER]},
            }
        ],
    }
    for field, value in (
        ("precedingPfIds", _each_once([*map(str, declared.preceding_ids), *lineage.preceding])),
        ("productClassifications", _each_once(declared.product_classifications)),
        ("validityPeriodStart", _time(declared.validity_period_start)),
        ("validityPeriodEnd", _time(declared.validity_period_end)),
    ):
        if value:
            found[field] = value  # noqa: PERF403 - beside those that are always there
    check_sums(found)
    return found


def check_sums(footprint: Mapping[str, Any]) -> None:
    """Refuse a footprint whose parts do not sum to it, or have the wrong sign.

    Raises
    ------
    StudyError
        With every rule of the specification that is broken.
    """
    pcf = footprint["pcf"]
    parts = {
        name: Decimal(pcf.get(name, "0"))
        for name in (
            "fossilGhgEmissions",
            "landUseChangeGhgEmissions",
            "landManagementBiogenicCO2Emissions",
            "landManagementBiogenicCO2Removals",
            "technologicalCO2Removals",
            "ccsTechnologicalCO2Capture",
            "biogenicNonCO2Emissions",
        )
    }
    uptake = Decimal(pcf.get("biogenicCO2Uptake", "0"))
    excluding = Decimal(pcf["pcfExcludingBiogenicUptake"])
    including = Decimal(pcf["pcfIncludingBiogenicUptake"])
    below = (
        "landManagementBiogenicCO2Removals",
        "technologicalCO2Removals",
        "ccsTechnologicalCO2Capture",
    )
    rules = {
        "pcfExcludingBiogenicUptake is the sum of its parts": sum(parts.values()) == excluding,
        "pcfIncludingBiogenicUptake is that and biogenicCO2Uptake": including - excluding == uptake,
        "biogenicCO2Uptake is not above 0": uptake <= 0,
        "declaredUnitAmount is above 0": Decimal(pcf["declaredUnitAmount"]) > 0,
        **{
            f"{name} is not below 0": value >= 0
            for name, value in parts.items()
            if name not in below
        },
        **{f"{name} is not above 0": parts[name] <= 0 for name in below},
    }
    faults = [
        Fault("/pcf", "pact_rule_broken", f"not so: {rule}", "look at the bill: a negative result?")
        for rule, holds in rules.items()
        if not holds
    ]
    if faults:
        raise StudyError(faults)


def text(value: Decimal) -> str:
    """Return a decimal as PACT writes it: no exponent, no zeros at the end.

    Examples
    --------
    >>> text(Decimal("1.50E-7"))
    '0.00000015'
    """
    shown = format(value, "f")
    return shown.rstrip("0").rstrip(".") or "0" if "." in shown else shown


def _land_use_change(
    gate: FootprintAnswer, declared: DeclarationRequest, faults: list[Fault]
) -> Decimal:
    found = _indicator(gate, "climate_change.luluc")
    if declared.land_use_change_kg is not None and found.value is None:
        return number(declared.land_use_change_kg)
    if found.value is None:
        pointer = "/declaration/land_use_change_kg"
        faults.append(PACT.missing_field(pointer, f"land use change is {found.reason}"))
        return Decimal(0)
    return number(found.value)


def _indicator(answer: FootprintAnswer, name: str) -> IndicatorAnswer:
    return next(each for each in answer.indicators if each.id == name)


def _amount(found: IndicatorAnswer) -> Decimal:
    if found.value is None:
        raise StudyError([Fault("", "not_exportable", f"{found.id} is {found.reason}")])
    return number(found.value)


def _water(found: IndicatorAnswer) -> dict[str, Any]:
    return {
        "id": found.id,
        "unit": found.unit,
        "value": None if found.value is None else text(number(found.value)),
        **({"reason": found.reason} if found.reason else {}),
        "method": f"{found.method.id} {found.method.version}",
    }


def geography(code: str, locations: Mapping[str, Location]) -> dict[str, str]:
    """Return where the product is made; nothing for the world.

    PACT names the regions and sub-regions of M49; an intermediate region is in a sub-region.
    """
    place = locations.get(code)
    if place is None:  # ISO 3166-2
        return {"geographyCountrySubdivision": code}
    if place.is_country:
        return {"geographyCountry": place.code}
    if place.kind is LocationKind.WORLD:
        return {}
    if place.kind is LocationKind.INTERMEDIATE:
        place = locations[place.parent]
    return {"geographyRegionOrSubregion": place.name}


def _boundary(request: Mapping[str, Any]) -> str:
    """Name what stands before the gate, and the stages that are left out."""
    after = sorted({each["stage"] for each in entries(request)} - set(GATE))
    left_out = f" Left out, behind the gate: {', '.join(after)}." if after else ""
    return f"{cradle_to_gate(request)}{left_out}".replace("_", " ")


def _comment(declared: DeclarationRequest, gate: FootprintAnswer, ours: float | None) -> str:
    parts = [
        declared.comment or "",
        "Aligned with ISO 14067, not reviewed.",
        f"Cut-off: {gate.statement.cut_off}.",
    ]
    climate = next(each for each in gate.indicators if each.id == "climate_change.total")
    if climate.with_grid_electricity is not None:
        grid = text(number(climate.with_grid_electricity))
        parts.append(f"Electricity: {gate.statement.electricity}. With the grid's: {grid} kg CO2e.")
    if ours is None:
        parts.append("Land use change is what the company declares; the inventory has none.")
    return " ".join(part for part in parts if part)


def _each_once(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))


def _time(value: datetime | None) -> str:
    return "" if value is None else value.astimezone(UTC).isoformat().replace("+00:00", "Z")
