"""The footprint of an organisation: scopes, market, water, tables and files."""

import copy
import csv
import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from fastapi.testclient import TestClient

from api.organisation.example import ORGANISATION_REQUEST

PATH = "/v1/organisation-footprints"
PERIOD = {"start": "2025-01-01", "end": "2025-12-31"}
WIND = {"instrument": "certificates of 2025", "shares": {"wind": 1.0}}


def activity(scope: int, name: str, amount: float = 1.0, unit: str = "kg", **more: Any) -> Any:
    return {"scope": scope, "product": name, "amount": amount, "unit": unit} | more


def flow(scope: int, name: str, amount: float = 1.0, unit: str = "kg", **more: Any) -> Any:
    return {"scope": scope, "flow": name, "amount": amount, "unit": unit} | more


def site(*activities: Any, location: str = "IN", **more: Any) -> Any:
    return {"id": "a", "name": "A", "location": location, "activities": list(activities)} | more


def organisation(*sites: Any, **more: Any) -> Any:
    return {
        "name": "One",
        "period": PERIOD,
        "consolidation": "operational_control",
        "sites": list(sites),
    } | more


def ask(client: TestClient, request: Any) -> Any:
    response = client.post(PATH, json=request)
    assert response.status_code == 200, response.text
    return response.json()


def faults(client: TestClient, request: Any) -> list[tuple[str, str]]:
    response = client.post(PATH, json=request)
    assert response.status_code == 422, response.text
    return sorted((each["pointer"], each["code"]) for each in response.json()["errors"])


def column(answer: Any, field: str = "location_based") -> dict[str, float | None]:
    """Return the values of an answer, or of a site, by scope or category."""
    return {
        each["scope"] if each["category"] is None else f"3.{each['category']}": each[field]["value"]
        for each in answer["emissions"]
    }


POWER = activity(2, "electricity-low-voltage", 100, "kWh")


# Mains of IN: 0.72 kg in plants (tests/calculation/test_scopes.py). A ship: 6.4 g of 7.4 g burnt.
# 1 g HFC-134a of AR6 is 1.53 kg (Table 7.SM.7: 1530). Film: 2 kg CO2e.
def test_scopes_of_the_tiny_world_are_those_worked_by_hand(client: TestClient) -> None:
    answer = ask(
        client,
        organisation(
            site(
                POWER,
                activity(1, "freight-sea-container", 1000, "t*km"),
                flow(1, "hfc-134a", 1, "g"),
                flow(1, "co2-biogenic", 3),
                activity(3, "plastic-film", 4, category=1),
            ),
            employees=2,
            revenue={"amount": 10, "currency": "KES"},
            base_year={"year": 2020, "unit": "t", "scope_1": 0.01},
        ),
    )
    found = column(answer)
    assert found["1"] == pytest.approx(6.4 + 1.53, rel=1e-12)
    assert found["2"] == pytest.approx(72, rel=1e-12)
    assert found["3.1"] == pytest.approx(8, rel=1e-12)
    assert found["3.2"] is None
    assert column(answer, "biogenic_co2_location_based")["1"] == 3
    (reduction,) = [each for each in answer["gri"] if each["requirement"] == "Reduction of scope 1"]
    assert reduction["value"] == pytest.approx((10 - 7.93) / 1000)
    intensity = answer["intensities"][0]
    assert intensity["location_based"]["value"] == pytest.approx((72 + 7.93) / 2)
    assert intensity["location_based"]["unit"].endswith("/employee")
    assert answer["activities"][0]["market"] == {"status": "grid", "instrument": None}
    assert column(answer) == column(answer, "market_based")


