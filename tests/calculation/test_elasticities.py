"""What a score owes to an entry is what it changes by when the entry changes."""

import numpy as np
import pytest

from lca_service.engine import Engine

TOTAL = ("ipcc_ar6_gwp100", "climate_change.total")


def row_of(engine: Engine, key: tuple[str, str]) -> int:
    return [category.key for category in engine.catalogue.categories].index(key)


def test_an_elasticity_is_what_a_change_of_the_exchange_does(tiny: Engine) -> None:
    row, catalogue, background = row_of(tiny, TOTAL), tiny.catalogue, tiny.background
    position = catalogue.positions["sewing@IN"]
    found = tiny.elasticities(position, row, limit=1000)
    direct = background.characterization[row] @ background.biosphere.toarray()

    def score(technosphere: np.ndarray) -> float:
        return float(np.linalg.solve(technosphere.T, direct)[position])

    matrix = background.technosphere.toarray()
    assert len(found.products) > 5
    for each in found.products:
        place = catalogue.positions[each.target], catalogue.positions[each.activity]
        changed = matrix.copy()
        changed[place] *= 1 + 1e-6
        slope = (score(changed) / score(matrix) - 1) / 1e-6
        assert each.elasticity == pytest.approx(slope, rel=1e-4, abs=1e-8)


@pytest.mark.parametrize("activity", ["electricity-low-voltage-supply@IN", "bread-baking@KE"])
def test_flows_and_factors_are_the_whole_score(engine: Engine, activity: str) -> None:
    position = engine.catalogue.positions[activity]
    found = engine.elasticities(position, row_of(engine, TOTAL), limit=10**6)
    assert sum(each.elasticity for each in found.flows) == pytest.approx(1, rel=1e-9)
    assert sum(each.elasticity for each in found.factors) == pytest.approx(1, rel=1e-9)
    sizes = [abs(each.elasticity) for each in found.products]
    assert sizes == sorted(sizes, reverse=True)


def test_a_score_of_zero_owes_nothing(tiny: Engine) -> None:
    row = row_of(tiny, TOTAL)
    position = tiny.catalogue.positions["hydro-power@KE"]
    assert tiny.elasticities(position, row, limit=10).flows == ()
