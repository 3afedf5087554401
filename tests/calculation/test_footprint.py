"""Footprints in the tiny world of tests/knowledge, worked out by hand.

The electricity of that world. Hard coal: 25 MJ/kg and 96 kg CO2/GJ, 0.1 kWh of world average
electricity (GLO) and 10 g of fossil methane (29.8 kg CO2e/kg) to mine a kilogram.

    coal per kWh at the busbar   ZA: 3.6 / 0.40 / 25 = 0.36 kg,  IN: 3.6 / 0.36 / 25 = 0.40 kg
    CO2 per kWh at the busbar    ZA: 3.6 / 0.40 * 0.096 = 0.864, IN: 3.6 / 0.36 * 0.096 = 0.96 kg
    a fifth is lost on the way to the socket, so 1.25 kWh are generated per kWh;
    IN makes 300 of 400 TWh from coal, ZA all and KE none:
    coal power per kWh sold      ZA: 1.25, IN: 0.75 * 1.25 = 0.9375, KE: 0
    coal per kWh sold            ZA: 0.45 kg, IN: 0.375 kg
    CO2 per kWh sold             ZA: 1.08 kg, IN: 0.90 kg

The world's average is 300 parts IN, 100 ZA and 100 KE. With m the score of a kilogram of coal and
e that of a kilowatt-hour of the world,

    e = 0.6 (0.90 + 0.375 m) + 0.2 (1.08 + 0.45 m) = 0.756 + 0.315 m   and   m = 0.1 e + methane
    so  e = (0.756 + 0.315 methane) / (1 - 0.0315)
"""

import pytest

from lca_service.domain.study import Stage
from lca_service.engine import Engine
from tests.studies import assembly, bought, emission, line, result, study, value

METHANE = 0.01 * 29.8
WORLD = (0.756 + 0.315 * METHANE) / (1 - 0.0315)
COAL = 0.1 * WORLD + METHANE
INDIA = 0.90 + 0.375 * COAL
SOUTH_AFRICA = 1.08 + 0.45 * COAL

TOTAL = "climate_change.total"
POWER = "electricity-low-voltage"


def test_a_loop_through_the_background_is_closed(tiny: Engine) -> None:
    answer = tiny.footprint(study(line("hard-coal", 1, "kg")))
    assert value(answer, TOTAL) == pytest.approx(COAL, rel=1e-12)


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("IN", INDIA),
        ("ZA", SOUTH_AFRICA),
        ("KE", 0.0),
        ("GLO", WORLD),
        # Africa averages ZA and KE at equal supply; Southern Asia has no maker but IN
        ("002", SOUTH_AFRICA / 2),
        ("034", INDIA),
    ],
)
def test_electricity_has_the_carbon_of_its_place(
    tiny: Engine, location: str, expected: float
) -> None:
    answer = tiny.footprint(study(line(POWER, 1, "kWh", location)))
    assert value(answer, TOTAL) == pytest.approx(expected, rel=1e-12)


def test_a_line_without_a_place_is_bought_where_the_product_is_made(tiny: Engine) -> None:
    answer = tiny.footprint(study(line(POWER, 1, "kWh"), location="ZA"))
    assert value(answer, TOTAL) == pytest.approx(SOUTH_AFRICA, rel=1e-12)


def test_an_activity_that_buys_its_own_product_makes_more_than_it_sells(tiny: Engine) -> None:
    # 0.2 kg of own use per kg made: 0.4 kg CO2 / (1 - 0.2)
    answer = tiny.footprint(study(line("diesel", 1, "kg")))
    assert value(answer, TOTAL) == pytest.approx(0.5, rel=1e-12)


@pytest.mark.parametrize(
    ("amount", "unit"),
    [(10, "t*km"), (10, "tkm"), (10_000, "kg*km"), (10_000_000, "kg*m"), (0.01, "kt*km")],
)
def test_freight_is_bought_in_any_unit_of_mass_times_distance(
    tiny: Engine, amount: float, unit: str
) -> None:
    # 2 g of fuel per t*km, burnt to 3.2 kg CO2/kg and made with 0.5 kg CO2/kg
    answer = tiny.footprint(study(line("freight-sea-container", amount, unit)))
    assert value(answer, TOTAL) == pytest.approx(10 * 0.002 * 3.7, rel=1e-12)


