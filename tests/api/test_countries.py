"""Countries over HTTP: series, growth, decoupling, and what is refused."""

from typing import Any

import pytest
from fastapi.testclient import TestClient


def ask(client: TestClient, url: str) -> dict[str, Any]:
    response = client.get(url)
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


def country(client: TestClient, url: str) -> dict[str, Any]:
    (only,) = ask(client, url)["countries"]
    found: dict[str, Any] = only
    return found


def decoupled(found: dict[str, Any], pressure: str) -> dict[str, Any]:
    (only,) = [each for each in found["decoupling"] if each["pressure"] == pressure]
    answer: dict[str, Any] = only
    return answer


def series(found: dict[str, Any], indicator: str) -> dict[str, Any]:
    (only,) = [each for each in found["series"] if each["indicator"] == indicator]
    answer: dict[str, Any] = only
    return answer


def refused(client: TestClient, url: str, status: int = 422) -> list[tuple[str, str]]:
    response = client.get(url)
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    return [(each["pointer"], each["code"]) for each in response.json()["errors"]]


def test_the_list_says_which_series_a_country_has(client: TestClient) -> None:
    found = ask(client, "/v1/countries")
    assert [each["code"] for each in found["items"]] == ["GB", "IN", "KE"]
    assert found["total"] == 3
    kenya = found["items"][2]
    assert (kenya["name"], kenya["iso3"]) == ("Kenya", "KEN")
    assert kenya["series"] == [
        {"indicator": "territorial_co2", "first_year": 2000, "last_year": 2000, "n_years": 1}
    ]
    told = {each["id"]: each for each in found["indicators"]}
    assert told["territorial_co2"]["role"] == "pressure"
    assert told["life_expectancy"]["pillar"] == "social"


def test_decoupling_is_of_totals_and_not_of_figures_per_person(client: TestClient) -> None:
    india = country(client, "/v1/countries/IN/trends")
    # 10 t x 100 to 12 t x 110: 1000 to 1320. Income: 1000 x 100 to 1500 x 110, up by 0.65
    period = decoupled(india, "material_footprint")["period"]
    assert (period["start"], period["end"]) == (2000, 2010)
    assert period["pressure"]["change"] == pytest.approx(0.32)
    assert period["activity"]["change"] == pytest.approx(0.65)
    assert period["elasticity"] == pytest.approx(0.32 / 0.65)
    assert (period["verdict"], period["tapio"]) == ("relative", "weak_decoupling")
    # carbon: 10 to 9
    carbon = decoupled(india, "territorial_co2")["period"]
    assert carbon["pressure"]["change"] == pytest.approx(-0.1)
    assert carbon["pressure"]["annual"] == pytest.approx(0.9**0.1 - 1)
    assert (carbon["verdict"], carbon["tapio"]) == ("absolute", "strong_decoupling")


def test_a_recession_is_named_apart(client: TestClient) -> None:
    # income 300 to 270, carbon 20 to 15: -0.25 / -0.1 = 2.5
    period = decoupled(country(client, "/v1/countries/GB/trends"), "territorial_co2")["period"]
    assert period["elasticity"] == pytest.approx(2.5)
    assert (period["verdict"], period["tapio"]) == ("recession_faster_fall", "recessive_decoupling")


def test_a_series_has_values_as_printed_an_index_and_sources(client: TestClient) -> None:
    found = ask(client, "/v1/countries/IN/trends")
    carbon = series(found["countries"][0], "territorial_co2")
    first, last = carbon["points"]
    assert (first["printed"], first["printed_unit"], carbon["unit"]) == (10, "MtC", "Mt CO2")
    assert first["value"] == pytest.approx(36.64)
    assert (first["index"], last["index"]) == (100, pytest.approx(90))
    assert first["locator"] == "-"
    (source,) = found["sources"]
    assert (source["id"], source["licence"]) == ("hand_countries", "CC0-1.0")
    assert found["data_release"]


def test_what_is_unknown_is_null_with_a_reason(client: TestClient) -> None:
    kenya = country(client, "/v1/countries/KE/trends")
    carbon = decoupled(kenya, "territorial_co2")
    assert (carbon["period"], carbon["rolling"]) == (None, [])
    assert carbon["reason"] == "no series of income"
    income = series(kenya, "income")
    assert (income["points"], income["growth"]) == ([], None)
    assert income["reason"] == "no source of this release has a value of it"
    assert "no growth" in series(kenya, "territorial_co2")["reason"]


