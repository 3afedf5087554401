"""Lognormal samples in one pass over the exchanges of a large database.

The same numbers as `sampling.draw` gives to the last digits: uniform numbers of `streams`,
their normal quantiles, and the exponential, without arrays in between.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lca_service.solver.jit import kernel
from lca_service.solver.lane_math import lognormal_lanes, normal_lanes, uniform_lanes
from lca_service.solver.lanes import N_LANES, store

Array = NDArray[np.float64]


def lognormals(
    median: Array,
    sigma: Array,
    streams: NDArray[np.uint64],
    *,
    seed: int,
    first: int,
    out: Array,
) -> Array:
    """Fill `out` with samples from `first` of every amount, shape (n, count), and return it.

    Parameters
    ----------
    median
        Amounts, shape (n,); those below zero stay below zero.
    sigma
        Standard deviation of the logarithm; 0 where an amount does not vary.
    streams
        Of each amount, shape (n,).
    """
    _fill(median, sigma, streams, np.uint64(seed & (2**64 - 1)), first, out)
    return out


@kernel
def _fill(median: Any, sigma: Any, streams: Any, seed: Any, first: int, found: Any) -> None:
    n, count = found.shape
    even = first - first % 2
    row = np.empty((1, N_LANES))
    for i in range(n):
        if sigma[i] == 0.0:
            found[i] = median[i]
            continue
        if count == N_LANES and even == first:
            normal = normal_lanes(uniform_lanes(streams[i], np.uint64(first // 2), seed))
            store(found, i, lognormal_lanes(median[i], sigma[i], normal))
            continue
        for start in range(even, first + count, N_LANES):
            normal = normal_lanes(uniform_lanes(streams[i], np.uint64(start // 2), seed))
            store(row, 0, lognormal_lanes(median[i], sigma[i], normal))
            for sample in range(max(start, first), min(start + N_LANES, first + count)):
                found[i, sample - first] = row[0, sample - start]
