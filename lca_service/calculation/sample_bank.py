"""The sample bank: multipliers of every product, sample by sample, on disk.

A distribution of a product's footprint is a product of what it buys with these samples, and
two products that are compared share every draw of the background. Blocks of `redraw.BLOCK`
samples are files of their own: a bank that is stopped goes on where it stood, grows, and
comes out the same to the byte wherever its blocks are computed.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import lru_cache
from itertools import chain
from pathlib import Path

import numpy as np
from filelock import FileLock
from numpy.typing import NDArray
from scipy import sparse

from lca_service.calculation.redraw import BLOCK, Redraw
from lca_service.catalogue.catalogue import Catalogue
from lca_service.matrices.background import Background
from lca_service.solver.lanes import N_LANES
from lca_service.solver.monte_carlo import solve_samples
from lca_service.solver.structure import Structure
from lca_service.solver.sweep import Room, multiply
from lca_service.solver.threads import n_threads

Array = NDArray[np.float64]

_COLUMNS = 4  # categories that are solved at once


@dataclass(frozen=True)
class BlockReport:
    """What happened to the samples of a block.

    Parameters
    ----------
    factorized
        Samples that sweeps did not solve and a factorization did.
    gain_passes_one
        Samples with a loop that takes as much as it makes, or more.
    negative_amounts
        Exchanges that came out negative in some sample where the table's are not: shares
        or losses that were drawn beyond what they are part of.
    """

    factorized: int
    gain_passes_one: int
    negative_amounts: int


_Counts = tuple[int, int]  # samples that were factorized, and with a gain beyond one
_Part = Callable[[int, slice, Room], None]

Block = tuple[int, NDArray[np.float32], BlockReport]
"""Its number, its multipliers, shape (n_activities, n_categories, BLOCK), and what happened."""


@lru_cache(maxsize=512)
def _mapped(path: Path, _changed: int) -> NDArray[np.float32]:
    """Return a block, mapped once: opening it takes longer than reading a product's samples."""
    stored: NDArray[np.float32] = np.load(path, mmap_mode="r", allow_pickle=False)
    return stored


