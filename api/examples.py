"""Example requests and the body schema of the operations, for the OpenAPI description."""

from __future__ import annotations

from typing import Any

from api.organisation.example import ORGANISATION_REQUEST
from api.schemas.benchmarks import RatingRequest
from api.schemas.categories import CategoryRequest
from api.schemas.classes import ClassRequest, JoinRequest
from api.schemas.comparisons import ClaimRequest, ComparisonRequest
from api.schemas.criteria import TenderRequest
from api.schemas.exercises import AnswersRequest, AttemptRequest
from api.schemas.measures import MeasureChanges, MeasureRequest
from api.schemas.organisation import OrganisationRequest
from api.schemas.places import BuildingRequest, ConsumptionRequest
from api.schemas.portfolio import OwnedRequest, VersionRequest
from api.schemas.request import FootprintRequest
from api.schemas.scenarios import EvaluationRequest, ScenarioRequest
from api.schemas.whatif import WhatIfRequest
from lca_service.catalogue.datapackage import knowledge_root, release_name

PRODUCT = "electricity-low-voltage"
ACTIVITY = "electricity-low-voltage-supply@KE"
CLIMATE = "climate_change.total"
RELEASE = release_name(knowledge_root())

COUNTRY = "GB"
COUNTRIES = "KE,CN"
PRESSURE = "material_footprint"

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

ACTIVITY_BOUGHT = "electricity-low-voltage-supply@BD"  # by the example
BRANCH = ["power"]  # of its upstream tree

OWNED_ID = "c4d8f0de-3f0e-5b57-9d0c-3b8f6d5b9a02"  # of the product below, always there

VERSION_REQUEST: dict[str, Any] = {
    "request": FOOTPRINT_REQUEST,
    "note": "Amounts of 2025, prices paid in June",
    "currency": "USD",
    "prices": {
        "fibre": {"price": 1.9, "unit": "kg"},
        "power": {"price": 0.11, "unit": "kWh"},
        "ship": {"price": 0.01, "unit": "t*km"},
    },
}

OWNED_REQUEST: dict[str, Any] = {"name": "T-shirt, white, article 4711", **VERSION_REQUEST}


def _body(shape: str, shown: dict[str, Any]) -> dict[str, Any]:
    """Return the description of a body that our own parser reads.

    It finds all faults at once; this tells the reader of /openapi.json what FastAPI would
    otherwise have told.
    """
    schema = {"$ref": f"#/components/schemas/{shape}"}
    content = {"application/json": {"schema": schema, "example": shown}}
    return {"requestBody": {"required": True, "content": content}}


FOOTPRINT_BODY = _body("FootprintRequest", FOOTPRINT_REQUEST)
OWNED_BODY = _body("OwnedRequest", OWNED_REQUEST)
VERSION_BODY = _body("VersionRequest", VERSION_REQUEST)

CATEGORY = "t-shirt"

CATEGORY_REQUEST: dict[str, Any] = {
    "location": "BD",
    "parameters": {"mass": {"amount": 180, "unit": "g"}, "fibre_origin": "IN", "market": "DE"},
}

CATEGORY_BODY = _body("CategoryRequest", CATEGORY_REQUEST)

WHATIF_REQUEST: dict[str, Any] = {
    "variants": [
        {"name": "As it is"},
        {
            "name": "Less power, cotton from Brazil",
            "lines": {"power": {"amount": 700}, "fibre": {"location": "BR"}},
        },
    ]
}

WHATIF_BODY = _body("WhatIfRequest", WHATIF_REQUEST)


def _yarn(product: str, place: str) -> dict[str, Any]:
    line = {"id": "yarn", "stage": "raw_materials", "product": product, "amount": 1, "unit": "kg"}
    return {
        "name": f"Yarn: {product}",
        "declared_unit": {"amount": 1, "unit": "kg"},
        "location": place,
        "bom": [line],
    }


COMPARISON_REQUEST: dict[str, Any] = {
    "options": [
        {
            "name": "Cotton",
            "function": "One kilogram of yarn for knitting",
            "request": _yarn("cotton-yarn", "IN"),
        },
        {
            "name": "Polyester",
            "function": "One kilogram of yarn for knitting",
            "request": _yarn("polyester-yarn", "IN"),
        },
    ],
    "indicators": ["climate_change.total", "water.scarcity_aware"],
    "relevance": 0.1,
    "uncertainty": {"samples": 32, "seed": 0},
}

