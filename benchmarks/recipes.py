"""Who buys what, drawn: goods, recipes that producers share, and what they emit.

Pairs are parallel arrays of positions; those of an owner stand together, in its order.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Indices = NDArray[np.int64]

_FROM_HUBS, _HUB_EXPONENT = 8, 1.2  # inputs from hubs, and how much the first are preferred
_FROM_NEIGHBOURS, _WINDOW = 4, 16  # inputs from goods that stand near, and how near


def goods(rng: np.random.Generator, n: int) -> Indices:
    """Return how many activities every good has: a market, and one to twenty producers."""
    sizes = 1 + np.minimum(rng.geometric(0.25, n), 20)
    sizes = sizes[np.cumsum(sizes) <= n - 2]
    return np.append(sizes, n - sizes.sum())


def recipes(rng: np.random.Generator, n_goods: int, hubs: Indices) -> tuple[Indices, Indices]:
    """Return pairs (bought, buyer) of goods.

    The core buys in a circle of neighbours and from hubs; all other goods from hubs and from
    goods before them, so that the core alone is strongly connected.
    """
    n_core = len(hubs)
    hub, buyer = picks(rng, n_goods, _FROM_HUBS, n_core, _HUB_EXPONENT)
    step, neighbour = picks(rng, n_goods, _FROM_NEIGHBOURS, min(_WINDOW, n_core - 1), 0.5)
    circle, members = np.ones(n_core, dtype=np.int64), np.arange(n_core)
    step, neighbour = np.append(step + 1, circle), np.append(neighbour, members)
    # Halfway back to the core, so that no chain of goods is longer than the logarithm of their
    # number: one good after another, supplies would fade to 1e-33, which no solver resolves
    halfway = n_core + (neighbour - n_core) // 2
    near = np.where(neighbour < n_core, (neighbour + step) % n_core, halfway - step)
    pairs = np.unique(np.append(buyer, neighbour) * n_goods + np.append(hubs[hub], near))
    buyer, bought = np.divmod(pairs, n_goods)
    own = buyer == bought
    return bought[~own], buyer[~own]


def picks(
    rng: np.random.Generator, n_owners: int, mean: int, n_choices: int, exponent: float
) -> tuple[Indices, Indices]:
    """Return different choices of every owner and the owners, by Zipf's law: the first most."""
    probability = (np.arange(n_choices) + 1.0) ** -exponent
    counts = np.clip(rng.poisson(mean, n_owners), 1, n_choices // 2)
    # Three times as many as needed, of which the first different ones are kept
    owner = np.repeat(np.arange(n_owners), 3 * counts)
    choice = rng.choice(n_choices, len(owner), p=probability / probability.sum())
    _, first = np.unique(owner * n_choices + choice, return_index=True)
    first.sort()
    owner, choice = owner[first], choice[first]
    kept = np.arange(len(owner)) - np.searchsorted(owner, owner) < counts[owner]
    return choice[kept], owner[kept]


def shared(owner: Indices, good: Indices) -> tuple[Indices, Indices]:
    """Return (entry, producer): the entries of its good for every producer, by sorted owner."""
    first, last = np.searchsorted(owner, good), np.searchsorted(owner, good, side="right")
    counts = last - first
    producer = np.repeat(np.arange(len(good)), counts)
    place = np.arange(len(producer)) - np.repeat(np.cumsum(counts) - counts, counts)
    return first[producer] + place, producer


def emissions(
    rng: np.random.Generator, picks: tuple[Indices, Indices], good: Indices
) -> tuple[Indices, Indices, Array]:
    """Return (flow, producer, amount): the flows of its good, in slightly different amounts."""
    flow, owner = picks
    entry, producer = shared(owner, good)
    amount = rng.lognormal(-7, 2, len(flow))[entry] * rng.lognormal(0, 0.25, len(entry))
    return flow[entry], producer, amount


def shares(weight: Array, column: Indices, least: float = 1e-3) -> Array:
    """Return weights as shares of the sum of their column, none of them below the least."""
    share: Array = np.maximum(weight / np.bincount(column, weight)[column], least)
    return share / np.bincount(column, share)[column]
