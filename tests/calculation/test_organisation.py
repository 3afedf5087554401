"""What sites do, added up: absent is not zero, unknown stays unknown."""

import pytest

from lca_service.calculation.organisation import (
    CONSUMPTION,
    NO_DATA,
    SCARCITY,
    TOTAL,
    WITHDRAWAL,
    Entry,
    Quantity,
    added,
    by_scope,
    parts,
    water_of_all,
    water_of_site,
)
from lca_service.calculation.scopes import CO2_BIOGENIC, Split

MEASURES = (TOTAL, CO2_BIOGENIC, WITHDRAWAL, CONSUMPTION, SCARCITY)


def split(own: float | None, upstream: float | None = 0.0, **reasons: str) -> Split:
    return Split(dict.fromkeys(MEASURES, own), dict.fromkeys(MEASURES, upstream), reasons)


def entry(
    scope: int,
    located: Split,
    *,
    marketed: Split | None = None,
    category: int | None = None,
    flow: str = "",
    source: str = "",
    third_party: float | None = None,
) -> Entry:
    market = marketed or located
    return Entry("site", "a", scope, category, flow, source, third_party, located, market)


def test_what_nobody_gives_is_left_out_and_what_is_unknown_is_not() -> None:
    none, unknown = Quantity(None, NO_DATA), Quantity(None, "why")
    assert added([none, none]) == none
    assert added([none, Quantity(0.0)]) == Quantity(0.0)
    assert added([Quantity(1.0), unknown, unknown]) == unknown


def test_what_comes_before_fuel_and_power_is_category_3_of_scope_3() -> None:
    burnt, bought = entry(1, split(5.0, 2.0)), entry(2, split(3.0, 1.0), marketed=split(0.0, 0.5))
    goods = entry(3, split(10.0), category=1)
    found = {(row.scope, row.category): row for row in by_scope([burnt, bought, goods])}
    assert {
        key: (row.by_location[TOTAL].value, row.by_market[TOTAL].value)
        for key, row in found.items()
        if row.by_location[TOTAL].value is not None
    } == {
        (1, None): (5.0, 5.0),
        (2, None): (3.0, 0.0),
        (3, None): (13.0, 12.5),
        (3, 1): (10.0, 10.0),
        (3, 3): (3.0, 2.5),
        (None, None): (21.0, 17.5),
    }
    assert len(found) == 19
    assert found[3, 15].by_location[TOTAL] == Quantity(None, NO_DATA)


def test_a_flow_has_nothing_before_it() -> None:
    (only,) = parts(entry(1, split(5.0), flow="hfc-134a"))
    assert (only.scope, only.category) == (1, None)


def test_an_unknown_part_makes_its_sums_unknown_and_no_others() -> None:
    unknown = entry(3, Split(dict.fromkeys(MEASURES), dict.fromkeys(MEASURES, 0.0),
                             dict.fromkeys(MEASURES, "why")), category=1)  # fmt: skip
    rows = by_scope([unknown, entry(1, split(5.0), flow="hfc-134a")])
    found = {(row.scope, row.category): row.by_location[TOTAL] for row in rows}
    assert found[3, 1] == found[3, None] == found[None, None] == Quantity(None, "why")
    assert found[1, None] == Quantity(5.0)


def water(flow: str, amount: float, source: str = "") -> Entry:
    return entry(1, split(amount), flow=f"water-{flow}-non-agricultural", source=source)


def test_water_is_told_by_its_source_and_discharge_is_what_is_left() -> None:
    tap = entry(3, split(0.5), category=1, third_party=4.0)
    site = water_of_site([water("withdrawn", 10.0, "groundwater"), water("consumed", 3.0), tap])
    assert site.withdrawal["groundwater"] == Quantity(10.0)
    assert site.withdrawal["third_party_water"] == Quantity(4.0)
    assert site.withdrawal["surface_water"] == Quantity(None, NO_DATA)
    assert (site.withdrawal[""].value, site.discharge.value) == (14.0, 11.0)
    assert site.supply_by_location[CONSUMPTION].value == 0.5  # of the tap water's own chain
    both = water_of_all([site, water_of_site([entry(1, split(1.0))])])
    assert (both.withdrawal[""].value, both.discharge.value) == (14.0, 11.0)


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ([water("withdrawn", 10.0)], "needs the withdrawal and the consumption"),
        ([water("consumed", 10.0)], "needs the withdrawal and the consumption"),
        ([water("withdrawn", 1.0), water("consumed", 2.0)], "more water is consumed"),
        ([], NO_DATA),
    ],
)
def test_no_discharge_is_guessed(entries: list[Entry], said: str) -> None:
    found = water_of_site(entries).discharge
    assert found.value is None
    assert said in found.reason