COMPARISON_BODY = _body("ComparisonRequest", COMPARISON_REQUEST)

CLAIM_REQUEST: dict[str, Any] = {
    **COMPARISON_REQUEST,
    "first": "Polyester",
    "second": "Cotton",
    "indicator": "water.scarcity_aware",
    "statement": "Polyester yarn takes less scarce water than cotton yarn",
}

CLAIM_BODY = _body("ClaimRequest", CLAIM_REQUEST)

SCENARIO_ID = "5a0e3c52-4f7b-5d1a-9a64-0c2f7b1de8a3"  # of the scenario below, always there

_SOLAR = {
    "id": "solar",
    "kind": "generation_mix",
    "title": "More sun and wind in the grid",
    "location": "IN",
    "shares": {"coal": 0.4, "hydro": 0.1, "solar": 0.3, "wind": 0.2},
    "uptake": {"2025": 0.0, "2035": 1.0},
}

SCENARIO_REQUEST: dict[str, Any] = {
    "name": "A grid with more sun and wind",
    "note": "Shares by assumption",
    "patches": [_SOLAR],
}

SCENARIO_BODY = _body("ScenarioRequest", SCENARIO_REQUEST)

SCENARIO_VERSION_BODY = _body(
    "ScenarioRequest", {**SCENARIO_REQUEST, "note": "Later", "patches": [_SOLAR]}
)

EVALUATION_REQUEST: dict[str, Any] = {
    "product": {"request": _yarn("cotton-yarn", "IN")},
    "scenario": {"id": SCENARIO_ID},
    "years": [2025, 2030, 2035],
    "indicators": ["climate_change.total", "water.consumption"],
}

EVALUATION_BODY = _body("EvaluationRequest", EVALUATION_REQUEST)

BUILDING_REQUEST: dict[str, Any] = {
    "name": "Offices of a county, Nairobi",
    "location": "KE",
    "floor_area": 2400,
    "occupants": 120,
    "years": 50,
    "operation": [
        {"product": "electricity-low-voltage", "amount": 210, "unit": "MWh"},
        {"product": "drinking-water", "amount": 1800, "unit": "m3"},
    ],
    "refrigerants": [{"flow": "hfc-32", "amount": 1.2, "unit": "kg"}],
    "frame": "concrete",
    "indicators": [CLIMATE, "water.consumption"],
}

BUILDING_BODY = _body("BuildingRequest", BUILDING_REQUEST)

CONSUMPTION_REQUEST: dict[str, Any] = {
    "name": "A town of fifty thousand",
    "location": "KE",
    "population": 50_000,
    "rows": [
        {"name": "Rice", "group": "food", "product": "rice-eaten", "amount": 900, "unit": "t"},
        {
            "name": "Power at home",
            "group": "housing",
            "product": "electricity-low-voltage",
            "amount": 8,
            "unit": "GWh",
        },
    ],
    "indicators": [CLIMATE, "water.consumption"],
}

CONSUMPTION_BODY = _body("ConsumptionRequest", CONSUMPTION_REQUEST)

CRITERIA = "refrigerators"


def _fridge(name: str, electricity: float, index: float, price: float) -> dict[str, Any]:
    return {
        "name": name,
        "product": {
            "category": "refrigerator",
            "answers": {"location": "KE", "parameters": {"electricity": electricity}},
        },
        "attributes": {"energy_efficiency_index": index},
        "cost": {
            "currency": "USD",
            "purchase": price,
            "prices": {"electricity": {"price": 0.2, "unit": "kWh"}},
        },
    }


TENDER_REQUEST: dict[str, Any] = {
    "offers": [_fridge("Class D", 180, 78, 520), _fridge("Class E", 240, 96, 430)],
    "uncertainty": {"samples": 32, "seed": 0},
}

TENDER_BODY = _body("TenderRequest", TENDER_REQUEST)

