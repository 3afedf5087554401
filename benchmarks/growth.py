"""How the solver grows with the system, and how near its kernel is to the memory's speed.

python -m benchmarks.growth --write benchmarks/growth.png

measures ours alone at four sizes, prints a table with the bytes per second that a sweep reads,
beside those of a plain sum over as many bytes, and draws the chart.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import altair as alt
import numpy as np

from benchmarks.rows import N_METHODS, SEED, costs_of, largest_product
from benchmarks.sampled import sampler_of
from benchmarks.systems import System, ecoinvent_like
from benchmarks.timing import repeat
from lca_service.solver.adjoint import multipliers
from lca_service.solver.lanes import N_LANES
from lca_service.solver.sweep import Room
from lca_service.solver.system import LinearSystem

_SIZES = (1_000, 5_000, 20_000, 50_000)
_SAMPLES = 16 * N_LANES
_READS = 20


@dataclass(frozen=True)
class Point:
    """Seconds of one task on a system with so many entries in A."""

    activities: int
    entries: int
    task: str
    seconds: float


def points(system: System, activities: int) -> Iterator[Point]:
    """Measure ours on one system."""
    costs = costs_of(system)
    structures = LinearSystem(system.technosphere, costs).structures

    def all_products() -> None:
        multipliers(LinearSystem(system.technosphere, costs, structures=structures), costs)

    sampler = sampler_of(system, largest_product(system))
    tasks = {
        f"multipliers, {len(costs)} categories": (all_products, 1),
        f"one product x {N_METHODS}, a sample": (lambda: sampler.scores(_SAMPLES), _SAMPLES),
    }
    for task, (work, count) in tasks.items():
        seconds = repeat(work, 7, warm_up=2).median / count
        yield Point(activities, system.technosphere.nnz, task, seconds)


def bandwidth(system: System) -> tuple[float, float, float]:
    """Return the MiB of eight samples, the GB/s at which they are solved, and those of a sum."""
    costs = costs_of(system)[:1]
    structure = LinearSystem(system.technosphere, costs).structures[1]
    room = Room(structure, 1)
    room.numbers.values[:] = system.technosphere.T.tocsr().data[structure.order][:, np.newaxis]
    room.right[:] = costs.T[:, :, np.newaxis]
    room.prepare()
    seconds = repeat(room.sweep, 9, warm_up=2).median
    swept = structure.block_start[structure.segment_start]
    starts, ends = swept[:-1][structure.is_swept], swept[1:][structure.is_swept]
    plan = structure.condensation
    again = int((plan.pointer[ends] - plan.pointer[starts]).sum()) * (room.n_sweeps - 1)
    # the residual reads every value once more, beside what is swept
    entries = len(plan.slot) + len(plan.ahead_slot) + len(structure.order) + again
    rows = 2 * len(structure.row) + int((ends - starts).sum()) * (room.n_sweeps - 1)
    # eight amounts and two indices per entry; eight of b, of 1/d and of x per row
    read = entries * (8 * N_LANES + 8) + rows * 3 * 8 * N_LANES
    size = room.numbers.slots.nbytes
    numbers = np.random.default_rng(SEED).random(size // 8)

    def add_up() -> None:
        for _ in range(_READS):
            numbers.sum()

    plain = repeat(add_up, 9, warm_up=2).median / _READS
    return size / 2**20, read / seconds / 1e9, numbers.nbytes / plain / 1e9


def chart(found: list[Point]) -> alt.Chart:
    """Return the times over the entries of A, both on logarithmic axes."""
    rows = [asdict(each) | {"ms": each.seconds * 1e3} for each in found]
    return (
        alt.Chart(alt.Data(values=rows), width=520, height=320, title="Time and size of A")
        .mark_line(point=True)
        .encode(
            x=alt.X("entries:Q", title="entries of A").scale(type="log"),
            y=alt.Y("ms:Q", title="time [ms]").scale(type="log"),
            color=alt.Color("task:N", title=None),
            strokeDash=alt.StrokeDash("task:N", title=None),
        )
    )


def main() -> None:
    """Measure, print and draw."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--write", type=Path, default=Path(__file__).with_name("growth.png"))
    file: Path = parser.parse_args().write
    found: list[Point] = []
    print("| activities | entries of A | task | ours | ns per entry |\n|---|---|---|---|---|")
    for size in _SIZES:
        for each in points(ecoinvent_like(size), size):
            found.append(each)
            per_entry = each.seconds / each.entries * 1e9
            print(f"| {each.activities:,} | {each.entries:,} | {each.task} | "
                  f"{each.seconds * 1e3:.3g} ms | {per_entry:.3g} |")  # fmt: skip
    mib, ours, plain = bandwidth(ecoinvent_like(20_000))
    print(f"\nEight samples of {mib:.1f} MiB are solved and certified at {ours:.0f} GB/s; "
          f"a sum over as many bytes {plain:.0f} GB/s.")  # fmt: skip
    chart(found).save(file, scale_factor=2)


if __name__ == "__main__":
    main()
