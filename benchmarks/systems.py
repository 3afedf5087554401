"""Systems that every solver is measured on: seeded ones of any size, and real ones.

The seeded ones copy what decides the speed of a solver in a large inventory: chains of
producers and markets, recipes shared by the producers of a good, a few goods that everybody
buys, one giant strongly connected component, and a dozen loops that keep most of what they
make. They hold no knowledge: their scores mean nothing.
"""

from __future__ import annotations

import math
import os
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from benchmarks.recipes import emissions, goods, picks, recipes, shared, shares
from benchmarks.samples import Matrix, read_npz, read_useeio

Array = NDArray[np.float64]
Indices = NDArray[np.int64]

N_CATEGORIES = 20
TIGHTEST_LOOP = 0.93
_N_LOOPS = 12
_N_FLOWS = 2000
_N_HUBS = 10
_CORE = 0.4  # share of the activities in the giant strongly connected component
_NEGATIVE = 0.04  # share of the exchanges that avoid a product
_FACTORS = 0.025  # share of the flows that an impact category counts
_NARROW, _WIDE = math.log(1.05), math.log(2.0)  # spreads of the amounts


@dataclass(frozen=True)
class System:
    """A linear system of life cycle assessment, with the spread of its amounts.

    Parameters
    ----------
    name
        What tables call it.
    technosphere
        A, shape (n, n): production on the diagonal, inputs negative.
    biosphere
        B, shape (n_flows, n).
    characterization
        C, shape (n_categories, n_flows).
    technosphere_sigma, biosphere_sigma
        Standard deviation of the logarithm of every stored amount, in the order of ``data``;
        0 for production. The amounts of the system are the medians.
    """

    name: str
    technosphere: sparse.csr_array
    biosphere: sparse.csr_array
    characterization: Array
    technosphere_sigma: Array
    biosphere_sigma: Array


def normalized(technosphere: sparse.csr_array) -> sparse.csr_array:
    """Return T = I - A D^-1: what a unit of every product takes of every other."""
    per_unit = technosphere @ sparse.diags_array(1.0 / technosphere.diagonal())
    inputs = sparse.csr_array(sparse.eye_array(technosphere.shape[0]) - per_unit)
    inputs.eliminate_zeros()
    return inputs


