"""What every result says about itself."""

from lca_service.domain.study import Stage
from lca_service.engine import Engine
from tests.studies import emission, line, study


def test_a_result_without_every_stage_is_a_partial_footprint(tiny: Engine) -> None:
    answer = tiny.footprint(
        study(line("diesel", 1, "kg", stage=Stage.DISTRIBUTION), emission("hfc-134a", 1, "g"))
    )
    assert answer.statement.scope == "partial footprint"
    assert answer.statement.stages_included == ("distribution", "use")
    assert answer.statement.stages_left_out == ("raw_materials", "manufacturing", "end_of_life")


def test_a_result_with_every_stage_is_not(tiny: Engine) -> None:
    lines = [line("diesel", 1, "kg", id=stage.value, stage=stage) for stage in Stage]
    answer = tiny.footprint(study(*lines))
    assert answer.statement.stages_left_out == ()
    assert "partial" not in answer.statement.scope


def test_the_set_of_warming_potentials_is_named_with_its_edition(tiny: Engine) -> None:
    question = study(
        line("diesel", 1, "kg"),
        indicators=["climate_change.total", "climate_change.fossil", "water.green"],
        methods={"climate_change.total": "ipcc_ar6_gwp20"},
    )
    sets = tiny.footprint(question).statement.gwp_sets
    assert sets == ("IPCC AR6 GWP20", "IPCC AR6 GWP100")


def test_a_result_without_background_has_no_data_period(tiny: Engine) -> None:
    answer = tiny.footprint(study(emission("hfc-134a", 1, "g")))
    assert answer.statement.data_period is None
    assert answer.sources == ()


def test_no_result_claims_a_review_or_conformity(tiny: Engine) -> None:
    statement = tiny.footprint(study(line("diesel", 1, "kg"))).statement
    assert statement.review == "not reviewed"
    assert "ISO 14067:2018" in statement.aligned_with
