"""Tasks on samples of one system: a product, all products, intervals, and the bank."""

from __future__ import annotations

import math
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import bw_processing as bwp
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from benchmarks import baseline
from benchmarks.datapackages import CERTAIN, LOGNORMAL
from benchmarks.rows import (
    N_METHODS,
    SEED,
    Row,
    costs_of,
    difference,
    largest_product,
    peak_mib,
    row,
)
from benchmarks.systems import System
from benchmarks.timing import repeat
from lca_service.calculation.redraw import BLOCK
from lca_service.calculation.sample_bank import BlockReport, SampleBank
from lca_service.solver.demand_sampler import DemandSampler
from lca_service.solver.lanes import N_LANES
from lca_service.solver.monte_carlo import solve_samples
from lca_service.solver.statistics import estimate_mean
from lca_service.solver.sweep import Room, aligned, multiply
from lca_service.solver.system import LinearSystem
from lca_service.solver.threads import n_threads
from lca_service.solver.uncertain import UncertainAmounts

Array = NDArray[np.float64]

_N_BASELINE = 12  # samples that bw2calc is measured on
_HALF_WIDTH = 0.01  # of a confidence interval, beside the mean
_N_BANK = 1000
_N_LINES = 30


def one_product(system: System) -> Row:
    """One product under two categories, drawing included."""
    place = largest_product(system)
    sampler = sampler_of(system, place)
    n_samples = 16 * N_LANES
    seconds = repeat(lambda: sampler.scores(n_samples), 7, warm_up=1).median / n_samples
    peak = peak_mib()
    theirs = baseline.fastest(
        lambda: baseline.monte_carlo(system, {place: 1.0}, _N_BASELINE, seed=SEED)
    )
    apart = difference(sampler.scores(N_LANES)[0], first_samples(system, {place: 1.0}))
    name = "IterativeLCA, per sample"
    return row("monte-carlo-one", seconds, peak, theirs, name, apart, "order of the equations")


def equal_interval(system: System) -> Row:
    """The mean of one product to one per cent, beside as many plain samples as that takes."""
    place = largest_product(system)
    sampler = sampler_of(system, place)

    def ours() -> None:
        assert estimate_mean(sampler, half_width=_HALF_WIDTH).is_reached

    seconds, peak = repeat(ours, 3, warm_up=1).median, peak_mib()
    found = estimate_mean(sampler, half_width=_HALF_WIDTH)
    plain, _ = sampler.scores(4096)
    plain = plain[:, ~np.isnan(plain).any(axis=0)]
    asked = _HALF_WIDTH * np.abs(plain.mean(axis=1))
    needed = math.ceil(((1.96 * plain.std(axis=1) / asked) ** 2).max())
    theirs = baseline.fastest(
        lambda: baseline.monte_carlo(system, {place: 1.0}, _N_BASELINE, seed=SEED)
    )
    theirs = replace(theirs, seconds=theirs.seconds * needed)
    apart = float((np.abs(plain.mean(axis=1) - found.mean) / found.mean).max())
    name = f"IterativeLCA, {needed:,} samples reckoned from {_N_BASELINE}"
    return row("equal-interval", seconds, peak, theirs, name, apart, "order of the equations")


def bank(system: System) -> Row:
    """The distribution of a bill, read from stored samples of its products."""
    generator = np.random.default_rng(SEED)
    n = system.technosphere.shape[0]
    places = np.sort(generator.choice(n, _N_LINES, replace=False))
    amounts = generator.random(_N_LINES)
    with tempfile.TemporaryDirectory() as folder:
        stored = SampleBank(Path(folder), SEED, tuple(range(N_METHODS)))
        draws = _Draws(system)
        room = draws.room()
        for block in range(math.ceil(_N_BANK / BLOCK)):
            found = np.empty((n, N_METHODS, BLOCK), np.float32)
            for first in range(0, BLOCK, N_LANES):
                batch = (block * BLOCK + first) // N_LANES
                found[:, :, first : first + N_LANES] = draws.solve(*room, batch)
            stored.write(block, found, BlockReport(0, 0, 0))

        def ours() -> Array:
            samples = np.tensordot(amounts, stored.read(places.tolist(), _N_BANK), axes=1)
            np.quantile(samples, [0.025, 0.5, 0.975], axis=1)
            return np.asarray(samples)

        seconds, peak = repeat(ours, 20, warm_up=2).median, peak_mib()
        ours_first = ours()[:, :N_LANES]
    demand = dict(zip(places.tolist(), amounts.tolist(), strict=True))
    theirs = baseline.fastest(lambda: baseline.monte_carlo(system, demand, _N_BASELINE, seed=SEED))
    theirs = replace(theirs, seconds=theirs.seconds * _N_BANK)
    apart = difference(ours_first, first_samples(system, demand))
    name = f"IterativeLCA, {_N_BANK:,} samples reckoned from {_N_BASELINE}"
    return row(
        "bank", seconds, peak, theirs, name, apart, "samples of all products, in single precision"
    )


