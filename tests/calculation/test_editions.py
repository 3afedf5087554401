"""A result shows what it is under the other editions of its method."""

import pytest

from lca_service.calculation.footprint import IndicatorResult
from lca_service.engine import Engine
from tests.studies import emission, line, result, study

QUESTION = (
    line("electricity-low-voltage", 1, "kWh", "IN"),
    line("hard-coal", 2, "kg"),
    emission("ch4-fossil", 0.01, "kg"),
)


def under(engine: Engine, method: str, indicator: str = "climate_change.total") -> IndicatorResult:
    asked = study(*QUESTION, methods={"climate_change": method})
    return result(engine.footprint(asked), indicator)


@pytest.mark.parametrize("indicator", ["climate_change.total", "climate_change.fossil"])
def test_each_edition_shows_what_the_others_answer(tiny: Engine, indicator: str) -> None:
    methods = ("ipcc_ar6_gwp100", "ipcc_ar6_gwp20")
    found = {method: under(tiny, method, indicator) for method in methods}
    compared = 0
    for asked, each in found.items():
        for method, value in each.by_edition.items():
            assert method != asked
            assert value == pytest.approx(found[method].value, rel=1e-12)
            compared += 1
    assert compared == len(methods)
    assert found["ipcc_ar6_gwp20"].value != found["ipcc_ar6_gwp100"].value


def test_editions_of_water_scarcity_are_not_set_side_by_side(tiny: Engine) -> None:
    scarcity = result(tiny.footprint(study(*QUESTION)), "water.scarcity_aware")
    assert scarcity.by_edition == {}


def test_what_an_edition_does_not_know_is_none(tiny: Engine) -> None:
    # gases that are not named count in the total of AR6 GWP100 alone
    film = result(tiny.footprint(study(line("plastic-film", 1, "kg"))), "climate_change.total")
    assert film.value is not None
    assert set(film.by_edition.values()) == {None}
