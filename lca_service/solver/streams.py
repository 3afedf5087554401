"""Uniform numbers that belong to a quantity and a sample, not to a moment.

Philox4x32-10 (Salmon, Moraes, Dror & Shaw 2011, "Parallel random numbers: as easy as 1, 2,
3", SC11) turns a counter and a key into random bits. The counter is the quantity and the
sample, the key is the seed: the same numbers come in any order, batch, thread or machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lca_service.solver.jit import kernel
from lca_service.solver.lane_math import uniform_lanes
from lca_service.solver.lanes import N_LANES, store


def stream(*names: str) -> int:
    """Return the stream of a named quantity: 64 bits of a hash, the same on any machine."""
    digest = blake2b("\x1f".join(names).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little")


def uniforms(
    streams: Sequence[int] | NDArray[np.uint64], *, seed: int, first: int, count: int
) -> NDArray[np.float64]:
    """Return numbers in (0, 1) for samples `first` to ``first + count``.

    Parameters
    ----------
    streams
        One per quantity, shape (n,).
    seed
        64 bits; other seeds give independent numbers.

    Returns
    -------
    NDArray
        Shape (n, count). Row and column of a number depend on nothing but its stream,
        the seed and its sample.
    """
    keys = np.asarray(streams, dtype=np.uint64)
    found = np.empty((len(keys), count))
    _fill(keys, np.uint64(seed & (2**64 - 1)), first, found)
    return found


@kernel
def _fill(keys: Any, seed: Any, first: int, found: Any) -> None:
    n, count = found.shape
    row = np.empty((1, N_LANES))
    for i in range(n):
        for start in range(first - first % 2, first + count, N_LANES):
            store(row, 0, uniform_lanes(keys[i], np.uint64(start // 2), seed))
            for sample in range(max(start, first), min(start + N_LANES, first + count)):
                found[i, sample - first] = row[0, sample - start]