@dataclass(frozen=True)
class SampleBank:
    """The samples of a release under its default methods, for one seed.

    Parameters
    ----------
    folder
        Of the blocks.
    seed
        Of the draws.
    categories
        Rows of the impact categories that are sampled.
    """

    folder: Path
    seed: int
    categories: tuple[int, ...]

    @property
    def n_samples(self) -> int:
        """Samples that are built, from the first without a gap."""
        built = 0
        while self._path(built).exists():
            built += 1
        return built * BLOCK

    def read(self, activities: Sequence[int], n_samples: int) -> NDArray[np.float32]:
        """Return the multipliers of some activities.

        Returns
        -------
        NDArray
            Shape (n_activities, n_categories, n_samples).
        """
        rows = np.asarray(activities, dtype=np.intp)
        found = np.empty((len(rows), len(self.categories), n_samples), np.float32)
        for block, (start, stop) in _blocks(n_samples):
            path = self._path(block)
            stored = _mapped(path, path.stat().st_mtime_ns)
            found[:, :, start:stop] = stored[rows][:, :, : stop - start]
        return found

    def report(self, n_samples: int) -> BlockReport:
        """Return what happened to the first samples."""
        reports = [
            json.loads(self._path(block).with_suffix(".json").read_text("utf-8"))
            for block, _ in _blocks(n_samples)
        ]
        return BlockReport(**{name: sum(each[name] for each in reports) for name in reports[0]})

    def fill(
        self,
        n_samples: int,
        compute: Callable[[Sequence[int]], Iterator[Block]],
        progress: Callable[[int], None] = lambda n_samples: None,
    ) -> None:
        """Build what is missing of the first samples; another process may build beside.

        ``compute`` yields the blocks that it is asked for, in any order; ``progress`` is told
        how many samples are there after every block.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with FileLock(self.folder / "building.lock"):
            progress(self.n_samples)
            for block, multipliers, report in compute(self.missing(n_samples)):
                self.write(block, multipliers, report)
                progress(self.n_samples)

    def write(self, block: int, multipliers: NDArray[np.float32], report: BlockReport) -> None:
        """Store a block, whole or not at all."""
        path = self._path(block)
        path.with_suffix(".json").write_text(json.dumps(asdict(report)), "utf-8")
        partial = path.with_suffix(f".{os.getpid()}.partial")
        with partial.open("wb") as stream:
            np.save(stream, multipliers)
        partial.replace(path)

    def missing(self, n_samples: int) -> list[int]:
        """Return the blocks of the first samples that are not built."""
        return [block for block, _ in _blocks(n_samples) if not self._path(block).exists()]

    def _path(self, block: int) -> Path:
        return self.folder / f"block-{block:05d}.npy"


def bank(catalogue: Catalogue, seed: int) -> SampleBank:
    """Return the bank of a seed, whether or not anything of it is built."""
    rows = tuple(catalogue.default_categories.values())
    return SampleBank(catalogue.folder / "samples" / f"seed-{seed}", seed, rows)


def banks(catalogue: Catalogue) -> tuple[SampleBank, ...]:
    """Return the banks of which something is built, by seed."""
    folders = (catalogue.folder / "samples").glob("seed-*")
    seeds = sorted(int(folder.name.removeprefix("seed-")) for folder in folders)
    return tuple(bank(catalogue, seed) for seed in seeds)


class Builder:
    """Builds blocks of sample banks of a release.

    Parameters
    ----------
    catalogue, background
        The release.
    structure
        In which the equations of the transposed technosphere are swept.
    """

    def __init__(self, catalogue: Catalogue, background: Background, structure: Structure) -> None:
        self._redraw = Redraw(catalogue)
        self._structure = structure
        self._background = background
        technosphere, biosphere = catalogue.technosphere, catalogue.biosphere
        self._negative = technosphere.amount < 0
        transpose = sparse.csr_array(background.technosphere.T)
        transpose.sort_indices()
        n = background.n_activities
        rows = np.repeat(np.arange(n, dtype=np.int64), np.diff(transpose.indptr))
        keys = rows * n + transpose.indices
        entry = np.searchsorted(
            keys, technosphere.activity_index.astype(np.int64) * n + technosphere.target_index
        )
        n_exchanges = len(technosphere.amount)
        purchases = sparse.csr_array(
            (np.full(n_exchanges, -1.0), (entry, np.arange(n_exchanges))),
            shape=(len(keys), n_exchanges),
        )
        self._purchases = purchases[structure.order]
        production = (rows == transpose.indices).astype(float)
        self._production = production[structure.order][:, np.newaxis]
        emitted = np.arange(len(biosphere.amount))
        self._lock = threading.Lock()  # the rooms are filled again for every block
        self._rooms = tuple(Room(structure, _COLUMNS) for _ in range(n_threads()))
        self._emissions = (biosphere.activity_index, biosphere.target_index, emitted)

    def blocks(self, bank: SampleBank, blocks: Sequence[int]) -> Iterator[Block]:
        """Compute blocks one after the other."""
        for block in blocks:
            yield block, *self.block(bank, block)

    def block(self, bank: SampleBank, block: int) -> tuple[NDArray[np.float32], BlockReport]:
        """Return the multipliers of a block, shape (n_activities, n_categories, BLOCK)."""
        with self._lock:
            return self._block(bank, block)

    def _block(self, bank: SampleBank, block: int) -> tuple[NDArray[np.float32], BlockReport]:
        amounts = self._redraw.amounts(self._redraw.draws(seed=bank.seed, block=block))
        starts = range(0, len(bank.categories), _COLUMNS)
        costs = [self._costs(bank.categories[start : start + _COLUMNS]) for start in starts]
        n = self._background.n_activities
        found = np.empty((n, len(bank.categories), BLOCK), np.float32)

        def fill(part: int, lanes: slice, room: Room) -> None:
            emitted = np.ascontiguousarray(amounts.biosphere[:, lanes])
            multiply(costs[part], emitted, room.right.reshape(-1, N_LANES))

        def keep(part: int, lanes: slice, room: Room) -> None:
            at = slice(starts[part], starts[part] + _COLUMNS)
            found[:, at, lanes] = room.solution[:, : len(bank.categories[at])]

        counts = self._solved(amounts.technosphere, len(costs), fill, keep)
        is_negative = (amounts.technosphere < 0).any(axis=1) & ~self._negative
        return found, BlockReport(
            factorized=sum(each[0] for each in counts),
            gain_passes_one=sum(each[1] for each in counts),
            negative_amounts=int(is_negative.sum()),
        )

    def taken(
        self, bank: SampleBank, block: int, activities: Sequence[int], products: Sequence[int]
    ) -> tuple[Array, dict[int, dict[str, Array]]]:
        """Return what products take of some activities in the samples of a block.

        Returns
        -------
        Array
            Shape (BLOCK, n_products, n_activities).
        dict
            The drawn parameters of the activities by position, in SI base units, shape (BLOCK,).
        """
        with self._lock:
            draws = self._redraw.draws(seed=bank.seed, block=block)
            amounts = self._redraw.amounts(draws)
            starts = range(0, len(activities), _COLUMNS)
            rows = np.asarray(products, dtype=np.intp)
            found = np.empty((BLOCK, len(rows), len(activities)))

            def fill(part: int, lanes: slice, room: Room) -> None:
                room.right[:] = 0.0
                asked = activities[starts[part] : starts[part] + _COLUMNS]
                for column, activity in enumerate(asked):
                    room.right[activity, column] = 1.0

            def keep(part: int, lanes: slice, room: Room) -> None:
                at = slice(starts[part], starts[part] + _COLUMNS)
                solved = room.solution[rows][:, : len(activities[at])]
                found[lanes, :, at] = solved.transpose(2, 0, 1)

            self._solved(amounts.technosphere, len(starts), fill, keep)
            drawn = {each: self._redraw.parameters(draws, each) for each in activities}
        return found, drawn

    def _solved(self, bought: Array, n_parts: int, fill: _Part, keep: _Part) -> list[_Counts]:
        """Solve a block for parts of right-hand sides, and return what happened, by lanes.

        ``fill`` sets the right-hand sides of a part, ``keep`` takes their solutions.
        """

        def solve(room: Room, first: int) -> _Counts:
            lanes = slice(first, first + N_LANES)
            multiply(self._purchases, np.ascontiguousarray(bought[:, lanes]), room.numbers.values)
            np.add(room.numbers.values, self._production, out=room.numbers.values)
            room.prepare()
            is_swept, passes = np.ones(N_LANES, np.bool_), np.zeros(N_LANES, np.bool_)
            for part in range(n_parts):
                fill(part, lanes, room)
                solved = solve_samples(room)
                keep(part, lanes, room)
                is_swept &= solved.is_swept
                passes |= solved.gain_passes_one
            return int((~is_swept).sum()), int(passes.sum())

        def work(thread: int) -> list[_Counts]:
            room = self._rooms[thread]
            return [solve(room, first) for first in range(thread * N_LANES, BLOCK, step)]

        step = n_threads() * N_LANES
        with ThreadPoolExecutor(max_workers=n_threads()) as pool:
            return list(chain.from_iterable(pool.map(work, range(n_threads()))))

    def _costs(self, categories: Sequence[int]) -> sparse.csr_array:
        """Return what turns emissions into direct costs, shape (n * _COLUMNS, n_emissions)."""
        activity, row, emission = self._emissions
        factors = self._background.characterization[np.array(categories)][:, row]
        category, where = np.nonzero(factors)
        rows = activity[where].astype(np.int64) * _COLUMNS + category
        shape = (self._background.n_activities * _COLUMNS, len(emission))
        return sparse.csr_array((factors[category, where], (rows, emission[where])), shape=shape)


def _blocks(n_samples: int) -> Iterator[tuple[int, tuple[int, int]]]:
    for block, start in enumerate(range(0, n_samples, BLOCK)):
        yield block, (start, min(start + BLOCK, n_samples))