def test_parts_sum_to_the_bill_of_the_same_lines(shipped: TestClient) -> None:
    answer = ask(shipped, ORGANISATION_REQUEST)
    lines, emissions = [], []
    for each in ORGANISATION_REQUEST["sites"]:
        for entry in each["activities"]:
            kept = {k: v for k, v in entry.items() if k in ("product", "flow", "amount", "unit")}
            kept |= {"stage": "use", "location": entry.get("location", each["location"])}
            (lines if "product" in entry else emissions).append(kept)
    bill = {
        "name": "bill",
        "declared_unit": {"amount": 1, "unit": "piece"},
        "location": "KE",
        "bom": lines,
        "emissions": emissions,
    }
    found = shipped.post("/v1/footprints", json=bill).json()
    values = {each["id"]: each["value"] for each in found["indicators"]}
    assert column(answer)["total"] == pytest.approx(values["climate_change.total"], rel=1e-12)
    parts = [part for each in answer["activities"] for part in each["emissions"]]
    for basis in ("location_based", "market_based"):
        whole = column(answer, basis)["total"]
        assert sum(part[basis]["value"] for part in parts) == pytest.approx(whole, rel=1e-12)
        sites = [column(each, basis)["total"] or 0.0 for each in answer["sites"]]
        assert sum(sites) == pytest.approx(whole, rel=1e-12)
    water = answer["water"]
    for name, indicator in (
        ("consumption", "water.consumption"),
        ("scarcity", "water.scarcity_aware"),
    ):
        both = water[name]["value"] + water["supply_chain_location_based"][name]["value"]
        assert both == pytest.approx(values[indicator], rel=1e-12)


def test_wind_by_contract_has_no_scope_2_and_the_grid_stands_beside_it(shipped: TestClient) -> None:
    grid = ask(shipped, organisation(site(POWER, location="VN")))
    wind = ask(shipped, organisation(site(POWER | {"contract": WIND}, location="VN")))
    assert column(wind) == column(grid)
    located, marketed = column(wind)["2"], column(wind, "market_based")["2"]
    assert located is not None
    assert marketed == pytest.approx(0, abs=1e-9 * located)
    assert column(wind, "market_based")["3.3"] != column(wind)["3.3"]
    assert wind["activities"][0]["market"]["status"] == "contract"
    assert column(grid) == column(grid, "market_based")


def test_a_published_residual_mix_is_the_market(shipped: TestClient) -> None:
    answer = ask(shipped, organisation(site(POWER, location="IT")))
    assert answer["activities"][0]["market"]["status"] == "residual_mix"
    located, marketed = column(answer)["2"], column(answer, "market_based")["2"]
    assert located is not None
    assert marketed is not None
    assert marketed > 1.2 * located  # what guarantees of origin leave over is mostly fossil
    part = ask(shipped, organisation(site(POWER, location="150")))
    assert part["activities"][0]["market"]["status"] == "residual_mix_in_part"


def test_a_share_of_the_equity_scales_a_site_and_no_other(client: TestClient) -> None:
    whole = ask(client, organisation(site(POWER), site(POWER, id="b")))
    shares = [site(POWER, share=0.25), site(POWER, id="b", share=1)]
    part = ask(client, organisation(*shares, consolidation="equity_share"))
    one = column(whole["sites"][0])["total"]
    assert one is not None
    assert column(part["sites"][0])["total"] == pytest.approx(one / 4, rel=1e-12)
    assert column(part)["total"] == pytest.approx(one * 1.25, rel=1e-12)


def test_the_order_of_activities_does_not_matter(shipped: TestClient) -> None:
    turned = copy.deepcopy(ORGANISATION_REQUEST)
    turned["sites"].reverse()
    for each in turned["sites"]:
        each["activities"].reverse()
    one, other = ask(shipped, ORGANISATION_REQUEST), ask(shipped, turned)
    for field in ("emissions", "water", "gri", "intensities", "sources"):
        assert sorted(map(str, one[field])) == sorted(map(str, other[field]))
    assert ask(shipped, ORGANISATION_REQUEST) == one


# Non-agricultural water of IN is worth 25 m3 world-eq (tests/knowledge/methods/aware_2_0)
def test_water_of_a_site_is_its_own_with_the_factor_of_its_place(client: TestClient) -> None:
    well = flow(1, "water-withdrawn-non-agricultural", 30, "m3", water_source="groundwater")
    used = flow(1, "water-consumed-non-agricultural", 10, "m3")
    answer = ask(client, organisation(site(well, used, POWER)))
    own = answer["sites"][0]
    factor = {each["flow"]: each for each in own["scarcity_factors"]}[used["flow"]]
    assert (factor["value"], factor["rung"]) == (25, "IN")
    assert own["water"]["scarcity"]["value"] == pytest.approx(250, rel=1e-12)
    assert own["water"]["discharge"]["value"] == 20
    rows = {each["requirement"]: each for each in answer["gri"]}
    assert rows["Water withdrawn: groundwater"]["value"] == pytest.approx(0.03)
    assert rows["Water withdrawn: groundwater"]["unit"] == "ML"
    stress = rows["Water withdrawn from areas with water stress"]
    assert stress["value"] is None
    assert "Aqueduct" in stress["reason"]
    assert answer["water"]["supply_chain_location_based"]["consumption"]["value"] > 0


