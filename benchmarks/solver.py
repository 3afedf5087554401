"""The solver beside bw2calc on one system: a row for every task, both in the same process.

lca-service bench --activities 20000 --json
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass

import bw_processing as bwp
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from benchmarks import baseline
from benchmarks.baseline import bw2calc
from benchmarks.datapackages import CERTAIN, LOGNORMAL, inventory
from benchmarks.systems import System, ecoinvent_like
from benchmarks.timing import repeat
from lca_service.matrices.assemble import technosphere
from lca_service.solver.adjoint import multipliers
from lca_service.solver.lanes import N_LANES
from lca_service.solver.monte_carlo import DemandSampler, solve_samples
from lca_service.solver.sweep import Room, aligned, multiply
from lca_service.solver.system import LinearSystem
from lca_service.solver.threads import n_threads
from lca_service.solver.uncertain import UncertainAmounts
from lca_service.solver.update import ColumnUpdate

Array = NDArray[np.float64]

N_LINES = 30
N_CATEGORIES = 3  # of a bill
N_METHODS = 2  # of Monte Carlo
N_CHANGED = 5  # columns
_SEED = 7


@dataclass(frozen=True)
class Row:
    """One task: seconds of both, their ratio, and how far the results are apart.

    ``baseline`` names bw2calc's class and back end, ``cached`` what ours has from before,
    ``peak_mib`` the peak of a process that does ours alone.
    """

    task: str
    ours_s: float
    baseline: str
    baseline_s: float
    ratio: float
    max_rel_diff: float
    peak_mib: float
    cached: str


def run(task: str, activities: int) -> Row:
    """Measure one task on a drawn system."""
    return TASKS[task](ecoinvent_like(activities))


def run_all(activities: int) -> list[Row]:
    """Measure every task, each in a process of its own."""
    found: list[Row] = []
    for task in TASKS:
        command = [sys.executable, "-m", "benchmarks.solver", task, str(activities)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        found.append(Row(**json.loads(done.stdout.splitlines()[-1])))
    return found


def as_table(rows: list[Row]) -> str:
    """Return rows as a Markdown table."""
    head = "| task | ours | baseline | its time | ratio | difference | peak | cached |"
    lines = [head, "|---|---|---|---|---|---|---|---|"]
    lines += [
        f"| {each.task} | {each.ours_s * 1e3:.3g} ms | {each.baseline} | "
        f"{each.baseline_s * 1e3:.3g} ms | {each.ratio:.3g} | {each.max_rel_diff:.1e} | "
        f"{each.peak_mib:.0f} MiB | {each.cached} |"
        for each in rows
    ]
    return "\n".join(lines)


def _costs(system: System) -> Array:
    return np.asarray(system.characterization @ system.biosphere)


def _difference(ours: Array, theirs: Array) -> float:
    """Return the largest difference beside the largest value of a category."""
    scale = np.abs(theirs).max(axis=-1, keepdims=True)
    return float((np.abs(ours - theirs) / np.where(scale > 0, scale, 1.0)).max())


def _row(
    task: str, ours: float, peak: float, theirs: baseline.Measurement, name: str, apart: float,
    cached: str,
) -> Row:  # fmt: skip
    return Row(
        task=task,
        ours_s=ours,
        baseline=f"{name}, {theirs.back_end}",
        baseline_s=theirs.seconds,
        ratio=theirs.seconds / ours,
        max_rel_diff=apart,
        peak_mib=peak,
        cached=cached,
    )


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024  # of kB on Linux


def _multipliers(system: System) -> Row:
    costs = _costs(system)
    structures = LinearSystem(system.technosphere, costs).structures

    def ours() -> Array:
        return multipliers(LinearSystem(system.technosphere, costs, structures=structures), costs)

    seconds, peak, found = repeat(ours, 7, warm_up=2).median, _peak(), ours()
    theirs = baseline.fastest(lambda: baseline.all_products(system))
    apart = _difference(found, theirs.result)
    name = "FastScoresOnlyMultiLCA(adjoint)"
    return _row("multipliers", seconds, peak, theirs, name, apart, "order of the equations")


def _cold(system: System) -> Row:
    package = inventory(system)
    n, costs = system.technosphere.shape[0], _costs(system)

    def ours() -> Array:
        matrix = technosphere(package, n)
        return multipliers(LinearSystem(matrix, costs), costs)

    seconds, peak, found = repeat(ours, 5, warm_up=1).median, _peak(), ours()
    theirs = baseline.fastest(lambda: baseline.all_products_cold(system))
    apart = _difference(found, theirs.result)
    name = "FastScoresOnlyMultiLCA(adjoint)"
    return _row("multipliers-cold", seconds, peak, theirs, name, apart, "compiled kernels")


def _bill(system: System) -> Row:
    generator = np.random.default_rng(_SEED)
    n = system.technosphere.shape[0]
    bills = [
        {int(place): generator.random() for place in generator.choice(n, N_LINES, replace=False)}
        for _ in range(8)
    ]
    costs = _costs(system)
    stored = multipliers(LinearSystem(system.technosphere, costs), costs)[:N_CATEGORIES]
    stored = np.ascontiguousarray(stored.T)  # what a bill buys lies together

    def ours(bill: dict[int, float]) -> Array:
        places = np.fromiter(bill, dtype=np.intp, count=len(bill))
        amounts = np.fromiter(bill.values(), dtype=np.float64, count=len(bill))
        return np.asarray(amounts @ stored[places])

    seconds, peak = repeat(lambda: ours(bills[0]), 2000, warm_up=50).median, _peak()
    theirs = baseline.fastest(lambda: baseline.next_demands(system, bills))
    found = np.stack([ours(bill) for bill in bills], axis=1)
    apart = _difference(found, theirs.result[:N_CATEGORIES])
    return _row("bill", seconds, peak, theirs, "LCA, next demand", apart, "multipliers")


def _all_products(system: System) -> Row:
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

    seconds, peak = repeat(ours, 5, warm_up=1).median / (n_batches * N_LANES), _peak()
    place = _largest(system)
    theirs = baseline.fastest(lambda: baseline.monte_carlo(system, {place: 1.0}, 12, seed=_SEED))
    expected = _first_samples(system, {place: 1.0})
    apart = _difference(draws.solve(*rooms[0], 0)[place], expected)
    name = "IterativeLCA, one product, per sample"
    return _row("monte-carlo-all", seconds, peak, theirs, name, apart, "order of the equations")


def _uncertain(system: System, part: str) -> UncertainAmounts:
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
        costs = _costs(system)[:N_METHODS]
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
        self._technosphere = _uncertain(system, "technosphere")[entry[self._structure.order]]
        # Only what a method counts is drawn: an exchange's numbers depend on no other
        biosphere = system.biosphere
        flows = np.repeat(np.arange(biosphere.shape[0]), np.diff(biosphere.indptr))
        factors = system.characterization[:N_METHODS, flows]
        counted = np.flatnonzero(factors.any(axis=0))
        self._biosphere = _uncertain(system, "biosphere")[counted]
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
        self._technosphere.draw(seed=_SEED, first=first, out=room.numbers.values)
        room.prepare()
        self._biosphere.draw(seed=_SEED, first=first, out=emitted)
        multiply(self._costs, emitted, room.right.reshape(-1, N_LANES))
        solve_samples(room)
        return room.solution


def _first_samples(system: System, demand: dict[int, float]) -> Array:
    """Return bw2calc's scores of the first samples, shape (N_METHODS, N_LANES)."""
    drawn = []
    for part in ("technosphere", "biosphere"):
        amounts = _uncertain(system, part)
        drawn.append(amounts.draw(seed=_SEED, first=0, out=np.empty((len(amounts), N_LANES))))
    return baseline.same_samples(system, demand, *drawn)[:N_METHODS]


