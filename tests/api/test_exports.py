"""Files, opened as a customer would: figures equal the JSON's, units present, sources named."""

import csv
import io
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import openpyxl
import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.exports.pact import WATER_SCHEMA, check_sums, geography
from api.settings import Settings
from lca_service.domain.location import Location, LocationKind
from lca_service.engine import Engine
from lca_service.errors import StudyError

PATH = "/v1/footprints"
DECLARATION = {
    "company_name": "Bolsas del Sur",
    "company_ids": ["urn:uuid:51131fb5-42a2-4267-a402-0ecfefa5f2a0"],
    "product_ids": ["urn:gtin:4712345060507"],
    "product_description": "A cotton bag",
    "reference_period_start": "2025-01-01T00:00:00Z",
    "reference_period_end": "2026-01-01T00:00:00+02:00",
    "fossil_carbon_content_kg": 0.0,
    "biogenic_carbon_content_kg": 0.04,
    "packaging_included": False,
    "ccs_included": False,
    "exempted_percent": 0.0,
}


MISSING, REFUSED = "missing_for_pact", "not_exportable"


def declaring(**changes: Any) -> dict[str, Any]:
    return {"declaration": DECLARATION | changes}


@pytest.fixture
def service(tiny: Engine, tmp_path: Path) -> TestClient:
    url = f"sqlite:///{tmp_path / 'kept.sqlite'}"
    return TestClient(create_app(Settings(data_root=tmp_path, database_url=url), engine=tiny))


def keep(service: TestClient, body: dict[str, Any]) -> dict[str, Any]:
    response = service.post(PATH, json=body)
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


def strange(body: dict[str, Any]) -> dict[str, Any]:
    """Return a request of 200 lines with names in many scripts, and one that is a formula."""
    line = body["bom"][0]
    names = ["棉布袋", "حقيبة قطن", '=HYPERLINK("http://x")', 'Ünïcode, "quoted"', "@cmd"]
    lines = [line | {"id": f"{names[i % 5]} {i}", "amount": 1 + i} for i in range(200)]
    return {**body, "name": "=1+1 棉布袋 حقيبة", "bom": lines, "assemblies": {}}


@pytest.fixture
def large(tiny: Engine, tmp_path: Path, request_body: dict[str, Any]) -> tuple[TestClient, Any]:
    url = f"sqlite:///{tmp_path / 'large.sqlite'}"
    service = TestClient(create_app(Settings(data_root=tmp_path, database_url=url), engine=tiny))
    return service, keep(service, strange(request_body))


def test_values_separated_by_commas_are_those_of_the_json(large: tuple[TestClient, Any]) -> None:
    service, kept = large
    for options in ({"params": {"format": "csv"}}, {"headers": {"Accept": "text/csv"}}):
        response = service.get(f"{PATH}/{kept['id']}", **options)
        assert response.headers["content-type"] == "text/csv; charset=utf-8"
        assert response.content.startswith(b"\xef\xbb\xbf")
        rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
        for each in kept["indicators"]:
            own = [row for row in rows if row["indicator"] == each["id"]]
            assert {row["unit"] for row in own} == {each["unit"]}
            (total,) = [row for row in own if row["part"] == "total"]
            if each["value"] is None:
                assert (total["value"], total["reason"]) == ("", each["reason"])
                continue
            assert float(total["value"]) == each["value"]
            lines = {
                row["id"].removeprefix("'"): float(row["value"])
                for row in own
                if row["part"] == "line"
            }
            assert lines == each["by_line"]
        assert not any(cell.startswith(("=", "@")) for row in rows for cell in row.values())