def test_a_relinked_activity_takes_the_electricity_of_its_place(tiny: Engine) -> None:
    answer = tiny.footprint(study(line("cut-and-sew", 2, "kg", "ZA")))
    assert value(answer, TOTAL) == pytest.approx(2 * 0.5 * SOUTH_AFRICA, rel=1e-12)


# Water: 2 m3 consumed and 3 m3 withdrawn per MWh of coal power, 16 m3 evaporated per MWh of water
# power. In IN 0.9375 kWh of coal power and 0.3125 kWh of water power stand behind a kilowatt-hour,
# and 0.375 kg of coal that bring 0.0375 kWh of the world's electricity with them.
_DIRECT_IN, _DIRECT_ZA = 0.9375 * 0.002, 1.25 * 0.002
_WATER_WORLD = (0.6 * _DIRECT_IN + 0.2 * _DIRECT_ZA) / (1 - 0.0315)
_EVAPORATED_WORLD = (0.6 * 0.3125 + 0.2 * 1.25) * 0.016 / (1 - 0.0315)


def test_water_is_counted_as_withdrawn_consumed_and_evaporated_apart(tiny: Engine) -> None:
    answer = tiny.footprint(study(line(POWER, 1, "MWh", "IN")))
    consumed = 1000 * (_DIRECT_IN + 0.0375 * _WATER_WORLD)
    evaporated = 1000 * (0.3125 * 0.016 + 0.0375 * _EVAPORATED_WORLD)
    assert value(answer, "water.consumption") == pytest.approx(consumed, rel=1e-12)
    assert value(answer, "water.withdrawal") == pytest.approx(1.5 * consumed, rel=1e-12)
    assert value(answer, "water.consumption_with_reservoir") == pytest.approx(
        consumed + evaporated, rel=1e-12
    )
    assert value(answer, "water.green") == 0.0


def test_scarcity_weighs_water_where_it_is_consumed(tiny: Engine) -> None:
    # Non-agricultural factors: IN 25; ZA has none on its ladder below the world's 20; KE 5
    world = (0.6 * _DIRECT_IN * 25 + 0.2 * _DIRECT_ZA * 20) / (1 - 0.0315)
    scarcity = "water.scarcity_aware"
    for location, own, factor, coal in (
        ("IN", _DIRECT_IN, 25, 0.375),
        ("ZA", _DIRECT_ZA, 20, 0.45),
    ):
        answer = tiny.footprint(study(line(POWER, 1, "kWh", location)))
        expected = own * factor + 0.1 * coal * world
        assert value(answer, scarcity) == pytest.approx(expected, rel=1e-12)


def test_reservoirs_count_beside_the_default_only(tiny: Engine) -> None:
    answer = tiny.footprint(study(line(POWER, 1, "kWh", "KE")))
    assert value(answer, "water.scarcity_aware") == 0.0
    # 1.25 kWh * 16 L/kWh = 20 L, times 5
    with_reservoir = value(answer, "water.scarcity_aware_with_reservoir")
    assert with_reservoir == pytest.approx(0.1, rel=1e-12)


# Cotton. IN: 1000 m3/t consumed at the field, half of what is withdrawn; 100 kg N on 2 t of yield,
# 1 % of it emitted as N2O-N: 0.05 * 0.01 * 44/28 * 273 kg CO2e. ZA: half the water, half the yield.
_N2O_IN = 0.05 * 0.01 * 44 / 28 * 273
_N2O_ZA = 2 * _N2O_IN


def test_irrigation_counts_at_the_agricultural_factor_of_the_field(tiny: Engine) -> None:
    answer = tiny.footprint(study(line("seed-cotton", 1, "kg", "IN")))
    assert value(answer, "water.consumption") == pytest.approx(1.0, rel=1e-12)
    assert value(answer, "water.withdrawal") == pytest.approx(2.0, rel=1e-12)
    assert value(answer, "water.scarcity_aware") == pytest.approx(50.0, rel=1e-12)


