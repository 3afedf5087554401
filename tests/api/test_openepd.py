"""openEPD drafts: what is declared is true, what cannot be said is absent."""

import json
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from openepd.model.epd import Epd

from api.app import create_app
from api.settings import Settings
from lca_service.engine import Engine
from lca_service.errors import SamplesMissing

PATH = "/v1/footprints"
DECLARATION = {"company_name": "Bolsas del Sur", "product_description": "A cotton bag"}
NAMES = {
    "climate_change.total": "gwp",
    "climate_change.fossil": "gwp-fossil",
    "climate_change.luluc": "gwp-luluc",
    "climate_change.biogenic": "gwp-nonCO2",
    "water.scarcity_aware": "WDP",
}


@pytest.fixture
def service(tiny: Engine, tmp_path: Path) -> TestClient:
    url = f"sqlite:///{tmp_path / 'kept.sqlite'}"
    return TestClient(create_app(Settings(data_root=tmp_path, database_url=url), engine=tiny))


@pytest.fixture
def body(request_body: dict[str, Any]) -> dict[str, Any]:
    """Return a bill with lines before the gate, behind it and in use."""
    del request_body["indicators"]
    return {**request_body, "declaration": DECLARATION}


def kept(service: TestClient, body: dict[str, Any]) -> Any:
    response = service.post(PATH, json=body)
    assert response.status_code == 200, response.text
    return response.json()


def openepd(service: TestClient, body: dict[str, Any]) -> Any:
    footprint = kept(service, body)
    response = service.get(f"{PATH}/{footprint['id']}", params={"format": "openepd"})
    assert response.status_code == 200, response.text
    return response.json()


def impacts(document: Any) -> Any:
    (found,) = document["impacts"].values()
    return found


def test_modules_are_the_stages_that_the_answer_has(
    service: TestClient, body: dict[str, Any]
) -> None:
    stages = {each["id"]: each["by_stage"] for each in kept(service, body)["indicators"]}
    document = openepd(service, body)
    assert set(document["impacts"]) == {"Unknown LCIA"}
    assert set(impacts(document)) == set(NAMES.values())
    for indicator, name in NAMES.items():
        by_stage = stages[indicator]
        assert set(impacts(document)[name]) == {"A1A2A3", "A4"}
        gate = by_stage["raw_materials"] + by_stage["manufacturing"]
        found = {module: each["mean"] for module, each in impacts(document)[name].items()}
        assert found == pytest.approx({"A1A2A3": gate, "A4": by_stage["distribution"]}, rel=1e-12)
    fresh = document["resource_uses"]["fw"]["A1A2A3"]
    used = stages["water.consumption"]
    assert fresh["mean"] == pytest.approx(used["raw_materials"] + used["manufacturing"], rel=1e-12)
    units = {name: each["A4"]["unit"] for name, each in impacts(document).items()}
    assert units == dict.fromkeys(NAMES.values(), "kgCO2e") | {"WDP": "m3AWARE"}
    assert fresh["unit"] == "m3"


def test_what_has_no_module_is_left_out_and_named(
    service: TestClient, body: dict[str, Any]
) -> None:
    line = {**body["bom"][1], "id": "shred", "stage": "end_of_life"}
    document = openepd(service, {**body, "bom": [*body["bom"], line]})
    assert "B1 to B7" in document["lca_discussion"]
    assert "C1 to C4" in document["lca_discussion"]
    (tag,) = [each for each in body["bom"] if each["id"] == "tag"]
    alone = openepd(service, {**body, "bom": [tag], "emissions": []})
    assert set(impacts(alone)["gwp"]) == {"A1A2A3"}  # nothing is zero that nobody has asked for
    assert "# Left out" not in alone["lca_discussion"]


def test_nothing_is_claimed_that_nobody_did(service: TestClient, body: dict[str, Any]) -> None:
    document = openepd(service, body)
    assert document["private"] is True
    assert "not reviewed" in document["lca_discussion"]
    claims = (
        "compliance",
        "pcr",
        "program_operator",
        "third_party_verifier",
        "epd_developer",
        "id",
    )
    assert [each for each in claims if each in document] == []
    assert "gwp-biogenic" not in impacts(document)


