"""Facts about the characterization factors that every result rests on."""

import csv
import json
import math
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
METHODS = sorted(path.parent for path in (ROOT / "methods").glob("*/datapackage.json"))
CLIMATE = ["ipcc_ar5_gwp100", "ipcc_ar6_gwp100", "ipcc_ar6_gwp20"]
AWARE = ["aware_1_2", "aware_2_0"]


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


FLOWS = {row["flow"]: row for row in rows(ROOT / "datasets/nomenclature/flows.csv")}
LOCATIONS = {row["location"] for row in rows(ROOT / "datasets/geography/locations.csv")}


def factors(method: str) -> dict[tuple[str, str, str], float]:
    """Factors of a method by (indicator, flow, location)."""
    return {
        (row["indicator"], row["flow"], row["location"]): float(row["value"])
        for row in rows(ROOT / "methods" / method / "factors.csv")
    }


def categories(method: str) -> dict[str, dict[str, str]]:
    path = ROOT / "methods" / method / "categories.csv"
    return {row["indicator"]: row for row in rows(path)}


@pytest.mark.parametrize("method", METHODS, ids=lambda path: str(path.name))
def test_every_factor_has_a_flow_a_place_an_indicator_and_a_source(method: Path) -> None:
    table = rows(method / "factors.csv")
    keys = [(row["indicator"], row["flow"], row["location"]) for row in table]
    assert keys == sorted(set(keys))
    assert {row["flow"] for row in table} <= set(FLOWS)
    assert {row["location"] for row in table} <= LOCATIONS | {""}
    assert {row["indicator"] for row in table} == set(categories(method.name))
    assert {row["source"] for row in table} == {
        row["source"] for row in rows(method / "sources.csv")
    }
    assert all(row["locator"] for row in table)
    assert all(math.isfinite(float(row["value"])) for row in table)


@pytest.mark.parametrize("method", METHODS, ids=lambda path: str(path.name))
def test_a_factor_is_indicator_unit_per_flow_unit(method: Path) -> None:
    indicators = categories(method.name)
    for row in rows(method / "factors.csv"):
        expected = f"{indicators[row['indicator']]['unit']}/{FLOWS[row['flow']]['unit']}"
        assert row["unit"] == expected, row


@pytest.mark.parametrize("method", METHODS, ids=lambda path: str(path.name))
def test_what_blocks_an_indicator_is_a_flow_that_it_does_not_count(method: Path) -> None:
    counted = {(indicator, flow) for indicator, flow, _ in factors(method.name)}
    for indicator, row in categories(method.name).items():
        for flow in (row["blocked_by"] + "|" + row["partial_by"]).strip("|").split("|"):
            assert flow == "" or flow in FLOWS
            assert (indicator, flow) not in counted


def test_every_family_has_one_default() -> None:
    packages = [json.loads((path / "datapackage.json").read_text("utf-8")) for path in METHODS]
    defaults = [package["family"] for package in packages if package["default"]]
    assert sorted(defaults) == ["climate_change", "water", "water.scarcity_aware"]
    assert {package["kind"] for package in packages} == {"method"}


@pytest.mark.parametrize("method", CLIMATE)
def test_the_total_is_the_sum_of_fossil_biogenic_and_land_use_change(method: str) -> None:
    factor = factors(method)
    parts = ["climate_change.fossil", "climate_change.biogenic", "climate_change.luluc"]
    for flow in {flow for _, flow, _ in factor} - {"ghg-unspecified-co2e"}:
        total = factor["climate_change.total", flow, ""]
        given = [factor[part, flow, ""] for part in parts if (part, flow, "") in factor]
        assert given == [total], flow


@pytest.mark.parametrize("method", CLIMATE)
def test_biogenic_uptake_changes_only_biogenic_carbon_dioxide(method: str) -> None:
    factor = factors(method)
    uptake = "climate_change.total_with_biogenic_uptake"
    flows = {flow for _, flow, _ in factor}
    difference = {
        flow: factor[uptake, flow, ""] - factor["climate_change.total", flow, ""] for flow in flows
    }
    assert {flow: d for flow, d in difference.items() if d} == {
        "co2-biogenic": 1.0,
        "co2-uptake-biogenic": -1.0,
    }