def all_products(system: System) -> Row:
    """All products of ours beside one product of theirs, which refuses all of them."""
    draws = _Draws(system)
    rooms = [draws.room() for _ in range(n_threads())]
    n_batches = 4 * len(rooms)

    def work(thread: int) -> None:
        for batch in range(thread, n_batches, len(rooms)):
            draws.solve(*rooms[thread], batch)

    def ours() -> None:
        with ThreadPoolExecutor(max_workers=len(rooms)) as pool:
            list(pool.map(work, range(len(rooms))))

    seconds, peak = repeat(ours, 5, warm_up=1).median / (n_batches * N_LANES), peak_mib()
    place = largest_product(system)
    theirs = baseline.fastest(
        lambda: baseline.monte_carlo(system, {place: 1.0}, _N_BASELINE, seed=SEED)
    )
    expected = first_samples(system, {place: 1.0})
    apart = difference(draws.solve(*rooms[0], 0)[place], expected)
    name = "IterativeLCA, one product, per sample"
    return row("monte-carlo-all", seconds, peak, theirs, name, apart, "order of the equations")


def sampler_of(system: System, place: int) -> DemandSampler:
    """Return what samples a unit of one product under the methods of Monte Carlo."""
    demand = np.zeros(system.technosphere.shape[0])
    demand[place] = 1.0
    return DemandSampler(
        system.technosphere,
        system.biosphere,
        exchanges=uncertain(system, "technosphere"),
        emissions=uncertain(system, "biosphere"),
        factors=system.characterization[:N_METHODS],
        demand=demand,
        seed=SEED,
    )


def uncertain(system: System, part: str) -> UncertainAmounts:
    """Return the exchanges of a system, each with a stream of its own."""
    matrix, sigma = getattr(system, part), getattr(system, f"{part}_sigma")
    streams = np.arange(matrix.nnz, dtype=np.uint64) * np.uint64(2) + np.uint64(part == "biosphere")
    parameters = np.zeros(matrix.nnz, dtype=bwp.UNCERTAINTY_DTYPE)
    is_drawn = sigma > 0
    parameters["uncertainty_type"] = np.where(is_drawn, LOGNORMAL, CERTAIN)
    parameters["loc"] = np.where(is_drawn, np.log(np.abs(matrix.data)), matrix.data)
    parameters["scale"] = sigma
    parameters["minimum"] = parameters["maximum"] = parameters["shape"] = np.nan
    parameters["negative"] = matrix.data < 0
    return UncertainAmounts(matrix.data, parameters, streams)


class _Draws:
    """Samples of a system's exchanges, each with a stream of its own, and their solutions."""

    def __init__(self, system: System) -> None:
        costs = costs_of(system)[:N_METHODS]
        solved = LinearSystem(system.technosphere, costs)
        self._structure = solved.structures[1]
        n = system.technosphere.shape[0]
        order = sparse.csr_array(
            (np.arange(system.technosphere.nnz) + 1.0, system.technosphere.indices,
             system.technosphere.indptr), shape=(n, n),
        )  # fmt: skip
        transpose = sparse.csr_array(order.T)
        transpose.sort_indices()
        entry = (transpose.data - 1).astype(np.intp)
        self._technosphere = uncertain(system, "technosphere")[entry[self._structure.order]]
        # Only what a method counts is drawn: an exchange's numbers depend on no other
        biosphere = system.biosphere
        flows = np.repeat(np.arange(biosphere.shape[0]), np.diff(biosphere.indptr))
        factors = system.characterization[:N_METHODS, flows]
        counted = np.flatnonzero(factors.any(axis=0))
        self._biosphere = uncertain(system, "biosphere")[counted]
        method, where = np.nonzero(factors[:, counted])
        rows = biosphere.indices[counted][where].astype(np.int64) * N_METHODS + method
        self._costs = sparse.csr_array(
            (factors[:, counted][method, where], (rows, where)), shape=(n * N_METHODS, len(counted))
        )

    def room(self) -> tuple[Room, Array]:
        return Room(self._structure, N_METHODS), aligned(len(self._biosphere), N_LANES)

    def solve(self, room: Room, emitted: Array, batch: int) -> Array:
        """Return the multipliers of a batch of samples, shape (n, N_METHODS, N_LANES)."""
        first = batch * N_LANES
        self._technosphere.draw(seed=SEED, first=first, out=room.numbers.values)
        room.prepare()
        self._biosphere.draw(seed=SEED, first=first, out=emitted)
        multiply(self._costs, emitted, room.right.reshape(-1, N_LANES))
        solve_samples(room)
        return room.solution


def first_samples(system: System, demand: dict[int, float]) -> Array:
    """Return bw2calc's scores of the first samples, shape (N_METHODS, N_LANES)."""
    drawn = []
    for part in ("technosphere", "biosphere"):
        amounts = uncertain(system, part)
        drawn.append(amounts.draw(seed=SEED, first=0, out=np.empty((len(amounts), N_LANES))))
    return baseline.same_samples(system, demand, *drawn)[:N_METHODS]
