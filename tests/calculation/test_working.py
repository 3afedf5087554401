"""The working of a footprint leads to the footprint; the world of tests/knowledge."""

import numpy as np
import pytest

from lca_service.calculation.working import Working
from lca_service.domain.study import Study
from lca_service.engine import Engine
from lca_service.errors import StudyError
from tests.studies import assembly, bought, emission, line, result, study

POWER = "electricity-low-voltage"
GRID, COAL, MINE = "low-voltage@IN", "coal-power@IN", "hard-coal-mining@GLO"


def work(
    engine: Engine, question: Study, indicator: str = "climate_change.total", *opened: str
) -> Working:
    row = engine.catalogue.default_categories[indicator]
    return engine.working(question, row, opened=opened)


def names(found: Working) -> list[str]:
    return [each.id for each in found.columns]


def test_a_recipe_by_hand_opened_to_the_coal(tiny: Engine) -> None:
    # 1 kWh in IN: 0.75 of the generation is coal (300 of 400 TWh), 20 % is lost: 0.9375 kWh of
    # coal power and 0.3125 of hydro. A kWh of coal power burns 1/0.36 of 3.6 MJ at 25 MJ/kg,
    # 0.4 kg, and emits 10 MJ x 96 g = 0.96 kg of CO2.
    found = work(tiny, study(line(POWER, 2, "kWh", "IN")), "climate_change.total", GRID, COAL)
    assert names(found)[0] == "a study of the tests"
    assert set(names(found)[1:]) == {GRID, COAL, "hydro-power@IN", MINE}
    place = {name: index for index, name in enumerate(names(found))}
    assert found.technosphere[place[GRID], 0] == pytest.approx(-2)
    assert found.technosphere[place[COAL], place[GRID]] == pytest.approx(-0.9375)
    assert found.technosphere[place["hydro-power@IN"], place[GRID]] == pytest.approx(-0.3125)
    assert found.technosphere[place[MINE], place[COAL]] == pytest.approx(-0.4)
    assert found.supply[place[COAL]] == pytest.approx(2 * 0.9375)
    carbon = next(row for row, each in enumerate(found.rows) if each.flow == "co2-fossil")
    assert found.biosphere[carbon, place[COAL]] == pytest.approx(0.96)
    assert found.factors[carbon] == 1.0
    assert found.scores[place[COAL]] == pytest.approx(2 * 0.9375 * 0.96)


QUESTIONS = {
    "lines": study(line(POWER, 1, "kWh", "IN"), line("diesel", 2, "kg")),
    "an emission": study(line("diesel", 2, "kg"), emission("ch4-fossil", 0.1, "kg")),
    "assemblies": study(
        line("cut-and-sew", 0.2, "kg"),
        bought("label", 3, "piece"),
        assemblies=[assembly("label", 10, "piece", line(POWER, 1, "kWh", "ZA"))],
    ),
}


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_the_working_leads_to_the_footprint(tiny: Engine, question: Study) -> None:
    for each in tiny.footprint(question).indicators:
        found = work(tiny, question, each.category.indicator)
        assert found.technosphere @ found.supply == pytest.approx(found.demand, abs=1e-12)
        assert found.inventory == pytest.approx(found.biosphere @ found.supply)
        assert found.factors @ found.inventory == pytest.approx(found.value, rel=1e-12)
        assert found.scores.sum() == pytest.approx(found.value, rel=1e-12)
        if each.value is not None:
            assert found.value == pytest.approx(each.value, rel=1e-12, abs=1e-15)


def test_opening_changes_no_value(engine: Engine) -> None:
    # water of many places: more elementary flows than are shown
    question = study(line("cotton-lint", 1, "kg", "IN"), line(POWER, 3, "kWh", "KE"))
    for indicator in ("climate_change.total", "water.scarcity_aware"):
        value = result(engine.footprint(question), indicator).value
        closed = work(engine, question, indicator)
        opened = work(engine, question, indicator, *names(closed)[1:])
        assert closed.value == pytest.approx(value, rel=1e-12)
        assert opened.value == pytest.approx(value, rel=1e-12)
        assert len(opened.columns) > len(closed.columns)
        assert len(closed.rows) <= 26


def test_every_number_of_an_opened_activity_has_its_figures(tiny: Engine) -> None:
    found = work(tiny, study(line(POWER, 1, "kWh", "IN")), "climate_change.total", GRID, COAL)
    opened = {index for index, each in enumerate(found.columns) if each.kind == "opened"}
    for matrix, name in ((found.technosphere, "A"), (found.biosphere, "B")):
        numbers = {
            (row, column)
            for row, column in zip(*map(np.ndarray.tolist, np.nonzero(matrix)), strict=True)
            if column in opened and not (name == "A" and row == column)
        }
        told = {(each.row, each.column) for each in found.cells if each.matrix == name}
        assert numbers <= told
    assert all(each.exchange.figures for each in found.cells if each.exchange is not None)
    assert [each.pointer for each in found.cells if each.exchange is None] == [f"/bom/{POWER}"]


def test_what_nobody_buys_cannot_be_opened(tiny: Engine) -> None:
    question = study(line(POWER, 1, "kWh", "IN"))
    with pytest.raises(StudyError) as raised:
        work(tiny, question, "climate_change.total", COAL, "nothing")
    assert [(each.pointer, each.code) for each in raised.value.faults] == [
        ("/open", "unknown_activity"),
        ("/open", "unknown_activity"),
    ]


def test_a_working_that_nobody_reads_is_refused(engine: Engine) -> None:
    lines = [
        line(POWER, 1, "kWh", place, id=place) for place in engine.catalogue.nomenclature.countries
    ]
    with pytest.raises(StudyError) as raised:
        work(engine, study(*lines))
    assert raised.value.faults[0].code == "too_large_to_show"
