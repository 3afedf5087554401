"""Claims: the gates of ISO 14044, two of which no service meets."""

from copy import deepcopy
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.examples import CLAIM_REQUEST

URL = "/v1/comparisons:check-claim"


@pytest.fixture
def body() -> dict[str, Any]:
    return {**deepcopy(CLAIM_REQUEST), "uncertainty": {"samples": 64, "seed": 0}}


def checked(service: TestClient, body: dict[str, Any]) -> dict[str, dict[str, Any]]:
    response = service.post(URL, json=body)
    assert response.status_code == 200, response.text
    answer = response.json()
    assert answer["may_be_published"] is False
    assert {"critical_review", "comprehensive_categories"} <= set(answer["left"])
    return {each["id"]: each for each in answer["conditions"]}


def test_a_claim_that_samples_bear_still_needs_review_and_categories(
    service: TestClient, body: dict[str, Any]
) -> None:
    found = checked(service, body)
    for name in ("same_function", "same_boundary", "uncertainty", "relevance", "verdict"):
        assert found[name]["verdict"] == "met", name
    assert found["alternative_allocation"]["verdict"] == "cannot_tell"
    assert all(each["clause"] and each["evidence"] for each in found.values())


def test_the_other_way_round_it_is_not_borne(service: TestClient, body: dict[str, Any]) -> None:
    body["first"], body["second"] = body["second"], body["first"]
    found = checked(service, body)
    assert found["uncertainty"]["verdict"] == "not_met"
    assert found["verdict"]["verdict"] == "not_met"


def test_another_boundary_is_told(service: TestClient, body: dict[str, Any]) -> None:
    line = {"id": "ship", "stage": "distribution", "product": "freight-sea-container",
            "amount": 10, "unit": "t*km"}  # fmt: skip
    body["options"][0]["request"]["bom"].append(line)
    found = checked(service, body)
    assert found["same_boundary"]["verdict"] == "not_met"
    assert "distribution" in found["same_boundary"]["evidence"]


def test_an_option_that_is_not_there_is_a_fault(service: TestClient, body: dict[str, Any]) -> None:
    body["first"] = "Silk"
    (fault,) = service.post(URL, json=body).json()["errors"]
    assert (fault["pointer"], fault["code"]) == ("/first", "unknown_option")
