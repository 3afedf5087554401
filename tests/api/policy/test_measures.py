"""Measures over HTTP: what they save, whose share it is, and what else they do."""

from copy import deepcopy
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.examples import MEASURE_REQUEST
from api.policy.shipped import request_of, shipped_measures
from api.policy.supply import displacing, grid_mix, operating_margin
from api.schemas.language import LANGUAGES
from lca_service.engine import Engine

URL = "/v1/measures:evaluate"
CLIMATE = "climate_change.total"


def evaluated(service: TestClient, url: str, body: dict[str, Any]) -> dict[str, Any]:
    response = service.post(url, json=body)
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


@pytest.fixture
def body() -> dict[str, Any]:
    return deepcopy(MEASURE_REQUEST)


def test_the_course_of_the_issue_is_shipped() -> None:
    assert set(shipped_measures()) == {
        "alternate-wetting-drying",
        "clinker-substitution",
        "efficient-refrigerators",
        "grid-decarbonization",
        "less-food-loss",
        "longer-appliance-life",
        "recycled-copy-paper",
        "recycled-pet-bottles",
        "reusable-bags",
    }


@pytest.mark.parametrize("name", list(shipped_measures()))
def test_a_worked_measure_answers_with_shares_that_sum_and_stands_beside_publications(
    service: TestClient, name: str
) -> None:
    found = evaluated(service, f"/v1/measures/{name}:evaluate", {})
    for each in found["indicators"]:
        if each["reason"] is not None:
            continue
        whole = sum(year["value"] for year in each["by_year"])
        assert each["cumulated"]["value"] == pytest.approx(whole, rel=1e-12)
        size = max(abs(x) for x in each["by_patch"].values())
        difference = abs(sum(each["by_patch"].values()) - each["cumulated"]["value"])
        assert difference <= 1e-9 * max(size, abs(whole))
    climate = next(each for each in found["indicators"] if each["id"] == CLIMATE)
    assert climate["cumulated"]["value"] > 0
    assert {(m["electricity"], m["is_used"]) for m in found["supply_models"]} == {
        ("average", True),
        ("marginal", False),
    }
    used = found["supply_models"][0]
    assert used["cumulated"][CLIMATE] == pytest.approx(climate["cumulated"]["value"], rel=1e-12)
    assert found["target"]["gap"] == pytest.approx(
        found["target"]["target"] - found["target"]["saving"]
    )
    for published in found["published"]:
        assert published["ratio"] == pytest.approx(published["ours"] / published["value"])
        assert published["why"]


def test_every_assumption_has_a_source_and_titles_are_in_six_languages(engine: Engine) -> None:
    for measure in shipped_measures().values():
        assert set(measure.title) == set(LANGUAGES)
        assert all(each.source for each in measure.assumptions)
        assert request_of(measure, engine)["units"] > 0


def test_savings_are_units_times_the_difference_of_a_unit(
    service: TestClient, body: dict[str, Any]
) -> None:
    climate = evaluated(service, URL, body)["indicators"][0]
    last = climate["by_year"][-1]
    expected = 1e6 * (climate["unit_baseline"] - climate["unit_scenario"])
    assert last["value"] == pytest.approx(expected, rel=1e-12)
    assert climate["by_year"][0]["value"] == 0.0  # nothing is taken up in the first year
    body["rebound"] = {"solar": 0.1}
    again = evaluated(service, URL, body)["indicators"][0]["by_year"][-1]
    assert again["value"] == pytest.approx(expected - 1e5 * climate["unit_scenario"], rel=1e-12)


def test_a_target_is_met_or_what_is_missing_is_said(
    service: TestClient, body: dict[str, Any]
) -> None:
    body["uncertainty"] = {"samples": 64, "seed": 0}
    met = evaluated(service, URL, body)["target"]
    assert met["met"] is True
    assert met["probability_met"] > 0.5
    body["target"] = {"indicator": CLIMATE, "amount": 5000, "unit": "t", "by": 2035}
    missed = evaluated(service, URL, body)["target"]
    assert missed["target"] == 5e6
    assert missed["met"] is False
    assert missed["gap"] == pytest.approx(5e6 - missed["saving"])
    assert missed["probability_met"] == 0.0


