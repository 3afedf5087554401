"""The names and sums of an answer: what a client's code rests on."""

import json
import math
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.ask import ask_footprint
from api.examples import FOOTPRINT_REQUEST
from api.read import read_json
from lca_service.engine import Engine

INDICATOR = {"id", "value", "unit", "method", "by_stage", "by_line", "coverage"}
LINE = {"id", "matched", "status", "source", "licence"}
EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.json"))


def assert_contract(answer: dict[str, Any]) -> None:
    """Check the names of the contract, and that the parts sum to the whole."""
    assert {"indicators", "lines", "warnings", "manifest"} <= answer.keys()
    for indicator in answer["indicators"]:
        assert indicator.keys() >= INDICATOR
        assert indicator["method"].keys() == {"id", "version"}
        if indicator["value"] is None:
            assert indicator["reason"]
            continue
        assert indicator["reason"] is None
        for parts in (indicator["by_stage"], indicator["by_line"]):
            assert math.fsum(parts.values()) == pytest.approx(indicator["value"], rel=1e-12)
    for line in answer["lines"]:
        assert line.keys() >= LINE
        assert line["status"]
        if line["matched"]:
            assert line["matched"].keys() == {
                "activity",
                "product",
                "location",
                "asked",
                "ladder",
            }
    assert answer["manifest"].keys() == {"input_sha256", "data_release", "data_hash", "engine"}


def test_an_answer_has_the_names_of_the_contract(
    client: TestClient, request_body: dict[str, Any]
) -> None:
    response = client.post("/v1/footprints", json=request_body)
    assert response.status_code == 200, response.text
    answer = response.json()
    assert_contract(answer)
    assert [each["id"] for each in answer["indicators"]] == request_body["indicators"]
    assert set(answer["indicators"][0]["by_line"]) == {"sewn", "ship", "tag", "leak"}
    assert answer["manifest"]["data_release"] == "2026.0"


def test_a_substituted_place_is_reported_step_by_step(
    client: TestClient, request_body: dict[str, Any]
) -> None:
    answer = client.post("/v1/footprints", json=request_body).json()
    mains = next(line for line in answer["lines"] if line["pointer"] == "/assemblies/label/bom/0")
    assert mains["status"] == "substituted"
    assert mains["matched"]["asked"] == "LK"
    assert mains["matched"]["ladder"][0] == "LK"
    assert mains["matched"]["ladder"][-1] == mains["matched"]["location"] == "034"


def test_an_unknown_indicator_value_is_null_with_a_reason(
    client: TestClient, request_body: dict[str, Any]
) -> None:
    request_body["indicators"] = ["climate_change.luluc"]
    request_body["bom"][0] |= {"product": "seed-cotton"}
    answer = client.post("/v1/footprints", json=request_body).json()
    assert answer["indicators"][0]["value"] is None
    assert answer["indicators"][0]["by_line"] is None
    assert answer["indicators"][0]["reason"]


def test_the_hash_of_a_request_knows_its_meaning_and_not_its_spaces(
    client: TestClient, request_body: dict[str, Any]
) -> None:
    spaced = json.dumps(dict(reversed(request_body.items())), indent=3)
    headers = {"Content-Type": "application/json"}
    first = client.post("/v1/footprints", json=request_body).json()["manifest"]
    second = client.post("/v1/footprints", content=spaced, headers=headers).json()["manifest"]
    assert first == second
    request_body["bom"][0]["amount"] = 101
    third = client.post("/v1/footprints", json=request_body).json()["manifest"]
    assert third["input_sha256"] != first["input_sha256"]


@pytest.mark.parametrize("by", ["activity", "flow", "location"])
def test_contributions_sum_to_the_score(
    client: TestClient, request_body: dict[str, Any], by: str
) -> None:
    scores = client.post("/v1/footprints", json=request_body).json()["indicators"]
    response = client.post(
        "/v1/footprints:contributions", params={"by": by, "depth": 2}, json=request_body
    )
    assert response.status_code == 200, response.text
    for score, parts in zip(scores, response.json()["indicators"], strict=True):
        assert parts["value"] == pytest.approx(score["value"], rel=1e-9)
        total = math.fsum(part["value"] for part in parts["contributions"])
        assert total == pytest.approx(score["value"], rel=1e-9)


def test_the_documented_request_is_the_contract_example(root: Path) -> None:
    text = (root / "examples" / "contract.json").read_text("utf-8")
    assert json.loads(text) == FOOTPRINT_REQUEST


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: str(path.stem))
def test_every_example_is_answered_the_same_over_http_and_without(
    path: Path, engine: Engine
) -> None:
    client = TestClient(create_app(engine=engine))
    body = path.read_bytes()
    headers = {"Content-Type": "application/json"}
    response = client.post("/v1/footprints", content=body, headers=headers)
    assert response.status_code == 200, response.text
    assert_contract(response.json())
    again = ask_footprint(read_json(body), engine, max_lines=1000).model_dump_json()
    assert response.text.endswith(again[1:])  # after the footprint's own id and time