def test_a_workbook_shows_all_that_the_json_says(large: tuple[TestClient, Any]) -> None:
    service, kept = large
    response = service.get(f"{PATH}/{kept['id']}", params={"format": "xlsx"})
    assert response.headers["content-disposition"].endswith('.xlsx"')
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    results = {row[0]: row for row in book["Results"].iter_rows(min_row=2, values_only=True)}
    assert set(results) == {each["id"] for each in kept["indicators"]}
    for each in kept["indicators"]:
        # a workbook holds sixteen digits
        assert results[each["id"]][2] == pytest.approx(each["value"], rel=1e-14)
        assert results[each["id"]][3] == each["unit"]
    head, *lines = book["By line"].iter_rows(values_only=True)
    assert len(lines) == 200 + len(kept["indicators"][0]["by_line"]) - 200
    for column, each in enumerate(kept["indicators"], start=1):
        assert head[column] == f"{each['id']} [{each['unit']}]"
        if each["by_line"]:
            found = {row[0]: row[column] for row in lines}
            assert found == pytest.approx(each["by_line"], rel=1e-14)
    bill = list(book["Bill"].iter_rows(min_row=2, values_only=True))
    assert [row[0] for row in bill[:200]] == [
        each["id"] for each in strange({**_request(service, kept)})["bom"]
    ]
    assert [row[0] for row in book["Sources"].iter_rows(min_row=2, values_only=True)] == [
        each["id"] for each in kept["sources"]
    ]
    versions = dict(book["Versions"].iter_rows(min_row=2, max_col=2, values_only=True))
    assert versions["data hash"] == kept["manifest"]["data_hash"]
    formulas = [
        cell.coordinate for sheet in book for row in sheet for cell in row if cell.data_type == "f"
    ]
    assert formulas == []


def _request(service: TestClient, kept: Any) -> Any:
    return service.get(f"{PATH}/{kept['id']}/request").json()


def test_a_form_that_nobody_has_is_told(service: TestClient, request_body: dict[str, Any]) -> None:
    kept = keep(service, request_body)
    address = f"{PATH}/{kept['id']}"
    assert service.get(address, headers={"Accept": "image/png"}).status_code == 406
    assert service.get(address, params={"format": "docx"}).status_code == 422
    asked = {"Accept": "text/html, application/json;q=0.9, */*;q=0.1"}
    assert service.get(address, headers=asked).json()["id"] == kept["id"]
    assert service.get(address, headers={"Accept": "text/csv;q=0"}).status_code == 406
    for accept, media_type in (
        ("application/json;q=0, */*", "text/csv"),  # the more precise range decides
        ("text/*, application/json", "application/json"),
        ("text/csv;q=\u00b2, application/json;q=0.5", "text/csv"),  # no weight: 1
        ("text/csv;q=0.5, */*", "application/json"),
    ):
        answer = service.get(address, headers={"Accept": accept.encode("latin-1")})
        assert answer.headers["content-type"].startswith(media_type)
        assert answer.headers["vary"] == "Accept"


@pytest.fixture
def declared(request_body: dict[str, Any]) -> dict[str, Any]:
    return {**request_body, "declaration": DECLARATION}


def pact(service: TestClient, kept: Any) -> Any:
    response = service.get(f"{PATH}/{kept['id']}", params={"format": "pact"})
    assert response.status_code == 200, response.text
    return response.json()


def test_a_product_footprint_is_cradle_to_gate_and_its_parts_sum_to_it(
    service: TestClient, declared: dict[str, Any]
) -> None:
    kept = keep(service, declared)
    found = pact(service, kept)
    assert found["id"] == kept["id"]
    pcf = found["pcf"]
    gate = sum(
        each["by_stage"].get(stage, 0.0)
        for each in kept["indicators"]
        if each["id"] == "climate_change.total"
        for stage in ("raw_materials", "manufacturing")
    )
    assert float(pcf["pcfExcludingBiogenicUptake"]) == pytest.approx(gate, rel=1e-9)
    whole = next(
        each["value"] for each in kept["indicators"] if each["id"] == "climate_change.total"
    )
    assert gate < whole  # shipping and the leak stand behind the gate
    difference = Decimal(pcf["pcfIncludingBiogenicUptake"]) - Decimal(
        pcf["pcfExcludingBiogenicUptake"]
    )
    assert difference == Decimal(pcf["biogenicCO2Uptake"])
    assert float(difference) == pytest.approx(-44 / 12 * 0.04, rel=1e-11)
    assert pcf["productMassPerDeclaredUnit"] == "0.1"
    assert (pcf["declaredUnitOfMeasurement"], pcf["declaredUnitAmount"]) == ("piece", "1")
    assert pcf["geographyCountry"] == "IN"
    assert pcf["referencePeriodEnd"] == "2025-12-31T22:00:00Z"
    assert "distribution" in pcf["boundaryProcessesDescription"]
    numbers = [value for value in pcf.values() if isinstance(value, str) and value[:1].isdigit()]
    assert not any("e" in each.lower() for each in numbers)
    (water,) = found["extensions"]
    jsonschema.validate(water["data"], WATER_SCHEMA)
    assert service.get("/v1/schemas/pact-water.json").json() == json.loads(json.dumps(WATER_SCHEMA))
    assert water["dataSchema"].endswith("/v1/schemas/pact-water.json")


