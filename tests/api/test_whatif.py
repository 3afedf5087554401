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


def keep(service: TestClient, body: dict[str, Any]) -> dict[str, Any]:
    response = service.post(PATH, json=body)
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


def test_lines_without_ids_keep_their_names_and_draws_when_one_goes(
    service: TestClient, request_body: dict[str, Any]
) -> None:
    spread = {"distribution": "lognormal", "gsd": 1.5}
    bom = [{**each, "uncertainty": spread} for each in request_body["bom"]]
    for each in bom:
        del each["id"]
    body = {**request_body, "bom": bom, "uncertainty": {"samples": 500, "seed": 4}}
    kept = keep(service, body)
    added = {"stage": "use", "product": "electricity-low-voltage", "amount": 1, "unit": "kWh"}
    fewer, replaced = ask(
        service, kept, {"lines": {"line-1": None}}, {"lines": {"line-1": None}, "add": [added]}
    )
    before = next(each for each in kept["indicators"] if each["id"] == CLIMATE)
    after = value(fewer)["by_line"]
    assert after == {name: score for name, score in before["by_line"].items() if name != "line-1"}
    assert set(value(replaced)["by_line"]) == {"line-2", "line-3", "line-4", "leak"}
    # a line that does not count leaves the distribution as it is: the others are drawn as before
    nothing = keep(service, {**body, "bom": [{**bom[0], "amount": 0}, *bom[1:]]})
    (gone,) = ask(service, nothing, {"lines": {"line-1": None}})
    was = next(each for each in nothing["indicators"] if each["id"] == CLIMATE)["uncertainty"]
    for figure in ("mean", "standard_deviation", "p2_5", "p97_5"):
        assert value(gone)["uncertainty"][figure] == pytest.approx(was[figure], rel=1e-12)


def test_a_name_that_two_lines_go_by_changes_neither(
    service: TestClient, request_body: dict[str, Any]
) -> None:
    beside = {**request_body["bom"][0], "id": "label/mains"}
    twice = request_body["assemblies"]["label"]["bom"] * 2
    label = {**request_body["assemblies"]["label"], "bom": twice}
    for body in (
        {**request_body, "bom": [*request_body["bom"], beside]},
        {**request_body, "assemblies": {"label": label}},
    ):
        (variant,) = ask(service, keep(service, body), {"lines": {"label/mains": {"amount": 9}}})
        (fault,) = variant["errors"]
        assert fault["code"] == "ambiguous_id"
        assert fault["pointer"] == "/variants/0/lines/label~1mains"


def test_variants_share_the_lines_that_a_question_may_have(
    tiny: Engine, tmp_path: Path, request_body: dict[str, Any]
) -> None:
    url = f"sqlite:///{tmp_path / 'few.sqlite'}"
    chosen = Settings(data_root=tmp_path, database_url=url, max_lines=12, sample_banks=0)
    service = TestClient(create_app(chosen, engine=tiny))
    kept = keep(service, request_body)  # six: three lines, an emission, an assembly and its line
    address = f"{PATH}/{kept['id']}:whatif"
    variants = [{"name": "v"}] * 20
    assert service.post(address, json={"variants": variants}).status_code == 200
    line = {"stage": "use", "product": "cut-and-sew", "amount": 1, "unit": "kg"}
    for more in ([*variants, {"name": "v"}], [*variants[1:], {"name": "v", "add": [line]}]):
        (fault,) = service.post(address, json={"variants": more}).json()["errors"]
        assert (fault["pointer"], fault["code"]) == ("/variants", "too_many_lines")


def test_faults_of_a_variant_name_its_line(
    service: TestClient, request_body: dict[str, Any]
) -> None:
    line = {"stage": "use", "product": "no-such-thing", "amount": 1, "unit": "kg"}
    (variant,) = ask(
        service,
        keep(service, request_body),
        {
            "lines": {"sewn": None, "ship": {"unit": "kWh"}, "label/mains": {"unit": "kg"}},
            "emissions": {"leak": {"flow": "no-such-flow"}},
            "add": [line],
            "location": "nowhere",
        },
    )
    assert {each["pointer"] for each in variant["errors"]} == {
        "/variants/0/lines/ship/unit",
        "/variants/0/lines/label~1mains/unit",
        "/variants/0/emissions/leak/flow",
        "/variants/0/add/0/product",
        "/variants/0/location",
    }


def test_a_variant_shows_the_grid_beside_a_contract(
    shipped: TestClient,
) -> None:
    line = {"id": "power", "stage": "use", "product": "electricity-low-voltage",
            "amount": 1, "unit": "kWh"}  # fmt: skip
    body = {"name": "Power", "declared_unit": {"amount": 1, "unit": "kWh"}, "location": "IN"}
    kept = keep(shipped, {**body, "bom": [line]})
    contract = {"instrument": "I-REC", "shares": {"wind": 1.0}}
    own, grid = ask(shipped, kept, {"lines": {"power": {"contract": contract}}}, {})
    assert value(own)["value"] < value(own)["with_grid_electricity"] == value(grid)["value"]
    assert value(grid)["with_grid_electricity"] is None