def test_a_place_without_a_factor_takes_the_nearest_above_it(tiny: Engine) -> None:
    # ZA -> 018 -> 202 -> 002, where the agricultural factor is 60
    answer = tiny.footprint(study(line("seed-cotton", 1, "kg", "ZA")))
    found = result(answer, "water.scarcity_aware")
    assert found.value == pytest.approx(0.5 * 60, rel=1e-12)
    assert found.coverage.substituted_factor_share == pytest.approx(1.0)


def test_another_edition_of_a_method_is_used_when_asked_for(tiny: Engine) -> None:
    asked = study(
        line("seed-cotton", 1, "kg", "IN"),
        indicators=["water.scarcity_aware"],
        methods={"water.scarcity_aware": "aware_1_2"},
    )
    assert value(tiny.footprint(asked), "water.scarcity_aware") == pytest.approx(44.0, rel=1e-12)


def test_methane_weighs_more_over_twenty_years(tiny: Engine) -> None:
    methane = 0.01 * 82.5
    world = (0.756 + 0.315 * methane) / (1 - 0.0315)
    asked = study(
        line("hard-coal", 1, "kg"),
        indicators=[TOTAL],
        methods={"climate_change": "ipcc_ar6_gwp20"},
    )
    expected = 0.1 * world + methane
    assert value(tiny.footprint(asked), TOTAL) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("location", "mix", "expected"),
    [
        # grown: 60 parts IN, 20 ZA; exported: 10 parts IN, 30 ZA
        ("GLO", "", 0.75 * _N2O_IN + 0.25 * _N2O_ZA),
        ("GLO", "production", 0.75 * _N2O_IN + 0.25 * _N2O_ZA),
        ("GLO", "export", 0.25 * _N2O_IN + 0.75 * _N2O_ZA),
        ("IN", "export", 0.25 * _N2O_IN + 0.75 * _N2O_ZA),
        # nobody grows cotton in Europe: it buys from the world's exporters
        ("GB", "", 0.25 * _N2O_IN + 0.75 * _N2O_ZA),
        ("GB", "production", 0.75 * _N2O_IN + 0.25 * _N2O_ZA),
        # Southern Asia has a grower, so Sri Lanka does not reach the world
        ("LK", "", _N2O_IN),
    ],
)
def test_a_place_without_growers_buys_from_exporters(
    tiny: Engine, location: str, mix: str, expected: float
) -> None:
    answer = tiny.footprint(study(line("seed-cotton", 1, "kg", location, mix=mix)))
    assert value(answer, TOTAL) == pytest.approx(expected, rel=1e-12)


def test_biogenic_carbon_counts_only_where_the_indicator_says_so(tiny: Engine) -> None:
    answer = tiny.footprint(study(line("seed-cotton", 1, "kg", "IN")))
    uptake = value(answer, "climate_change.total_with_biogenic_uptake")
    assert uptake == pytest.approx(_N2O_IN - 0.4 * 44 / 12, rel=1e-12)
    assert value(answer, TOTAL) == pytest.approx(_N2O_IN, rel=1e-12)
    assert value(answer, "climate_change.biogenic") == 0.0


def test_unassessed_cropland_makes_land_use_change_unknown_and_the_total_partial(
    tiny: Engine,
) -> None:
    answer = tiny.footprint(study(line("seed-cotton", 1, "kg", "IN")))
    luluc = result(answer, "climate_change.luluc")
    assert luluc.value is luluc.by_line is luluc.by_stage is None
    # a year on 10000 m2 gives 2000 kg
    assert "5 m2*year of land-occupation-luc-unassessed" in luluc.reason
    total = result(answer, TOTAL)
    assert total.coverage.is_partial
    assert [flow.flow for flow in total.coverage.left_out] == ["land-occupation-luc-unassessed"]
    assert total.coverage.left_out[0].amount == pytest.approx(5.0, rel=1e-12)


def test_a_product_without_cropland_is_not_partial(tiny: Engine) -> None:
    answer = tiny.footprint(study(line("diesel", 1, "kg")))
    assert result(answer, "climate_change.luluc").value == 0.0
    assert not result(answer, TOTAL).coverage.is_partial


