"""Biogenic carbon: what a product has taken from the air is what it holds."""

import csv
from pathlib import Path

import numpy as np
import pytest

from lca_service.domain.location import WORLD
from lca_service.engine import Engine

ROOT = Path(__file__).parents[2]
# kg of carbon of biogenic origin per kg of the flow, positive where it leaves the air
CARBON = {"co2-uptake-biogenic": 12 / 44, "co2-biogenic": -12 / 44, "ch4-biogenic": -12 / 16}
# Uptake that a product holds per unit of its carbon content, where it is not about one
APART = {
    "leather-chrome": (0.6, 0.75),  # its solids decay twice: at the tannery and as mixed waste
    "leather-finished": (0.55, 0.7),
    "leather-vegetable": (0.8, 0.95),
    "shoe-sneaker": (2.0, 2.6),  # the content is that of the pair, the uptake has its box
}


def contents() -> dict[str, float]:
    """Return kg of biogenic carbon per unit of every product that has a figure for it."""
    found = {}
    for path in sorted((ROOT / "datasets").glob("*/*.csv")):
        with path.open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                if row.get("quantity") == "biogenic_carbon_content" and row["location"] == WORLD:
                    found[row["subject"]] = float(row["value"])
    return found


@pytest.fixture(scope="module")
def held(engine: Engine) -> dict[str, dict[str, float]]:
    """Net carbon taken up over the supply chain [kg/unit], by product and place."""
    catalogue, background = engine.catalogue, engine.background
    weights = np.array([CARBON.get(flow, 0.0) for flow, _ in catalogue.flow_rows])
    net = engine.system.adjoint(weights @ background.biosphere)
    return {
        product: {place: float(net[position]) for place, position in places.items()}
        for product, places in catalogue.providers.domestic.items()
    }


def test_uptake_in_a_product_is_its_biogenic_carbon(held: dict[str, dict[str, float]]) -> None:
    faults = []
    checked = 0
    for product, content in contents().items():
        low, high = APART.get(product, (0.9, 1.1))
        for place in {WORLD, "IN", "BR", "DE", "KE"} & set(held[product]):
            checked += 1
            ratio = held[product][place] / content
            if not low <= ratio <= high:
                faults.append(f"{product} at {place}: {ratio:.2f} of {content} kg")
    assert checked > 400
    assert not faults


@pytest.mark.parametrize("meal", ["rice-eaten", "bread-eaten", "milk-eaten", "beef-eaten"])
def test_what_is_eaten_gives_its_carbon_back(meal: str, held: dict[str, dict[str, float]]) -> None:
    assert abs(held[meal][WORLD]) < 0.06  # kg per kg: of what is lost and stays in landfills
