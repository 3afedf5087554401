"""Patches of activities: by hand in the tiny world, and against a new solve of the release."""

from collections.abc import Mapping

import numpy as np
import pytest

from lca_service.calculation.assessed import Assessed, Bill
from lca_service.calculation.changes import weight_of
from lca_service.calculation.redraw import Redraw
from lca_service.calculation.scenario import MOST_UPDATED, ScenarioSystem
from lca_service.catalogue.override import parameters_of
from lca_service.domain.scenario import Addition, Patch, Scaling, Setting, Substitution
from lca_service.domain.study import Sampling, Study
from lca_service.engine import Engine
from lca_service.errors import StudyError
from tests.studies import line, study

CLIMATE, WATER = "climate_change.total", "water.consumption"


def patch(name: str, *activities: str, **changes: object) -> Patch:
    return Patch(name, activities, f"/patches/{name}", **changes)  # type: ignore[arg-type]


def setting(name: str, amount: float, unit: str = "") -> Setting:
    return Setting(name, amount, unit, f"/parameters/{name}")


def multipliers(scenario: ScenarioSystem, engine: Engine, product: str, **uptakes: float) -> float:
    """Return the climate score of one unit of an activity's product."""
    asked = {each.id: uptakes.get(each.id, 1.0) for each in scenario.patches}
    position = engine.catalogue.positions[product]
    row = engine.catalogue.default_categories[CLIMATE]
    return float(scenario.multipliers([position], asked)[row, 0])


def released(engine: Engine, product: str) -> float:
    row = engine.catalogue.default_categories[CLIMATE]
    return float(engine.background.multipliers[row, engine.catalogue.positions[product]])


def power_of(engine: Engine, activity: str) -> float:
    each = engine.catalogue.activities[engine.catalogue.positions[activity]]
    (found,) = [p for p in parameters_of(engine.catalogue, each) if p.name == "power"]
    assert found.figure.unit == "kWh/kg"
    return found.figure.value


def test_half_the_power_of_a_sewing_room_saves_half_of_what_its_power_brings(tiny: Engine) -> None:
    # sewing emits nothing itself: its climate score is power times that of a kilowatt-hour
    half = tiny.scenario([patch("half", "sewing@IN", settings=(setting("power", 0.5),))])
    before = released(tiny, "sewing@IN")
    assert before == pytest.approx(power_of(tiny, "sewing@IN") * released(tiny, "low-voltage@IN"))
    assert multipliers(half, tiny, "sewing@IN") == pytest.approx(before / 2, rel=1e-12)
    # half of the makers have it: the mean of both
    assert multipliers(half, tiny, "sewing@IN", half=0.5) == pytest.approx(0.75 * before, rel=1e-12)


def test_a_mix_of_water_power_alone_leaves_what_evaporates(tiny: Engine) -> None:
    made = tiny.scenario([patch("water", "low-voltage@IN", mix={"electricity-hydro": 1.0})])
    assert multipliers(made, tiny, "low-voltage@IN") == pytest.approx(0.0, abs=1e-12)
    # the refinery buys no power: it stays as it was, whatever happens to the grid
    assert multipliers(made, tiny, "refining@GLO") == pytest.approx(released(tiny, "refining@GLO"))


def test_a_substitution_buys_another_product_for_a_share(tiny: Engine) -> None:
    swapped = Substitution("electricity-low-voltage", "diesel", 0.25, 0.1, "/patches/0")
    made = tiny.scenario([patch("diesel", "sewing@IN", substitutions=(swapped,))])
    power = power_of(tiny, "sewing@IN")
    expected = power * (
        0.75 * released(tiny, "low-voltage@IN") + 0.25 * 0.1 * released(tiny, "refining@GLO")
    )
    assert multipliers(made, tiny, "sewing@IN") == pytest.approx(expected, rel=1e-12)


def test_scalings_and_additions(tiny: Engine) -> None:
    scaled = Scaling("", "co2-fossil", 0.5, "/patches/0")
    added = Addition("diesel", 100.0, "g", "/patches/0/add/0")
    made = tiny.scenario(
        [
            patch("clean", "refining@GLO", scalings=(scaled,)),
            patch("more", "sewing@IN", additions=(added,)),
        ]
    )
    # the refinery's own use makes its score proportional to its stack
    assert multipliers(made, tiny, "refining@GLO") == pytest.approx(
        released(tiny, "refining@GLO") / 2, rel=1e-12
    )
    assert multipliers(made, tiny, "sewing@IN") == pytest.approx(
        released(tiny, "sewing@IN") + 0.1 * released(tiny, "refining@GLO") / 2, rel=1e-12
    )