def test_an_interval_is_that_of_the_paired_difference(
    service: TestClient, body: dict[str, Any]
) -> None:
    body["uncertainty"] = {"samples": 64, "seed": 0}
    climate = evaluated(service, URL, body)["indicators"][0]
    interval = climate["cumulated"]["interval"]
    assert interval["p2_5"] < climate["cumulated"]["value"] < interval["p97_5"]
    # paired: the interval of the saving is narrower than the saving is large
    assert interval["p2_5"] > 0
    assert climate["probability_saving"] == 1.0


def test_a_market_limited_substitution_saves_its_share(service: TestClient) -> None:
    url = "/v1/measures/recycled-pet-bottles:evaluate"
    whole, limited = (
        evaluated(service, url, {"supply": {"materials": each}, "indicators": [CLIMATE]})
        for each in ("cut_off", "market_limited")
    )
    one, other = (each["indicators"][0]["cumulated"]["value"] for each in (whole, limited))
    assert other == pytest.approx(0.5 * one, rel=1e-6)  # factor A of plastics


def test_marginal_supply_is_of_plants_that_follow_demand(engine: Engine) -> None:
    mix = grid_mix(engine.catalogue, "GH")
    margin = operating_margin(mix)
    assert set(margin) == {"electricity-gas", "electricity-oil"}
    assert sum(margin.values()) == pytest.approx(1.0)
    assert operating_margin({"electricity-hydro": 1.0}) == {}
    # sun displaces gas and oil, and not the water that the target mix has less of
    after = {**mix, "electricity-hydro": mix["electricity-hydro"] - 0.1, "electricity-solar": 0.2}
    found = displacing(mix, after)
    assert found["electricity-hydro"] == pytest.approx(mix["electricity-hydro"])
    assert sum(found.values()) == pytest.approx(1.0)


def test_a_grid_without_such_plants_says_that_it_stays_average(
    service: TestClient, body: dict[str, Any]
) -> None:
    paper = {"category": "copy-paper", "answers": {"location": "PY"}}  # water power alone
    body.update(product=paper, indicators=[CLIMATE])
    body["patches"] = [{"id": "r", "kind": "answers", "parameters": {"recycled": 1}}]
    marginal = evaluated(service, URL, body)["supply_models"][1]
    assert marginal["electricity"] == "marginal"
    if not marginal["mixes"]:
        assert "PY" in marginal["reason"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"patches": []}, "empty_measure"),
        ({"years": {"start": 2030, "end": 2025}}, "bad_period"),
        ({"target": {"indicator": CLIMATE, "by": 2035}}, "amount_or_share"),
        ({"target": {"indicator": "climate", "share": 0.1, "by": 2035}}, "unknown_indicator"),
        ({"target": {"indicator": CLIMATE, "share": 0.1, "by": 2050}}, "bad_period"),
        ({"target": {"indicator": CLIMATE, "amount": 1, "unit": "m3", "by": 2035}},
         "unit_mismatch"),
        ({"rebound": {"wind": 0.1}}, "unknown_patch"),
    ],
)  # fmt: skip
def test_bad_measures_are_refused(
    service: TestClient, body: dict[str, Any], change: dict[str, Any], code: str
) -> None:
    response = service.post(URL, json={**body, **change})
    assert response.status_code == 422
    assert code in {each["code"] for each in response.json()["errors"]}


def test_measures_are_listed_by_sector_and_language(service: TestClient) -> None:
    food = service.get("/v1/measures?sector=food&language=fr").json()["items"]
    assert {each["id"] for each in food} == {"alternate-wetting-drying", "less-food-loss"}
    assert food[0]["title"] == shipped_measures()[food[0]["id"]].title["fr"]
    one = service.get("/v1/measures/less-food-loss").json()
    assert service.post(URL, json=one["request"]).status_code == 200
    assert service.get("/v1/measures/none").json()["errors"][0]["code"] == "unknown_measure"
