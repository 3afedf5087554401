"""What holds for every bill: footprints are linear and know no order and no units."""

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lca_service.domain.study import Line, Stage, Study
from lca_service.engine import Engine
from lca_service.units import factor
from tests.bills import Bills
from tests.oracle import assert_same_as_brightway
from tests.studies import assembly, bought, emission, line, study

PLACES = ["IN", "BD", "ZA", "KE", "GB", "GLO", "002", "in-gj"]
UNITS = {
    "electricity-low-voltage": ["kWh", "Wh", "MJ", "Btu"],
    "seed-cotton": ["kg", "t", "g", "lb"],
    "hard-coal": ["kg", "kt"],
    "cut-and-sew": ["kg", "oz"],
    "freight-sea-container": ["t*km", "kg*m"],
    "plastic-film": ["kg", "mg"],
}
FACTORS = st.floats(1e-6, 1e6)


@st.composite
def lines(draw: st.DrawFn, index: int = 0) -> Line:
    product = draw(st.sampled_from(sorted(UNITS)))
    return line(
        product,
        draw(FACTORS),
        draw(st.sampled_from(UNITS[product])),
        draw(st.sampled_from(PLACES)),
        stage=draw(st.sampled_from(list(Stage))),
        id=draw(st.uuids(allow_nil=False)).hex,
    )


bills = st.lists(lines(), min_size=1, max_size=8)


def scores(engine: Engine, question: Study) -> dict[str, float]:
    """Return the known scores; what is unknown depends on what is bought, not on how much."""
    return {
        each.category.indicator: each.value
        for each in engine.footprint(question).indicators
        if each.value is not None
    }


def assert_equal(ours: dict[str, float], expected: dict[str, float]) -> None:
    assert ours.keys() == expected.keys()
    largest = max(map(abs, expected.values()))
    for indicator, value in expected.items():
        assert ours[indicator] == pytest.approx(value, rel=1e-9, abs=1e-13 * largest), indicator


@given(bill=bills, k=FACTORS)
@settings(deadline=None)
def test_a_footprint_is_linear_in_the_demand(tiny: Engine, bill: list[Line], k: float) -> None:
    more = [dataclasses.replace(each, amount=each.amount * k) for each in bill]
    expected = {name: k * value for name, value in scores(tiny, study(*bill)).items()}
    assert_equal(scores(tiny, study(*more)), expected)


@given(bill=bills)
@settings(deadline=None)
def test_a_footprint_is_the_sum_of_its_lines(tiny: Engine, bill: list[Line]) -> None:
    whole = scores(tiny, study(*bill))
    each_alone = [scores(tiny, study(one)) for one in bill]
    assert_equal(whole, {name: sum(alone[name] for alone in each_alone) for name in whole})


@given(bill=bills, order=st.randoms(use_true_random=False))
@settings(deadline=None)
def test_the_order_of_the_lines_does_not_matter(
    tiny: Engine, bill: list[Line], order: st.randoms
) -> None:
    shuffled = list(bill)
    order.shuffle(shuffled)
    assert_equal(scores(tiny, study(*shuffled)), scores(tiny, study(*bill)))


@given(bill=bills, data=st.data())
@settings(deadline=None)
def test_the_units_do_not_matter(tiny: Engine, bill: list[Line], data: st.DataObject) -> None:
    def converted(each: Line) -> Line:
        unit = data.draw(st.sampled_from(UNITS[each.product]))
        return dataclasses.replace(each, unit=unit, amount=each.amount * factor(each.unit, unit))

    other = [converted(each) for each in bill]
    assert_equal(scores(tiny, study(*other)), scores(tiny, study(*bill)))


@given(bill=bills, share=st.floats(0.01, 0.99))
@settings(deadline=None)
def test_a_line_may_be_written_as_two(tiny: Engine, bill: list[Line], share: float) -> None:
    first, *rest = bill
    halves = [
        dataclasses.replace(first, amount=first.amount * part, id=f"{first.id}-{part}")
        for part in (share, 1 - share)
    ]
    if share == 0.5:
        halves[1] = dataclasses.replace(halves[1], id="the-other-half")
    assert_equal(scores(tiny, study(*halves, *rest)), scores(tiny, study(*bill)))


@given(bill=bills, output=FACTORS)
@settings(deadline=None)
def test_a_bill_may_be_put_into_an_assembly(tiny: Engine, bill: list[Line], output: float) -> None:
    box = assembly("box", output, "piece", *bill)
    wrapped = study(bought("box", output, "piece"), assemblies=[box])
    assert_equal(scores(tiny, wrapped), scores(tiny, study(*bill)))


@given(bill=bills, own_share=st.floats(0.0, 0.9))
@settings(deadline=None)
def test_an_assembly_that_takes_a_share_of_itself_costs_so_much_more(
    tiny: Engine, bill: list[Line], own_share: float
) -> None:
    # x = 1 + own_share x
    box = assembly("box", 1.0, "piece", *bill, bought("box", own_share, "piece"))
    wrapped = study(bought("box", 1.0, "piece"), assemblies=[box])
    expected = {name: value / (1 - own_share) for name, value in scores(tiny, study(*bill)).items()}
    assert_equal(scores(tiny, wrapped), expected)


@given(bill=bills, amount=FACTORS)
@settings(deadline=None)
def test_an_emission_adds_its_factor_whatever_is_bought(
    tiny: Engine, bill: list[Line], amount: float
) -> None:
    before = scores(tiny, study(*bill))
    after = scores(tiny, study(*bill, emission("n2o", amount, "kg")))
    expected = dict(before)
    expected["climate_change.total"] += 273 * amount
    expected["climate_change.total_with_biogenic_uptake"] += 273 * amount
    if "climate_change.fossil" in expected:
        expected["climate_change.fossil"] += 273 * amount
    assert_equal(after, expected)


def test_random_bills_have_the_scores_of_brightway(tiny: Engine) -> None:
    bills = Bills(tiny.catalogue, seed=2002)
    studies = [bills.study() for _ in range(40)]
    assert any(each.assemblies for each in studies)
    assert any(each.emissions for each in studies)
    assert len(assert_same_as_brightway(tiny, studies)) > 5 * len(studies)
