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

_ROUNDS = 10
_MASK = np.uint64(0xFFFFFFFF)
_MULTIPLIERS = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_STEPS = np.uint64(0x9E3779B9), np.uint64(0xBB67AE85)
_HALF = np.uint64(32)
_UNIT = 2.0**-53


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
def philox(c0: Any, c1: Any, c2: Any, c3: Any, k0: Any, k1: Any) -> Any:
    """Return the four 32-bit words of a counter and a key, each in 64 bits."""
    for _ in range(_ROUNDS):
        left, right = _MULTIPLIERS[0] * c0, _MULTIPLIERS[1] * c2
        c0, c1, c2, c3 = (
            (right >> _HALF) ^ c1 ^ k0,
            right & _MASK,
            (left >> _HALF) ^ c3 ^ k1,
            left & _MASK,
        )
        k0, k1 = (k0 + _STEPS[0]) & _MASK, (k1 + _STEPS[1]) & _MASK
    return c0, c1, c2, c3


@kernel
def _fill(keys: Any, seed: Any, first: int, found: Any) -> None:
    n, count = found.shape
    for i in range(n):
        for sample in range(first - first % 2, first + count, 2):
            even, odd = pair_of_uniforms(keys[i], sample, seed)
            if sample >= first:
                found[i, sample - first] = even
            if sample + 1 < first + count:
                found[i, sample + 1 - first] = odd


@kernel
def pair_of_uniforms(key: Any, sample: int, seed: Any) -> Any:
    """Return the numbers of an even sample and the next: one counter has bits for two."""
    pair = np.uint64(sample // 2)
    words = philox(
        pair & _MASK, pair >> _HALF, key & _MASK, key >> _HALF, seed & _MASK, seed >> _HALF
    )
    return _unit(words[0], words[1]), _unit(words[2], words[3])


@kernel
def _unit(high: Any, low: Any) -> float:
    """Return 52 bits of two words as a number inside (0, 1), never at its ends."""
    bits = (high << np.uint64(20)) | (low >> np.uint64(12))
    return (2.0 * np.float64(bits) + 1.0) * _UNIT
