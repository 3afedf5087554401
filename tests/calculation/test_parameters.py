"""A line may give parameters of its product's process; the release stays what it is."""

import dataclasses

import pytest

from lca_service.catalogue.override import parameters_of
from lca_service.domain.study import GivenParameter, Line
from lca_service.engine import Engine
from lca_service.errors import StudyError
from tests.oracle import assert_same_as_brightway
from tests.studies import line, result, study, value

TOTAL = "climate_change.total"


def given(base: Line, **parameters: tuple[float, str]) -> Line:
    return dataclasses.replace(
        base,
        parameters=tuple(
            GivenParameter(name, amount, unit, f"{base.pointer}/parameters/{name}")
            for name, (amount, unit) in parameters.items()
        ),
    )


def test_a_better_power_plant_burns_less(tiny: Engine) -> None:
    # India's plants: 36 %. At 72 % half the fuel, so half of everything that comes from fuel.
    plain = line("electricity-coal", 1, "kWh", "IN")
    better = given(plain, efficiency=(72, "percent"))
    assert value(tiny.footprint(study(better)), TOTAL) == pytest.approx(
        value(tiny.footprint(study(plain)), TOTAL) / 2
    )


def test_the_figures_of_the_table_given_as_parameters_change_nothing(tiny: Engine) -> None:
    plain = line("electricity-coal", 1, "kWh", "IN")
    (efficiency,) = (
        each
        for each in parameters_of(
            tiny.catalogue, tiny.catalogue.activities[tiny.catalogue.positions["coal-power@IN"]]
        )
        if each.name == "efficiency"
    )
    same = given(plain, efficiency=(efficiency.figure.value, efficiency.figure.unit))
    for indicator in (TOTAL, "water.consumption", "water.scarcity_aware"):
        assert value(tiny.footprint(study(same)), indicator) == pytest.approx(
            value(tiny.footprint(study(plain)), indicator), rel=1e-12
        )


def test_the_result_with_the_inventorys_parameters_stands_beside(tiny: Engine) -> None:
    plain = line("electricity-coal", 3, "kWh", "IN")
    answer = tiny.footprint(study(given(plain, efficiency=(0.72, "dimensionless"))))
    found = answer.lines[0]
    assert found.status == "given_parameters"
    assert found.match is not None
    assert found.without_parameters is not None
    assert found.without_parameters[TOTAL] == pytest.approx(
        value(tiny.footprint(study(plain)), TOTAL)
    )
    assert result(answer, TOTAL).by_line == {found.id: pytest.approx(value(answer, TOTAL))}


def test_a_system_with_given_parameters_has_the_scores_of_brightway(tiny: Engine) -> None:
    better = given(line("electricity-coal", 2, "kWh", "IN"), efficiency=(0.5, "dimensionless"))
    mix = given(
        line("electricity-low-voltage", 5, "kWh", "ZA"),
        generation_hydro=(100, "TWh"),
        loss=(0, "percent"),
    )
    question = study(better, dataclasses.replace(mix, id="mix"))
    assert max(assert_same_as_brightway(tiny, [question])) < 1e-9


def test_a_mix_of_ones_own(tiny: Engine) -> None:
    # all from water, nothing lost: no emission is left, and one kWh evaporates 16 L
    mix = given(
        line("electricity-low-voltage", 1, "kWh", "IN"),
        generation_coal=(0, "TWh"),
        loss=(0, "percent"),
    )
    answer = tiny.footprint(study(mix))
    assert value(answer, TOTAL) == 0
    assert value(answer, "water.consumption_with_reservoir") == pytest.approx(0.016)


@pytest.mark.parametrize(
    ("product", "place", "name", "amount", "unit", "code", "says"),
    [
        ("electricity-coal", "IN", "eficiency", 0.5, "percent", "unknown_parameter", "eficiency"),
        ("electricity-coal", "IN", "efficiency", 0.5, "kWh", "unit_mismatch", "kWh"),
        ("electricity-coal", "IN", "efficiency", 0.0, "percent", "bad_parameter", "hard-coal"),
        ("electricity-low-voltage", "GLO", "loss", 1, "percent", "unknown_parameter", "average"),
    ],
)
def test_a_parameter_that_cannot_be_is_refused(
    tiny: Engine,
    product: str,
    place: str,
    name: str,
    amount: float,
    unit: str,
    code: str,
    says: str,
) -> None:
    with pytest.raises(StudyError) as caught:
        tiny.footprint(study(given(line(product, 1, "kWh", place), **{name: (amount, unit)})))
    (fault,) = caught.value.faults
    assert fault.code == code
    assert says in fault.detail
    assert fault.pointer.startswith(f"/bom/{product}/parameters")
    assert fault.hint


def test_every_fault_of_the_parameters_is_told_at_once(tiny: Engine) -> None:
    wrong = given(
        line("electricity-coal", 1, "kWh", "IN"),
        eficiency=(0.5, "dimensionless"),
        ncv=(25, "kWh"),
    )
    with pytest.raises(StudyError) as caught:
        tiny.footprint(study(wrong))
    assert {fault.code for fault in caught.value.faults} == {"unknown_parameter", "unit_mismatch"}


def own_mix(engine: Engine, **shares: float) -> float:
    mixed = given(
        line("electricity-own-mix", 1, "kWh", "IN"),
        **{name: (share, "dimensionless") for name, share in shares.items()},
    )
    return value(engine.footprint(study(mixed)), TOTAL)


def test_shares_that_are_given_are_the_whole(engine: Engine) -> None:
    # the losses of the grid are in both, and the plants are linear
    coal, wind = own_mix(engine, share_coal=1), own_mix(engine, share_wind=1)
    assert own_mix(engine, share_coal=0.5, share_wind=0.5) == pytest.approx((coal + wind) / 2)
    plant = value(engine.footprint(study(line("electricity-coal", 1, "kWh", "IN"))), TOTAL)
    assert plant < coal < 1.4 * plant


def test_shares_that_are_no_whole_are_refused(engine: Engine) -> None:
    with pytest.raises(StudyError) as refusal:
        own_mix(engine, share_coal=0.6)
    (fault,) = refusal.value.faults
    assert fault.code == "bad_parameter"
    assert "sum to 0.6" in fault.detail
    assert "share_wind" in fault.hint
