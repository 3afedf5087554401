"""Distributions: shared draws of the background, own draws of the lines, nothing hidden."""

import dataclasses
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from scipy import sparse

from lca_service.calculation import uncertainty as uncertainty_module
from lca_service.calculation.redraw import BLOCK, Redraw
from lca_service.calculation.sample_bank import Builder, SampleBank, bank
from lca_service.calculation.uncertainty import Distribution
from lca_service.domain.study import Line, Sampling, Shape, Spread, Study
from lca_service.engine import Engine
from lca_service.errors import SamplesMissing
from tests.studies import assembly, bought, emission, line, study

SEED = 7
SAMPLES = 2000
TOTAL = "climate_change.total"


@pytest.fixture(scope="module")
def sampled(tiny: Engine) -> Engine:
    tiny.build_samples(samples=SAMPLES, seed=SEED)
    return tiny


def asked(question: Study, *, samples: int = SAMPLES, seed: int = SEED) -> Study:
    return dataclasses.replace(question, sampling=Sampling(samples, seed), identity="a")


def spread(entry: Line, shape: Shape, **given: float | str) -> Line:
    return dataclasses.replace(entry, spread=Spread(shape, **given))  # type: ignore[arg-type]


def drawn(engine: Engine, question: Study, indicator: str = TOTAL) -> Distribution:
    found = engine.uncertainty(question).distributions
    rows = {engine.catalogue.categories[row].indicator: row for row in found}
    return found[rows[indicator]]


def test_a_sample_is_a_release_of_its_own(sampled: Engine) -> None:
    # every sample of every product, from the drawn exchanges by a dense solution
    catalogue, background = sampled.catalogue, sampled.background
    built = bank(catalogue, SEED)
    amounts = (redraw := Redraw(catalogue)).amounts(redraw.draws(seed=SEED, block=1))
    stored = built.read(range(background.n_activities), 2 * BLOCK)[:, :, BLOCK:]
    n, rows = background.n_activities, list(built.categories)
    for sample in range(0, BLOCK, 5):
        inputs, emitted = catalogue.technosphere, catalogue.biosphere
        matrix = np.eye(n) - sparse.coo_array(
            (amounts.technosphere[:, sample], (inputs.target_index, inputs.activity_index)), (n, n)
        )
        flows = sparse.coo_array(
            (amounts.biosphere[:, sample], (emitted.target_index, emitted.activity_index)),
            background.biosphere.shape,
        )
        direct = background.characterization[rows] @ flows.toarray()
        expected = np.linalg.solve(matrix.T, direct.T)
        assert stored[:, :, sample] == pytest.approx(expected, rel=2e-7, abs=1e-30)


def test_the_median_is_about_the_table_value(sampled: Engine) -> None:
    question = asked(study(line("cut-and-sew", 1, "kg", "IN")))
    found = drawn(sampled, question)
    (nominal,) = (
        each.value
        for each in sampled.footprint(question).indicators
        if each.category.indicator == TOTAL
    )
    assert nominal == pytest.approx(found.p50, rel=0.1)
    assert found.p2_5 < found.p50 < found.p97_5
    assert found.standard_deviation > 0.02 * found.mean


def test_a_line_without_uncertainty_in_a_world_without_any_is_certain(sampled: Engine) -> None:
    found = drawn(sampled, asked(study(emission("co2-fossil", 2, "kg"))))
    assert (found.mean, found.standard_deviation, found.variance_by_line) == (2.0, 0.0, {})
    assert found.p2_5 == found.p97_5 == 2.0


def test_an_own_lognormal_has_its_moments(sampled: Engine) -> None:
    leak = dataclasses.replace(
        emission("co2-fossil", 2, "kg"), spread=Spread(Shape.LOGNORMAL, gsd=1.5)
    )
    found = drawn(sampled, asked(study(leak)))
    sigma = np.log(1.5)
    assert found.p50 == pytest.approx(2.0, rel=0.03)
    assert found.mean == pytest.approx(2 * np.exp(sigma**2 / 2), rel=0.03)
    assert found.standard_deviation == pytest.approx(
        found.mean * np.expm1(sigma**2) ** 0.5, rel=0.08
    )
    assert found.p97_5 == pytest.approx(2 * np.exp(1.96 * sigma), rel=0.06)