@pytest.mark.parametrize("method", CLIMATE)
def test_every_greenhouse_gas_of_the_nomenclature_counts(method: str) -> None:
    gases = {flow for flow, row in FLOWS.items() if row["category"] == "climate"}
    missing = gases - {flow for _, flow, _ in factors(method)}
    # AR5 lists no hydrocarbons, and an unspecified CO2e belongs to no other set of GWPs.
    expected = {
        "ipcc_ar5_gwp100": {"ghg-unspecified-co2e", "r-290", "r-600a"},
        "ipcc_ar6_gwp20": {"ghg-unspecified-co2e"},
        "ipcc_ar6_gwp100": set(),
    }
    assert missing == expected[method]
    total = categories(method)["climate_change.total"]
    assert missing <= set(f"{total['blocked_by']}|{total['partial_by']}".split("|"))


# IPCC AR6 WGI Table 7.15 with errata and Table 7.SM.7; IPCC AR5 WGI Table 8.A.1.
@pytest.mark.parametrize(
    ("flow", "ar6_100", "ar6_20", "ar5_100"),
    [
        ("co2-fossil", 1, 1, 1),
        ("ch4-fossil", 29.8, 82.5, 30),
        ("ch4-biogenic", 27.0, 79.7, 28),
        ("n2o", 273, 273, 265),
        ("hfc-134a", 1530, 4140, 1300),
        ("hfc-32", 771, 2690, 677),
        ("hfc-125", 3740, 6740, 3170),
        ("hfc-143a", 5810, 7840, 4800),
        ("hfc-152a", 164, 591, 138),
        ("hfc-245fa", 962, 3170, 858),
        ("cfc-11", 6230, 8320, 4660),
        ("cfc-12", 12500, 12700, 10200),
        ("hcfc-22", 1960, 5690, 1760),
        ("hcfc-141b", 860, 2710, 782),
        ("cf4", 7380, 5300, 6630),
        ("c2f6", 12400, 8940, 11100),
        ("sf6", 24300, 18200, 23500),
        ("nf3", 17400, 13400, 16100),
    ],
)
def test_a_gas_has_the_gwp_of_its_assessment_report(
    flow: str, ar6_100: float, ar6_20: float, ar5_100: float
) -> None:
    total = "climate_change.total"
    assert factors("ipcc_ar6_gwp100")[total, flow, ""] == ar6_100
    assert factors("ipcc_ar6_gwp20")[total, flow, ""] == ar6_20
    assert factors("ipcc_ar5_gwp100")[total, flow, ""] == ar5_100


# The correction shortened the lifetime of SF6 from 3200 to 1000 years; all else equal, the GWP
# falls with the integral of the decay, lifetime * (1 - exp(-horizon / lifetime)).
@pytest.mark.parametrize(
    ("method", "horizon_years", "first_printed"),
    [("ipcc_ar6_gwp100", 100, 25200), ("ipcc_ar6_gwp20", 20, 18300)],
)
def test_sulphur_hexafluoride_has_its_corrected_lifetime(
    method: str, horizon_years: float, first_printed: float
) -> None:
    def integral(lifetime_years: float) -> float:
        return lifetime_years * (1 - math.exp(-horizon_years / lifetime_years))

    expected = first_printed * integral(1000) / integral(3200)
    value = factors(method)["climate_change.total", "sf6", ""]
    assert value == pytest.approx(expected, rel=0.003)


def test_unassessed_cropland_hides_land_use_change_and_never_counts_as_zero() -> None:
    for method in CLIMATE:
        table = categories(method)
        marker = "land-occupation-luc-unassessed"
        assert marker in table["climate_change.luluc"]["blocked_by"].split("|")
        assert marker in table["climate_change.total"]["partial_by"].split("|")
        assert all(flow != marker for _, flow, _ in factors(method))


def test_an_unspecified_co2e_counts_in_the_totals_of_ar6_gwp100_alone() -> None:
    counted = {
        (method, indicator)
        for method in CLIMATE
        for indicator, flow, _ in factors(method)
        if flow == "ghg-unspecified-co2e"
    }
    assert counted == {
        ("ipcc_ar6_gwp100", "climate_change.total"),
        ("ipcc_ar6_gwp100", "climate_change.total_with_biogenic_uptake"),
    }
    for method in CLIMATE:
        fossil = categories(method)["climate_change.fossil"]
        assert fossil["blocked_by"] == "ghg-unspecified-co2e"


