"""What can be said of a distribution: at once, of its mean, and of its quantiles.

Three claims that are kept apart. The first order is instant and approximate. The mean is
found with few samples: those amounts that matter most follow points of a Sobol sequence, and
what the first order explains of a sample is taken out. Both help the mean by factors of ten
and more and quantiles by little, so that quantiles rest on plain samples.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special
from scipy.stats import qmc

from lca_service.errors import UnstableSolution
from lca_service.solver.adjoint import sensitivities
from lca_service.solver.demand_sampler import DemandSampler
from lca_service.solver.lanes import N_LANES
from lca_service.solver.sampling import quantiles

Array = NDArray[np.float64]
Index = NDArray[np.intp]

_LEVEL = 0.95
_DIMENSIONS = 256  # of the Sobol sequence
_WATCHED = 4096  # amounts of which the first order is followed
_REPLICATES = 16
_APART = 2**24  # samples from one replicate to the next


@dataclass(frozen=True)
class FirstOrder:
    """A distribution of scores to first order in the amounts.

    Parameters
    ----------
    score
        With every amount at its table value, shape (n_categories,).
    mean, standard_deviation
        To first order, shape (n_categories,).
    exchanges, emissions
        Change of the score per relative change of each amount of the sampler, shapes
        (n_categories, n).
    """

    score: Array
    mean: Array
    standard_deviation: Array
    exchanges: Array
    emissions: Array

    @property
    def interval(self) -> tuple[Array, Array]:
        """Where 95 % of the distribution lie if it is lognormal, else normal about zero."""
        with np.errstate(divide="ignore", invalid="ignore"):
            spread = np.sqrt(np.log1p((self.standard_deviation / self.mean) ** 2))
        z = special.ndtri(0.5 + _LEVEL / 2)
        middle = self.mean * np.exp(-(spread**2) / 2)
        bounds = middle * np.exp(-z * spread), middle * np.exp(z * spread)
        low, high = np.minimum(*bounds), np.maximum(*bounds)
        half = z * self.standard_deviation
        is_lognormal = self.mean != 0
        return np.where(is_lognormal, low, -half), np.where(is_lognormal, high, half)


def first_order(sampler: DemandSampler) -> FirstOrder:
    """Return the distribution of a demand's scores from one forward and one adjoint solve.

    Notes
    -----
    Variance of h is the sum of (a dh/da)^2 times the squared coefficient of variation of a
    (Heijungs 2010, Int J Life Cycle Assess 15, 511-519).
    """
    costs = np.asarray((sampler.factors @ sampler.biosphere).T)
    supply = sampler.system.supply(sampler.demand)
    multipliers = sampler.system.adjoint(costs)
    found = [
        sensitivities(
            sampler.technosphere, sampler.biosphere, factors, supply, multipliers[:, category]
        )
        for category, factors in enumerate(sampler.factors)
    ]
    exchanges = np.stack([each.technosphere for each in found])
    emissions = np.stack([each.biosphere[sampler.counted] for each in found])
    parts = ((exchanges, sampler.exchanges), (emissions, sampler.emissions))
    score = sampler.demand @ multipliers
    mean, variance = score.copy(), np.zeros(len(score))
    for weight, amounts in parts:
        middle, variation = amounts.relative_moments
        mean += weight @ (middle - 1.0)
        variance += weight**2 @ variation**2
    return FirstOrder(score, mean, np.sqrt(variance), exchanges, emissions)


@dataclass(frozen=True)
class MeanEstimate:
    """A mean and how well it is known.

    Parameters
    ----------
    mean, half_width
        With a confidence of 95 % the mean of the distribution lies so near, shapes
        (n_categories,).
    n_samples
        That it took.
    n_without_solution, n_gain_passes_one
        Samples that are left out, and samples whose loops take as much as they make: these
        are in the mean, as far as the equations have a solution.
    is_reached
        Whether every half width is what was asked for.
    """

    mean: Array
    half_width: Array
    n_samples: int
    n_without_solution: int
    n_gain_passes_one: int
    is_reached: bool


def estimate_mean(
    sampler: DemandSampler,
    *,
    half_width: float,
    most_samples: int = 2**17,
    seed: int = 0,
) -> MeanEstimate:
    """Return the means of a demand's scores, with as few samples as that takes.

    Parameters
    ----------
    sampler
        Of the demand.
    half_width
        Of the 95 % confidence interval of the mean, as a share of the mean.
    most_samples
        To stop at, reached or not.
    seed
        Of the points of the Sobol sequence.

    Notes
    -----
    Sixteen sequences, each scrambled by a random matrix and shifted (Matousek 1998), give
    sixteen means, and their spread the interval. Its confidence is that of a number of samples
    fixed beforehand: to stop where it is narrow costs some of it. Amounts beyond the first 256
    are drawn as ever. The control variate is the first order in the same draws (Lavenberg &
    Welch 1981).
    """
    plan = _Plan(sampler)
    seeds = np.random.SeedSequence(seed).generate_state(_REPLICATES)
    guides = [_Guide(plan, int(each)) for each in seeds]
    n = N_LANES  # points of a sequence
    scores: list[list[Array]] = [[] for _ in guides]
    controls: list[list[Array]] = [[] for _ in guides]
    taken, n_passes = 0, 0
    t = float(special.stdtrit(_REPLICATES - 1, 0.5 + _LEVEL / 2))
    while True:
        for replicate, guide in enumerate(guides):
            first = replicate * _APART + taken
            guide.extend(first, n - taken)
            found, solved = sampler.scores(n - taken, first, watch=guide)
            n_passes += int(solved.gain_passes_one.sum())
            scores[replicate].append(found)
            controls[replicate].append(guide.control)
        taken = n
        all_scores = np.stack([np.hstack(each) for each in scores])
        all_controls = np.stack([np.hstack(each) for each in controls])
        means = np.nanmean(_controlled(all_scores, all_controls), axis=2)
        mean = means.mean(axis=0)
        width = t * means.std(axis=0, ddof=1) / _REPLICATES**0.5
        is_reached = bool((width <= half_width * np.abs(mean)).all())
        if is_reached or 2 * n * _REPLICATES > most_samples:
            n_without = int(np.isnan(all_scores).any(axis=1).sum())
            return MeanEstimate(mean, width, n * _REPLICATES, n_without, n_passes, is_reached)
        n *= 2


def _controlled(scores: Array, controls: Array) -> Array:
    """Return scores less what follows from the control, shape (n_replicates, n_categories, n)."""
    found = np.empty_like(scores)
    for category in range(scores.shape[1]):
        score, control = scores[:, category], controls[:, category]
        is_solved = ~np.isnan(score)
        apart, spread = np.cov(score[is_solved], control[is_solved])[1]
        found[:, category] = score - (apart / spread if spread > 0 else 0.0) * control
    return found


class _Plan:
    """Which amounts follow a sequence, and which the first order is followed of."""

    def __init__(self, sampler: DemandSampler) -> None:
        order, n_exchanges = first_order(sampler), len(sampler.exchanges)
        moments = [each.relative_moments for each in (sampler.exchanges, sampler.emissions)]
        weight = np.hstack((order.exchanges, order.emissions))
        middle, variation = (np.hstack([each[part] for each in moments]) for part in (0, 1))
        variance = np.maximum(order.standard_deviation**2, np.finfo(float).tiny)
        share = ((weight * variation) ** 2 / variance[:, np.newaxis]).max(axis=0)
        ranking = np.argsort(-share, kind="stable")
        watched = ranking[:_WATCHED][share[ranking[:_WATCHED]] > 0]
        amounts = np.hstack((sampler.exchanges.amounts, sampler.emissions.amounts))
        # what a score changes by: weight * (amount / table value - mean)
        self.slope = weight[:, watched] / amounts[watched]
        # a control whose mean is not known exactly would shift the estimate
        exact = [each.has_exact_mean for each in (sampler.exchanges, sampler.emissions)]
        self.slope[:, ~np.hstack(exact)[watched]] = 0.0
        level = self.slope * amounts[watched] * middle[watched]
        self.level = level.sum(axis=1)[:, np.newaxis]
        inside = watched < n_exchanges
        where_first = np.unique(sampler.exchange_of_place, return_index=True)[1]
        self.rows = np.flatnonzero(inside), np.flatnonzero(~inside)
        self.places = where_first[watched[inside]], watched[~inside] - n_exchanges
        pinned = watched[:_DIMENSIONS]
        parameters = np.concatenate((sampler.exchanges.parameters, sampler.emissions.parameters))
        self.parameters = parameters[pinned]
        self.pins = _pins(sampler, pinned)


def _pins(sampler: DemandSampler, pinned: Index) -> tuple[tuple[Index, Index], tuple[Index, Index]]:
    """Return where pinned amounts stand among values and emissions, and which they are."""
    n_exchanges = len(sampler.exchanges)
    inside = pinned < n_exchanges
    pin_of_exchange = np.full(n_exchanges, -1)
    pin_of_exchange[pinned[inside]] = np.flatnonzero(inside)
    pin_of_place = pin_of_exchange[sampler.exchange_of_place]
    places = np.flatnonzero(pin_of_place >= 0)
    return (places, pin_of_place[places]), (pinned[~inside] - n_exchanges, np.flatnonzero(~inside))


class _Guide:
    """A replicate: sets amounts to points of its sequence, and tells the first order."""

    def __init__(self, plan: _Plan, seed: int) -> None:
        self._plan = plan
        dimensions = max(len(plan.parameters), 1)
        self._sequence = qmc.Sobol(dimensions, rng=np.random.default_rng(seed))
        self._first, self._values = 0, np.empty((0, 0))
        self.control = np.empty((0, 0))

    def extend(self, first: int, count: int) -> None:
        """Prepare the next points of the sequence for samples from `first`."""
        chance = self._sequence.random(count).T[: len(self._plan.parameters)]
        # a point may lie on the edge of the cube, where a distribution has no quantile
        inside = np.clip(chance, 2.0**-40, 1.0 - 2.0**-40)
        self._first, self._values = first, quantiles(self._plan.parameters, inside)
        self.control = np.empty((len(self._plan.slope), count))

    def __call__(self, first: int, values: Array, emitted: Array) -> None:
        plan, lanes = self._plan, slice(first - self._first, first - self._first + N_LANES)
        watched = np.empty((plan.slope.shape[1], N_LANES))
        for array, (places, pin), rows, seen in zip(
            (values, emitted), plan.pins, plan.rows, plan.places, strict=True
        ):
            array[places] = self._values[pin, lanes]
            watched[rows] = array[seen]
        self.control[:, lanes] = plan.slope @ watched - plan.level


@dataclass(frozen=True)
class QuantileEstimate:
    """A quantile and how well it is known.

    Parameters
    ----------
    value, low, high
        With a confidence of 95 % or more the quantile lies between, whatever the distribution
        is, shapes (n_categories,).
    n_samples
        That it took.
    n_without_solution
        Samples that are left out.
    is_reached
        Whether every interval is as narrow as was asked for.
    """

    value: Array
    low: Array
    high: Array
    n_samples: int
    n_without_solution: int
    is_reached: bool


def estimate_quantile(
    sampler: DemandSampler,
    probability: float,
    *,
    half_width: float,
    most_samples: int = 2**17,
) -> QuantileEstimate:
    """Return a quantile of a demand's scores, from as many plain samples as that takes.

    Parameters
    ----------
    sampler
        Of the demand.
    probability
        Of the quantile, such as 0.975.
    half_width
        Half of the confidence interval, as a share of the quantile.
    most_samples
        To stop at, reached or not.

    Notes
    -----
    The interval lies between order statistics (Conover 1999, section 3.2); it is infinite where
    there are too few samples for one beyond the quantile. Its confidence is that of a number of
    samples fixed beforehand.

    Raises
    ------
    UnstableSolution
        If no sample has a solution.
    """
    scores = np.empty((len(sampler.factors), 0))
    n, taken = 256, 0
    while True:
        more, _ = sampler.scores(n - taken, taken)
        scores = np.hstack((scores, more[:, ~np.isnan(more).any(axis=0)]))
        if scores.shape[1] == 0:
            raise UnstableSolution("no sample has a solution")
        edge = np.full((len(scores), 1), np.inf)
        ordered = np.hstack((-edge, np.sort(scores, axis=1), edge))
        low, high = ranks(scores.shape[1], probability)
        value = np.quantile(scores, probability, axis=1)
        below, above = ordered[:, low + 1], ordered[:, high + 1]
        is_reached = bool(((above - below) / 2 <= half_width * np.abs(value)).all())
        if is_reached or 2 * n > most_samples:
            n_without = n - scores.shape[1]
            return QuantileEstimate(value, below, above, n, n_without, is_reached)
        n, taken = 2 * n, n


def ranks(n: int, probability: float) -> tuple[int, int]:
    """Return the ranks, from 0, between which the quantile of n samples lies with 95 %.

    They are -1 and n where no sample bounds it.
    """
    tail = (1 - _LEVEL) / 2
    counts = np.arange(n + 1)
    below = special.bdtr(counts, n, probability)  # at most so many samples below the quantile
    low = int(np.searchsorted(below, tail, side="right")) - 1
    high = int(np.searchsorted(below, 1 - tail))
    return low, high