def test_a_figure_without_its_gases_is_unknown_under_another_edition(client: TestClient) -> None:
    film = activity(3, "plastic-film", category=1)
    methods = {"climate_change": "ipcc_ar6_gwp20"}
    answer = ask(client, organisation(site(film, POWER), methods=methods))
    rows = {(each["scope"], each["category"]): each for each in answer["emissions"]}
    assert rows["3", 1]["location_based"]["value"] is None
    assert "ghg-unspecified" in rows["total", None]["location_based"]["reason"]
    assert rows["2", None]["location_based"]["value"] > 0
    assert answer["methods"]["climate_change.total"]["id"] == "ipcc_ar6_gwp20"


def test_what_is_absent_is_named_and_never_zero(client: TestClient) -> None:
    answer = ask(client, organisation(site(activity(3, "plastic-film", category=3))))
    codes = [each["code"] for each in answer["warnings"]]
    assert codes.count("scope_without_data") == 2
    assert {"categories_without_data", "category_3_given"} <= set(codes)
    assert column(answer)["1"] is None
    for row in answer["gri"]:
        assert (row["value"] is None) == (row["reason"] is not None), row
    named = {each["disclosure"][:5] for each in answer["gri"]}
    assert named == {"303-3", "303-4", "303-5", *(f"305-{n}" for n in range(1, 8))}


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"period": {"start": "2025-02-01", "end": "2025-01-31"}}, ("/period/end", "bad_period")),
        ({"period": {"start": "2024-01-01", "end": "2025-01-01"}}, ("/period/end", "bad_period")),
        ({"period": {"start": 5, "end": "2025-01-01"}}, ("/period/start", "bad_value")),
        ({"consolidation": "equity_share"}, ("/sites/0/share", "missing_field")),
        ({"consolidation": "all"}, ("/consolidation", "bad_value")),
        ({"sites": [site(POWER, share=1)]}, ("/sites/0/share", "bad_consolidation")),
        ({"sites": []}, ("/sites", "bad_value")),
        ({"sites": [site()]}, ("/sites/0/activities", "bad_value")),
        ({"sites": [site(POWER), site(POWER)]}, ("/sites/1/id", "duplicate_id")),
        ({"sites": [site(*([POWER] * 51))]}, ("/sites", "too_many_lines")),
        ({"offsets": 3}, ("/offsets", "offset_refused")),
        ({"base_year": {"year": 2020, "unit": "m"}}, ("/base_year/unit", "unit_mismatch")),
        ({"methods": {"carbon": "x"}}, ("/methods/carbon", "unknown_method_family")),
        ({"data_release": "1999.1"}, ("/data_release", "unknown_release")),
        ({"sites": [site(POWER, location="XQ")]}, ("/sites/0/location", "unknown_location")),
    ],
)
def test_a_fault_of_the_frame_is_told(
    client: TestClient, change: dict[str, Any], found: tuple[str, str]
) -> None:
    assert faults(
        client,
        organisation(
            site(POWER),
        )
        | change,
    ) == [found]


def test_every_fault_of_activities_is_told_at_once(client: TestClient) -> None:
    wrong = [
        ({"scope": 1, "amount": 1, "unit": "kg"}, "", "product_or_flow"),
        (activity(3, "diesel"), "/category", "missing_field"),
        (POWER | {"category": 3}, "/category", "bad_category"),
        (activity(1, "diesel"), "/scope", "bad_scope"),
        (activity(2, "diesel"), "/scope", "bad_scope"),
        (flow(2, "co2-fossil"), "/scope", "bad_scope"),
        (activity(3, "dieseel", category=1), "/product", "unknown_product"),
        (activity(3, "diesel", unit="kWh", category=1), "/unit", "unit_mismatch"),
        (flow(1, "co2-fosil"), "/flow", "unknown_flow"),
        (POWER | {"location": "XQ"}, "/location", "unknown_location"),
        (POWER | {"parameters": {"loss": {"amount": 1}}}, "/parameters", "bad_parameter"),
        (flow(1, "co2-fossil", mix="export"), "/mix", "bad_value"),
        (activity(3, "diesel", category=1, contract=WIND), "/contract", "bad_contract"),
        (flow(1, "co2-fossil", water_source="groundwater"), "/water_source", "bad_water_source"),
        (POWER | {"id": "power"}, None, ""),
        (POWER | {"id": "power"}, "/id", "duplicate_id"),
    ]
    expected = [
        (f"/sites/0/activities/{place}{where}", code)
        for place, (_, where, code) in enumerate(wrong)
        if where is not None
    ]
    request = organisation(site(*(each for each, _, _ in wrong)))
    found = faults(client, request)
    assert set(expected) <= set(found)
    extra = {"/sites/0/activities/12/product"}  # a contract supplies electricity only
    assert {pointer for pointer, _ in set(found) - set(expected)} <= extra
    # of what has not the right form as well, at once
    request["sites"][0]["activities"].append(POWER | {"amount": -1, "unitt": "kWh"})
    both = faults(client, request)
    assert set(found) < set(both)
    assert ("/sites/0/activities/16/amount", "bad_amount") in both


