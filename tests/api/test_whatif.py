"""Variants of a kept footprint, and what to measure next."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from lca_service.engine import Engine

PATH = "/v1/footprints"
CLIMATE = "climate_change.total"


@pytest.fixture
def service(tiny: Engine, tmp_path: Path) -> TestClient:
    tiny.build_samples(samples=512, seed=4)
    chosen = Settings(
        data_root=tmp_path, database_url=f"sqlite:///{tmp_path / 'kept.sqlite'}", sample_banks=0
    )
    return TestClient(create_app(chosen, engine=tiny))


@pytest.fixture
def kept(service: TestClient, request_body: dict[str, Any]) -> dict[str, Any]:
    request_body["bom"][0]["uncertainty"] = {"distribution": "lognormal", "gsd": 1.5}
    body = {**request_body, "uncertainty": {"samples": 500, "seed": 4}}
    found: dict[str, Any] = service.post(PATH, json=body).json()
    return found


def ask(service: TestClient, kept: dict[str, Any], *variants: dict[str, Any]) -> list[Any]:
    address = f"{PATH}/{kept['id']}:whatif"
    response = service.post(address, json={"variants": [{"name": "v"} | each for each in variants]})
    assert response.status_code == 200, response.text
    found: list[Any] = response.json()["variants"]
    return found


def value(variant: Any, indicator: str = CLIMATE) -> Any:
    return next(each for each in variant["indicators"] if each["id"] == indicator)


def test_a_variant_without_a_change_is_the_original(
    service: TestClient, kept: dict[str, Any]
) -> None:
    (same,) = ask(service, kept, {})
    assert same["request"] == service.get(f"{PATH}/{kept['id']}/request").json()
    for each, before in zip(same["indicators"], kept["indicators"], strict=True):
        assert (each["id"], each["value"]) == (before["id"], before["value"])
        assert each["uncertainty"] == before["uncertainty"]
        assert each["change"] in (0.0, None)


def test_a_variant_is_what_its_own_request_would_be(
    service: TestClient, kept: dict[str, Any]
) -> None:
    changes = [
        {"lines": {"sewn": {"amount": 150, "location": "ZA"}}},
        {"lines": {"ship": None}},
        {"lines": {"label/mains": {"amount": 9}}, "emissions": {"leak": None}},
        {"location": "KE"},
        {"add": [{"id": "more", "stage": "use", "product": "freight-sea-container",
                  "amount": 1, "unit": "t*km"}]},
        {"methods": {"climate_change": "ipcc_ar6_gwp20"}},
    ]  # fmt: skip
    for each in ask(service, kept, *changes):
        assert each["errors"] == []
        whole = service.post(PATH, json=each["request"]).json()
        assert [found["value"] for found in each["indicators"]] == [
            found["value"] for found in whole["indicators"]
        ]
    climate = [value(each) for each in ask(service, kept, *changes)]
    assert climate[0]["change"] != 0
    assert climate[1]["change"] < 0
    assert "ship" not in climate[1]["by_line"]
    assert "leak" not in climate[2]["by_line"]
    assert climate[4]["change"] > 0


def test_lines_that_stay_are_drawn_as_before(service: TestClient, kept: dict[str, Any]) -> None:
    (fewer,) = ask(service, kept, {"emissions": {"leak": None}})
    before = next(each for each in kept["indicators"] if each["id"] == CLIMATE)
    gone = before["by_line"]["leak"]
    after = value(fewer)["uncertainty"]
    # a certain emission is gone: the distribution moves, and keeps its form
    assert after["p97_5"] == pytest.approx(before["uncertainty"]["p97_5"] - gone, rel=1e-9)
    assert after["standard_deviation"] == pytest.approx(
        before["uncertainty"]["standard_deviation"], rel=1e-9
    )


def test_each_variant_has_its_own_faults(service: TestClient, kept: dict[str, Any]) -> None:
    good, unknown, wrong = ask(
        service,
        kept,
        {"lines": {"sewn": {"amount": 50}}},
        {"lines": {"sewm": {"amount": 1}}, "emissions": {"lek": None}},
        {"lines": {"sewn": {"unit": "kWh"}}},
    )
    assert good["errors"] == []
    assert [each["pointer"] for each in unknown["errors"]] == [
        "/variants/1/lines/sewm",
        "/variants/1/emissions/lek",
    ]
    assert "sewn" in unknown["errors"][0]["allowed"]
    assert wrong["errors"][0]["code"] == "unit_mismatch"
    address = f"{PATH}/{kept['id']}:whatif"
    for body in ({}, {"variants": []}, {"variants": [{"name": "x", "line": {}}]}):
        assert service.post(address, json=body).status_code == 422
    assert service.post(f"{PATH}/unknown:whatif", json={"variants": []}).status_code == 404


def test_what_to_measure_next_is_what_narrows_the_interval(
    service: TestClient, kept: dict[str, Any], request_body: dict[str, Any]
) -> None:
    found = service.get(f"{PATH}/{kept['id']}/measure-next").json()
    assert (found["samples"], found["seed"]) == (500, 4)
    first = found["lines"][0]
    assert first["line"] == "sewn"
    assert first["if_measured"] <= first["if_amount"] < 1
    # were it measured: what is left is the interval of a request that says so
    certain = {**request_body, "uncertainty": {"samples": 500, "seed": 4}}
    del certain["bom"][0]["uncertainty"]
    known = service.post(PATH, json=certain).json()
    width = [
        each["uncertainty"]["p97_5"] - each["uncertainty"]["p2_5"]
        for answer in (known, kept)
        for each in answer["indicators"]
        if each["id"] == CLIMATE
    ]
    assert first["if_amount"] == pytest.approx(width[0] / width[1], rel=1e-9)
    assert [each["if_measured"] for each in found["lines"]] == sorted(
        each["if_measured"] for each in found["lines"]
    )


def test_samples_are_those_of_the_distribution(service: TestClient, kept: dict[str, Any]) -> None:
    found = service.get(f"{PATH}/{kept['id']}/samples").json()
    told = next(each for each in kept["indicators"] if each["id"] == CLIMATE)["uncertainty"]
    assert np.mean(found["values"]) == pytest.approx(told["mean"], rel=1e-12)
    assert np.quantile(found["values"], 0.975) == pytest.approx(told["p97_5"], rel=1e-12)
    plain = service.post(PATH, json={**service.get(f"{PATH}/{kept['id']}/request").json(),
                                     "uncertainty": None}).json()  # fmt: skip
    address = f"{PATH}/{plain['id']}/samples"
    assert len(service.get(address, params={"samples": 64, "seed": 4}).json()["values"]) == 64
    assert service.get(address, params={"samples": 64, "seed": 99}).status_code == 422


def test_a_variant_under_another_edition_of_aware_is_not_compared(
    service: TestClient, kept: dict[str, Any]
) -> None:
    (other,) = ask(service, kept, {"methods": {"water.scarcity_aware": "aware_1_2"}})
    water = value(other, "water.scarcity_aware")
    assert water["change"] is None
    assert water["value"] is None or "aware_1_2 and aware_2_0" in water["reason"]
    assert value(other)["change"] == 0.0
