"""Which activities stand at a site, and which between a plant and who buys from it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from lca_service.catalogue.catalogue import Catalogue
from lca_service.matrices.background import Background

Positions = NDArray[np.intp]

GRID = tuple(f"electricity-{voltage}-voltage" for voltage in ("high", "low", "medium"))
HEAT = ("heat-district", "steam-industrial")
RESIDUAL = "electricity-residual-mix"
_PLANTS = tuple(
    f"electricity-{kind}"
    for kind in (
        "bioenergy", "coal", "gas", "geothermal", "hydro", "nuclear", "oil", "solar", "wind"
    )
)  # fmt: skip
# Between socket and busbar, or in a heat network, these buy from each other and from plants
_CARRIERS = (
    *GRID, *HEAT, RESIDUAL, "electricity-generation-mix", "electricity-import-mix"
)  # fmt: skip
_GENERATOR = "electricity-diesel-generator"


def is_burnt(product: str, category: str) -> bool:
    """Tell whether a product is burnt, or driven, by who buys it.

    Electric trains are not: who runs them buys electricity.

    Examples
    --------
    >>> is_burnt("diesel-burned-in-boiler", "energy"), is_burnt("diesel", "energy")
    (True, False)
    """
    if category == "transport":
        return not product.startswith("freight-rail") or product.endswith("-diesel")
    is_fire = "-burned-in-" in product or product.startswith("heat-industrial-")
    return is_fire or product == _GENERATOR


class Borders:
    """The border of a site that burns fuel, and that of what it buys from plants."""

    def __init__(self, catalogue: Catalogue, background: Background) -> None:
        self._catalogue = catalogue
        self._technosphere = background.technosphere

    def burnt(self, demand: Mapping[int, float]) -> Mapping[int, float]:
        """Return what burns and drives for a demand of it, and of each other, by position."""
        return self._on_site.supply(demand)

    def generated(self, demand: Mapping[int, float], consumed: float) -> Mapping[int, float]:
        """Return the plants, and fires of heat plants, of an amount consumed.

        ``demand`` is what is bought for it, from grids, heat networks or plants. What plants
        send out for it is scaled to what is consumed: the rest is lost on the way.
        """
        sent = self._sent(demand)
        total = math.fsum(sent.values())
        if not total:
            return {}
        kept = {place: amount * consumed / total for place, amount in sent.items()}
        plants = {place: amount for place, amount in kept.items() if place in self._plants}
        heat = {place: amount for place, amount in kept.items() if place not in plants}
        return plants | dict(self.burnt(heat))

    def grid_share(self, position: int) -> float:
        """Return how much of a residual mix is the grid's, because none is published [-]."""
        supply = self._residual.supply({position: 1.0})
        return math.fsum(self._bought_from(self._grid, supply).values())

    @cached_property
    def _on_site(self) -> _Block:
        products = self._catalogue.nomenclature.products.items()
        burnt = [code for code, each in products if is_burnt(code, each.category)]
        return _Block(self._technosphere, self._positions(burnt))

    @cached_property
    def _grid(self) -> Positions:
        return np.array(self._positions(GRID), dtype=np.intp)

    @cached_property
    def _residual(self) -> _Block:
        return _Block(self._technosphere, self._positions([RESIDUAL]))

    @cached_property
    def _carriers(self) -> _Block:
        """Grids and heat networks, and averages of plants, which stand nowhere."""
        plants = self._positions(_PLANTS)
        averages = [each for each in plants if each not in self._plants]
        return _Block(self._technosphere, [*self._positions(_CARRIERS), *averages])

    @cached_property
    def _plants(self) -> frozenset[int]:
        activities = self._catalogue.activities
        return frozenset(each for each in self._positions(_PLANTS) if not activities[each].mix)

    @cached_property
    def _senders(self) -> Positions:
        """Power plants, and the boilers that heat networks buy from."""
        return np.array(sorted({*self._plants, *self._on_site.places}), dtype=np.intp)

    def _sent(self, demand: Mapping[int, float]) -> Mapping[int, float]:
        senders = frozenset(self._senders.tolist())
        sent = {place: amount for place, amount in demand.items() if place in senders}
        carried = self._carriers.supply(demand)
        for place, amount in self._bought_from(self._senders, carried).items():
            sent[place] = sent.get(place, 0.0) + amount
        return sent

    def _positions(self, products: Iterable[str]) -> list[int]:
        wanted = frozenset(products)
        activities = enumerate(self._catalogue.activities)
        return [place for place, each in activities if each.product in wanted]

    def _bought_from(self, sellers: Positions, buyers: Mapping[int, float]) -> Mapping[int, float]:
        if not buyers:
            return {}
        columns = np.fromiter(buyers, dtype=np.intp, count=len(buyers))
        amounts = np.fromiter(buyers.values(), dtype=float, count=len(buyers))
        sold = -(self._technosphere[sellers][:, columns] @ amounts)
        return {int(sellers[place]): float(sold[place]) for place in np.flatnonzero(sold)}


class _Block:
    """Activities that buy from each other, by their positions."""

    def __init__(self, technosphere: sparse.csr_array, places: Iterable[int]) -> None:
        self.places = {place: index for index, place in enumerate(places)}
        self._technosphere = technosphere

    def supply(self, demand: Mapping[int, float]) -> Mapping[int, float]:
        """Return what they make for a demand of what they make; other demand is left out."""
        wanted = np.zeros(len(self.places))
        for place, amount in demand.items():
            if place in self.places:
                wanted[self.places[place]] = amount
        if not wanted.any():
            return {}
        made = self._factors.solve(wanted)
        places = list(self.places)
        return {places[index]: float(made[index]) for index in np.flatnonzero(made)}

    @cached_property
    def _factors(self) -> Any:
        from scipy.sparse.linalg import splu  # factorized at the first use: few requests need it

        inside = np.array(list(self.places), dtype=np.intp)
        return splu(sparse.csc_array(self._technosphere[inside][:, inside]))