@pytest.mark.parametrize(
    ("shape", "mean", "deviation"),
    [(Shape.TRIANGULAR, 7 / 3, 0.6236), (Shape.UNIFORM, 2.5, 0.8660)],
)
def test_an_own_range_is_kept(sampled: Engine, shape: Shape, mean: float, deviation: float) -> None:
    leak = dataclasses.replace(
        emission("co2-fossil", 2, "kg"), spread=Spread(shape, minimum=1, maximum=4)
    )
    found = drawn(sampled, asked(study(leak)))
    assert found.mean == pytest.approx(mean, rel=0.03)
    assert found.standard_deviation == pytest.approx(deviation, rel=0.05)
    assert 1 <= found.p2_5 < found.p97_5 <= 4


def test_two_products_share_every_draw_of_the_background(sampled: Engine) -> None:
    # twice the product and minus the product: the difference has no spread left
    one = asked(study(line("cut-and-sew", 1, "kg", "IN")))
    two = asked(study(line("cut-and-sew", 2, "kg", "IN"), location="GLO"))
    first, second = drawn(sampled, one), drawn(sampled, two)
    assert second.mean == pytest.approx(2 * first.mean, rel=1e-12)
    assert second.p97_5 == pytest.approx(2 * first.p97_5, rel=1e-12)


def test_own_lines_are_independent_unless_they_share_a_key(sampled: Engine) -> None:
    def both(first: str, second: str) -> Distribution:
        leaks = [
            dataclasses.replace(
                emission("co2-fossil", 1, "kg"),
                id=str(number),
                pointer=f"/emissions/{number}",
                spread=Spread(Shape.LOGNORMAL, gsd=1.3, key=key),
            )
            for number, key in enumerate((first, second))
        ]
        return drawn(sampled, asked(study(*leaks)))

    apart, together = both("", ""), both("yield", "yield")
    assert together.standard_deviation / apart.standard_deviation == pytest.approx(2**0.5, rel=0.05)
    question = asked(
        study(
            dataclasses.replace(
                emission("co2-fossil", 1, "kg"), spread=Spread(Shape.LOGNORMAL, gsd=1.3)
            )
        )
    )
    other = dataclasses.replace(question, identity="b")
    assert drawn(sampled, question).mean != drawn(sampled, other).mean


def test_shares_of_the_variance_are_a_whole(sampled: Engine) -> None:
    question = asked(
        study(
            spread(line("cut-and-sew", 1, "kg", id="sewn"), Shape.LOGNORMAL, gsd=2.0),
            line("electricity-low-voltage", 1, "kWh", id="power"),
        )
    )
    shares = drawn(sampled, question).variance_by_line
    assert sum(shares.values()) == pytest.approx(1.0, rel=1e-9)
    assert shares["sewn"] > shares["power"] > 0


def test_an_assembly_carries_the_uncertainty_of_its_lines(sampled: Engine) -> None:
    inner = spread(line("cut-and-sew", 2, "kg", id="in"), Shape.LOGNORMAL, gsd=1.5, key="k")
    direct = spread(line("cut-and-sew", 6, "kg", id="out"), Shape.LOGNORMAL, gsd=1.5, key="k")
    nested = asked(
        study(bought("part", 3, "piece"), assemblies=[assembly("part", 1, "piece", inner)])
    )
    flat = asked(study(direct))
    assert drawn(sampled, nested).p97_5 == pytest.approx(drawn(sampled, flat).p97_5, rel=1e-9)
    thing = spread(bought("part", 3, "piece"), Shape.LOGNORMAL, gsd=1.5, key="k")
    certain = assembly("part", 1, "piece", line("cut-and-sew", 2, "kg", id="in"))
    outer = asked(study(thing, assemblies=[certain]))
    assert drawn(sampled, outer).p97_5 == pytest.approx(drawn(sampled, flat).p97_5, rel=1e-9)


