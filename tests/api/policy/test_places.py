"""Buildings and consumption tables: sums of footprints, per area and head."""

from copy import deepcopy
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.examples import BUILDING_REQUEST, CONSUMPTION_REQUEST

CLIMATE = "climate_change.total"


def footprint(service: TestClient, location: str, **line: Any) -> float:
    body = {
        "name": "x",
        "declared_unit": {"amount": 1, "unit": "piece"},
        "location": location,
        "bom": [{"stage": "use", **line}],
        "indicators": [CLIMATE],
    }
    found: float = service.post("/v1/footprints", json=body).json()["indicators"][0]["value"]
    return found


def test_the_metric_of_a_building_is_its_meters_over_its_area(service: TestClient) -> None:
    answer = service.post("/v1/buildings", json=BUILDING_REQUEST).json()
    climate = answer["indicators"][0]
    power = footprint(service, "KE", product="electricity-low-voltage", amount=210, unit="MWh")
    water = footprint(service, "KE", product="drinking-water", amount=1800, unit="m3")
    # HFC-32 has a GWP100 of 771 (IPCC AR6, table 7.15)
    expected = power + water + 1.2 * 771
    assert climate["operation"]["of_building"] == pytest.approx(expected, rel=1e-9)
    assert climate["operation"]["per_m2"] == pytest.approx(expected / 2400, rel=1e-9)
    assert climate["operation"]["per_occupant"] == pytest.approx(expected / 120, rel=1e-9)
    assert climate["by_carrier"]["hfc-32"] == pytest.approx(1.2 * 771, rel=1e-3)
    frame = footprint(service, "KE", product="building-concrete-frame", amount=2400, unit="m2")
    end = footprint(service, "KE", product="building-concrete-frame-demolition", amount=2400,
                    unit="m2")  # fmt: skip
    assert climate["materials"]["of_building"] == pytest.approx((frame + end) / 50, rel=1e-9)
    assert set(climate["by_stage"]) == {"manufacturing", "end_of_life"}


def test_what_is_not_given_is_unknown_and_not_zero(service: TestClient) -> None:
    body = {k: v for k, v in BUILDING_REQUEST.items() if k not in ("occupants", "frame")}
    answer = service.post("/v1/buildings", json=body).json()
    climate = answer["indicators"][0]
    assert climate["operation"]["per_occupant"] is None
    assert climate["materials"] is None
    assert "neither" in climate["materials_reason"]
    assert len(answer["notes"]) == 4


def test_faults_of_a_building_stand_where_they_are(service: TestClient) -> None:
    body = deepcopy(BUILDING_REQUEST)
    body["frame"] = "straw"
    body["operation"][0]["product"] = "electricty"
    body["refrigerants"][0]["flow"] = "freon"
    found = service.post("/v1/buildings", json=body).json()["errors"]
    assert {each["pointer"] for each in found} == {
        "/frame",
        "/operation/0/product",
        "/refrigerants/0/flow",
    }
    body = {**deepcopy(BUILDING_REQUEST), "materials": [
        {"product": "concrete", "amount": 1, "unit": "t"}]}  # fmt: skip
    (both,) = service.post("/v1/buildings", json=body).json()["errors"]
    assert both["code"] == "frame_or_materials"


def test_a_consumption_table_is_the_sum_of_its_rows(service: TestClient) -> None:
    answer = service.post("/v1/consumption-tables", json=CONSUMPTION_REQUEST).json()
    climate = answer["indicators"][0]
    rice = footprint(service, "KE", product="rice-eaten", amount=900, unit="t")
    power = footprint(service, "KE", product="electricity-low-voltage", amount=8, unit="GWh")
    assert climate["total"]["value"] == pytest.approx(rice + power, rel=1e-9)
    assert climate["by_group"]["food"]["per_inhabitant"] == pytest.approx(rice / 50_000, rel=1e-9)
    assert sum(each["share"] for each in climate["by_group"].values()) == pytest.approx(1.0)
    body = deepcopy(CONSUMPTION_REQUEST)
    body["rows"][1]["name"] = "Rice"
    body["rows"][0]["product"] = "ricee"
    found = service.post("/v1/consumption-tables", json=body).json()["errors"]
    assert {(each["pointer"], each["code"]) for each in found} == {
        ("/rows/1/name", "duplicate_id"),
        ("/rows/0/product", "unknown_product"),
    }


@pytest.mark.parametrize("category", ["event", "hotel-night"])
def test_events_and_hotel_nights_are_categories(service: TestClient, category: str) -> None:
    body = {"location": "KE", "indicators": [CLIMATE]}
    found = service.post(f"/v1/categories/{category}/footprints", json=body).json()
    assert found["indicators"][0]["value"] > 0
