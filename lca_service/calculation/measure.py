"""Policy measures: a scenario times a volume, year by year, beside a target.

A year's saving is the volume times the difference between the footprint of a unit as it is and
under the scenario at the year's uptakes, less what the rebound adds.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

MOST_PATCHES = 6  # of a measure: 64 coalitions


@dataclass(frozen=True)
class Points:
    """A quantity over time: linear between years, constant before the first and after the last."""

    by_year: Mapping[int, float]

    def at(self, year: int) -> float:
        """Return the quantity of a year.

        Examples
        --------
        >>> Points({2025: 0.0, 2035: 1.0}).at(2030)
        0.5
        """
        years = sorted(self.by_year)
        return float(np.interp(year, years, [self.by_year[each] for each in years]))


@dataclass(frozen=True)
class Logistic:
    """An uptake that grows as innovations spread (Griliches 1957, Econometrica 25, 501-522).

    It passes ``low`` of the ceiling in the year ``start`` and ``1 - low`` of it in ``end``.
    """

    start: int
    end: int
    ceiling: float
    low: float = 0.1

    def at(self, year: int) -> float:
        """Return the uptake of a year [-].

        Examples
        --------
        >>> curve = Logistic(2025, 2035, 0.8)
        >>> round(curve.at(2030), 12), round(curve.at(2035), 12)
        (0.4, 0.72)
        """
        rate = 2.0 * math.log(1.0 / self.low - 1.0) / (self.end - self.start)
        middle = (self.start + self.end) / 2.0
        return self.ceiling / (1.0 + math.exp(-rate * (year - middle)))


@dataclass(frozen=True)
class Plan:
    """What a measure does in each year.

    Parameters
    ----------
    years
        In their order.
    units
        Declared units of the product a year, by year.
    uptakes
        By year and patch [-].
    rebound
        By patch, by how much more a unit is used where it is taken up [-].
    standing
        Patches that are in force with the measure and without it.
    """

    years: tuple[int, ...]
    units: Mapping[int, float]
    uptakes: Mapping[int, Mapping[str, float]]
    rebound: Mapping[str, float] = field(default_factory=dict)
    standing: tuple[str, ...] = ()

    @property
    def before(self) -> dict[str, float]:
        """The uptakes without the measure."""
        return dict.fromkeys(self.uptakes[self.years[0]], 0.0) | dict.fromkeys(self.standing, 1.0)

    def at(self, year: int) -> dict[str, float]:
        """Return the uptakes of a year with the measure."""
        return {**self.uptakes[year], **dict.fromkeys(self.standing, 1.0)}

    def more(self, year: int) -> float:
        """Return how much the product is used in a year over what it would be [-]."""
        uptakes = self.uptakes[year]
        return 1.0 + math.fsum(more * uptakes[name] for name, more in self.rebound.items())

    def of(self, patches: frozenset[str]) -> Plan:
        """Return the plan with some of the patches alone."""
        return Plan(
            self.years,
            self.units,
            {
                year: {name: each if name in patches else 0.0 for name, each in own.items()}
                for year, own in self.uptakes.items()
            },
            self.rebound,
            self.standing,
        )


def savings(plan: Plan, scores: Callable[[Mapping[str, float]], Array]) -> Array:
    """Return what a plan saves in each year, shape (n_years, *shape of scores).

    Parameters
    ----------
    scores
        Of a declared unit at some uptakes, in the unit of each category: any shape.
    """
    found: dict[tuple[tuple[str, float], ...], Array] = {}

    def scored(uptakes: Mapping[str, float]) -> Array:
        key = tuple(sorted(uptakes.items()))
        if key not in found:
            found[key] = scores(uptakes)
        return found[key]

    before = scored(plan.before)
    saved: list[Array] = []
    for year in plan.years:
        after = scored(plan.at(year))
        saved.append(plan.units[year] * (before - plan.more(year) * after))
    return np.stack(saved)


def shapley(
    players: Sequence[str], worth: Callable[[frozenset[str]], Array]
) -> Mapping[str, Array]:
    """Return the share of each player in the worth of all (Shapley 1953): they sum to it.

    The mean, over all orders in which players may come, of what each adds to those before.

    Examples
    --------
    >>> both = lambda coalition: np.array(10.0 if len(coalition) == 2 else 2.0 * len(coalition))
    >>> {name: float(share) for name, share in shapley(["a", "b"], both).items()}
    {'a': 5.0, 'b': 5.0}
    """
    n = len(players)
    known = {
        frozenset(group): worth(frozenset(group))
        for size in range(n + 1)
        for group in combinations(players, size)
    }
    shares: dict[str, Array] = {}
    for player in players:
        others = [each for each in players if each != player]
        parts: list[Array] = []
        for size in range(n):
            weight = math.factorial(size) * math.factorial(n - size - 1) / math.factorial(n)
            for group in combinations(others, size):
                before = frozenset(group)
                parts.append(weight * (known[before | {player}] - known[before]))
        shares[player] = np.sum(parts, axis=0)
    return shares