def ecoinvent_like(n: int, seed: int = 0) -> System:
    """Return markets and their producers, n activities from 1,000 to 50,000.

    At n = 23,523, the size of ecoinvent 3.10.1, A has 278,000 entries (there 293,000), B 413,000,
    SuperLU's factors of A^T 3.3 million, and the spectral radius of |T| is 0.964.
    """
    rng = np.random.default_rng(seed)
    sizes = goods(rng, n)
    good = np.repeat(np.arange(len(sizes)), sizes)
    market = np.cumsum(sizes) - sizes
    producers = np.setdiff1d(np.arange(n), market)
    made = good[producers]
    n_core = int(np.searchsorted(np.cumsum(sizes), _CORE * n)) + 1
    hubs = rng.permutation(n_core)
    gain = np.zeros(len(sizes))
    bought_by_others = np.arange(n_core, (n_core + len(sizes)) // 2)
    outside = rng.choice(bought_by_others, _N_LOOPS // 4, replace=False)
    loops = np.append(outside, hubs[_N_HUBS : _N_HUBS + _N_LOOPS - len(outside)])
    gain[loops] = rng.permutation(np.linspace(0.3, TIGHTEST_LOOP, _N_LOOPS))

    bought, buyer = recipes(rng, len(sizes), hubs)
    entry, column = shared(buyer, made)
    weight = rng.lognormal(0, 1.2, len(bought))[entry] * rng.lognormal(0, 0.25, len(entry))
    spent = np.where(gain > 0, 0.3 * (1 - gain), rng.uniform(0.35, 0.75, len(sizes)))
    carrier = rng.integers(0, _N_HUBS, len(sizes))
    carrier += hubs[carrier] == np.arange(len(sizes))  # no market carries its own good
    freight = hubs[carrier]
    n_exchanges = len(entry) + len(producers) + len(freight) + int((gain[made] > 0).sum())
    avoided = rng.random(len(entry)) < _NEGATIVE * n_exchanges / len(entry)
    amount = shares(weight, column) * spent[made][column] * np.where(avoided, -1, 1)
    inputs = _matrix(
        (n, n),
        (market[bought[entry]], producers[column], amount),
        (market[made], producers, gain[made]),
        (producers, market[made], shares(rng.lognormal(0, 0.8, len(made)), made)),
        (market[freight], market, rng.uniform(0.005, 0.04, len(sizes))),
    )
    unit = 10.0 ** rng.uniform(-1.5, 1.5, len(sizes))[good]  # what a unit of the good is worth
    inputs = sparse.diags_array(1 / unit) @ inputs @ sparse.diags_array(unit)
    emitted = emissions(rng, picks(rng, len(sizes), 22, _N_FLOWS, 0.9), made)
    biosphere = _matrix((_N_FLOWS, n), (emitted[0], producers[emitted[1]], emitted[2]))
    order = rng.permutation(n)
    return _system(
        rng,
        f"ecoinvent-like {n:,}",
        sparse.csr_array(inputs)[order][:, order],
        (biosphere @ sparse.diags_array(unit))[:, order],
        production=np.where(rng.random(n) < 0.01, rng.choice([0.1, 10.0, 1000.0], n), 1.0),
        steady=(gain[good] > 0)[order],
    )


def multi_regional(technologies: int = 160, regions: int = 50, seed: int = 0) -> System:
    """Return technologies in regions that trade, in which a factorization fills up.

    A technology buys the same goods in all regions, at home and from two trade partners.
    """
    rng = np.random.default_rng(seed)
    n = technologies * regions
    bought, buyer = picks(rng, technologies, 7, technologies, 0.3)
    technology = np.tile(np.arange(technologies), regions)
    entry, column = shared(buyer, technology)
    partner = rng.integers(0, regions, (regions, technologies, 3))
    partner[:, :, 0] = np.arange(regions)[:, None]
    origin = partner[column // technologies, bought[entry]]
    weight = rng.lognormal(0, 1, len(bought))[entry] * rng.lognormal(0, 0.25, len(entry))
    share = shares(weight, column) * rng.uniform(0.4, 0.68, technologies)[technology[column]]
    inputs = _matrix(
        (n, n),
        *(
            (origin[:, place] * technologies + bought[entry], column, part * share)
            for place, part in enumerate((0.6, 0.25, 0.15))
        ),
    )
    emitted = emissions(rng, picks(rng, technologies, 32, _N_FLOWS, 0.3), technology)
    name = f"multi-regional {technologies} x {regions}"
    return _system(rng, name, inputs, _matrix((_N_FLOWS, n), emitted))


def input_output(n: int = 2000, seed: int = 0) -> System:
    """Return an economy in which every sector buys from every second one."""
    rng = np.random.default_rng(seed)
    row, column = np.nonzero(rng.random((n, n)) < 0.5)
    share = shares(rng.lognormal(0, 2, len(row)), column, least=0.0)
    inputs = _matrix((n, n), (row, column, share * rng.uniform(0.4, 0.7, n)[column]))
    emitted = emissions(rng, picks(rng, n, 19, _N_FLOWS, 0.3), np.arange(n))
    return _system(rng, f"input-output {n:,}", inputs, _matrix((_N_FLOWS, n), emitted))


def sample_systems() -> list[System]:
    """Return the real systems in the folder that LCA_SAMPLES names, or none without it.

    They come without spreads: those are drawn as for the seeded systems.
    """
    folder = os.environ.get("LCA_SAMPLES")
    if folder is None:
        return []
    readers = (("matrices/*.npz", read_npz), ("useeio/*.tar.xz", read_useeio))
    return [
        _with_spread(file.name.removesuffix(".npz").removesuffix(".tar.xz"), *read(file))
        for pattern, read in readers
        for file in sorted(Path(folder).glob(pattern))
    ]


def _matrix(shape: tuple[int, int], *entries: tuple[Indices, Indices, Array]) -> sparse.csr_array:
    row, column, value = (np.concatenate(part) for part in zip(*entries, strict=True))
    return sparse.csr_array(sparse.coo_array((value, (row, column)), shape=shape))


def _system(
    rng: np.random.Generator,
    name: str,
    inputs: sparse.csr_array,
    emitted: sparse.csr_array,
    *,
    production: Array | None = None,
    steady: NDArray[np.bool_] | None = None,
) -> System:
    """Return a system of T and of emissions per unit of product."""
    n = inputs.shape[0]
    made = sparse.diags_array(np.ones(n) if production is None else production)
    factors = rng.lognormal(0, 2, (N_CATEGORIES, emitted.shape[0]))
    factors[rng.random(factors.shape) >= _FACTORS] = 0.0
    a = (sparse.eye_array(n) - inputs) @ made
    system = _with_spread(name, a, emitted @ made, factors, rng)
    if steady is None:
        return system
    # Wider, the loops would keep more than they make in every other sample
    entries = system.technosphere.tocoo()
    inside = steady[entries.row] & steady[entries.col] & (entries.row != entries.col)
    return replace(system, technosphere_sigma=np.where(inside, _NARROW, system.technosphere_sigma))


def _with_spread(
    name: str,
    technosphere: Matrix,
    biosphere: Matrix,
    characterization: Array,
    rng: np.random.Generator | None = None,
) -> System:
    rng = rng or np.random.default_rng(0)
    a, b = sparse.csr_array(technosphere), sparse.csr_array(biosphere)
    for matrix in (a, b):
        matrix.eliminate_zeros()
        matrix.sort_indices()
    entries = a.tocoo()
    spread = rng.uniform(_NARROW, _WIDE, a.nnz)
    return System(
        name=name,
        technosphere=a,
        biosphere=b,
        characterization=characterization,
        technosphere_sigma=np.where(entries.row == entries.col, 0.0, spread),
        biosphere_sigma=rng.uniform(_NARROW, _WIDE, b.nnz),
    )