def test_a_year_that_a_series_does_not_have_gives_no_verdict(client: TestClient) -> None:
    india = country(client, "/v1/countries/IN/trends?start=2000&end=2012")
    period = decoupled(india, "territorial_co2")["period"]
    assert (period["verdict"], period["start"], period["end"]) == (None, 2000, 2012)
    assert period["reason"] == (
        "the pressure has no value in 2012; the activity has no value in 2012"
    )
    growth = series(india, "territorial_co2")
    assert growth["growth"] is None
    assert growth["reason"] == "no growth: there is no value in 2012"


def test_rolling_periods_are_of_ten_years(client: TestClient) -> None:
    india = country(client, "/v1/countries/IN/trends")
    (only,) = decoupled(india, "territorial_co2")["rolling"]
    assert (only["start"], only["end"], only["verdict"]) == (2000, 2010, "absolute")


def test_a_pressure_is_chosen_by_name(client: TestClient) -> None:
    found = country(client, "/v1/countries/IN/trends?pressure=material_footprint")
    assert [each["pressure"] for each in found["decoupling"]] == ["material_footprint"]
    assert "territorial_co2" not in {each["indicator"] for each in found["series"]}
    assert "life_expectancy" in {each["indicator"] for each in found["series"]}


def test_several_countries_come_in_the_order_they_are_asked_for(client: TestClient) -> None:
    found = ask(client, "/v1/trends?countries=KE,gbr,IN,KE")
    assert [each["code"] for each in found["countries"]] == ["KE", "GB", "IN"]
    alone = country(client, "/v1/countries/IN/trends")
    assert found["countries"][2] == alone


def test_all_that_is_wrong_is_told_at_once(client: TestClient) -> None:
    url = "/v1/trends?countries=KE,XX,034,IN&pressure=material&pressure=x&start=2010&end=2000"
    assert refused(client, url) == [
        ("/countries", "unknown_location"),
        ("/countries", "unknown_country"),
        ("/pressure", "unknown_pressure"),
        ("/pressure", "unknown_pressure"),
        ("/end", "bad_period"),
    ]


@pytest.mark.parametrize(
    ("url", "status", "codes"),
    [
        ("/v1/countries/XX/trends", 404, ["unknown_location"]),
        ("/v1/countries/034/trends", 404, ["unknown_country"]),
        ("/v1/countries/IN/trends?start=no&end=never", 422, ["bad_parameter"] * 2),
        ("/v1/countries/IN/trends?pressure=income", 422, ["unknown_pressure"]),
        ("/v1/trends", 422, ["bad_parameter"]),
        ("/v1/trends?countries=,", 422, ["missing_field"]),
        ("/v1/trends?countries=" + ",".join(["KE"] * 31), 422, ["too_many_countries"]),
    ],
)
def test_what_cannot_be_answered_is_a_problem(
    client: TestClient, url: str, status: int, codes: list[str]
) -> None:
    assert [code for _, code in refused(client, url, status)] == codes


def test_an_answer_that_is_known_is_not_sent_again(client: TestClient) -> None:
    first = client.get("/v1/countries/IN/trends?start=2000")
    again = client.get(
        "/v1/countries/IN/trends?start=2000", headers={"If-None-Match": first.headers["etag"]}
    )
    assert again.status_code == 304


def test_the_united_kingdom_over_http_on_the_shipped_release(shipped: TestClient) -> None:
    found = country(shipped, "/v1/countries/GB/trends?start=1990&end=2017")
    # 105.728 / 163.966 and 151.883 / 179.524
    for pressure, change in (("territorial_co2", -0.35518), ("consumption_co2", -0.15397)):
        period = decoupled(found, pressure)["period"]
        assert period["pressure"]["change"] == pytest.approx(change, abs=1e-5)
        assert period["verdict"] == "absolute"
    # what the United Kingdom consumes grew in the decade before the crisis
    rolled = decoupled(found, "consumption_co2")["rolling"]
    verdicts = {each["start"]: each["verdict"] for each in rolled}
    assert len(rolled) == 18
    assert verdicts[1994] == "relative"
    assert verdicts[2007] == "absolute"


def test_many_countries_are_answered_together(shipped: TestClient) -> None:
    found = ask(shipped, "/v1/trends?countries=KE,FR,CN,GB&pressure=material_footprint&start=2000")
    assert len(found["countries"]) == 4
    assert {each["licence"] for each in found["sources"]} == {"CC-BY-3.0-IGO", "PDDL-1.0"}
