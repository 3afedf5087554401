"""A kept footprint as an openEPD declaration: a draft, neither reviewed nor verified.

Source: the models of the `openepd` package, which checks it. An entry that is absent is "not
declared" there, never zero.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from api.exports.declared import declaration, of_stages
from api.exports.openepd_fields import (
    IMPACTS,
    METHOD,
    MODULES,
    OPENEPD,
    RESOURCE_USES,
    UP_TO_GATE,
)
from api.exports.openepd_notes import discussion, made_in
from api.keep import request_of
from api.schemas.answer import FootprintAnswer, IndicatorAnswer
from api.schemas.request import DeclarationRequest
from api.store.footprints import Kept
from lca_service.domain.location import Location
from lca_service.engine import Engine
from lca_service.errors import SamplesMissing, StudyError

EXTENSION = "footprint"  # what openEPD has no field for


def as_openepd(kept: Kept, engine: Engine, *, address: str, version: int) -> bytes:
    """Return an openEPD document as JSON.

    Parameters
    ----------
    address
        Of this service, where the footprint can be read.
    version
        Of the product that the footprint is of; 1 for the first.

    Raises
    ------
    StudyError
        With every field that is missing, and the reason of what cannot be given.
    """
    from openepd.model.epd import Epd  # 0.9 s that few requests need

    built = declare(kept, engine, address=address, version=version)
    written: str = Epd.parse_obj(built).json(by_alias=True, exclude_unset=True, exclude_none=True)
    return written.encode()


def declare(kept: Kept, engine: Engine, *, address: str, version: int) -> dict[str, Any]:
    """Return an openEPD document before it is checked; raises as `as_openepd`."""
    request = request_of(kept)
    declared = declaration(request)
    faults = list(OPENEPD.missing(declared, ("company_name", "product_description")))
    unit = OPENEPD.declared_unit(request, faults)
    mass = OPENEPD.mass(request, unit, faults)
    parts = _modules(request, engine, kept.input_sha256)
    if UP_TO_GATE not in parts:
        faults.append(OPENEPD.no_gate())
    if faults or unit is None:
        raise StudyError(faults)
    place = parts[UP_TO_GATE].location
    found: dict[str, Any] = {
        "doctype": "openEPD",
        "openepd_version": "0.1",
        # of documents that are drafts; nobody has reviewed this one
        "private": True,
        "version": version,
        "language": "en",
        "product_name": kept.name,
        "product_description": declared.product_description,
        "manufacturer": {"name": declared.company_name},
        "date_of_issue": kept.created.isoformat(),
        "declared_unit": {"qty": float(unit[1]), "unit": unit[0]},
        "manufacturing_description": made_in(place, request),
        "lca_discussion": discussion(declared, request, parts[UP_TO_GATE], parts),
        "attachments": {"Footprint": f"{address}/v1/footprints/{kept.id}"},
        "impacts": {METHOD: _scopes(parts, IMPACTS)},
        "resource_uses": _scopes(parts, RESOURCE_USES),
        "ext": {EXTENSION: _extension(kept, declared)},
    }
    if mass:
        found["kg_per_declared_unit"] = {"qty": float(mass), "unit": "kg"}
    if declared.validity_period_end is not None:
        found["valid_until"] = declared.validity_period_end.isoformat()
    if declared.product_classifications:
        found["product_classes"] = _classes(declared.product_classifications)
    if address_of := _country(place, engine.catalogue.nomenclature.locations):
        found["plants"] = [{"address": address_of}]
    return found


def _modules(
    request: Mapping[str, Any], engine: Engine, identity: str
) -> dict[str, FootprintAnswer]:
    """Return the footprint of each module that has lines.

    Each is sampled by itself, because the distribution of a whole is not that of its parts. The
    values stand without, where the samples of an older release are not built any more.
    """
    try:
        return dict(_each_module(request, engine, identity, ("uncertainty",)))
    except SamplesMissing:
        return dict(_each_module(request, engine, identity, ()))


def _each_module(
    request: Mapping[str, Any], engine: Engine, identity: str, also: Sequence[str]
) -> Iterator[tuple[str, FootprintAnswer]]:
    for name, stages in MODULES.items():
        found = of_stages(request, stages, engine, identity=identity, also=also)
        if found is not None:
            yield name, found


def _scopes(
    parts: Mapping[str, FootprintAnswer], names: Mapping[str, tuple[str, str]]
) -> dict[str, dict[str, Any]]:
    """Return the measurements of indicators by module; those without a value are absent."""
    scopes: defaultdict[str, dict[str, Any]] = defaultdict(dict)
    for module, answer in parts.items():
        for each in answer.indicators:
            if each.id in names and each.value is not None:
                name, unit = names[each.id]
                scopes[name][module] = {"mean": each.value, "unit": unit, **_spread(each)}
    return dict(scopes)


def _spread(found: IndicatorAnswer) -> dict[str, float]:
    """Return the relative standard deviation; what shape the distribution has is not known."""
    drawn = found.uncertainty
    if drawn is None or not found.value or drawn.standard_deviation / found.value <= 0:
        return {}
    return {"rsd": drawn.standard_deviation / found.value}


def _extension(kept: Kept, declared: DeclarationRequest) -> dict[str, Any]:
    return {
        "id": kept.id,
        "data_release": kept.data_release,
        "data_hash": kept.data_hash,
        "input_sha256": kept.input_sha256,
        "company_ids": declared.company_ids,
        "product_ids": declared.product_ids,
    }


def _classes(urns: Sequence[str]) -> dict[str, list[str]]:
    """Return classifications by the namespace of their URN.

    Examples
    --------
    >>> _classes(["urn:cpc:0151", "urn:cpc:0152"])
    {'cpc': ['urn:cpc:0151', 'urn:cpc:0152']}
    """
    found: defaultdict[str, list[str]] = defaultdict(list)
    for urn in urns:
        found[urn.split(":")[1].lower()].append(urn)
    return dict(found)


def _country(code: str, locations: Mapping[str, Location]) -> str:
    """Return the country or its subdivision, as an address; nothing for regions."""
    place = locations.get(code)
    if place is None:  # ISO 3166-2
        return code
    return place.name if place.is_country else ""