def test_a_figure_without_its_gases_counts_in_the_total_of_ar6_gwp100_alone(tiny: Engine) -> None:
    film = line("plastic-film", 1, "kg")
    answer = tiny.footprint(study(film))
    assert value(answer, TOTAL) == pytest.approx(2.0, rel=1e-12)
    assert result(answer, "climate_change.fossil").value is None
    twenty = tiny.footprint(study(film, methods={"climate_change": "ipcc_ar6_gwp20"}))
    for indicator in (TOTAL, "climate_change.fossil"):
        assert result(twenty, indicator).value is None
        assert "ghg-unspecified-co2e" in result(twenty, indicator).reason


def test_a_flow_that_no_method_counts_is_named_and_never_zero_in_silence(tiny: Engine) -> None:
    answer = tiny.footprint(study(emission("r-290", 2, "kg")))
    total = result(answer, TOTAL)
    assert total.coverage.is_partial
    assert [(flow.flow, flow.amount) for flow in total.coverage.uncharacterized] == [("r-290", 2)]


def test_a_direct_emission_counts_at_its_factor_and_its_stage(tiny: Engine) -> None:
    answer = tiny.footprint(study(emission("hfc-134a", 1, "g")))
    total = result(answer, TOTAL)
    assert total.value == pytest.approx(1.53, rel=1e-12)
    assert total.by_stage == {"use": total.value}
    assert total.coverage.foreground_share == pytest.approx(1.0)


def test_a_blend_is_the_sum_of_its_gases_by_mass(tiny: Engine) -> None:
    # R-410A: half HFC-32 (771), half HFC-125 (3740)
    answer = tiny.footprint(study(emission("r-410a", 2, "kg")))
    assert value(answer, TOTAL) == pytest.approx(771 + 3740, rel=1e-12)


@pytest.mark.parametrize(
    ("location", "expected"), [("IN", 45), ("BD", 32), ("IN-GJ", 45), ("GLO", 32)]
)
def test_water_of_unknown_use_counts_at_the_unspecified_factor_with_a_warning(
    tiny: Engine, location: str, expected: float
) -> None:
    answer = tiny.footprint(study(emission("water-consumed-unspecified", 1, "m3", location)))
    assert value(answer, "water.scarcity_aware") == pytest.approx(expected, rel=1e-12)
    assert "unspecified_water_use" in {notice.code for notice in answer.notices}


def test_a_factor_from_a_higher_rung_is_told_with_the_range_inside_it(tiny: Engine) -> None:
    # BD takes the factor of Southern Asia, 30; inside it stand that and IN with 50
    answer = tiny.footprint(study(emission("water-consumed-agricultural", 1, "m3", "BD")))
    assert value(answer, "water.scarcity_aware") == pytest.approx(30, rel=1e-12)
    details = [notice.detail for notice in answer.notices if notice.code == "factor_substituted"]
    assert any("of 034 applies" in each and "from 30 to 50" in each for each in details)


def test_stages_and_lines_each_sum_to_the_value(tiny: Engine) -> None:
    answer = tiny.footprint(
        study(
            line("seed-cotton", 0.3, "kg", "LK", stage=Stage.RAW_MATERIALS),
            line(POWER, 900, "Wh", stage=Stage.MANUFACTURING),
            line("cut-and-sew", 150, "g", stage=Stage.MANUFACTURING),
            line("freight-sea-container", 2.4, "t*km", stage=Stage.DISTRIBUTION),
            bought("label", 2, "piece"),
            emission("hfc-134a", 1, "mg"),
            assemblies=[assembly("label", 1, "piece", line("plastic-film", 1, "g"))],
        )
    )
    known = [each for each in answer.indicators if each.value is not None]
    # all eleven but fossil and land use change, which the film and the cotton make unknown
    assert len(known) == 9
    for each in known:
        assert each.by_line is not None
        assert each.by_stage is not None
        assert sum(each.by_line.values()) == pytest.approx(each.value, rel=1e-12)
        assert sum(each.by_stage.values()) == pytest.approx(each.value, rel=1e-12)
        assert list(each.by_stage) == ["raw_materials", "manufacturing", "distribution", "use"]


