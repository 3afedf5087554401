"""What belongs to a scope, worked by hand on the tiny world, and what is left upstream."""

from dataclasses import replace

import pytest

from lca_service.calculation.borders import is_burnt
from lca_service.calculation.scopes import CO2_BIOGENIC, Split
from lca_service.domain.study import GivenParameter, Line, Study
from lca_service.engine import Engine
from tests.studies import emission, line, result, study

TOTAL = "climate_change.total"
INDICATORS = (TOTAL, "water.withdrawal", "water.consumption", "water.scarcity_aware")
SCOPE_2 = ("electricity-low-voltage", "electricity-medium-voltage", "heat-district")


def split(engine: Engine, asked: Study, scope: int) -> dict[str, Split]:
    entries = (*asked.lines, *asked.emissions)
    found = engine.split_by_scope(
        replace(asked, indicators=INDICATORS), {each.id: scope for each in entries}
    )
    return dict(found)


# Generation of IN is 3/4 coal. A kWh of it burns 1 / 0.36 kWh of 96 kg CO2 / GJ: 0.96 kg.
# ZA burns coal at 0.4: 0.864 kg, and KE none. The fifth that the network loses is upstream.
@pytest.mark.parametrize(("place", "emitted"), [("IN", 0.72), ("ZA", 0.864), ("KE", 0.0)])
def test_scope_2_is_the_generation_of_what_is_consumed(
    tiny: Engine, place: str, emitted: float
) -> None:
    found = split(tiny, study(line("electricity-low-voltage", 1, "kWh", place)), 2)
    assert found["electricity-low-voltage"].own[TOTAL] == pytest.approx(emitted, rel=1e-12)


def test_a_regional_average_generates_what_its_countries_do(tiny: Engine) -> None:
    found = split(tiny, study(line("electricity-low-voltage", 1, "kWh", "034")), 2)
    assert found["electricity-low-voltage"].own[TOTAL] == pytest.approx(0.72, rel=1e-12)


# 2 g of diesel a t*km, 3.2 kg CO2 each; diesel makes 0.4 kg and takes a fifth of itself: 0.5 kg
def test_scope_1_is_what_burns_and_the_fuel_comes_before_it(tiny: Engine) -> None:
    (found,) = split(tiny, study(line("freight-sea-container", 1, "t*km")), 1).values()
    assert found.own[TOTAL] == pytest.approx(6.4e-3, rel=1e-12)
    assert found.upstream[TOTAL] == pytest.approx(1.0e-3, rel=1e-12)


def test_a_flow_and_a_line_of_scope_3_are_not_split(tiny: Engine) -> None:
    (leak,) = split(tiny, study(emission("hfc-134a", 1, "g")), 1).values()
    assert leak.upstream[TOTAL] == 0.0
    (film,) = split(tiny, study(line("plastic-film", 1, "kg")), 3).values()
    assert (film.own[TOTAL], film.upstream[TOTAL]) == (pytest.approx(2.0), 0.0)


def test_what_an_edition_does_not_know_is_unknown_with_a_reason(tiny: Engine) -> None:
    asked = study(line("plastic-film", 1, "kg"), methods={"climate_change": "ipcc_ar6_gwp20"})
    (film,) = split(tiny, asked, 3).values()
    assert film.own[TOTAL] is None
    assert "ghg-unspecified-co2e" in film.reasons[TOTAL]


def test_the_parts_of_every_line_sum_to_its_footprint(engine: Engine) -> None:
    products = engine.catalogue.nomenclature.products
    burnt = [code for code, each in products.items() if is_burnt(code, each.category)]
    assert len(burnt) > 20
    for scope, names in ((1, burnt), (2, SCOPE_2)):
        lines = [line(name, 3, products[name].unit, "VN") for name in names]
        asked = replace(study(*lines), indicators=INDICATORS)
        answer, found = engine.footprint(asked), split(engine, asked, scope)
        for indicator in INDICATORS:
            whole = result(answer, indicator).by_line
            assert whole is not None
            for name in names:
                parts = found[name].own[indicator], found[name].upstream[indicator]
                assert None not in parts
                total = sum(each for each in parts if each is not None)
                assert total == pytest.approx(whole[name], rel=1e-12, abs=1e-15)


# Steam of VN comes from four boilers; without what the network loses, a MJ of scope 2
# is the mean of what they burn for a MJ
def test_scope_2_of_heat_is_what_boilers_burn_for_what_is_consumed(engine: Engine) -> None:
    (steam,) = split(engine, study(line("steam-industrial", 1, "MJ", "VN")), 2).values()
    position = engine.catalogue.positions["steam-industrial@VN"]
    column = engine.background.technosphere[:, [position]].tocoo()
    bought = {int(row): -float(x) for row, x in zip(column.row, column.data, strict=True) if x < 0}
    products = [engine.catalogue.activities[row].product for row in bought]
    assert all(each.startswith("heat-industrial-") for each in products)
    lines = [line(name, x, "MJ") for name, x in zip(products, bought.values(), strict=True)]
    burnt = [each.own[TOTAL] or 0.0 for each in split(engine, study(*lines), 1).values()]
    mean = sum(burnt) / sum(bought.values())
    assert steam.own[TOTAL] == pytest.approx(mean, rel=1e-12)


def test_what_is_burnt_on_site_emits_there_and_takes_no_electricity_from_the_grid(
    engine: Engine,
) -> None:
    catalogue = engine.catalogue
    grids = [i for i, each in enumerate(catalogue.activities) if each.product in SCOPE_2[:2]]
    products = catalogue.nomenclature.products
    for position, activity in enumerate(catalogue.activities):
        if not is_burnt(activity.product, products[activity.product].category):
            continue
        columns = list(engine.borders.burnt({position: 1.0}))
        assert not engine.background.technosphere[grids][:, columns].nnz, activity.id
        (found,) = split(
            engine, study(line(activity.product, 1, products[activity.product].unit)), 1
        ).values()
        own, biogenic = found.own[TOTAL], found.own[CO2_BIOGENIC]
        assert own is not None
        assert biogenic is not None
        assert own + biogenic > 0, activity.id


def test_a_boiler_of_a_given_efficiency_burns_what_it_needs(engine: Engine) -> None:
    boiler = line("heat-industrial-natural-gas", 9, "MJ")
    given = GivenParameter("efficiency", 0.9, "dimensionless", "/bom/0/parameters/efficiency")
    (found,) = split(engine, study(replace(boiler, parameters=(given,))), 1).values()
    (burnt,) = split(engine, study(line("natural-gas-burned-in-boiler", 10, "MJ")), 1).values()
    assert found.own[TOTAL] == pytest.approx(burnt.own[TOTAL], rel=1e-12)
    assert found.upstream[TOTAL] == pytest.approx(burnt.upstream[TOTAL], rel=1e-12)


def test_electricity_of_wind_has_no_scope_2(engine: Engine) -> None:
    wind: Line = line("electricity-wind", 1, "kWh", "VN")
    (found,) = split(engine, study(wind), 2).values()
    assert found.own[TOTAL] == pytest.approx(0.0, abs=1e-12)
    assert found.upstream[TOTAL] is not None
    assert found.upstream[TOTAL] > 0


def test_a_residual_mix_is_the_grid_where_none_is_published(engine: Engine) -> None:
    places = engine.catalogue.positions
    assert engine.borders.grid_share(places["electricity-residual-mix@IT"]) == 0.0
    assert engine.borders.grid_share(places["electricity-residual-mix@KE"]) == 1.0
