"""The service on the tiny world, and a request that it can answer."""

import os
from pathlib import Path
from typing import Any

import pytest
import yaml
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from lca_service.engine import Engine


@pytest.fixture(scope="session")
def settings() -> Settings:
    return Settings(max_body_bytes=200_000, max_lines=50, sample_banks=0)


@pytest.fixture(scope="session")
def client(tiny: Engine, settings: Settings) -> TestClient:
    return TestClient(create_app(settings, engine=tiny))


@pytest.fixture(scope="session")
def shipped(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    """Return the service on the shipped release, with a database of its own."""
    folder = tmp_path_factory.mktemp("shipped")
    url = f"sqlite:///{folder / 'kept.sqlite'}"
    return TestClient(create_app(Settings(data_root=folder, database_url=url), engine=engine))


@pytest.fixture(scope="session")
def official_pact(root: Path) -> dict[str, Any]:
    """Return PACT's own description of its API; nothing where it is not in the house."""
    beside = root.parent / "shared/schemas/pact-3.0.3-openapi.yaml"
    file = Path(os.environ.get("LCA_PACT_SCHEMA", beside))
    found: dict[str, Any] = yaml.safe_load(file.read_text("utf-8")) if file.exists() else {}
    return found


@pytest.fixture
def request_body() -> dict[str, Any]:
    """Return a request with everything that a request can say."""
    return {
        "name": "Cotton bag",
        "declared_unit": {"amount": 1, "unit": "piece", "mass_kg": 0.1},
        "location": "IN",
        "bom": [
            {
                "id": "sewn",
                "stage": "manufacturing",
                "product": "cut-and-sew",
                "amount": 100,
                "unit": "g",
            },
            {
                "id": "ship",
                "stage": "distribution",
                "product": "freight-sea-container",
                "amount": 2.4,
                "unit": "t*km",
            },
            {
                "id": "tag",
                "stage": "raw_materials",
                "assembly": "label",
                "amount": 2,
                "unit": "piece",
            },
        ],
        "emissions": [{"id": "leak", "stage": "use", "flow": "hfc-134a", "amount": 1, "unit": "g"}],
        "assemblies": {
            "label": {
                "amount": 1000,
                "unit": "piece",
                "bom": [
                    {
                        "id": "mains",
                        "product": "electricity-low-voltage",
                        "amount": 5,
                        "unit": "kWh",
                        "location": "LK",
                    }
                ],
            }
        },
        "indicators": ["climate_change.total", "water.consumption", "water.scarcity_aware"],
        "methods": {
            "climate_change": "ipcc_ar6_gwp100",
            "water.scarcity_aware": "aware_2_0",
        },
    }