def test_an_assembly_brings_its_own_lines_and_emissions(tiny: Engine) -> None:
    # 12 labels make 0.5 kg; each carton takes 3 of them: 3 * 0.5 / 12 * (2 + 0.1 * 27) per piece
    labels = assembly(
        "label",
        12,
        "piece",
        line("plastic-film", 0.5, "kg"),
        emission("ch4-biogenic", 50, "g"),
    )
    answer = tiny.footprint(study(bought("label", 3, "piece"), assemblies=[labels]))
    expected = 3 / 12 * (0.5 * 2 + 0.05 * 27)
    assert value(answer, TOTAL) == pytest.approx(expected, rel=1e-12)
    assert result(answer, TOTAL).by_line == {"label": pytest.approx(expected)}


def test_assemblies_may_buy_each_other(tiny: Engine) -> None:
    # To sell 1 kg of a, x kg of a and y kg of b are made: x = 1 + 0.4 y, y = 0.25 x, so
    # x = 1 / 0.9 and y = 0.25 / 0.9; a kilogram of a takes 1 kg of diesel, one of b 2 kg of film
    a = assembly("a", 2, "kg", bought("b", 0.5, "kg"), line("diesel", 2, "kg"))
    b = assembly("b", 1, "kg", bought("a", 400, "g"), line("plastic-film", 2, "kg"))
    answer = tiny.footprint(study(bought("a", 1, "kg"), assemblies=[a, b]))
    assert value(answer, TOTAL) == pytest.approx((0.5 + 0.25 * 4) / 0.9, rel=1e-12)


def test_an_assembly_that_nobody_buys_does_not_count_and_is_told(tiny: Engine) -> None:
    spare = assembly("spare", 1, "piece", line("plastic-film", 1, "kg"))
    answer = tiny.footprint(study(line("diesel", 2, "kg"), assemblies=[spare]))
    assert value(answer, TOTAL) == pytest.approx(1.0, rel=1e-12)
    assert [n.pointer for n in answer.notices if n.code == "unused_assembly"] == [
        "/assemblies/spare"
    ]


def test_a_substituted_place_is_told_with_every_step(tiny: Engine) -> None:
    answer = tiny.footprint(study(line(POWER, 1, "kWh", "BD"), line("diesel", 1, "kg", "GLO")))
    power, diesel = answer.lines
    assert (power.status, diesel.status) == ("substituted", "exact")
    assert power.match is not None
    assert power.match.ladder == ("BD", "034")
    (notice,) = (each for each in answer.notices if each.code == "location_substituted")
    assert "low-voltage-production-mix@034" in notice.detail
    assert "BD -> 034" in notice.detail


def test_a_result_names_every_source_upstream_with_its_licence(tiny: Engine) -> None:
    # The efficiency of coal power in IN is of a second source; ZA alone buys coal whose
    # mining takes the world's electricity, so that every kilowatt-hour of coal rests on both
    power = tiny.footprint(study(line(POWER, 1, "kWh", "ZA")))
    assert {source.code for source, _ in power.sources} == {"hand", "hand_2"}
    diesel = tiny.footprint(study(line("diesel", 1, "kg")))
    assert {source.code for source, _ in diesel.sources} == {"hand"}
    assert {licence for _, licence in power.sources} == {"CC0-1.0"}


def test_a_line_shows_the_sources_of_its_own_activity(tiny: Engine) -> None:
    answer = tiny.footprint(study(line("electricity-coal", 1, "kWh", "IN")))
    assert [source.code for source in answer.lines[0].sources] == ["hand", "hand_2"]


def test_the_data_period_spans_the_figures_upstream(tiny: Engine) -> None:
    # irrigation water of 1996-2005, everything else of 2020
    answer = tiny.footprint(study(line("seed-cotton", 1, "kg", "IN")))
    assert answer.statement.data_period == (1996, 2020)
    # efficiency of 2019
    power = tiny.footprint(study(line("electricity-coal", 1, "kWh", "IN")))
    assert power.statement.data_period == (2019, 2020)