def test_shares_of_a_contract_are_checked(shipped: TestClient) -> None:
    half = POWER | {"contract": WIND | {"shares": {"wind": 0.5}}}
    found = faults(shipped, organisation(site(half, half | {"unit": "kg"})))
    where = "/sites/0/activities"
    assert found == [
        (f"{where}/0/contract/shares", "bad_parameter"),
        (f"{where}/1/contract/shares", "bad_parameter"),
        (f"{where}/1/unit", "unit_mismatch"),
    ]


@pytest.mark.parametrize(("place", "code"), [("XQ", "unknown_location"), (5, "bad_value")])
def test_a_wrong_place_of_a_site_is_one_fault(
    shipped: TestClient, place: str | int, code: str
) -> None:
    wrong = site(POWER | {"contract": WIND}, activity(3, "steel", category=1))
    found = faults(shipped, organisation(wrong | {"location": place}))
    assert found == [("/sites/0/location", code)]


def test_values_separated_by_commas_are_those_of_the_json(shipped: TestClient) -> None:
    request = {**ORGANISATION_REQUEST, "name": "=1+1"}
    answer = ask(shipped, request)
    response = shipped.post(PATH, json=request, headers={"Accept": "text/csv"})
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert {row["organisation"] for row in rows} == {"'=1+1"}
    for name, basis in (
        ("climate_change.total", "location_based"),
        ("co2-biogenic", "market_based"),
    ):
        field = basis if name.startswith("climate") else f"biogenic_co2_{basis}"
        for where, found in (("", answer), *((each["id"], each) for each in answer["sites"])):
            written = {
                f"3.{row['category']}" if row["category"] else row["scope"]: float(row["value"])
                for row in rows
                if (row["site"], row["indicator"], row["basis"]) == (where, name, basis)
                and row["value"]
            }
            known = {key: value for key, value in column(found, field).items() if value is not None}
            assert written == known
    assert all(row["value"] or row["reason"] for row in rows)


def test_a_workbook_shows_the_same(shipped: TestClient) -> None:
    answer = ask(shipped, ORGANISATION_REQUEST)
    response = shipped.post(f"{PATH}?format=xlsx", json=ORGANISATION_REQUEST)
    assert response.headers["content-disposition"].endswith('.xlsx"')
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    assert {"Summary", "By site", "By activity", "GRI", "Statement", "Sources"} <= set(
        book.sheetnames
    )
    table = list(book["GRI"].iter_rows(min_row=2, values_only=True))
    assert [row[0] for row in table] == [each["disclosure"] for each in answer["gri"]]
    for row, each in zip(table, answer["gri"], strict=True):
        assert row[2] == (None if each["value"] is None else pytest.approx(each["value"]))
    statement = dict(book["Statement"].iter_rows(min_row=2, max_col=2, values_only=True))
    assert statement["data hash"] == answer["manifest"]["data_hash"]
    assert (
        shipped.post(PATH, json=ORGANISATION_REQUEST, headers={"Accept": "image/png"}).status_code
        == 406
    )
    assert shipped.post(f"{PATH}?format=pact", json=ORGANISATION_REQUEST).status_code == 422


def test_the_documented_request_is_the_example(root: Path) -> None:
    text = (root / "examples" / "organisation" / "workshop.json").read_text("utf-8")
    assert json.loads(text) == ORGANISATION_REQUEST
