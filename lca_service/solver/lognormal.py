"""Lognormal samples in one pass over the exchanges of a large database.

The same numbers as `sampling.draw` gives to the last digits: uniform numbers of `streams`,
their normal quantiles, and the exponential, without arrays in between.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lca_service.solver.jit import kernel
from lca_service.solver.streams import pair_of_uniforms

Array = NDArray[np.float64]

# Wichura (1988), "Algorithm AS 241: the percentage points of the normal distribution",
# Applied Statistics 37, 477-484: PPND16, about sixteen digits.
_CENTRE = (
    (2.5090809287301226727e3, 3.3430575583588128105e4, 6.7265770927008700853e4,
     4.5921953931549871457e4, 1.3731693765509461125e4, 1.9715909503065514427e3,
     1.3314166789178437745e2, 3.3871328727963666080e0),
    (5.2264952788528545610e3, 2.8729085735721942674e4, 3.9307895800092710610e4,
     2.1213794301586595867e4, 5.3941960214247511077e3, 6.8718700749205790830e2,
     4.2313330701600911252e1, 1.0),
)  # fmt: skip
_SIDE = (
    (7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1,
     1.27045825245236838258e0, 3.64784832476320460504e0, 5.76949722146069140550e0,
     4.63033784615654529590e0, 1.42343711074968357734e0),
    (1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2,
     1.48103976427480074590e-1, 6.89767334985100004550e-1, 1.67638483018380384940e0,
     2.05319162663775882187e0, 1.0),
)  # fmt: skip
_TAIL = (
    (2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3,
     2.65321895265761230930e-2, 2.96560571828504891230e-1, 1.78482653991729133580e0,
     5.46378491116411436990e0, 6.65790464350110377720e0),
    (2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5,
     7.86869131145613259100e-4, 1.48753612908506148525e-2, 1.36929880922735805310e-1,
     5.99832206555887937690e-1, 1.0),
)  # fmt: skip


def lognormals(
    median: Array,
    sigma: Array,
    streams: NDArray[np.uint64],
    *,
    seed: int,
    first: int,
    count: int,
) -> Array:
    """Return samples `first` to ``first + count`` of every amount, shape (n, count).

    Parameters
    ----------
    median
        Amounts, shape (n,); those below zero stay below zero.
    sigma
        Standard deviation of the logarithm; 0 where an amount does not vary.
    streams
        Of each amount, shape (n,).
    """
    found = np.empty((len(median), count))
    _fill(median, sigma, streams, np.uint64(seed & (2**64 - 1)), first, found)
    return found


@kernel
def _fill(median: Any, sigma: Any, streams: Any, seed: Any, first: int, found: Any) -> None:
    n, count = found.shape
    for i in range(n):
        if sigma[i] == 0.0:
            for sample in range(count):
                found[i, sample] = median[i]
            continue
        for sample in range(first - first % 2, first + count, 2):
            even, odd = pair_of_uniforms(streams[i], sample, seed)
            if sample >= first:
                found[i, sample - first] = median[i] * np.exp(sigma[i] * normal_quantile(even))
            if sample + 1 < first + count:
                found[i, sample + 1 - first] = median[i] * np.exp(sigma[i] * normal_quantile(odd))


@kernel
def normal_quantile(p: float) -> Any:
    """Return the quantile of the standard normal distribution at a probability in (0, 1)."""
    q = p - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        return q * _polynomial(r, _CENTRE[0]) / _polynomial(r, _CENTRE[1])
    r = np.sqrt(-np.log(min(p, 1.0 - p)))
    if r <= 5.0:
        r -= 1.6
        found = _polynomial(r, _SIDE[0]) / _polynomial(r, _SIDE[1])
    else:
        r -= 5.0
        found = _polynomial(r, _TAIL[0]) / _polynomial(r, _TAIL[1])
    return found if q > 0.0 else -found


@kernel
def _polynomial(x: float, c: Any) -> Any:
    """Return a polynomial of the seventh degree, by the scheme of Horner."""
    # Written out: a loop over the coefficients takes twice as long
    head = ((c[0] * x + c[1]) * x + c[2]) * x + c[3]
    return (((head * x + c[4]) * x + c[5]) * x + c[6]) * x + c[7]