def test_two_patches_of_an_activity_are_taken_up_independently(tiny: Engine) -> None:
    pair = [
        patch("a", "sewing@IN", settings=(setting("power", 0.5),)),
        patch("b", "sewing@IN", substitutions=(
            Substitution("electricity-low-voltage", "diesel", 1.0, 0.1, "/patches/1"),)),
    ]  # fmt: skip
    made = tiny.scenario(pair)
    at = {(x, y): multipliers(made, tiny, "sewing@IN", a=x, b=y) for x in (0, 1) for y in (0, 1)}
    mixed = multipliers(made, tiny, "sewing@IN", a=0.3, b=0.6)
    expected = sum(
        weight_of([n for n, on in zip("ab", xy, strict=True) if on],
                  [n for n, on in zip("ab", xy, strict=True) if not on],
                  {"a": 0.3, "b": 0.6}) * value
        for xy, value in at.items()
    )  # fmt: skip
    assert mixed == pytest.approx(expected, rel=1e-12)


def test_a_standing_patch_is_decided_anew_by_a_later_one(tiny: Engine) -> None:
    standing = Patch("old", ("sewing@IN",), "/baseline/0", settings=(setting("power", 2.0),),
                     is_standing=True)  # fmt: skip
    new = patch("new", "sewing@IN", settings=(setting("power", 0.5),))
    made = tiny.scenario([standing, new])
    before = released(tiny, "sewing@IN")
    assert multipliers(made, tiny, "sewing@IN", new=0.0) == pytest.approx(2 * before)
    # factors are of the drawn figure, one after the other: 2.0 and then 0.5
    assert multipliers(made, tiny, "sewing@IN", new=1.0) == pytest.approx(before)


SHIPPED = (
    patch("sun", "electricity-generation@IN", mix={"electricity-coal": 0.3,
                                                   "electricity-solar": 0.7}),
    patch("kiln", "clinker-production@IN", settings=(setting("kiln", 0.9),)),
    patch("rice", "rice-paddy-growing@IN", settings=(setting("yield_ha", 1.1),)),
    patch("pet", "pet-bottle-making@IN", substitutions=(
        Substitution("pet-bottle-grade", "recycled-pet", 0.5, 1.0, "/patches/3"),)),
)  # fmt: skip


@pytest.mark.parametrize("uptake", [0.1, 1.0])
def test_an_update_of_low_rank_equals_a_new_solve_of_the_release(
    engine: Engine, uptake: float
) -> None:
    scenario = engine.scenario(SHIPPED)
    uptakes = {each.id: uptake for each in SHIPPED}
    products = list(range(0, engine.background.n_activities, 97))
    products += [engine.catalogue.positions[each.activities[0]] for each in SHIPPED]
    updated = scenario.multipliers(products, uptakes)
    bought, emitted = scenario.changes.at(uptakes)
    anew = scenario.solved(bought[0], emitted[0])[:, products]
    scale = np.abs(anew).max(axis=1, keepdims=True)
    assert (np.abs(updated - anew) <= 1e-9 * np.maximum(np.abs(anew), 1e-9 * scale)).all()


def test_many_changed_activities_are_solved_anew_and_agree(engine: Engine) -> None:
    places = sorted(p for p in engine.catalogue.positions if p.startswith("cement-production@"))
    many = patch("ratio", *places[: MOST_UPDATED + 8], settings=(setting("ratio", 0.8),))
    few = patch("ratio", *places[:MOST_UPDATED], settings=(setting("ratio", 0.8),))
    products = [engine.catalogue.positions[each] for each in places[:5]]
    anew = engine.scenario([many]).multipliers(products, {"ratio": 1.0})
    updated = engine.scenario([few]).multipliers(products, {"ratio": 1.0})
    row = engine.catalogue.default_categories[CLIMATE]
    np.testing.assert_allclose(anew[row], updated[row], rtol=1e-4)  # eight others changed as well


def test_without_an_uptake_the_multipliers_are_the_release_s_to_the_bit(engine: Engine) -> None:
    scenario = engine.scenario(SHIPPED)
    products = list(range(0, engine.background.n_activities, 501))
    found = scenario.multipliers(products, {each.id: 0.0 for each in SHIPPED})
    assert np.array_equal(found, engine.background.multipliers[:, products])


