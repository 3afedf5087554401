"""The distribution of a category's footprint, its classes, and where a product stands in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

PERCENTILES = (2.5, 5, 10, 20, 25, 40, 50, 60, 75, 80, 90, 95, 97.5)
CLASSES = ("A", "B", "C", "D", "E")
_THRESHOLDS = (20, 40, 60, 80)  # percentiles between the classes


@dataclass(frozen=True)
class Spread:
    """Shares of the variance of a distribution [-]; they sum to 1.

    ``rest`` is of uncertain inputs, and of what places and technologies do together.
    """

    places: float
    technologies: float
    rest: float


def percentiles(values: Array) -> dict[str, float]:
    """Return the percentiles of values, by name.

    Examples
    --------
    >>> percentiles(np.arange(101.0))["p20"]
    20.0
    """
    found = np.percentile(values, PERCENTILES).tolist()
    return {f"p{each:g}".replace(".", "_"): x for each, x in zip(PERCENTILES, found, strict=True)}


def thresholds(values: Array) -> list[float]:
    """Return what a value must not exceed for the classes A to D; E has no threshold.

    Each class has a fifth of the distribution.

    Examples
    --------
    >>> thresholds(np.arange(101.0))
    [20.0, 40.0, 60.0, 80.0]
    """
    found: list[float] = np.percentile(values, _THRESHOLDS).tolist()
    return found


def class_of(value: float, limits: Sequence[float]) -> str:
    """Return the class of a value.

    Examples
    --------
    >>> [class_of(value, [20.0, 40.0, 60.0, 80.0]) for value in (20.0, 20.1, 99.0)]
    ['A', 'B', 'E']
    """
    return CLASSES[sum(value > limit for limit in limits)]


def percentile_of(value: float, values: Array) -> float:
    """Return the share of a distribution [%] that a value is above; of what equals it half.

    Examples
    --------
    >>> percentile_of(1.0, np.array([0.0, 1.0, 2.0, 3.0]))
    37.5
    """
    return float(100.0 * ((values < value).mean() + 0.5 * (values == value).mean()))


def spread(values: Array) -> Spread | None:
    """Return how much of the variance places and technologies explain, of a balanced design.

    Parameters
    ----------
    values
        Shape (n_places, n_technologies, n_samples).
    """
    whole = float(values.var())
    if whole == 0.0:
        return None
    places = float(values.mean(axis=(1, 2)).var()) / whole
    technologies = float(values.mean(axis=(0, 2)).var()) / whole
    return Spread(places, technologies, 1.0 - places - technologies)
