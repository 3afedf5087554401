"""Comparisons over HTTP: the same function, paired samples, and what is refused."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.examples import COMPARISON_REQUEST
from api.settings import Settings
from lca_service.engine import Engine

URL = "/v1/comparisons"


@pytest.fixture(scope="module")
def service(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    engine.build_samples(samples=64, seed=0)
    folder = tmp_path_factory.mktemp("comparisons")
    url = f"sqlite:///{folder / 'kept.sqlite'}"
    chosen = Settings(data_root=folder, database_url=url, sample_banks=0)
    return TestClient(create_app(chosen, engine=engine))


@pytest.fixture
def body() -> dict[str, Any]:
    asked = deepcopy(COMPARISON_REQUEST)
    asked["uncertainty"]["samples"] = 64
    return asked


def compared(service: TestClient, body: dict[str, Any]) -> dict[str, Any]:
    response = service.post(URL, json=body)
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


def test_two_yarns_are_told_apart_in_water_and_the_values_are_their_footprints(
    service: TestClient, body: dict[str, Any]
) -> None:
    found = compared(service, body)
    water = next(each for each in found["indicators"] if each["id"] == "water.scarcity_aware")
    (pair,) = water["pairs"]
    # Indian cotton is irrigated: 171 m3 world-eq a kilogram of lint beside 0.1 of polyester
    assert (pair["first"], pair["second"], pair["verdict"]) == ("Cotton", "Polyester", "higher")
    assert pair["probability_lower"] == 0.0
    for option, each in zip(body["options"], water["options"], strict=True):
        alone = service.post(
            "/v1/footprints", json={**option["request"], "indicators": [water["id"]]}
        ).json()["indicators"][0]
        assert each["value"] == alone["value"]
    assert found["samples"] == 64
    assert len(found["not_met"]) == 2


def test_categories_and_countries_are_compared(service: TestClient, body: dict[str, Any]) -> None:
    answers = [("sneaker", {"location": each}) for each in ("IN", "FR")]
    answers.append(("leather-shoe", {"location": "IN"}))
    body["indicators"] = ["climate_change.total"]
    body["options"] = [
        {"name": f"{name} {at['location']}", "function": "A pair of shoes",
         "category": name, "answers": at}
        for name, at in answers
    ]  # fmt: skip
    (found,) = compared(service, body)["indicators"]
    assert len(found["pairs"]) == 3
    for (name, at), each in zip(answers, found["options"], strict=True):
        alone = service.post(f"/v1/categories/{name}/footprints", json=at).json()["indicators"]
        total = next(every for every in alone if every["id"] == "climate_change.total")
        assert each["value"] == total["value"]


def test_a_fault_of_a_category_is_told_where_it_is(
    service: TestClient, body: dict[str, Any]
) -> None:
    one = {"name": "A", "function": "f", "category": "t-shirt", "answers": {"loc": "IN"}}
    two = {"name": "B", "function": "f", "category": "t-shrt"}
    three = {"name": "C", "function": "f", "category": "t-shirt", "footprint": "x"}
    body["options"] = [one, two, three]
    response = service.post(URL, json=body)
    assert response.status_code == 422
    assert {(each["pointer"], each["code"]) for each in response.json()["errors"]} >= {
        ("/options/1/category", "unknown_category"),
        ("/options/2", "request_or_footprint"),
    }
    assert any(
        each["pointer"].startswith("/options/0/answers") for each in response.json()["errors"]
    )


def test_verdicts_turn_round_with_the_order(service: TestClient, body: dict[str, Any]) -> None:
    there = compared(service, body)
    body["options"].reverse()
    back = compared(service, body)
    turned = {"lower": "higher", "higher": "lower", "not_distinguishable": "not_distinguishable"}
    for one, other in zip(there["indicators"], back["indicators"], strict=True):
        first, second = one["pairs"][0], other["pairs"][0]
        assert first["verdict"] == turned[second["verdict"]]
        assert first["probability_lower"] == pytest.approx(1 - second["probability_lower"])
        assert first["difference"]["p97_5"] == pytest.approx(-second["difference"]["p2_5"])


def test_one_product_at_one_place_is_not_distinguishable_from_itself(
    service: TestClient, body: dict[str, Any]
) -> None:
    body["options"][1] = {**body["options"][0], "name": "The same"}
    for each in compared(service, body)["indicators"]:
        (pair,) = each["pairs"]
        assert pair["verdict"] == "not_distinguishable"
        assert pair["difference"] == {"mean": 0, "p2_5": 0, "p50": 0, "p97_5": 0}


def test_a_trade_off_between_indicators_is_told(service: TestClient, body: dict[str, Any]) -> None:
    # rain-fed Thai cotton: more carbon, less scarce water than polyester
    body["options"] = [
        {"name": name, "function": "Fibre", "request": {
            "name": name, "declared_unit": {"amount": 1, "unit": "kg"}, "location": place,
            "bom": [{"stage": "raw_materials", "product": product, "amount": amount,
                     "unit": "kg"}]}}
        for name, product, amount, place in (("little cotton", "cotton-lint", 0.4, "TR"),
                                             ("polyester", "polyester-fibre", 1, "TR"))
    ]  # fmt: skip
    found = compared(service, body)
    assert found["trade_offs"] == [
        {
            "first": "little cotton",
            "second": "polyester",
            "first_lower": ["climate_change.total"],
            "second_lower": ["water.scarcity_aware"],
        }
    ]


def test_kept_footprints_are_compared_on_one_release(
    service: TestClient, body: dict[str, Any]
) -> None:
    before = compared(service, body)
    for option in body["options"]:
        option["footprint"] = service.post("/v1/footprints", json=option.pop("request")).json()[
            "id"
        ]
    after = compared(service, body)
    assert after["indicators"] == before["indicators"]
    assert after["manifest"]["data_hash"] == before["manifest"]["data_hash"]


def test_an_alternative_allocation_that_turns_the_sign_round_is_no_verdict(
    service: TestClient, body: dict[str, Any]
) -> None:
    polyester = body["options"][1]
    for amount, allocation, verdict in (
        (1.1, "keeps_sign", "higher"),
        (10_000, "turns_round", "not_distinguishable"),
    ):
        other = deepcopy(polyester["request"])
        other["bom"][0]["amount"] = amount
        polyester["alternatives"] = [{"name": "otherwise", "request": other}]
        found = compared(service, body)["indicators"][1]["pairs"][0]
        assert (found["allocation"], found["verdict"]) == (allocation, verdict)


@pytest.mark.parametrize(
    ("path", "value", "pointer", "code"),
    [
        (("options", 1, "function"), "Five", "/options/1/function", "different_function"),
        (("options", 1, "name"), "Cotton", "/options/1/name", "duplicate_id"),
        (("options", 1, "request", "declared_unit"), {"amount": 2, "unit": "kg"},
         "/options/1/request/declared_unit", "different_function"),
        (("options", 1, "request", "declared_unit"), {"amount": 1, "unit": "m"},
         "/options/1/request/declared_unit", "different_function"),
        (("options", 1, "request", "bom", 0, "product"), "ploy",
         "/options/1/request/bom/0/product", "unknown_product"),
        (("options", 1, "footprint"), "x", "/options/1", "request_or_footprint"),
        (("options", 1), {"name": "x", "function": "One kilogram of yarn for knitting",
                          "footprint": "x"}, "/options/1/footprint", "unknown_footprint"),
        (("relevance",), 2, "/relevance", "bad_value"),
        (("indicators",), ["climate"], "/indicators/0", "unknown_indicator"),
        (("data_release",), "1999.1", "/data_release", "unknown_release"),
        (("option",), [], "/option", "unknown_field"),
    ],
)  # fmt: skip
def test_what_cannot_be_compared_is_refused_with_its_place(
    service: TestClient,
    body: dict[str, Any],
    path: tuple[Any, ...],
    value: Any,
    pointer: str,
    code: str,
) -> None:
    at: Any = body
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    response = service.post(URL, json=body)
    assert response.status_code == 422, response.text
    faults = {(each["pointer"], each["code"]) for each in response.json()["errors"]}
    assert (pointer, code) in faults


def test_the_same_function_may_be_written_with_other_spaces_and_units(
    service: TestClient, body: dict[str, Any]
) -> None:
    body["options"][1]["function"] = "one kilogram  of yarn for knitting"
    body["options"][1]["request"]["declared_unit"] = {"amount": 1000, "unit": "g"}
    compared(service, body)


def test_samples_that_are_not_built_are_asked_for_again(
    service: TestClient, body: dict[str, Any], tmp_path: Path
) -> None:
    body["uncertainty"]["seed"] = 4711
    assert service.post(URL, json=body).status_code in (422, 503)


def test_an_indicator_that_is_unknown_of_one_option_has_no_pairs(
    service: TestClient, body: dict[str, Any]
) -> None:
    body["indicators"] = ["climate_change.luluc", "climate_change.fossil"]
    found = compared(service, body)["indicators"]
    assert [bool(each["pairs"]) for each in found] == [each["reason"] is None for each in found]
    assert found[1]["pairs"]
