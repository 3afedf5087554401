"""Questions that cannot be answered as asked: every fault at once, with a place and a way out."""

import dataclasses

import pytest

from lca_service.domain.study import DeclaredUnit, Study
from lca_service.engine import Engine
from lca_service.errors import Fault, StudyError
from tests.studies import assembly, bought, emission, line, study

POWER = "electricity-low-voltage"


def faults(engine: Engine, question: Study) -> dict[str, Fault]:
    """Return the faults of a question by pointer."""
    with pytest.raises(StudyError) as refusal:
        engine.footprint(question)
    found = {fault.pointer: fault for fault in refusal.value.faults}
    assert len(found) == len(refusal.value.faults)
    return found


def test_all_faults_of_a_question_are_told_at_once(tiny: Engine) -> None:
    found = faults(
        tiny,
        study(
            line("coton", 1, "kg"),
            line(POWER, 1, "kg", "ZZ"),
            emission("co2", 1, "kWh"),
            location="SU",
            indicators=["climate"],
            methods={"climate_change": "ar5"},
        ),
    )
    assert {pointer: fault.code for pointer, fault in found.items()} == {
        "/location": "retired_location",
        "/bom/coton/product": "unknown_product",
        f"/bom/{POWER}/location": "unknown_location",
        f"/bom/{POWER}/unit": "unit_mismatch",
        "/emissions/co2/flow": "unknown_flow",
        "/indicators/0": "unknown_indicator",
        "/methods/climate_change": "unknown_method",
    }


def test_contributions_tell_all_faults_as_well(tiny: Engine) -> None:
    question = study(line("coton", 1, "kg"), indicators=["climate"])
    with pytest.raises(StudyError) as refusal:
        tiny.contributions(question, by="activity")
    assert [fault.pointer for fault in refusal.value.faults] == [
        "/bom/coton/product",
        "/indicators/0",
    ]


def test_an_unknown_product_is_told_with_the_three_nearest(tiny: Engine) -> None:
    fault = faults(tiny, study(line("electricity", 1, "kWh")))["/bom/electricity/product"]
    assert len(fault.allowed) == 3
    assert set(fault.allowed) == {
        "electricity-coal",
        "electricity-hydro",
        "electricity-low-voltage",
    }


def test_a_retired_country_is_told_with_its_successors(tiny: Engine) -> None:
    fault = faults(tiny, study(line(POWER, 1, "kWh", "su")))[f"/bom/{POWER}/location"]
    assert fault.allowed == ("IN", "GB")
    assert "Soviet Union" in fault.hint


def test_an_unknown_place_is_told_with_places_that_read_alike(tiny: Engine) -> None:
    fault = faults(tiny, study(line(POWER, 1, "kWh", "Sri Lank")))[f"/bom/{POWER}/location"]
    assert fault.allowed[0] == "LK"


@pytest.mark.parametrize(
    ("product", "unit"),
    [(POWER, "kg"), (POWER, "kW"), ("seed-cotton", "m3"), ("freight-sea-container", "t")],
)
def test_a_unit_of_another_dimension_is_refused_with_the_right_one(
    tiny: Engine, product: str, unit: str
) -> None:
    fault = faults(tiny, study(line(product, 1, unit)))[f"/bom/{product}/unit"]
    assert fault.code == "unit_mismatch"
    assert fault.allowed == (tiny.catalogue.nomenclature.products[product].unit,)


def test_a_ton_is_refused_because_it_is_three_different_masses(tiny: Engine) -> None:
    fault = faults(tiny, study(line("seed-cotton", 1, "ton")))["/bom/seed-cotton/unit"]
    assert "ambiguous" in fault.detail


def test_an_empty_bill_is_no_footprint_of_zero(tiny: Engine) -> None:
    assert faults(tiny, study())["/bom"].code == "empty_bill"