def sewn(samples: int) -> Study:
    asked = study(line("cut-and-sew", 1.0, "kg"), indicators=[CLIMATE, WATER])
    return Study(**{**vars(asked), "sampling": Sampling(samples, 0)})


def test_samples_of_a_scenario_are_what_the_drawn_figures_make(tiny: Engine) -> None:
    n = 64
    tiny.build_samples(samples=n, seed=0)
    scenario = tiny.scenario([patch("half", "sewing@IN", settings=(setting("power", 0.5),))])
    assessed: Assessed = tiny.assess(scenario, [Bill(sewn(n))])
    drawn = tiny.scenario_samples(assessed, Sampling(n, 0))
    before = assessed.samples({"half": 0.0}, drawn)
    after = assessed.samples({"half": 1.0}, drawn)
    positions = tiny.catalogue.positions
    bank = tiny.sample_bank(0)
    sewing = bank.read([positions["sewing@IN"], positions["low-voltage@IN"]], n)
    place = bank.categories.index(tiny.catalogue.default_categories[CLIMATE])
    row = [r for r in assessed.rows if r in bank.categories].index(bank.categories[place])
    np.testing.assert_allclose(before[row], sewing[0, place], rtol=1e-6)
    # the power itself is drawn: half of the drawn amount is saved, in every sample
    redraw = Redraw(tiny.catalogue)
    power = np.concatenate(
        [
            redraw.parameters(redraw.draws(seed=0, block=block), positions["sewing@IN"])["power"]
            for block in range(n // 32)
        ]
    )
    saved = 0.5 * power / 3.6e6 * sewing[1, place]  # J/kg in the tables' base units
    np.testing.assert_allclose(before[row] - after[row], saved, rtol=1e-5)
    assert after[row].std() > 0


def test_stored_samples_are_those_that_were_computed(tiny: Engine) -> None:
    n = 64
    tiny.build_samples(samples=n, seed=0)
    scenario = tiny.scenario([patch("half", "sewing@IN", settings=(setting("power", 0.25),))])
    assessed = tiny.assess(scenario, [Bill(sewn(n))])
    first, again = (tiny.scenario_samples(assessed, Sampling(n, 0)) for _ in range(2))
    uptakes: Mapping[str, float] = {"half": 0.7}
    assert np.array_equal(assessed.samples(uptakes, first), assessed.samples(uptakes, again))


@pytest.mark.parametrize(
    ("patches", "code", "named"),
    [
        ([patch("p", "nobody@IN")], "unknown_activity", "'p'"),
        ([patch("p", "sewing@IN", settings=(setting("heat", 1.0),))], "unknown_parameter", "'p'"),
        ([patch("p", "sewing@IN", settings=(setting("power", 1.0, "kg"),))],
         "unit_mismatch", "'p'"),
        ([patch("p", "low-voltage@IN", mix={"electricity-coal": 0.4})], "bad_shares", "'p'"),
        ([patch("p", "low-voltage@IN", mix={"electricity-sun": 1.0})], "unknown_product", "'p'"),
        ([patch("p", "sewing@IN", scalings=(Scaling("diesel", "", 2.0, "/x"),))],
         "unknown_exchange", "'p'"),
        ([patch("p", "low-voltage-production-mix@GLO", settings=(setting("loss", 1.0),))],
         "not_a_process", "'p'"),
        ([patch("p", "refining@GLO", settings=(setting("own_use", 100.0),))],
         "no_net_output", "'p'"),
        ([patch("p", "sewing@IN", settings=(setting("power", 0.5),)),
          patch("q", "sewing@IN", settings=(setting("power", 0.6),))],
         "contradicting_patches", "'q'"),
        ([patch("p", "sewing@IN"), patch("p", "sewing@IN")], "duplicate_id", "'p'"),
        ([patch("p", "sewing@IN", additions=(Addition("diesel", 1.0, "m3", "/x"),))],
         "unit_mismatch", "'p'"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_patch_is_told_with_its_name(
    tiny: Engine, patches: list[Patch], code: str, named: str
) -> None:
    with pytest.raises(StudyError) as caught:
        tiny.scenario(patches)
    assert code in {each.code for each in caught.value.faults}
    assert all(named in each.detail for each in caught.value.faults if each.code == code)