def test_the_package_reads_all_that_is_written(service: TestClient, body: dict[str, Any]) -> None:
    whole = {
        "validity_period_end": "2028-01-01T00:00:00+00:00",
        "product_classifications": ["urn:cpc:0151"],
        "product_ids": ["urn:gtin:4712345060507"],
        "biogenic_carbon_content_kg": 0.04,
        "comment": "As sewn in 2025",
    }
    document = openepd(service, {**body, "declaration": DECLARATION | whole})
    read = Epd.parse_obj(document).json(by_alias=True, exclude_unset=True, exclude_none=True)
    assert json.loads(read) == document
    assert document["doctype"] == "openEPD"
    assert document["declared_unit"] == {"qty": 1.0, "unit": "item"}
    assert document["kg_per_declared_unit"] == {"qty": 0.1, "unit": "kg"}
    assert document["manufacturer"] == {"name": "Bolsas del Sur"}
    assert document["plants"] == [{"address": "India"}]
    assert document["valid_until"].startswith("2028-01-01")
    assert document["product_classes"] == {"cpc": ["urn:cpc:0151"]}
    assert document["ext"]["footprint"]["product_ids"] == whole["product_ids"]
    assert "0.04 kg C" in document["lca_discussion"]
    assert "As sewn in 2025" in document["lca_discussion"]


def test_the_spread_of_each_module_is_its_own(
    service: TestClient, tiny: Engine, body: dict[str, Any]
) -> None:
    tiny.build_samples(samples=40, seed=5)
    sampled = {**body, "uncertainty": {"samples": 40, "seed": 5}}
    gwp = impacts(openepd(service, sampled))["gwp"]
    for stages, module in (
        (("raw_materials", "manufacturing"), "A1A2A3"),
        (("distribution",), "A4"),
    ):
        lines = [each for each in sampled["bom"] if each["stage"] in stages]
        part = kept(service, {**sampled, "bom": lines, "emissions": []})
        (total,) = [each for each in part["indicators"] if each["id"] == "climate_change.total"]
        drawn = total["uncertainty"]["standard_deviation"] / total["value"]
        assert gwp[module]["rsd"] == pytest.approx(drawn, rel=1e-9)
    assert all("dist" not in each for each in gwp.values())  # nobody knows its shape
    assert all("rsd" not in each for each in impacts(openepd(service, body))["gwp"].values())


def test_values_stand_without_spread_where_samples_are_gone(
    service: TestClient, tiny: Engine, body: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    tiny.build_samples(samples=40, seed=5)
    footprint = kept(service, {**body, "uncertainty": {"samples": 40, "seed": 5}})

    def missing(*_: object) -> None:
        raise SamplesMissing(data_hash="", seed=5, built=0, wanted=40)

    monkeypatch.setattr(Engine, "uncertainty", missing)
    document = service.get(f"{PATH}/{footprint['id']}", params={"format": "openepd"}).json()
    assert impacts(document)["gwp"] == impacts(openepd(service, body))["gwp"]
    assert "No rsd" in document["lca_discussion"]


def test_a_later_version_of_a_product_counts_on(service: TestClient, body: dict[str, Any]) -> None:
    first = service.post("/v1/portfolio", json={"name": "Bag", "request": body, "note": ""}).json()
    address = f"/v1/portfolio/{first['id']}"
    second = service.post(f"{address}/versions", json={"request": body, "note": ""}).json()
    versions = [
        service.get(f"{PATH}/{each['footprint']}", params={"format": "openepd"}).json()["version"]
        for each in second["versions"]
    ]
    assert versions == [1, 2]


@pytest.mark.parametrize(
    ("change", "missed"),
    [
        ({"declaration": None}, {"/declaration/company_name", "/declaration/product_description"}),
        ({"declared_unit": {"amount": 1, "unit": "piece"}}, {"/declared_unit/mass_kg"}),
    ],
)
def test_what_the_file_asks_for_is_named_at_once(
    service: TestClient, body: dict[str, Any], change: dict[str, Any], missed: set[str]
) -> None:
    footprint = kept(service, {**body, **change})
    response = service.get(f"{PATH}/{footprint['id']}", params={"format": "openepd"})
    assert response.status_code == 422
    errors = response.json()["errors"]
    assert {(each["pointer"], each["code"]) for each in errors} == {
        (pointer, "missing_for_openepd") for pointer in missed
    }


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"declared_unit": {"amount": 1, "unit": "candela"}}, "/declared_unit/unit",
         "not_exportable"),
        ({"bom": []}, "/bom", "no_gate"),
    ],
)  # fmt: skip
def test_what_openepd_cannot_carry_is_refused(
    service: TestClient, body: dict[str, Any], change: dict[str, Any], pointer: str, code: str
) -> None:
    footprint = kept(service, {**body, **change})
    response = service.get(f"{PATH}/{footprint['id']}", params={"format": "openepd"})
    assert response.status_code == 422
    found = [(each["pointer"], each["code"]) for each in response.json()["errors"]]
    assert (pointer, code) in found
