"""Chains unfolded into steps: they sum to the whole."""

import pytest

from api.policy.sectors import sectors
from lca_service.calculation.unfold import Chain, Part, unfold
from lca_service.engine import Engine
from lca_service.units import factor

CLIMATE = "climate_change.total"


def test_a_sewing_room_unfolds_into_its_plants(tiny: Engine) -> None:
    chain = Chain(
        [Part("cut-and-sew", 2.0, "kg", "sewing")],
        opened={"cut-and-sew": "sewing", "electricity-low-voltage": "grid"},
        assigned={"electricity-coal": "coal"},
    )
    row = tiny.catalogue.default_categories[CLIMATE]
    found = unfold(chain, "IN", tiny.catalogue, tiny.background)
    whole = 2.0 * tiny.background.multipliers[row, tiny.catalogue.positions["sewing@IN"]]
    # nothing but coal warms the climate in the tiny world's power
    assert found["coal"][row] == pytest.approx(whole, rel=1e-12)
    assert found["sewing"][row] == found["grid"][row] == 0.0
    water = tiny.catalogue.default_categories["water.consumption"]
    assert found["sewing"][water] > 0  # the steam of ironing


@pytest.mark.parametrize("sector_id", ["food", "buildings", "textiles"])
def test_the_steps_of_shipped_chains_sum_to_the_score_of_their_bill(
    engine: Engine, sector_id: str
) -> None:
    sector = sectors()[sector_id]
    catalogue, background = engine.catalogue, engine.background
    for product in sector.products:
        for place in sector.countries:
            steps = unfold(product.chain, place, catalogue, background)
            whole = sum(
                each.amount
                * factor(each.unit, catalogue.nomenclature.products[each.product].unit)
                * background.multipliers[:, catalogue.providers.find(each.product, place)[0]]  # type: ignore[index]
                for each in product.bill
            )
            for row in catalogue.default_categories.values():
                total = sum(scores[row] for scores in steps.values())
                size = sum(abs(scores[row]) for scores in steps.values())
                assert abs(total - whole[row]) <= 1e-12 * max(size, abs(whole[row]))  # type: ignore[index]
            assert set(steps) <= {each.id for each in sector.steps}
