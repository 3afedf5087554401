"""A row of the benchmarks of the solver, and what every task needs to fill one."""

from __future__ import annotations

import resource
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks import baseline
from benchmarks.systems import System
from lca_service.solver.adjoint import multipliers
from lca_service.solver.system import LinearSystem

Array = NDArray[np.float64]

N_METHODS = 2  # of one product
SEED = 7


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


def costs_of(system: System) -> Array:
    return np.asarray(system.characterization @ system.biosphere)


def difference(ours: Array, theirs: Array) -> float:
    """Return the largest difference beside the largest value of a category."""
    scale = np.abs(theirs).max(axis=-1, keepdims=True)
    return float((np.abs(ours - theirs) / np.where(scale > 0, scale, 1.0)).max())


def row(
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


def peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024  # of kB on Linux


def largest_product(system: System) -> int:
    """Return the product with the largest scores."""
    costs = costs_of(system)[:N_METHODS]
    scores = multipliers(LinearSystem(system.technosphere, costs), costs)
    return int(np.argmax(np.abs(scores).sum(axis=0)))
