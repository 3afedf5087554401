"""Products of a user's own: versions of their footprints, and what they cost."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api import portfolio
from api.app import create_app
from api.settings import Settings
from lca_service.engine import Engine

PATH = "/v1/portfolio"


@pytest.fixture
def service(tiny: Engine, tmp_path: Path) -> TestClient:
    url = f"sqlite:///{tmp_path / 'kept.sqlite'}"
    return TestClient(create_app(Settings(data_root=tmp_path, database_url=url), engine=tiny))


@pytest.fixture
def version(request_body: dict[str, Any]) -> dict[str, Any]:
    return {"request": request_body, "note": "2025"}


def add(service: TestClient, version: dict[str, Any], name: str = "Bag 1") -> Any:
    response = service.post(PATH, json={"name": name, **version})
    assert response.status_code == 200, response.text
    return response.json()


def test_next_year_s_figure_is_a_new_version_of_the_same_thing(
    service: TestClient, version: dict[str, Any], request_body: dict[str, Any]
) -> None:
    first = add(service, version)
    assert [each["number"] for each in first["versions"]] == [1]
    later = {**request_body, "location": "ZA"}
    address = f"{PATH}/{first['id']}"
    second = service.post(f"{address}/versions", json={"request": later, "note": "2026"}).json()
    assert [each["note"] for each in second["versions"]] == ["2025", "2026"]
    assert second["versions"][0] == first["versions"][0]
    assert service.get(address).json() == second
    newest = second["versions"][1]
    kept = service.get(f"/v1/footprints/{newest['footprint']}").json()
    shown = ("value", "unit", "reason", "with_grid_electricity", "method")
    assert newest["indicators"] == {
        each["id"]: {name: each[name] for name in shown} for each in kept["indicators"]
    }
    change = service.get(newest["diff"]).json()
    assert (change["before"], change["after"]) == (
        first["versions"][0]["footprint"],
        newest["footprint"],
    )
    assert first["versions"][0]["diff"] is None


def test_products_are_listed_and_removed_and_their_footprints_stay(
    service: TestClient, version: dict[str, Any]
) -> None:
    ids = [add(service, version, name)["id"] for name in ("Bag", "Sack", "Small bag")]
    page = service.get(PATH, params={"name": "bag"}).json()
    assert [each["name"] for each in page["items"]] == ["Small bag", "Bag"]
    footprint = service.get(f"{PATH}/{ids[0]}").json()["versions"][0]["footprint"]
    used = service.delete(f"/v1/footprints/{footprint}")
    assert used.status_code == 409
    assert "version of a product" in used.json()["detail"]
    assert service.delete(f"{PATH}/{ids[0]}").status_code == 204
    for response in (service.get(f"{PATH}/{ids[0]}"), service.delete(f"{PATH}/{ids[0]}")):
        assert response.json()["errors"][0]["code"] == "unknown_portfolio_product"
    assert service.get(PATH).json()["total"] == 2
    assert service.get(f"/v1/footprints/{footprint}").status_code == 200
    assert service.delete(f"/v1/footprints/{footprint}").status_code == 204


def test_the_cost_is_what_the_user_s_own_prices_make(
    service: TestClient, version: dict[str, Any]
) -> None:
    prices = {
        "sewn": {"price": 12.0, "unit": "kg"},  # 100 g
        "ship": {"price": 0.05, "unit": "t*km"},  # 2.4 t*km
        "tag": {"price": 0.01, "unit": "piece"},  # 2 pieces
    }
    cost = add(service, {**version, "currency": "INR", "prices": prices})["versions"][0]["cost"]
    assert cost["currency"] == "INR"
    assert cost["value"] == pytest.approx(1.2 + 0.12 + 0.02)
    assert cost["by_line"] == pytest.approx({"sewn": 1.2, "ship": 0.12, "tag": 0.02})
    assert cost["by_stage"] == pytest.approx(
        {"manufacturing": 1.2, "distribution": 0.12, "raw_materials": 0.02}
    )
    del prices["tag"]
    partly = add(service, {**version, "currency": "INR", "prices": prices})["versions"][0]["cost"]
    assert partly["value"] is None  # what has no price costs something
    assert partly["reason"]
    assert partly["without_price"] == ["tag"]
    assert partly["of_priced_lines"] == pytest.approx(1.32)
    assert add(service, version)["versions"][0]["cost"] is None


def test_faults_are_told_with_pointers_and_leave_nothing(
    service: TestClient, version: dict[str, Any], request_body: dict[str, Any]
) -> None:
    price = {"price": 1.0, "unit": "kWh"}
    for body, pointers in (
        ({**version}, {"/name"}),
        ({"name": "x"}, {"/request"}),
        ({**version, "name": "x", "colour": 1}, {"/colour"}),
        (
            {"name": "x", "request": {**request_body, "location": "nowhere", "bom": [{}]}},
            {"/request/location", "/request/bom/0/amount", "/request/bom/0/unit"},
        ),
        ({**version, "name": "x", "prices": {"sewn": price}}, {"/currency"}),
        (
            {**version, "name": "x", "currency": "EUR", "prices": {"sewn": price, "sew": price}},
            {"/prices/sewn/unit", "/prices/sew"},
        ),
        ({**version, "name": "x", "currency": "euro"}, {"/currency"}),
    ):
        response = service.post(PATH, json=body)
        assert response.status_code == 422
        assert {each["pointer"] for each in response.json()["errors"]} == pointers
    assert service.get(PATH).json()["total"] == 0
    assert service.get("/v1/footprints").json()["total"] == 0


def test_versions_of_writers_at_the_same_time_have_numbers_of_their_own(
    service: TestClient, version: dict[str, Any]
) -> None:
    product = add(service, version)["id"]
    with ThreadPoolExecutor(8) as pool:
        done = pool.map(
            lambda _: service.post(f"{PATH}/{product}/versions", json=version).status_code,
            range(15),
        )
        assert set(done) == {200}
    numbers = [each["number"] for each in service.get(f"{PATH}/{product}").json()["versions"]]
    assert numbers == list(range(1, 17))


def test_a_superseded_version_is_deprecated_for_customers(
    service: TestClient, request_body: dict[str, Any]
) -> None:
    declaration = {
        "company_name": "A", "company_ids": ["urn:x-id:1"], "product_ids": ["urn:x-id:2"],
        "product_description": "A bag", "reference_period_start": "2025-01-01T00:00:00Z",
        "reference_period_end": "2026-01-01T00:00:00Z", "fossil_carbon_content_kg": 0.0,
        "biogenic_carbon_content_kg": 0.0, "packaging_included": True, "ccs_included": False,
        "exempted_percent": 0.0,
    }  # fmt: skip
    version = {"request": {**request_body, "declaration": declaration}}
    product = add(service, version)["id"]
    found = service.post(f"{PATH}/{product}/versions", json=version).json()["versions"]
    old, new = (
        service.get(f"/v1/footprints/{each['footprint']}", params={"format": "pact"}).json()
        for each in found
    )
    assert (old["status"], new["status"]) == ("Deprecated", "Active")
    assert new["precedingPfIds"] == [old["id"]]
    assert "precedingPfIds" not in old


def test_a_bill_without_lines_has_no_cost(
    service: TestClient, request_body: dict[str, Any]
) -> None:
    request = {**request_body, "bom": [], "assemblies": {}}
    cost = add(service, {"request": request, "currency": "INR"})["versions"][0]["cost"]
    assert cost["value"] is None
    assert "no line" in cost["reason"]


def test_a_product_that_is_removed_meanwhile_is_unknown_and_leaves_nothing(
    service: TestClient, version: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    product = add(service, version)["id"]
    compute = portfolio.compute_footprint

    def compute_while_it_goes(*given: Any, **also: Any) -> Any:
        assert service.delete(f"{PATH}/{product}").status_code == 204
        return compute(*given, **also)

    monkeypatch.setattr(portfolio, "compute_footprint", compute_while_it_goes)
    response = service.post(f"{PATH}/{product}/versions", json=version)
    assert response.status_code == 404
    assert response.json()["errors"][0]["code"] == "unknown_portfolio_product"
    assert service.get("/v1/footprints").json()["total"] == 1  # that of the first version


def test_a_saved_product_has_an_address_and_a_tag(
    service: TestClient, version: dict[str, Any]
) -> None:
    made = service.post(PATH, json={"name": "Bag 1", **version})
    address = made.headers["content-location"]
    assert address == f"{PATH}/{made.json()['id']}"
    tag = service.get(address).headers["etag"]
    assert tag == made.headers["etag"]
    assert service.get(address, headers={"If-None-Match": tag}).status_code == 304
    later = service.post(f"{address}/versions", json=version)
    assert later.headers["content-location"] == address
    assert later.headers["etag"] != tag
    assert service.get(address, headers={"If-None-Match": tag}).status_code == 200