def test_a_product_footprint_fits_the_official_schema(
    service: TestClient, declared: dict[str, Any], official_pact: dict[str, Any]
) -> None:
    if not official_pact:
        pytest.skip("the official schema is not in the house")
    components = official_pact["components"]
    schema = {"$ref": "#/components/schemas/ProductFootprint", "components": components}
    validator = jsonschema.Draft202012Validator(schema)
    faults = [
        each.message for each in validator.iter_errors(pact(service, keep(service, declared)))
    ]
    assert faults == []


def test_every_field_that_the_company_must_say_is_asked_for(
    service: TestClient, request_body: dict[str, Any]
) -> None:
    kept = keep(service, request_body)
    response = service.get(f"{PATH}/{kept['id']}", params={"format": "pact"})
    assert response.status_code == 422
    missed = {each["pointer"] for each in response.json()["errors"]}
    assert missed == {f"/declaration/{name}" for name in DECLARATION}
    assert {each["code"] for each in response.json()["errors"]} == {"missing_for_pact"}


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"declared_unit": {"amount": 1, "unit": "piece"}}, "/declared_unit/mass_kg", MISSING),
        ({"declared_unit": {"amount": 1, "unit": "candela"}}, "/declared_unit/unit", REFUSED),
        (declaring(exempted_percent=3.0), "/declaration/exempted_description", MISSING),
        (declaring(ccs_included=True), "/declaration/ccs_included", REFUSED),
        (declaring(reference_period_end="2024-01-01T00:00:00Z"),
         "/declaration/reference_period_end", "bad_value"),
        (declaring(validity_period_end="2031-01-01T00:00:00Z"),
         "/declaration/validity_period_end", "bad_value"),
        (declaring(validity_period_start="2025-06-01T00:00:00Z"),
         "/declaration/validity_period_start", "bad_value"),
        (declaring(reference_period_start="0001-01-01T00:00:00+14:00"),
         "/declaration/reference_period_start", "bad_value"),
        ({"bom": []}, "/bom", "no_gate"),
    ],
)  # fmt: skip
def test_what_pact_cannot_carry_is_refused(
    service: TestClient, declared: dict[str, Any], change: dict[str, Any], pointer: str, code: str
) -> None:
    kept = keep(service, {**declared, **change})
    response = service.get(f"{PATH}/{kept['id']}", params={"format": "pact"})
    assert response.status_code == 422
    assert (pointer, code) in [
        (each["pointer"], each["code"]) for each in response.json()["errors"]
    ]


def test_three_years_after_29_february_end_on_the_28th(
    service: TestClient, declared: dict[str, Any]
) -> None:
    period = {
        "reference_period_start": "2023-03-01T00:00:00Z",
        "reference_period_end": "2024-02-29T00:00:00Z",
        "validity_period_end": "2027-02-28T00:00:00Z",
    }
    found = pact(service, keep(service, {**declared, **declaring(**period)}))
    assert found["validityPeriodEnd"] == "2027-02-28T00:00:00Z"


def test_a_name_that_is_given_twice_stands_once(
    service: TestClient, declared: dict[str, Any]
) -> None:
    twice = [*DECLARATION["product_ids"] * 2]
    found = pact(service, keep(service, {**declared, **declaring(product_ids=twice)}))
    assert found["productIds"] == DECLARATION["product_ids"]


def test_an_intermediate_region_is_named_by_its_sub_region() -> None:
    region = Location("002", "Africa", LocationKind.REGION, "GLO")
    subregion = Location("202", "Sub-Saharan Africa", LocationKind.SUBREGION, "002")
    middle = Location("011", "Western Africa", LocationKind.INTERMEDIATE, "202")
    named = geography("011", {each.code: each for each in (region, subregion, middle)})
    assert named == {"geographyRegionOrSubregion": "Sub-Saharan Africa"}


def test_sums_and_signs_are_checked(service: TestClient, declared: dict[str, Any]) -> None:
    good = pact(service, keep(service, declared))
    check_sums(good)
    for name, value in (
        ("fossilGhgEmissions", "99"),
        ("biogenicCO2Uptake", "1"),
        ("pcfIncludingBiogenicUptake", "0"),
        ("ccsTechnologicalCO2Capture", "5"),
    ):
        with pytest.raises(StudyError):
            check_sums({**good, "pcf": {**good["pcf"], name: value}})