def test_an_assembly_that_is_bought_must_have_a_bill(tiny: Engine) -> None:
    found = faults(tiny, study(bought("box", 1, "piece"), assemblies=[assembly("box", 1, "piece")]))
    assert found["/assemblies/box/bom"].code == "empty_bill"


def test_an_unknown_assembly_is_told_with_those_of_the_study(tiny: Engine) -> None:
    box = assembly("box", 1, "piece", line("diesel", 1, "kg"))
    fault = faults(tiny, study(bought("bx", 1, "piece"), assemblies=[box]))["/bom/bx/assembly"]
    assert (fault.code, fault.allowed) == ("unknown_assembly", ("box",))


def test_an_assembly_is_bought_in_its_own_dimension(tiny: Engine) -> None:
    box = assembly("box", 1, "piece", line("diesel", 1, "kg"))
    fault = faults(tiny, study(bought("box", 1, "kg"), assemblies=[box]))["/bom/box/unit"]
    assert (fault.code, fault.allowed) == ("unit_mismatch", ("piece",))


@pytest.mark.parametrize("taken", [1.0, 1.5])
def test_an_assembly_that_takes_all_it_makes_has_no_net_output(tiny: Engine, taken: float) -> None:
    greedy = assembly("greedy", 1, "kg", bought("greedy", taken, "kg"), line("diesel", 1, "kg"))
    question = study(bought("greedy", 1, "kg", id="top"), assemblies=[greedy])
    fault = faults(tiny, question)["/bom/greedy/amount"]
    assert fault.code == "no_net_output"
    assert "'greedy'" in fault.detail


def test_a_loop_of_assemblies_without_net_output_names_the_lines_of_the_loop(tiny: Engine) -> None:
    # a kilogram of a takes 2 kg of b, a kilogram of b takes 500 g of a: nothing is left to sell
    a = assembly("a", 1, "kg", bought("b", 2, "kg", id="b-in-a"), line("diesel", 1, "kg"))
    b = assembly("b", 1, "kg", bought("a", 500, "g", id="a-in-b"))
    c = assembly("c", 1, "kg", bought("a", 1, "kg", id="a-in-c"))
    found = faults(tiny, study(bought("c", 1, "kg"), assemblies=[a, b, c]))
    assert sorted(found) == ["/bom/a-in-b/amount", "/bom/b-in-a/amount"]


def test_an_export_mix_of_what_is_not_traded_has_no_provider(tiny: Engine) -> None:
    fault = faults(tiny, study(line("diesel", 1, "kg", mix="export")))["/bom/diesel/product"]
    assert fault.code == "no_provider"
    assert "export" in fault.detail


def test_two_lines_of_one_id_would_hide_each_other(tiny: Engine) -> None:
    question = study(line("diesel", 1, "kg"), line("diesel", 2, "kg"))
    assert faults(tiny, question)["/bom/diesel/id"].code == "duplicate_id"


def test_a_declared_unit_is_a_unit(tiny: Engine) -> None:
    question = dataclasses.replace(
        study(line("diesel", 1, "kg")), declared_unit=DeclaredUnit(1.0, "thing")
    )
    assert faults(tiny, question)["/declared_unit/unit"].code == "unknown_unit"


def test_an_indicator_that_a_chosen_method_does_not_have_is_told_apart(tiny: Engine) -> None:
    question = study(
        line("diesel", 1, "kg"),
        indicators=["water.consumption"],
        methods={"water.consumption": "aware_2_0"},
    )
    fault = faults(tiny, question)["/methods/water.consumption"]
    assert (fault.code, fault.allowed) == ("unknown_method", ("water_inventory",))


def test_a_method_of_something_unknown_is_told_with_the_families(tiny: Engine) -> None:
    question = study(line("diesel", 1, "kg"), methods={"carbon/footprint~": "ipcc_ar6_gwp100"})
    fault = faults(tiny, question)["/methods/carbon~1footprint~0"]
    assert fault.allowed == ("climate_change", "water", "water.scarcity_aware")
