"""The elasticities of a score are what a change of one table row does to it."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from lca_service.calculation.sensitivity import figure_elasticities
from lca_service.catalogue.datapackage import Package, seal
from lca_service.engine import Engine
from tests.studies import line, study, value

TOTAL = "climate_change.total"


def elasticity(engine: Engine, product: str, place: str, key: str) -> float:
    catalogue = engine.catalogue
    quantity, subject, location = key.split("/")
    found = catalogue.providers.find(product, place)
    assert found is not None
    demand = np.zeros(len(catalogue.activities))
    demand[found[0]] = 1.0
    supplies = engine.system.supply(demand)[None, :]
    row = catalogue.categories.index(engine.coverage.reference)
    elasticities = figure_elasticities(catalogue, engine.background, supplies, [row])
    return float(elasticities[catalogue.figure_positions[quantity, subject, location], 0, 0])


@pytest.mark.parametrize(
    ("product", "place", "key", "row", "raised"),
    [
        # the plant's own figure, one of the mine, one of the weights of a mean, one in a loop
        ("electricity-coal", "IN", "efficiency/coal/IN", ",IN,36,", ",IN,36.036,"),
        ("cut-and-sew", "BD", "emission_factor_ch4/hard-coal/GLO", "GLO,10,g/", "GLO,10.01,g/"),
        ("electricity-coal", "GLO", "generation/coal/IN", "coal,IN,300,", "coal,IN,300.3,"),
        ("diesel", "GLO", "own_use/refinery/GLO", "refinery,GLO,0.2,", "refinery,GLO,0.2002,"),
    ],
)
def test_an_elasticity_is_the_change_of_the_score(
    tiny: Engine,
    tiny_knowledge: Path,
    tmp_path: Path,
    product: str,
    place: str,
    key: str,
    row: str,
    raised: str,
) -> None:
    knowledge = Path(shutil.copytree(tiny_knowledge, tmp_path / "knowledge"))
    table = knowledge / "datasets" / "economy" / "figures.csv"
    text = table.read_text("utf-8")
    assert text.count(row) == 1
    table.write_text(text.replace(row, raised), "utf-8")
    seal(Package(table.parent))
    unit = tiny.catalogue.nomenclature.products[product].unit
    question = study(line(product, 1, unit, place))
    before = value(tiny.footprint(question), TOTAL)
    after = value(Engine.open(tmp_path, knowledge=knowledge).footprint(question), TOTAL)
    # a thousandth more: the second order is below a thousandth of the change
    assert elasticity(tiny, product, place, key) == pytest.approx(
        (after / before - 1) / 1e-3, rel=3e-3, abs=1e-9
    )


def test_a_figure_that_a_product_does_not_use_has_no_influence(tiny: Engine) -> None:
    assert elasticity(tiny, "plastic-film", "GLO", "efficiency/coal/IN") == 0
    used = "gases_not_stated/plastic-film/GLO"
    assert elasticity(tiny, "plastic-film", "GLO", used) == pytest.approx(1)
