"""Uncertain amounts as Brightway stores them, drawn eight samples at a time."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from lca_service.solver.lognormal import lognormals
from lca_service.solver.sampling import draw, quantiles

Array = NDArray[np.float64]

_POINTS = 1024  # of a distribution, for its moments
_CERTAIN, _LOGNORMAL = (0, 1), 2  # of stats_arrays


@dataclass(frozen=True)
class UncertainAmounts:
    """Amounts with a distribution and a stream of random numbers each.

    Parameters
    ----------
    amounts
        As they stand in the matrix, shape (n,): what does not vary is taken from here.
    parameters
        Structured array of Brightway datapackages, shape (n,), see `sampling.draw`.
    streams
        Shape (n,): the same amount draws the same numbers wherever it stands.
    """

    amounts: Array
    parameters: NDArray[np.void]
    streams: NDArray[np.uint64]

    def __getitem__(self, places: NDArray[np.integer]) -> UncertainAmounts:
        return UncertainAmounts(self.amounts[places], self.parameters[places], self.streams[places])

    def __len__(self) -> int:
        return len(self.streams)

    def draw(self, *, seed: int, first: int, out: Array) -> Array:
        """Fill `out`, shape (n, count), with samples from `first`, and return it."""
        median, sigma, others = self._as_lognormals
        lognormals(median, sigma, self.streams, seed=seed, first=first, out=out)
        if len(others):
            out[others] = draw(
                self.parameters[others],
                self.streams[others],
                seed=seed,
                first=first,
                count=out.shape[1],
            )
        return out

    @cached_property
    def relative_moments(self) -> tuple[Array, Array]:
        """Mean and standard deviation of every amount, both over its table value [-].

        An amount of zero has neither: a relative change of it is none.
        """
        median, sigma, others = self._as_lognormals
        with np.errstate(divide="ignore", invalid="ignore"):
            middle = median / self.amounts * np.exp(sigma**2 / 2)
            variation = np.abs(middle) * np.sqrt(np.expm1(sigma**2))
            if len(others):
                chance = (np.arange(_POINTS) + 0.5) / _POINTS
                drawn = quantiles(
                    self.parameters[others], np.broadcast_to(chance, (len(others), _POINTS))
                )
                middle[others] = drawn.mean(axis=1) / self.amounts[others]
                variation[others] = drawn.std(axis=1) / np.abs(self.amounts[others])
        is_zero = self.amounts == 0
        return np.where(is_zero, 1.0, middle), np.where(is_zero, 0.0, variation)

    @property
    def has_exact_mean(self) -> NDArray[np.bool_]:
        """Whether `relative_moments` are those of a formula, not of quantiles, shape (n,)."""
        found = np.ones(len(self), np.bool_)
        found[self._as_lognormals[2]] = False
        return found

    @cached_property
    def _as_lognormals(self) -> tuple[Array, Array, NDArray[np.intp]]:
        """Median and sigma of what is lognormal without bounds or certain, and the other rows."""
        kinds, loc = self.parameters["uncertainty_type"], self.parameters["loc"].astype(float)
        is_bounded = ~np.isnan(self.parameters["minimum"]) | ~np.isnan(self.parameters["maximum"])
        is_lognormal = (kinds == _LOGNORMAL) & ~is_bounded
        sign = np.where(self.parameters["negative"], -1.0, 1.0)
        median = np.where(
            is_lognormal, sign * np.exp(np.where(is_lognormal, loc, 0.0)), self.amounts
        )
        sigma = np.where(is_lognormal, self.parameters["scale"].astype(float), 0.0)
        return median, sigma, np.flatnonzero(~is_lognormal & ~np.isin(kinds, _CERTAIN))
