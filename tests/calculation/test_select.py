"""Which indicators a question gets, and under which edition of a method."""

import pytest

from lca_service.engine import Engine
from tests.studies import line, study


def asked(engine: Engine, indicators: list[str], methods: dict[str, str]) -> list[tuple[str, str]]:
    answer = engine.footprint(
        study(line("diesel", 1, "kg"), indicators=indicators, methods=methods)
    )
    return [each.category.key for each in answer.indicators]


def test_a_question_that_names_no_indicator_gets_those_of_the_default_methods(tiny: Engine) -> None:
    found = asked(tiny, [], {})
    assert len(found) == len(set(found)) == 11
    assert {method for method, _ in found} == {"ipcc_ar6_gwp100", "aware_2_0", "water_inventory"}


def test_indicators_come_in_the_order_asked_and_once(tiny: Engine) -> None:
    found = asked(tiny, ["water.green", "climate_change.total", "water.green"], {})
    assert found == [
        ("water_inventory", "water.green"),
        ("ipcc_ar6_gwp100", "climate_change.total"),
    ]


def test_a_family_may_be_asked_for_in_another_edition(tiny: Engine) -> None:
    found = asked(tiny, [], {"climate_change": "ipcc_ar6_gwp20"})
    assert {m for m, i in found if i.startswith("climate")} == {"ipcc_ar6_gwp20"}


@pytest.mark.parametrize("others", ["ipcc_ar6_gwp100", "ipcc_ar6_gwp20"])
def test_a_single_indicator_may_have_an_edition_of_its_own(tiny: Engine, others: str) -> None:
    found = asked(
        tiny,
        ["climate_change.total", "climate_change.fossil"],
        {"climate_change": others, "climate_change.total": "ipcc_ar6_gwp20"},
    )
    assert found == [
        ("ipcc_ar6_gwp20", "climate_change.total"),
        (others, "climate_change.fossil"),
    ]
