"""Scenarios over HTTP: kept in versions, beside what is, and every fault with its patch."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.examples import EVALUATION_REQUEST, SCENARIO_REQUEST

URL = "/v1/scenarios:evaluate"
CLIMATE = "climate_change.total"

EXAMPLES = sorted(
    path.name
    for path in (Path(__file__).resolve().parents[3] / "examples").glob("*.json")
    if path.name != "contract.json"  # electricity by contract is no scenario of the grid
)


def evaluated(service: TestClient, body: dict[str, Any]) -> dict[str, Any]:
    response = service.post(URL, json=body)
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


def faults(service: TestClient, body: dict[str, Any]) -> list[dict[str, Any]]:
    response = service.post(URL, json=body)
    assert response.status_code == 422, response.text
    found: list[dict[str, Any]] = response.json()["errors"]
    return found


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_empty_scenario_is_the_baseline_to_the_bit(
    service: TestClient, root: Path, name: str
) -> None:
    request = json.loads((root / "examples" / name).read_text("utf-8"))
    request.pop("uncertainty", None)
    alone = service.post("/v1/footprints", json=request).json()
    values = {each["id"]: each["value"] for each in alone["indicators"]}
    body = {"product": {"request": request}, "indicators": list(values)}
    found = evaluated(service, body)
    assert found["solved_by"] == "release"
    for each in found["indicators"]:
        # two orders of adding lines: the last bit of a sum may differ, that of a scenario not
        assert each["baseline"] == each["scenario"]
        if values[each["id"]] is not None:
            assert each["baseline"] == pytest.approx(values[each["id"]], rel=1e-14)
        assert each["change"] in (0.0, None)


def test_a_scenario_is_kept_in_versions_that_never_change(service: TestClient) -> None:
    kept = service.post("/v1/scenarios", json=SCENARIO_REQUEST).json()
    url = f"/v1/scenarios/{kept['id']}"
    other = deepcopy(SCENARIO_REQUEST)
    other["patches"][0]["shares"] = {"hydro": 1.0}
    assert service.post(f"{url}/versions", json=other).status_code == 200
    found = service.get(url).json()
    assert [each["number"] for each in found["versions"]] == [1, 2]
    assert found["versions"][0]["patches"] == kept["versions"][0]["patches"]
    body = {**EVALUATION_REQUEST, "scenario": {"id": kept["id"], "version": 1}}
    first, newest = evaluated(service, body), None
    body["scenario"] = {"id": kept["id"]}
    newest = evaluated(service, body)
    assert newest["indicators"][0]["scenario"] < first["indicators"][0]["scenario"]
    assert kept["id"] in {each["id"] for each in service.get("/v1/scenarios").json()["items"]}
    assert service.delete(url).status_code == 204
    assert service.get(url).status_code == 404
    (fault,) = faults(service, body)
    assert (fault["pointer"], fault["code"]) == ("/scenario/id", "unknown_scenario")


def test_a_path_follows_the_uptake_and_ends_in_the_scenario(service: TestClient) -> None:
    found = evaluated(service, EVALUATION_REQUEST)
    climate = found["indicators"][0]
    years = [each["year"] for each in climate["path"]]
    values = [each["value"] for each in climate["path"]]
    assert years == [2025, 2030, 2035]
    assert (values[0], values[-1]) == (climate["baseline"], climate["scenario"])
    assert values == sorted(values, reverse=True)
    assert climate["change"] == pytest.approx(values[-1] - values[0])
    assert found["patches"][0]["activities"] == ["electricity-generation@IN"]


def test_the_change_has_an_interval_of_paired_samples(service: TestClient) -> None:
    body = {**EVALUATION_REQUEST, "uncertainty": {"samples": 64, "seed": 0}}
    found = evaluated(service, body)
    climate = found["indicators"][0]
    interval = climate["distribution"]
    assert interval["p2_5"] < climate["change"] < interval["p97_5"] < 0
    assert climate["probability_lower"] == 1.0
    assert found["samples"] == 64


def fridge(**parameters: Any) -> dict[str, Any]:
    return {"category": "refrigerator", "answers": {"location": "KE", "parameters": parameters}}


def test_answers_and_lines_of_a_bill_are_patched(service: TestClient) -> None:
    body: dict[str, Any] = {
        "product": fridge(lifetime=10, electricity=400),
        "patches": [
            {"id": "saving", "kind": "answers", "parameters": {"electricity": 200}},
            {"id": "lighter", "kind": "bill", "lines": {"road": {"amount": 0}}},
        ],
        "indicators": [CLIMATE],
    }
    (climate,) = evaluated(service, body)["indicators"]
    use = climate["by_line"]["electricity"]
    assert use["scenario"] == pytest.approx(use["baseline"] / 2, rel=1e-12)
    assert climate["by_line"]["road"]["scenario"] == 0.0
    assert climate["by_stage"]["use"] == pytest.approx(use)
    body["patches"][0]["uptake"] = 0.25
    (partly,) = evaluated(service, body)["indicators"]
    assert partly["by_line"]["electricity"]["scenario"] == pytest.approx(
        use["baseline"] - 0.25 * (use["baseline"] - use["scenario"]), rel=1e-12
    )


def test_every_fault_is_told_at_once_and_names_its_patch(service: TestClient) -> None:
    body = {
        "product": fridge(),
        "patches": [
            {"id": "a", "kind": "parameters", "activities": ["nope@IN"],
             "parameters": {"x": {"amount": 1}}},
            {"id": "b", "kind": "generation_mix", "location": "IN", "shares": {"coal": 0.4}},
            {"id": "c", "kind": "generation_mix", "location": "ZA", "year": 2031},
            {"id": "d", "kind": "answers", "parameters": {"lifetimes": 15}},
            {"id": "e", "kind": "bill", "lines": {"machin": {"amount": 0.5}}},
            {"id": "f", "kind": "bill", "lines": {"machine": {"amount": 2}}},
            {"id": "g", "kind": "generation_mix", "location": "IN", "year": 2030},
            {"id": "h", "kind": "exchange", "activities": ["refrigerator@KE"], "factor": 2},
        ],
    }  # fmt: skip
    found = faults(service, body)
    codes = {(each["code"], each["pointer"]) for each in found}
    assert {
        ("unknown_activity", "/patches/0"),
        ("bad_shares", "/patches/1/shares"),
        ("unknown_year", "/patches/2/year"),
        ("unknown_parameter", "/patches/3/parameters/lifetimes"),
        ("unknown_line", "/patches/4/lines/machin"),
        ("contradicting_patches", "/patches/6"),
        ("product_or_flow", "/patches/7"),
    } <= codes
    for each in found:
        assert f"'{chr(ord('a') + int(each['pointer'].split('/')[2]))}'" in each["detail"]


@pytest.mark.parametrize(
    ("patch", "code"),
    [
        ({"kind": "bill", "lines": {"machine": {"unit": "kg"}}}, "unit_mismatch"),
        ({"kind": "bill"}, "empty_patch"),
        ({"kind": "parameters", "activities": ["refrigerator@KE"]}, "empty_patch"),
        ({"kind": "parameters", "activities": ["refrigerator@KE"],
          "parameters": {"hfc": {"amount": 0, "factor": 2}}}, "amount_or_factor"),
        ({"kind": "generation_mix", "location": "KE"}, "shares_or_year"),
        ({"kind": "exchange", "activities": ["electricity-high-voltage-supply@IN"],
          "product": "electricity-generation-mix", "factor": 200}, "no_net_output"),
        ({"kind": "substitution", "activities": ["refrigerator@KE"], "product": "salt",
          "by": "steel"}, "unknown_exchange"),
    ],
)  # fmt: skip
def test_bad_patches_are_refused(service: TestClient, patch: dict[str, Any], code: str) -> None:
    found = faults(service, {"product": fridge(), "patches": [{"id": "bad", **patch}]})
    assert code in {each["code"] for each in found}
    assert all("'bad'" in each["detail"] for each in found)


@pytest.mark.parametrize(
    "uptake",
    [{}, -0.1, 1.5, {"20x5": 1}, {"start": 2030, "end": 2030}, {"start": 2031, "end": 2030}],
)
def test_uptakes_that_mean_nothing_are_refused(service: TestClient, uptake: Any) -> None:
    patch = {"id": "p", "kind": "answers", "parameters": {"lifetime": 12}, "uptake": uptake}
    found = faults(service, {"product": fridge(), "patches": [patch]})
    assert all(each["pointer"].startswith("/patches/0") for each in found)


def test_what_is_not_asked_in_one_way_is_refused(service: TestClient) -> None:
    (both,) = faults(service, {"product": {"category": "refrigerator", "footprint": "x"}})
    assert both["code"] == "request_or_footprint"
    (neither,) = faults(service, {"product": {}})
    assert neither["code"] == "request_or_footprint"
    body = {**EVALUATION_REQUEST, "patches": SCENARIO_REQUEST["patches"]}
    assert "scenario_or_patches" in {each["code"] for each in faults(service, body)}
    bill = {"id": "b", "kind": "bill", "lines": {"machine": None}}
    (fault,) = faults(service, {"product": fridge(), "baseline": [bill]})
    assert fault["pointer"] == "/baseline/0"
    long = {"id": "p", "kind": "answers", "parameters": {"lifetime": 12}}
    own = {**EVALUATION_REQUEST, "scenario": None, "patches": [long]}
    own.pop("scenario")
    (fault,) = faults(service, own)
    assert fault["code"] == "no_category"
