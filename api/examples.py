"""Example requests and the body schema of the operations, for the OpenAPI description."""

from __future__ import annotations

from typing import Any

from api.schemas.categories import CategoryRequest
from api.schemas.request import FootprintRequest
from api.schemas.whatif import WhatIfRequest
from lca_service.catalogue.datapackage import knowledge_root, release_name

PRODUCT = "electricity-low-voltage"
ACTIVITY = "electricity-low-voltage-supply@KE"
CLIMATE = "climate_change.total"
RELEASE = release_name(knowledge_root())

FOOTPRINT_ID = "5d2c0a54-8f0b-5c8e-9a41-0e6d1f5a7c11"  # of the request below, always there

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


CATEGORY = "t-shirt"

CATEGORY_REQUEST: dict[str, Any] = {
    "location": "BD",
    "parameters": {"mass": {"amount": 180, "unit": "g"}, "fibre_origin": "IN", "market": "DE"},
}

CATEGORY_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {"$ref": "#/components/schemas/CategoryRequest"},
                "example": CATEGORY_REQUEST,
            }
        },
    }
}

WHATIF_REQUEST: dict[str, Any] = {
    "variants": [
        {"name": "As it is"},
        {
            "name": "Less power, cotton from Brazil",
            "lines": {"power": {"amount": 700}, "fibre": {"location": "BR"}},
        },
    ]
}

WHATIF_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {"$ref": "#/components/schemas/WhatIfRequest"},
                "example": WHATIF_REQUEST,
            }
        },
    }
}


def example(value: Any) -> Any:
    """Return a value as the example of a parameter."""
    return {"example": {"value": value}}


def request_schemas() -> dict[str, Any]:
    """Return the schemas of request bodies and their parts, by name."""
    found: dict[str, Any] = {}
    for body in (FootprintRequest, WhatIfRequest, CategoryRequest):
        schema = body.model_json_schema(ref_template="#/components/schemas/{model}")
        found |= schema.pop("$defs")
        found[body.__name__] = schema
    return found
