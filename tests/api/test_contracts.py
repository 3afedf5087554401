"""Electricity by contract stands beside the grid's."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

SHARES = {"hydro": 0.25, "coal": 0.75}
WIND = {"instrument": "certificates of 2026", "shares": {"wind": 1.0}}


def line(amount: float = 1.0, **fields: Any) -> dict[str, Any]:
    return {
        "id": "power",
        "stage": "use",
        "product": "electricity-low-voltage",
        "amount": amount,
        "unit": "kWh",
    } | fields


def bill(*lines: dict[str, Any], **fields: Any) -> dict[str, Any]:
    unit = {"amount": 1, "unit": "kWh"}
    return {"name": "p", "declared_unit": unit, "location": "IN", "bom": list(lines)} | fields


def ask(shipped: TestClient, request: dict[str, Any]) -> dict[str, Any]:
    response = shipped.post("/v1/footprints", json=request)
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


def faults(shipped: TestClient, request: dict[str, Any]) -> dict[str, str]:
    response = shipped.post("/v1/footprints", json=request)
    assert response.status_code == 422
    return {each["pointer"]: each["code"] for each in response.json()["errors"]}


def column(answer: dict[str, Any], field: str) -> dict[str, Any]:
    return {each["id"]: each[field] for each in answer["indicators"]}


def test_the_grid_stands_beside_a_contract(shipped: TestClient) -> None:
    grid = ask(shipped, bill(line()))
    contract = ask(shipped, bill(line(contract=WIND)))
    assert column(contract, "with_grid_electricity") == column(grid, "value")
    assert set(column(grid, "with_grid_electricity").values()) == {None}
    assert contract["statement"]["electricity"].startswith("by contract (certificates of 2026)")
    assert {each["status"] for each in contract["lines"]} == {"contract"}
    assert contract["lines"][0]["without_parameters"] is None


def test_a_contract_buys_its_plants_over_the_losses_of_the_grid(shipped: TestClient) -> None:
    given = {f"share_{kind}": {"amount": share} for kind, share in SHARES.items()}
    plants = ask(shipped, bill(line(product="electricity-own-mix", parameters=given)))
    contract = {"instrument": "one", "shares": SHARES}
    assert column(ask(shipped, bill(line(contract=contract))), "value") == column(plants, "value")


def test_a_contract_inside_an_assembly_counts_too(shipped: TestClient) -> None:
    parts = {"part": {"amount": 1, "unit": "piece", "bom": [line(contract=WIND)]}}
    bought = {"stage": "use", "assembly": "part", "amount": 1, "unit": "piece"}
    answer = ask(shipped, bill(bought, assemblies=parts))
    grid = ask(shipped, bill(line()))
    assert column(answer, "with_grid_electricity") == pytest.approx(column(grid, "value"))


def test_plants_may_stand_elsewhere(shipped: TestClient) -> None:
    coal = {"instrument": "one", "shares": {"coal": 1.0}}
    here, there = (
        column(ask(shipped, bill(line(contract={**coal, "location": place}))), "value")
        for place in ("IN", "ZA")
    )
    assert here["climate_change.fossil"] != there["climate_change.fossil"]


def test_every_fault_of_a_contract_is_told(shipped: TestClient) -> None:
    half = {"instrument": "one", "shares": {"wind": 0.5}}
    request = bill(
        line(product="cement", contract=WIND),
        line(id="second", contract=half),
        line(id="third", contract={"instrument": "one", "shares": {"sun": 1.0}}),
        line(id="fourth", parameters={"share_wind": {"amount": 1}}, contract=WIND),
        carbon_offsets=3,
    )
    assert faults(shipped, request) == {
        "/carbon_offsets": "offset_refused",
        "/bom/2/contract/shares/sun": "bad_value",
        "/bom/0/product": "bad_contract",
        "/bom/1/contract/shares": "bad_parameter",
        "/bom/3/parameters": "bad_contract",
    }


def test_an_average_of_countries_cannot_supply_by_contract(shipped: TestClient) -> None:
    found = faults(shipped, bill(line(contract={**WIND, "location": "150"})))
    assert found == {"/bom/0/contract/shares/wind": "unknown_parameter"}