def test_the_water_inventory_adds_each_flow_once() -> None:
    factor = factors("water_inventory")
    assert set(factor.values()) == {1.0}
    counted = {
        indicator: {flow for i, flow, _ in factor if i == indicator}
        for indicator in categories("water_inventory")
    }
    uses = ["agricultural", "non-agricultural", "unspecified"]
    consumed = {f"water-consumed-{use}" for use in uses}
    assert counted == {
        "water.withdrawal": {f"water-withdrawn-{use}" for use in uses},
        "water.consumption": consumed,
        "water.consumption_with_reservoir": consumed | {"water-evaporated-reservoir"},
        "water.green": {"water-green"},
        "water.grey_nitrogen": {"water-grey-nitrogen"},
    }


# Values of the published workbooks: (method, use, location, factor).
@pytest.mark.parametrize(
    ("method", "use", "location", "expected"),
    [
        ("aware_2_0", "unspecified", "EG", 86.9),
        ("aware_2_0", "unspecified", "BR", 5.58),
        ("aware_2_0", "agricultural", "BR", 6.35),
        ("aware_2_0", "non-agricultural", "BR", 4.38),
        ("aware_2_0", "agricultural", "UA", 31.1),
        ("aware_2_0", "unspecified", "034", 41.3),
        ("aware_2_0", "agricultural", "GLO", 43.1),
        ("aware_2_0", "non-agricultural", "GLO", 17.9),
        ("aware_2_0", "unspecified", "GLO", 39.5),
        ("aware_1_2", "unspecified", "DE", 1.31233),
        ("aware_1_2", "unspecified", "PS", 83.7501),
        ("aware_1_2", "agricultural", "GLO", 45.7369),
        ("aware_1_2", "non-agricultural", "GLO", 20.3041),
        ("aware_1_2", "unspecified", "GLO", 42.9535),
    ],
)
def test_scarcity_has_the_published_factor(
    method: str, use: str, location: str, expected: float
) -> None:
    key = ("water.scarcity_aware", f"water-consumed-{use}", location)
    assert factors(method)[key] == expected


@pytest.mark.parametrize("method", AWARE)
def test_a_scarcity_factor_lies_between_a_tenth_and_a_hundred(method: str) -> None:
    assert all(0.1 <= value <= 100 for value in factors(method).values())


@pytest.mark.parametrize("method", AWARE)
def test_reservoirs_count_as_non_agricultural_use_and_only_beside_the_default(method: str) -> None:
    factor = factors(method)
    reservoir = {key: value for key, value in factor.items() if key[1].endswith("reservoir")}
    assert {indicator for indicator, _, _ in reservoir} == {"water.scarcity_aware_with_reservoir"}
    for (_, _, location), value in reservoir.items():
        use = "water-consumed-non-agricultural"
        assert factor["water.scarcity_aware", use, location] == value


@pytest.mark.parametrize("method", AWARE)
def test_scarcity_weighs_only_consumed_blue_water_and_ends_at_the_world(method: str) -> None:
    factor = factors(method)
    flows = {flow for _, flow, _ in factor}
    assert not [flow for flow in flows if "withdrawn" in flow or "green" in flow]
    for indicator, flow in {(indicator, flow) for indicator, flow, _ in factor}:
        assert (indicator, flow, "GLO") in factor


def test_the_shares_of_a_blend_sum_to_one() -> None:
    blends: dict[str, float] = {}
    for row in rows(ROOT / "datasets/nomenclature/blends.csv"):
        assert row["flow"] in FLOWS
        blends[row["blend"]] = blends.get(row["blend"], 0.0) + float(row["share"])
    assert blends == {blend: pytest.approx(1.0) for blend in ("r-404a", "r-407c", "r-410a")}


# By mass from the AR6 values above: 0.5 * 771 + 0.5 * 3740 = 2255.5; 0.44 * 3740 + 0.52 * 5810
# + 0.04 * 1530 = 4728; 0.23 * 771 + 0.25 * 3740 + 0.52 * 1530 = 1907.93.
@pytest.mark.parametrize(
    ("blend", "expected"), [("r-410a", 2255.5), ("r-404a", 4728.0), ("r-407c", 1907.93)]
)
def test_a_blend_weighs_what_its_gases_weigh(blend: str, expected: float) -> None:
    factor = factors("ipcc_ar6_gwp100")
    shares = rows(ROOT / "datasets/nomenclature/blends.csv")
    gwp = sum(
        float(row["share"]) * factor["climate_change.total", row["flow"], ""]
        for row in shares
        if row["blend"] == blend
    )
    assert gwp == pytest.approx(expected)


def test_only_water_is_regional() -> None:
    regional = {flow for flow, row in FLOWS.items() if row["regional"] == "true"}
    assert regional == {flow for flow, row in FLOWS.items() if row["category"] == "water"}
    assert len(regional) == 9
