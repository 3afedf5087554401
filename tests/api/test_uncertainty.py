"""Distributions over HTTP."""

import time
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from lca_service.engine import Engine

BODY: dict[str, Any] = {
    "name": "one kilowatt-hour",
    "declared_unit": {"amount": 1, "unit": "kWh"},
    "location": "IN",
    "bom": [
        {
            "id": "power",
            "stage": "use",
            "product": "electricity-low-voltage",
            "amount": 1,
            "unit": "kWh",
            "uncertainty": {"distribution": "lognormal", "gsd": 1.1},
        }
    ],
    "uncertainty": {"samples": 40, "seed": 5},
}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, tiny_knowledge: Path) -> TestClient:
    engine = Engine.open(tmp_path_factory.mktemp("sampled"), knowledge=tiny_knowledge)
    return TestClient(create_app(Settings(), engine=engine))


def test_samples_are_built_while_the_client_waits(service: TestClient) -> None:
    first = service.post("/v1/footprints", json=BODY)
    assert first.status_code == 503
    assert first.headers["retry-after"] == "10"
    assert "0 of 40 samples of seed 5 are built" in first.json()["detail"]
    end = time.monotonic() + 60
    while (answer := service.post("/v1/footprints", json=BODY)).status_code == 503:
        assert time.monotonic() < end
        time.sleep(0.1)
    assert answer.status_code == 200
    content = answer.json()
    assert content["uncertainty"] == {
        "samples": 40,
        "seed": 5,
        "used": 40,
        "table_value": "median",
        "characterization_factors": "not drawn",
        "factorized": 0,
        "gain_passes_one": 0,
        "negative_amounts": 0,
    }
    for each in content["indicators"]:
        if each["value"] is None:
            assert each["uncertainty"] is None
            continue
        drawn = each["uncertainty"]
        assert drawn["p2_5"] <= drawn["p50"] <= drawn["p97_5"]
        assert sum(drawn["variance_by_line"].values()) in (0, pytest.approx(1.0))
    # and again: to the byte
    again = service.post("/v1/footprints", json=BODY).content
    assert again.partition(b'"name"')[2] == answer.content.partition(b'"name"')[2]

    other = service.post("/v1/footprints", json={**BODY, "uncertainty": {"seed": 6}})
    assert other.status_code == 422
    (fault,) = other.json()["errors"]
    assert (fault["code"], fault["allowed"]) == ("samples_missing", ["5"])
    assert "--samples 1000 --seed 6" in fault["hint"]


def test_without_the_wish_there_is_no_distribution(service: TestClient) -> None:
    body = {key: value for key, value in BODY.items() if key != "uncertainty"}
    content = service.post("/v1/footprints", json=body).json()
    assert content["uncertainty"] is None
    assert all(each["uncertainty"] is None for each in content["indicators"])


@pytest.mark.parametrize(
    ("given", "detail"),
    [
        ({"distribution": "lognormal"}, "needs 'gsd'"),
        ({"distribution": "lognormal", "gsd": 1.2, "minimum": 0}, "needs 'gsd'"),
        ({"distribution": "uniform", "gsd": 1.2}, "needs 'minimum' and 'maximum'"),
        ({"distribution": "triangular", "minimum": 2, "maximum": 3}, "not between 2 and 3"),
        ({"distribution": "uniform", "minimum": 1, "maximum": 1}, "not between 1 and 1"),
    ],
)
def test_a_spread_that_says_too_little_is_refused(
    service: TestClient, given: dict[str, Any], detail: str
) -> None:
    body = {**BODY, "bom": [{**BODY["bom"][0], "uncertainty": given}]}
    answer = service.post("/v1/footprints", json=body)
    assert answer.status_code == 422
    (fault,) = answer.json()["errors"]
    assert fault["pointer"] == "/bom/0/uncertainty"
    assert fault["code"] == "bad_uncertainty"
    assert detail in fault["detail"]
    assert fault["hint"]


@pytest.mark.parametrize(
    "given", [{"samples": 1}, {"samples": 10_001}, {"seed": -1}, {"samples": "many"}, {"sed": 1}]
)
def test_a_wrong_wish_for_samples_is_refused(service: TestClient, given: dict[str, Any]) -> None:
    answer = service.post("/v1/footprints", json={**BODY, "uncertainty": given})
    assert answer.status_code == 422
    assert all(each["pointer"].startswith("/uncertainty") for each in answer.json()["errors"])
