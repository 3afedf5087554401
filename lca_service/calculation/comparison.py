"""Comparison of products by paired samples: differences, probabilities, and verdicts.

The options share every draw of the inventory, sample by sample, so that what is uncertain in both
cancels. A verdict needs a probability of at least 0.95 after the step-down adjustment of Holm
(1979, Scandinavian Journal of Statistics 6, pages 65 to 70) over all pairs and indicators of
the comparison, and a difference above a threshold of relevance.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

CONFIDENCE = 0.95


class Verdict(StrEnum):
    """What may be said of the first of two options beside the second."""

    LOWER = "lower"
    HIGHER = "higher"
    NOT_DISTINGUISHABLE = "not_distinguishable"


@dataclass(frozen=True)
class Interval:
    """Mean and quantiles of samples, in the unit of the indicator."""

    mean: float
    p2_5: float
    p50: float
    p97_5: float


@dataclass(frozen=True)
class Scored:
    """The scores of the options of a comparison under one indicator.

    Parameters
    ----------
    values
        With the figures as they are, shape (n_options,).
    samples
        Paired: shape (n_options, n_samples), of which each column has a solution for all.
    signs
        By pair of options, whether an alternative allocation keeps the sign of their
        difference; pairs for which none was given are left out.
    """

    values: Array
    samples: Array
    signs: Mapping[tuple[int, int], bool]


@dataclass(frozen=True)
class Pair:
    """Two options under one indicator.

    Parameters
    ----------
    first, second
        Positions of the options.
    difference
        Of the first less the second.
    relative
        Difference of the values over the larger of the two in size [-]; None where both are 0.
    probability_lower
        That the first is lower; half of the samples in which they are equal counts.
    adjusted
        Probability of the opposite of what is more probable, adjusted by Holm.
    is_relevant
        Whether the relative difference is above the threshold.
    keeps_sign
        Whether it keeps its sign under the alternative allocation; None where not tested.
    """

    first: int
    second: int
    difference: Interval
    relative: float | None
    probability_lower: float
    adjusted: float
    is_relevant: bool
    keeps_sign: bool | None
    verdict: Verdict


def compare(scored: Sequence[Scored], *, relevance: float) -> list[list[Pair]]:
    """Return every pair of options under each indicator, in the order of the indicators.

    Parameters
    ----------
    relevance
        Least relative difference that matters [-].
    """
    n_options = len(scored[0].values)
    pairs = list(combinations(range(n_options), 2))
    probabilities = np.array(
        [[probability_lower(each.samples, *pair) for pair in pairs] for each in scored]
    )
    opposite = np.minimum(probabilities, 1.0 - probabilities)
    adjusted = holm(opposite.ravel()).reshape(opposite.shape)
    return [
        [
            _pair(each, pair, float(probabilities[row, place]), float(adjusted[row, place]),
                  relevance)
            for place, pair in enumerate(pairs)
        ]
        for row, each in enumerate(scored)
    ]  # fmt: skip


def holm(p_values: Array) -> Array:
    """Return p-values adjusted for their number by the step-down method of Holm (1979).

    Examples
    --------
    >>> holm(np.array([0.01, 0.04, 0.03, 0.005])).round(3).tolist()
    [0.03, 0.06, 0.06, 0.02]
    """
    order = np.argsort(p_values, kind="stable")
    steps = (len(p_values) - np.arange(len(p_values))) * p_values[order]
    adjusted = np.empty_like(p_values)
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return adjusted


def summarize(samples: Array) -> Interval:
    """Return mean and quantiles of samples."""
    low, middle, high = np.quantile(samples, [0.025, 0.5, 0.975]).tolist()
    return Interval(float(samples.mean()), low, middle, high)


def probability_lower(samples: Array, first: int, second: int) -> float:
    """Return the share of paired samples in which the first is lower; of equal ones half."""
    below = samples[first] < samples[second]
    equal = samples[first] == samples[second]
    return float(below.mean() + 0.5 * equal.mean())


def _pair(
    scored: Scored, pair: tuple[int, int], probability: float, adjusted: float, relevance: float
) -> Pair:
    first, second = pair
    one, other = float(scored.values[first]), float(scored.values[second])
    larger = max(abs(one), abs(other))
    relative = (one - other) / larger if larger else None
    is_relevant = relative is not None and abs(relative) > relevance
    keeps_sign = scored.signs.get(pair)
    verdict = Verdict.NOT_DISTINGUISHABLE
    if adjusted <= 1.0 - CONFIDENCE and is_relevant and keeps_sign is not False:
        verdict = Verdict.LOWER if probability > 0.5 else Verdict.HIGHER
    return Pair(
        first=first,
        second=second,
        difference=summarize(scored.samples[first] - scored.samples[second]),
        relative=relative,
        probability_lower=probability,
        adjusted=adjusted,
        is_relevant=is_relevant,
        keeps_sign=keeps_sign,
        verdict=verdict,
    )
