"""The quality of a result is the mean pedigree of what it rests on."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from lca_service.catalogue.datapackage import Package, seal
from lca_service.catalogue.inspect import inspect_activity
from lca_service.domain.quality import INDICATORS
from lca_service.engine import Engine
from tests.studies import line, result, study

TOTAL = "climate_change.total"


def test_one_exchange_gives_its_own_pedigree(tiny: Engine) -> None:
    # the only figure: literature, of 2020 in release 2026, of the world at the world, about film
    found = result(tiny.footprint(study(line("plastic-film", 1, "kg", "GLO"))), TOTAL)
    assert found.coverage.quality is not None
    scores = [getattr(found.coverage.quality, name) for name in INDICATORS]
    assert scores == pytest.approx([2, 3, 2, 1, 2])
    assert found.coverage.quality.rating == pytest.approx(2)


def test_exchanges_weigh_as_much_as_passes_through_them(tiny: Engine) -> None:
    # Diesel: 0.4 kg CO2 of its own over an own use of 0.2: the score is 0.4 / 0.8 = 0.5, of
    # which 0.4 passes through the emission and 0.2 * 0.5 = 0.1 through the own use, and so in
    # every round. Both rest on a figure of 2020 about the refinery.
    found = result(tiny.footprint(study(line("diesel", 1, "kg", "GLO"))), TOTAL)
    assert found.value == pytest.approx(0.5)
    assert found.coverage.quality is not None
    scores = [getattr(found.coverage.quality, name) for name in INDICATORS]
    assert scores == pytest.approx([2, 3, 2, 1, 3])


def test_what_weighs_more_counts_more(tiny: Engine) -> None:
    # Two products in one bill: each brings its own mean, weighted by what passes through its
    # exchanges: the whole of film's score once, diesel's 0.5 over the own use of 0.2.
    film = result(tiny.footprint(study(line("plastic-film", 1, "kg", "GLO"))), TOTAL)
    assert film.value is not None
    passes = {"film": film.value, "diesel": 0.4 + 0.2 * 0.5 + 0.2 * (0.4 + 0.2 * 0.5) / 0.8}
    both = study(line("plastic-film", 1, "kg", "GLO"), line("diesel", 3, "kg", "GLO"))
    found = result(tiny.footprint(both), TOTAL).coverage.quality
    assert found is not None
    weights = passes["film"], 3 * passes["diesel"]
    # technological: 2 for film, 3 for diesel
    expected = (2 * weights[0] + 3 * weights[1]) / sum(weights)
    assert 2 < expected < 3
    assert found.technological == pytest.approx(expected)


def test_what_passes_through_measured_and_estimated_exchanges_is_told(
    tiny_knowledge: Path, tmp_path: Path
) -> None:
    # As before, with film's only figure measured and the fuel of ships estimated: each of a
    # ship's two exchanges, 0.002 kg of diesel and its burning, rests on it. So does all of film
    # and of the ship but what passes through the refinery's: 0.002 * the 0.65 of the test above.
    knowledge = Path(shutil.copytree(tiny_knowledge, tmp_path / "knowledge"))
    figures = knowledge / "datasets/economy/figures.csv"
    rows = figures.read_text().replace(
        "plastic-film,GLO,2,kg/kg,2020,literature,", "plastic-film,GLO,2,kg/kg,2020,measured,"
    )
    rows = rows.replace(
        "ship,GLO,2,g/(t*km),2020,literature,,,,hand,-,",
        "ship,GLO,2,g/(t*km),2020,estimated,1.5,,,hand,-,From a brochure.",
    )
    figures.write_text(rows)
    seal(Package(figures.parent))
    asked = study(line("plastic-film", 1, "kg", "GLO"), line("freight-sea-container", 1, "t*km"))
    engine = Engine.open(tmp_path / "root", knowledge=knowledge)
    found = result(engine.footprint(asked), TOTAL).coverage
    film, ship, refinery = 2, 0.002 * (0.5 + 3.2), 0.002 * (0.5 + 0.2 * 0.5 / 0.8)
    whole = film + ship + refinery
    assert found.measured_share == pytest.approx(film / whole)
    assert found.estimated_share == pytest.approx(ship / whole)
    assert found.literature_share == pytest.approx(refinery / whole)


def test_what_is_given_has_no_pedigree(tiny: Engine) -> None:
    found = result(tiny.footprint(study(line("electricity-hydro", 1, "kWh", "KE"))), TOTAL)
    assert found.value == 0
    assert found.coverage.quality is None


def test_scores_lie_between_one_and_five(engine: Engine) -> None:
    weight, *scores, measured, estimated = engine.background.quality_multipliers
    rated = weight > 0
    assert rated.any()
    for score in scores:
        mean = score[rated] / weight[rated]
        assert 1 - 1e-9 <= mean.min() <= mean.max() <= 5 + 1e-9
    assert measured.min() >= 0
    assert estimated.max() > 0
    assert ((measured + estimated)[rated] / weight[rated]).max() <= 1 + 1e-9


def test_an_opened_activity_shows_the_pedigree_that_counts(tiny: Engine) -> None:
    # one exchange, one figure: the pedigree of the exchange is that of the product
    _, (exchange,) = inspect_activity(tiny.catalogue, "film-extrusion@GLO")
    position = tiny.catalogue.positions["film-extrusion@GLO"]
    (row,) = (
        index
        for index, category in enumerate(tiny.catalogue.categories)
        if category.key == ("ipcc_ar6_gwp100", TOTAL)
    )
    weight, *scores, _, _ = tiny.background.quality_multipliers[:, row, position]
    assert exchange.quality is not None
    assert np.array(scores) / weight == pytest.approx(
        [getattr(exchange.quality, name) for name in INDICATORS]
    )
