"""Where a score arises; the world of tests/knowledge, see test_footprint.py for its electricity."""

import pytest

from lca_service.calculation.contributions import By, CategoryContributions
from lca_service.domain.study import Study
from lca_service.engine import Engine
from tests.studies import assembly, bought, emission, line, study

TOTAL = "climate_change.total"
POWER = "electricity-low-voltage"

# Per kWh sold in IN: 0.375 kg of coal burnt there, and 0.0375 kWh of the world's electricity for
# its mining, of which every kWh takes 0.315 kg of coal and again 0.0315 kWh of itself.
WORLD_POWER = 0.0375 / (1 - 0.0315)
COAL = 0.375 + WORLD_POWER * 0.315
CO2_IN = 0.90 + WORLD_POWER * 0.6 * 0.90
CO2_ZA = WORLD_POWER * 0.2 * 1.08
METHANE = COAL * 0.298


def of(
    engine: Engine, question: Study, indicator: str, by: By, *, depth: int = 0, limit: int = 50
) -> CategoryContributions:
    found = engine.contributions(question, by=by, depth=depth, limit=limit)
    (one,) = (each for each in found if each.category.indicator == indicator)
    return one


def values(found: CategoryContributions) -> dict[str, float]:
    return {part.id: part.value for part in found.contributions}


def one_kwh() -> Study:
    return study(line(POWER, 1, "kWh", "IN"))


def test_parts_by_activity_are_what_each_emits_itself(tiny: Engine) -> None:
    found = values(of(tiny, one_kwh(), TOTAL, "activity"))
    assert found == {
        "coal-power@IN": pytest.approx(CO2_IN, rel=1e-12),
        "coal-power@ZA": pytest.approx(CO2_ZA, rel=1e-12),
        "hard-coal-mining@GLO": pytest.approx(METHANE, rel=1e-12),
    }


def test_parts_by_flow_are_gases(tiny: Engine) -> None:
    found = values(of(tiny, one_kwh(), TOTAL, "flow"))
    assert found == {
        "co2-fossil": pytest.approx(CO2_IN + CO2_ZA, rel=1e-12),
        "ch4-fossil": pytest.approx(METHANE, rel=1e-12),
    }


def test_parts_by_location_are_where_the_emitters_stand(tiny: Engine) -> None:
    found = values(of(tiny, one_kwh(), TOTAL, "location"))
    assert found == {
        "IN": pytest.approx(CO2_IN, rel=1e-12),
        "ZA": pytest.approx(CO2_ZA, rel=1e-12),
        "GLO": pytest.approx(METHANE, rel=1e-12),
    }


def test_own_emissions_are_a_part_of_their_own(tiny: Engine) -> None:
    question = study(line("diesel", 1, "kg"), emission("hfc-134a", 1, "g"))
    for by in ("activity", "location"):
        found = values(of(tiny, question, TOTAL, by))
        assert found["foreground"] == pytest.approx(1.53, rel=1e-12)
    assert values(of(tiny, question, TOTAL, "flow")) == {
        "hfc-134a": pytest.approx(1.53, rel=1e-12),
        "co2-fossil": pytest.approx(0.5, rel=1e-12),
    }


def test_emissions_of_an_assembly_count_by_how_much_of_it_is_bought(tiny: Engine) -> None:
    # 5 of the 2 labels that 10 g of methane are emitted for: 25 g, at 27
    label = assembly("label", 2, "piece", emission("ch4-biogenic", 10, "g"))
    question = study(bought("label", 5, "piece"), assemblies=[label])
    expected = pytest.approx(0.025 * 27, rel=1e-12)
    assert values(of(tiny, question, TOTAL, "flow")) == {"ch4-biogenic": expected}
    assert values(of(tiny, question, TOTAL, "activity")) == {"foreground": expected}


def test_an_unknown_flow_of_an_assembly_makes_a_score_unknown_by_its_amount(tiny: Engine) -> None:
    field = assembly("field", 2, "kg", emission("land-occupation-luc-unassessed", 3, "m2*year"))
    question = study(bought("field", 8, "kg"), assemblies=[field])
    (luluc,) = (
        each
        for each in tiny.footprint(question).indicators
        if each.category.indicator == "climate_change.luluc"
    )
    assert "contains 12 m2*year of" in luluc.reason


@pytest.mark.parametrize("by", ["activity", "flow", "location"])
def test_parts_sum_to_the_score_of_the_footprint(tiny: Engine, by: By) -> None:
    label = assembly("label", 1, "piece", line("plastic-film", 1, "g"), line(POWER, 2, "Wh", "ZA"))
    question = study(
        line("seed-cotton", 0.3, "kg", "GB"),
        line("cut-and-sew", 1, "kg"),
        bought("label", 3, "piece"),
        emission("water-consumed-agricultural", 1, "L", "BD"),
        assemblies=[label],
    )
    scores = {
        each.category.key: each.value
        for each in tiny.footprint(question).indicators
        if each.value is not None
    }
    found = {
        each.category.key: each for each in tiny.contributions(question, by=by, depth=0, limit=2)
    }
    assert len(scores) == 9
    for key, score in scores.items():
        assert found[key].value == pytest.approx(score, rel=1e-12)
        total = sum(part.value for part in found[key].contributions)
        assert total == pytest.approx(score, rel=1e-12)
        shares = [part.share for part in found[key].contributions]
        assert score == 0 or sum(share or 0 for share in shares) == pytest.approx(1.0)


