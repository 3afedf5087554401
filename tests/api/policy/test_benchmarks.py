"""Benchmarks over HTTP: a category's distribution, and a product's place in it."""

from copy import deepcopy
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.examples import RATING_REQUEST

CLIMATE = "climate_change.total"


def benchmark(service: TestClient, category: str, query: str = "") -> dict[str, Any]:
    url = f"/v1/benchmarks/{category}?samples=64&indicators={CLIMATE}{query}"
    response = service.get(url)
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


@pytest.mark.parametrize("category", ["t-shirt", "building", "copy-paper", "beverage-bottle"])
def test_a_category_is_spread_over_countries_technologies_and_inputs(
    service: TestClient, category: str
) -> None:
    found = benchmark(service, category)
    assert len(found["places"]) > 200
    (climate,) = found["indicators"]
    limits = [each["at_most"] for each in climate["grades"][:-1]]
    figures = climate["percentiles"]
    assert limits == [figures["p20"], figures["p40"], figures["p60"], figures["p80"]]
    assert sum(climate["variance"].values()) == pytest.approx(1.0)
    medians = [each["p50"] for each in climate["by_place"]]
    assert medians == sorted(medians)
    assert len(climate["by_technology"]) == len(found["technologies"])


def test_a_place_alone_has_the_distribution_of_its_own_inputs(service: TestClient) -> None:
    (alone,) = benchmark(service, "copy-paper", "&countries=SE")["indicators"]
    (all_of_them,) = benchmark(service, "copy-paper")["indicators"]
    own = next(each for each in all_of_them["by_place"] if each["id"] == "SE")
    (group,) = alone["by_place"]
    assert group == own


def test_with_everything_fixed_what_is_left_is_the_inventory(service: TestClient) -> None:
    names = "recycled,paper,road,sea"
    (held,) = benchmark(service, "copy-paper", f"&countries=SE&fixed={names}")["indicators"]
    (free,) = benchmark(service, "copy-paper", "&countries=SE")["indicators"]
    width = [each["percentiles"]["p97_5"] - each["percentiles"]["p2_5"] for each in (held, free)]
    assert width[0] < width[1]


def test_a_product_stands_in_its_category(service: TestClient) -> None:
    body = deepcopy(RATING_REQUEST)
    body["uncertainty"]["samples"] = 64
    found = service.post("/v1/benchmarks/t-shirt:rate", json=body).json()
    (climate,) = found["indicators"]
    assert climate["grade"] in "ABCDE"
    assert sum(climate["probabilities"].values()) == pytest.approx(1.0)
    body["product"]["answers"]["parameters"].update(washes=10, tumble_dried=0, sea=0, market="SE")
    better = service.post("/v1/benchmarks/t-shirt:rate", json=body).json()["indicators"][0]
    assert better["percentile"] < climate["percentile"]


def test_another_function_is_not_rated(service: TestClient) -> None:
    body = deepcopy(RATING_REQUEST)
    body["product"] = {"category": "copy-paper", "answers": {"location": "BD"}}
    response = service.post("/v1/benchmarks/t-shirt:rate", json=body)
    assert response.json()["errors"][0]["code"] == "different_function"


def test_unknown_names_are_told_at_once(service: TestClient) -> None:
    url = "/v1/benchmarks/t-shirt?countries=XX&fixed=colour&indicators=warmth"
    found = service.get(url).json()["errors"]
    assert {each["code"] for each in found} == {
        "unknown_location",
        "unknown_parameter",
        "unknown_indicator",
    }
    assert service.get("/v1/benchmarks/gold").status_code == 404