def test_samples_that_are_not_built_are_asked_for(tiny: Engine) -> None:
    question = asked(study(line("cut-and-sew", 1, "kg", "IN")), seed=99, samples=5)
    with pytest.raises(SamplesMissing, match="0 of 5 samples of seed 99"):
        tiny.uncertainty(question)


def test_a_bank_that_was_stopped_goes_on_to_the_same_bytes(
    tiny: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    builder = Builder(tiny.catalogue, tiny.background, tiny.system.structures[1])
    whole = dataclasses.replace(bank(tiny.catalogue, 3), folder=tmp_path / "whole")
    whole.fill(4 * BLOCK, partial(builder.blocks, whole))
    stopped = dataclasses.replace(whole, folder=tmp_path / "stopped")

    def stop(built: int) -> None:
        if built == 2 * BLOCK:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped.fill(4 * BLOCK, partial(builder.blocks, stopped), stop)
    assert stopped.n_samples == 2 * BLOCK
    monkeypatch.setattr("lca_service.calculation.sample_bank.n_threads", lambda: 1)
    told: list[int] = []
    alone = Builder(tiny.catalogue, tiny.background, tiny.system.structures[1])
    stopped.fill(4 * BLOCK, partial(alone.blocks, stopped), told.append)
    assert told == [2 * BLOCK, 3 * BLOCK, 4 * BLOCK]
    for path in sorted(whole.folder.glob("block-*")):
        assert (stopped.folder / path.name).read_bytes() == path.read_bytes()


def test_two_seeds_may_be_built_at_the_same_time(tiny: Engine, tmp_path: Path) -> None:
    banks = [
        dataclasses.replace(tiny.sample_bank(seed), folder=tmp_path / str(seed)) for seed in (4, 5)
    ]
    builder = tiny.sample_builder()
    alone = [dict(_multipliers(builder, each)) for each in banks]
    with ThreadPoolExecutor(max_workers=2) as pool:
        together = list(pool.map(lambda each: dict(_multipliers(builder, each)), banks))
    for one, other in zip(alone, together, strict=True):
        assert all((one[block] == other[block]).all() for block in one)


def _multipliers(builder: Builder, bank: SampleBank) -> Iterator[tuple[int, np.ndarray]]:
    for block, found, _ in builder.blocks(bank, range(8)):
        yield block, found


def test_equations_of_assemblies_in_batches_are_solved_as_at_once(
    sampled: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    sewn = spread(line("cut-and-sew", 2, "kg", "IN"), Shape.LOGNORMAL, gsd=1.3)
    whole = spread(bought("part", 1, "kg"), Shape.LOGNORMAL, gsd=1.2)
    question = asked(study(whole, assemblies=[assembly("part", 1, "kg", sewn)]))
    at_once = sampled.samples(question)
    monkeypatch.setattr(uncertainty_module, "_BATCH_BYTES", 8 * 2 * 20 * 37)
    in_batches = sampled.samples(question)
    assert np.array_equal(at_once.scores, in_batches.scores)


def test_a_line_is_drawn_as_before_when_one_before_it_goes(sampled: Engine) -> None:
    first, second = (
        dataclasses.replace(
            spread(line("cut-and-sew", 1, "kg", "IN"), Shape.LOGNORMAL, gsd=1.5),
            id=name,
            pointer=f"/bom/{place}",
        )
        for place, name in enumerate(("first", "second"))
    )
    both = sampled.samples(asked(study(first, second)))
    alone = sampled.samples(asked(study(dataclasses.replace(second, pointer="/bom/0"))))
    assert np.array_equal(both.scores[1], alone.scores[0])
    assert not np.array_equal(both.change[0], both.change[1])
