"""A product under a scenario: what its bills score at any uptake of the patches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lca_service.calculation.bind import bind
from lca_service.calculation.changes import weight_of
from lca_service.calculation.coverage import inventory, reason_unknown
from lca_service.calculation.foreground import (
    background_demand,
    direct_emissions,
    foreground_supply,
)
from lca_service.calculation.link import Foreground
from lca_service.calculation.scenario import ScenarioSystem
from lca_service.calculation.scenario_bank import ScenarioSamples
from lca_service.calculation.scores import Entries, entries
from lca_service.calculation.uncertainty import entry_samples
from lca_service.catalogue.catalogue import Catalogue
from lca_service.domain.method import ImpactCategory
from lca_service.domain.study import Study
from lca_service.matrices.background import Background

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Bill:
    """The bill of a product with exactly some of the patches of bills, and not others."""

    study: Study
    together: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()


@dataclass(frozen=True)
class Parts:
    """Scores by stage and by line, each in the order of the categories."""

    by_stage: Mapping[str, list[float]]
    by_line: Mapping[str, list[float]]


class Assessed:
    """Scores of a product under a scenario.

    Parameters
    ----------
    catalogue, background
        The release.
    scenario
        Its changes of the inventory.
    bills
        The bill for every choice of the patches of bills; without such patches there is one.

    Attributes
    ----------
    categories
        That are asked for.
    reasons
        Why the value of a category is unknown; empty where it is known.
    products
        Positions of what any of the bills buys.

    Raises
    ------
    StudyError
        With every fault of a bill.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        background: Background,
        scenario: ScenarioSystem,
        bills: Sequence[Bill],
    ) -> None:
        self._background, self.scenario = background, scenario
        self._bills: list[tuple[Bill, Foreground]] = []
        reasons: list[list[str]] = []
        demanded: set[int] = set()
        for bill in bills:
            rows, foreground = bind(bill.study, catalogue)
            supply = foreground_supply(foreground)
            demand = dict(background_demand(foreground, supply))
            demanded |= set(demand)
            # what patches make the inventory buy may hold what nothing was known of before
            for position in scenario.changes.products:
                demand.setdefault(position, 1.0)
            direct = direct_emissions(foreground, supply)
            flows = inventory(catalogue, background, demand, direct)
            reasons.append([reason_unknown(catalogue.categories[row], flows, catalogue)
                            for row in rows])  # fmt: skip
            self._bills.append((bill, foreground))
        self._rows = np.array(rows, dtype=np.intp)
        self.categories: tuple[ImpactCategory, ...] = tuple(catalogue.categories[r] for r in rows)
        self.reasons = tuple(next(filter(None, each), "") for each in zip(*reasons, strict=True))
        self.products = tuple(sorted(demanded))
        self._places = {position: place for place, position in enumerate(self.products)}

    @property
    def rows(self) -> tuple[int, ...]:
        """Rows of the categories."""
        return tuple(self._rows.tolist())

    def values(self, uptakes: Mapping[str, float]) -> Array:
        """Return the scores of a declared unit, shape (n_categories,)."""
        found = self._weighted(uptakes)
        return np.asarray(sum(weight * each.scores.sum(axis=0) for weight, each in found))

    def parts(self, uptakes: Mapping[str, float]) -> Parts:
        """Return the scores by stage and by line."""
        by_stage: dict[str, Array] = {}
        by_line: dict[str, Array] = {}
        for weight, each in self._weighted(uptakes):
            for into, own in (
                (by_stage, each.by_stage()),
                (by_line, dict(zip(each.ids, each.scores, strict=True))),
            ):
                for name, scores in own.items():
                    into[name] = into.get(name, 0.0) + weight * np.asarray(scores)
        return Parts(
            {name: scores.tolist() for name, scores in by_stage.items()},
            {name: scores.tolist() for name, scores in by_line.items()},
        )

    def samples(self, uptakes: Mapping[str, float], drawn: ScenarioSamples) -> Array:
        """Return samples of the scores, shape (n_sampled, n_samples).

        Of the categories that the bank samples, in their order; NaN where a sample has no
        solution.
        """
        bank = drawn.at(uptakes)
        rows = [row for row in self.rows if row in bank.categories]
        total = np.zeros((len(rows), drawn.n_samples))
        for bill, foreground in self._bills:
            weight = weight_of(bill.together, bill.apart, uptakes)
            if weight:
                _, scores, _ = entry_samples(bill.study, foreground, self._background, bank, rows)
                total += weight * scores.sum(axis=0)
        return total

    def _weighted(self, uptakes: Mapping[str, float]) -> list[tuple[float, Entries]]:
        found = self.scenario.multipliers(self.products, uptakes)[self._rows]

        def multipliers(bought: NDArray[np.intp]) -> Array:
            return found[:, [self._places[each] for each in bought.tolist()]]

        weighted = (
            (weight_of(bill.together, bill.apart, uptakes), foreground)
            for bill, foreground in self._bills
        )
        return [
            (weight, entries(foreground, self._background, self._rows, multipliers))
            for weight, foreground in weighted
            if weight
        ]
