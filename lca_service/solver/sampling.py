"""Samples of the distributions of `stats_arrays`, by their quantiles.

Every distribution is drawn by the inverse of its cumulative distribution at a uniform
number of its own (`streams`), so that a sample does not depend on what else is drawn.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy import special

from lca_service.solver.streams import uniforms

Array = NDArray[np.float64]


def draw(
    parameters: NDArray[np.void],
    streams: NDArray[np.uint64],
    *,
    seed: int,
    first: int,
    count: int,
) -> Array:
    """Return samples `first` to ``first + count`` of every row, shape (n, count).

    Parameters
    ----------
    parameters
        Structured array of Brightway datapackages, shape (n,): fields ``loc``, ``scale``,
        ``shape``, ``minimum``, ``maximum``, ``negative``, ``uncertainty_type``.
    streams
        Of each row, shape (n,).

    Raises
    ------
    ValueError
        If a row has an uncertainty type that `stats_arrays` does not define.
    """
    return quantiles(parameters, uniforms(streams, seed=seed, first=first, count=count))


def quantiles(parameters: NDArray[np.void], probabilities: Array) -> Array:
    """Return the quantile of every row at its probabilities, both of shape (n, k)."""
    kinds = parameters["uncertainty_type"]
    unknown = sorted(set(np.unique(kinds).tolist()) - _QUANTILES.keys())
    if unknown:
        raise ValueError(f"uncertainty types {unknown} are not among those of stats_arrays")
    found = np.empty_like(probabilities)
    for kind in np.unique(kinds).tolist():
        rows = np.flatnonzero(kinds == kind)
        found[rows] = _QUANTILES[kind](parameters[rows], probabilities[rows])
    return found


def _column(parameters: NDArray[np.void], field: str, default: float = np.nan) -> Array:
    values = parameters[field].astype(float)
    return np.where(np.isnan(values), default, values)[:, np.newaxis]


def _within(parameters: NDArray[np.void], cdf: Callable[[Array], Array], p: Array) -> Array:
    """Return probabilities of the distribution cut at `minimum` and `maximum`."""
    low = cdf(_column(parameters, "minimum", -np.inf))
    high = cdf(_column(parameters, "maximum", np.inf))
    return low + p * (high - low)


def _constant(parameters: NDArray[np.void], p: Array) -> Array:
    return np.broadcast_to(_column(parameters, "loc"), p.shape)


def _lognormal(parameters: NDArray[np.void], p: Array) -> Array:
    mu, sigma = _column(parameters, "loc"), _column(parameters, "scale")
    sign = np.where(parameters["negative"], -1.0, 1.0)[:, np.newaxis]

    def cdf(x: Array) -> Array:
        with np.errstate(divide="ignore"):
            return np.asarray(special.ndtr((np.log(np.maximum(x, 0.0)) - mu) / sigma))

    # Bounds hold for the magnitude of a negative amount, as its median does
    return sign * np.exp(mu + sigma * special.ndtri(_within(parameters, cdf, p)))


def _normal(parameters: NDArray[np.void], p: Array) -> Array:
    mu, sigma = _column(parameters, "loc"), _column(parameters, "scale")
    inside = _within(parameters, lambda x: np.asarray(special.ndtr((x - mu) / sigma)), p)
    return np.asarray(mu + sigma * special.ndtri(inside))


def _uniform(parameters: NDArray[np.void], p: Array) -> Array:
    low, high = _column(parameters, "minimum", 0.0), _column(parameters, "maximum")
    return low + p * (high - low)


def _triangular(parameters: NDArray[np.void], p: Array) -> Array:
    low, high = _column(parameters, "minimum", 0.0), _column(parameters, "maximum")
    mode = _column(parameters, "loc")
    return triangular(low, mode, high, p)


def triangular(low: Array, mode: Array, high: Array, p: Array) -> Array:
    """Return quantiles of triangular distributions; arrays that broadcast."""
    width = high - low
    below = low + np.sqrt(p * width * (mode - low))
    above = high - np.sqrt((1 - p) * width * (high - mode))
    return np.where(p * width < mode - low, below, above)


def _bernoulli(parameters: NDArray[np.void], p: Array) -> Array:
    return (p > 1 - _column(parameters, "loc")).astype(float)


def _discrete_uniform(parameters: NDArray[np.void], p: Array) -> Array:
    return np.floor(_uniform(parameters, p))


def _weibull(parameters: NDArray[np.void], p: Array) -> Array:
    shape, scale = _column(parameters, "shape"), _column(parameters, "scale")
    size = _column(parameters, "loc", 0.0) + scale * (-np.log1p(-p)) ** (1.0 / shape)
    return np.where(parameters["negative"][:, np.newaxis], -size, size)


def _gamma(parameters: NDArray[np.void], p: Array) -> Array:
    shape, scale = _column(parameters, "shape"), _column(parameters, "scale")
    return _column(parameters, "loc", 0.0) + scale * special.gammaincinv(shape, p)


def _beta(parameters: NDArray[np.void], p: Array) -> Array:
    low, high = _column(parameters, "minimum", 0.0), _column(parameters, "maximum", 1.0)
    alpha, beta = _column(parameters, "loc"), _column(parameters, "shape")
    return low + (high - low) * special.betaincinv(alpha, beta, p)


def _beta_pert(parameters: NDArray[np.void], p: Array) -> Array:
    low, high = _column(parameters, "minimum"), _column(parameters, "maximum")
    weight = _column(parameters, "scale", 4.0)
    mode = (_column(parameters, "loc") - low) / (high - low)
    inside = special.betaincinv(1 + weight * mode, 1 + weight * (1 - mode), p)
    return np.asarray(low + (high - low) * inside)


def _extreme_value(parameters: NDArray[np.void], p: Array) -> Array:
    loc, scale = _column(parameters, "loc"), _column(parameters, "scale")
    return loc - scale * np.log(-np.log(p))


def _student(parameters: NDArray[np.void], p: Array) -> Array:
    loc, scale = _column(parameters, "loc", 0.0), _column(parameters, "scale", 1.0)
    return np.asarray(loc + scale * special.stdtrit(_column(parameters, "shape"), p))


_QUANTILES: dict[int, Callable[[NDArray[np.void], Array], Array]] = {
    0: _constant,
    1: _constant,
    2: _lognormal,
    3: _normal,
    4: _uniform,
    5: _triangular,
    6: _bernoulli,
    7: _discrete_uniform,
    8: _weibull,
    9: _gamma,
    10: _beta,
    11: _extreme_value,
    12: _student,
    13: _beta_pert,
}
