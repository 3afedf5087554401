"""Examples and body schema of the operations, for the OpenAPI description."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel

from api import describe
from api.schemas.request import FootprintRequest
from lca_service.engine import Engine

PRODUCT = "electricity-low-voltage"
ACTIVITY = "electricity-low-voltage-supply@KE"

FOOTPRINT_REQUEST: dict[str, Any] = {
    "name": "Cotton T-shirt, 150 g, knitted in Bangladesh",
    "declared_unit": {"amount": 1, "unit": "piece", "mass_kg": 0.15},
    "location": "BD",
    "bom": [
        {
            "id": "fibre",
            "stage": "raw_materials",
            "product": "cotton-lint",
            "amount": 0.19,
            "unit": "kg",
            "location": "IN",
        },
        {
            "id": "power",
            "stage": "manufacturing",
            "product": "electricity-low-voltage",
            "amount": 900,
            "unit": "Wh",
        },
        {
            "id": "ship",
            "stage": "distribution",
            "product": "freight-sea-container",
            "amount": 2.4,
            "unit": "t*km",
        },
    ],
    "emissions": [
        {"id": "leak", "stage": "use", "flow": "hfc-134a", "amount": 0.001, "unit": "kg"}
    ],
    "assemblies": {"label": {"amount": 1, "unit": "piece", "bom": []}},
    "indicators": ["climate_change.total", "water.consumption", "water.scarcity_aware"],
    "methods": {
        "climate_change": "ipcc_ar6_gwp100",
        "water.scarcity_aware": "aware_2_0",
    },
}

# The body is read by our own parser, which finds all faults at once; this tells the reader
# of /openapi.json what FastAPI would otherwise have told
FOOTPRINT_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {"$ref": "#/components/schemas/FootprintRequest"},
                "example": FOOTPRINT_REQUEST,
            }
        },
    }
}


def example(value: Any) -> Any:
    """Return a value as the example of a parameter."""
    return {"example": {"value": value}}


def answer_examples(engine: Engine) -> dict[str, Any]:
    """Return an answer of each operation that asks for nothing: the first entry of a list.

    They come from the open release, so that no number in the documentation grows old.
    """
    catalogue = engine.catalogue
    lists: dict[str, Sequence[BaseModel]] = {
        "list_locations": describe.locations(catalogue),
        "list_flows": describe.flows(catalogue),
        "list_indicators": describe.indicators(catalogue),
        "list_methods": describe.methods(catalogue),
        "list_releases": [describe.release(engine)],
    }
    found: dict[str, Any] = {
        name: {"items": [items[0].model_dump(mode="json")], "total": len(items)}
        for name, items in lists.items()
    }
    found["get_live"] = {"status": "live"}
    found["get_ready"] = {"status": f"ready: data release {catalogue.release}"}
    return found


def request_schemas() -> dict[str, Any]:
    """Return the schemas of the request body and its parts, by name."""
    schema = FootprintRequest.model_json_schema(ref_template="#/components/schemas/{model}")
    parts: dict[str, Any] = schema.pop("$defs")
    return {**parts, "FootprintRequest": schema}