def test_what_is_below_the_limit_is_summed_as_other(tiny: Engine) -> None:
    found = of(tiny, one_kwh(), TOTAL, "activity", limit=1)
    assert [part.id for part in found.contributions] == ["coal-power@IN", "other"]
    assert found.contributions[1].value == pytest.approx(CO2_ZA + METHANE, rel=1e-12)


def test_an_unknown_score_has_no_parts_and_no_value(tiny: Engine) -> None:
    question = study(line("seed-cotton", 1, "kg", "IN"))
    found = of(tiny, question, "climate_change.luluc", "flow", depth=2)
    assert found.value is None
    assert "land-occupation-luc-unassessed" in found.reason
    assert found.contributions == found.tree == ()


def test_the_tree_shows_what_each_purchase_buys(tiny: Engine) -> None:
    (root,) = of(tiny, one_kwh(), TOTAL, "activity", depth=3).tree
    assert (root.id, root.activity, root.amount, root.unit) == (
        POWER,
        "low-voltage@IN",
        1.0,
        "kWh",
    )
    assert root.value == pytest.approx(CO2_IN + CO2_ZA + METHANE, rel=1e-12)
    assert root.direct == 0.0
    (power,) = root.children  # water power emits nothing and is not followed
    assert (power.activity, power.amount) == ("coal-power@IN", pytest.approx(0.9375))
    assert power.direct == pytest.approx(0.90, rel=1e-12)
    (coal,) = power.children
    assert (coal.activity, coal.amount) == ("hard-coal-mining@GLO", pytest.approx(0.375))
    assert coal.direct == pytest.approx(0.375 * 0.298, rel=1e-12)
    assert coal.children == ()


def test_the_parts_of_every_branch_add_up_to_it(tiny: Engine) -> None:
    label = assembly("label", 2, "piece", line(POWER, 1, "kWh", "ZA"))
    question = study(
        line("cut-and-sew", 1, "kg", "IN"), bought("label", 1, "piece"), assemblies=[label]
    )
    found = of(tiny, question, TOTAL, "activity", depth=4)
    assert found.value is not None
    assert [branch.id for branch in found.tree] == ["cut-and-sew", f"label/{POWER}"]
    assert found.value == pytest.approx(sum(branch.value for branch in found.tree), rel=1e-12)

    followed = list(found.tree)
    for branch in followed:
        if branch.children:
            # what is left out of the tree is below a thousandth of the score
            parts = branch.direct + sum(child.value for child in branch.children)
            assert parts == pytest.approx(branch.value, abs=0.001 * found.value * 2)
        followed += branch.children
    # sewing, its grid, power and coal; the label's grid, power and coal, and the coal's grid
    assert len(followed) == 8


def test_a_branch_that_buys_itself_is_not_followed_for_ever(tiny: Engine) -> None:
    (root,) = of(tiny, study(line("diesel", 1, "kg")), TOTAL, "activity", depth=50).tree
    assert root.children == ()
    assert root.value == pytest.approx(0.5)
    assert root.direct == pytest.approx(0.4)


def test_a_tree_is_grown_only_when_asked_for(tiny: Engine) -> None:
    assert of(tiny, one_kwh(), TOTAL, "activity").tree == ()


@pytest.mark.parametrize("nodes", [1, 3, 200])
def test_what_flows_into_a_node_of_the_diagram_is_its_score(tiny: Engine, nodes: int) -> None:
    question = study(
        line(POWER, 10, "kWh", "IN", id="grid"),
        line("cut-and-sew", 2, "kg", "IN", id="sewing"),
    )
    for each in tiny.contributions(question, by="activity", nodes=nodes):
        diagram = each.sankey
        assert diagram is not None
        root, *activities = diagram.nodes
        assert (root.id, root.value) == ("foreground", each.value)
        assert len(activities) <= nodes
        for node in diagram.nodes:
            into = sum(link.value for link in diagram.links if link.target == node.id)
            assert node.direct + node.other + into == pytest.approx(node.value, abs=1e-12)
        if nodes == 200:
            assert all(abs(node.other) < 1e-12 * max(abs(node.value), 1) for node in diagram.nodes)
            direct = sum(node.direct for node in diagram.nodes)
            assert direct == pytest.approx(each.value, rel=1e-9, abs=1e-15)


def test_a_purchase_is_a_link_from_seller_to_buyer(tiny: Engine) -> None:
    question = study(line("cut-and-sew", 2, "kg", "IN"))
    each = next(
        each
        for each in tiny.contributions(question, by="activity", nodes=50)
        if each.category.indicator == "climate_change.total"
    )
    assert each.sankey is not None
    links = {(link.source, link.target): link.value for link in each.sankey.links}
    # a kilogram takes half a kilowatt hour of the grid, and all of its score is the grid's
    assert links["sewing@IN", "foreground"] == pytest.approx(each.value)
    assert links["low-voltage@IN", "sewing@IN"] == pytest.approx(each.value)