def _one_product(system: System) -> Row:
    """One product under two categories, drawing included."""
    place = _largest(system)
    demand = np.zeros(system.technosphere.shape[0])
    demand[place] = 1.0
    sampler = DemandSampler(
        system.technosphere,
        system.biosphere,
        exchanges=_uncertain(system, "technosphere"),
        emissions=_uncertain(system, "biosphere"),
        factors=system.characterization[:N_METHODS],
        demand=demand,
        seed=_SEED,
    )
    n_samples = 16 * N_LANES
    seconds = repeat(lambda: sampler.scores(n_samples), 7, warm_up=1).median / n_samples
    peak = _peak()
    theirs = baseline.fastest(lambda: baseline.monte_carlo(system, {place: 1.0}, 12, seed=_SEED))
    apart = _difference(sampler.scores(N_LANES)[0], _first_samples(system, {place: 1.0}))
    name = "IterativeLCA, per sample"
    return _row("monte-carlo-one", seconds, peak, theirs, name, apart, "order of the equations")


def _changed_columns(system: System) -> Row:
    """Five activities with other amounts, one product under two categories."""
    generator = np.random.default_rng(_SEED)
    a, costs, place = system.technosphere, _costs(system)[:N_METHODS], _largest(system)
    solved = LinearSystem(a, costs)
    scores = multipliers(solved, costs)
    columns = generator.choice(a.shape[0], N_CHANGED, replace=False)
    before = sparse.csc_array(a)[:, columns]
    changes = []
    for _ in range(8):
        change = before.copy()
        change.data = change.data * generator.uniform(-0.2, 0.2, change.nnz)
        changes.append(change)
    update = ColumnUpdate(a, solved, costs, scores, columns)
    seconds = repeat(
        lambda: update.multipliers(changes[0], products=[place]), 200, warm_up=5
    ).median
    peak = _peak()
    after = []
    for change in changes:
        whole = sparse.lil_array(a.shape)
        whole[:, columns] = change.tolil()
        after.append(sparse.csr_array(a + whole.tocsr()))
    theirs = baseline.fastest(lambda: baseline.changed_systems(system, {place: 1.0}, after))
    exact = baseline.changed_systems(system, {place: 1.0}, after[:2], kind=bw2calc.LCA)[1]
    found = np.hstack([update.multipliers(change, products=[place]) for change in changes[:2]])
    apart = _difference(found, exact[:N_METHODS])
    name = "IterativeLCA from the last solution"
    cached = "what each product takes of the five activities"
    return _row("changed-columns", seconds, peak, theirs, name, apart, cached)


def _largest(system: System) -> int:
    """Return the product with the largest scores."""
    costs = _costs(system)[:N_METHODS]
    scores = multipliers(LinearSystem(system.technosphere, costs), costs)
    return int(np.argmax(np.abs(scores).sum(axis=0)))


TASKS: dict[str, Callable[[System], Row]] = {
    "multipliers": _multipliers,
    "multipliers-cold": _cold,
    "bill": _bill,
    "changed-columns": _changed_columns,
    "monte-carlo-one": _one_product,
    "monte-carlo-all": _all_products,
}


if __name__ == "__main__":
    print(json.dumps(asdict(run(sys.argv[1], int(sys.argv[2])))))