OWN_TENDER_REQUEST: dict[str, Any] = {
    **TENDER_REQUEST,
    "criteria": {
        "title": {"en": "Refrigerators of a county"},
        "authority": "The county",
        "source": "Tender 7 of the county",
        "criteria": [
            {
                "id": "climate",
                "title": {"en": "Climate footprint over the life"},
                "of": "indicator",
                "indicator": CLIMATE,
                "comparison": "at_most",
                "threshold": 1500,
                "unit": "kg CO2e",
                "basis": "own",
                "source": "Tender 7 of the county",
            }
        ],
        "not_covered": "Noise and repair.",
    },
}

OWN_TENDER_BODY = _body("TenderRequest", OWN_TENDER_REQUEST)

SECTOR = "food"

RATING_REQUEST: dict[str, Any] = {
    "product": {"category": CATEGORY, "answers": CATEGORY_REQUEST},
    "indicators": ["climate_change.total"],
    "countries": ["BD", "IN", "CN", "TR"],
    "uncertainty": {"samples": 32, "seed": 0},
}

RATING_BODY = _body("RatingRequest", RATING_REQUEST)

MEASURE = "grid-decarbonization"

MEASURE_REQUEST: dict[str, Any] = {
    "name": "Sun and wind for spinning",
    "product": {"request": _yarn("cotton-yarn", "IN")},
    "patches": [_SOLAR],
    "years": {"start": 2025, "end": 2035},
    "units": 1_000_000,
    "target": {"indicator": CLIMATE, "share": 0.2, "by": 2035},
    "indicators": ["climate_change.total", "water.consumption"],
}

MEASURE_BODY = _body("MeasureRequest", MEASURE_REQUEST)

MEASURE_CHANGES_REQUEST: dict[str, Any] = {
    "units": {"2025": 1_000_000, "2030": 2_000_000},
    "indicators": ["climate_change.total", "water.consumption"],
}

MEASURE_CHANGES_BODY = _body("MeasureChanges", MEASURE_CHANGES_REQUEST)

EXERCISE = "electricity"

ATTEMPT_REQUEST: dict[str, Any] = {
    "country": "KE",
    "seed": 7,
    "language": "en",
    "answers": {"footprint": {"amount": 1.2, "unit": "t"}},
}

ATTEMPT_BODY = _body("AttemptRequest", ATTEMPT_REQUEST)

CLASS_ID = "1f6b7a52-6c1d-5f0e-8f43-9a7d2c4be6d1"  # of the class below, always there
CLASS_KEY = "the-trainer-of-the-example"
JOIN_CODE = "EXAMPLE"
LEARNER = "kingfisher"
LEARNER_KEY = "the-learner-of-the-example"

CLASS_REQUEST: dict[str, Any] = {
    "name": "Training of trainers, first group",
    "language": "en",
    "exercises": ["electricity", "recipe-by-hand"],
    "countries": ["KE", "ET", "BR", "TH"],
}

JOIN_REQUEST: dict[str, Any] = {"join_code": JOIN_CODE, "nickname": "heron", "country": "ET"}

ANSWERS_REQUEST: dict[str, Any] = {"answers": {"footprint": {"amount": 1.2, "unit": "t"}}}

CLASS_BODY = _body("ClassRequest", CLASS_REQUEST)
JOIN_BODY = _body("JoinRequest", JOIN_REQUEST)
ANSWERS_BODY = _body("AnswersRequest", ANSWERS_REQUEST)

ORGANISATION_BODY = _body("OrganisationRequest", ORGANISATION_REQUEST)


def example(value: Any) -> Any:
    """Return a value as the example of a parameter."""
    return {"example": {"value": value}}


def request_schemas() -> dict[str, Any]:
    """Return the schemas of request bodies and their parts, by name."""
    found: dict[str, Any] = {}
    for body in (
        FootprintRequest,
        WhatIfRequest,
        CategoryRequest,
        VersionRequest,
        OwnedRequest,
        OrganisationRequest,
        AttemptRequest,
        ComparisonRequest,
        ClaimRequest,
        ScenarioRequest,
        EvaluationRequest,
        MeasureRequest,
        RatingRequest,
        TenderRequest,
        BuildingRequest,
        ConsumptionRequest,
        MeasureChanges,
        AnswersRequest,
        ClassRequest,
        JoinRequest,
    ):
        schema = body.model_json_schema(ref_template="#/components/schemas/{model}")
        found |= schema.pop("$defs", {})
        found[body.__name__] = schema
    return found
