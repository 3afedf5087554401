"""bw2calc at its best on a system: its fastest classes, with every back end that is installed.

Every task returns its seconds and its results; `fastest` runs it with each back end. Nothing is
timed that bw2calc need do only once: matrices are loaded before, except where it says cold.
"""

from __future__ import annotations

import statistics
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import splu, spsolve

from benchmarks.datapackages import categories, datapackages, inventory, samples
from benchmarks.systems import System

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # bw2calc recommends pypardiso where it is not installed
    import bw2calc

Array = NDArray[np.float64]
Demand = Mapping[int, float]
Task = Callable[[], tuple[float, Array]]
T = TypeVar("T")


@dataclass(frozen=True)
class Measurement:
    """What a task took with the back end that was fastest [s], and its results."""

    back_end: str
    seconds: float
    result: Array


def back_ends() -> list[str]:
    """Return the names of the solvers that bw2calc can use here."""
    chosen = "PARDISO" if bw2calc.PYPARDISO else "UMFPACK" if bw2calc.UMFPACK else "SuperLU"
    return list(dict.fromkeys(["SuperLU", chosen]))


def fastest(task: Task) -> Measurement:
    """Run a task with every back end and return the fastest."""
    found: list[Measurement] = []
    for name in back_ends():
        with _solved_by(name):
            seconds, result = task()
        found.append(Measurement(name, seconds, result))
    return min(found, key=lambda each: each.seconds)


def all_products(system: System, *, n_runs: int = 3) -> tuple[float, Array]:
    """Score a unit of every product, from loaded matrices: the median, shape (n_categories, n)."""
    lca = _adjoint(system, datapackages(system))
    seconds = statistics.median(_timed(lca.calculate)[0] for _ in range(n_runs))
    return seconds, lca.product_scores.to_numpy()


def all_products_cold(system: System) -> tuple[float, Array]:
    """Do the same from data packages."""
    packages = datapackages(system)
    seconds, lca = _timed(lambda: _adjoint(system, packages))
    return seconds, lca.product_scores.to_numpy()


def next_demands(system: System, demands: Sequence[Demand]) -> tuple[float, Array]:
    """Score one more demand on a factorized system, by each: shape (n_categories, n_demands)."""
    lca = _solved(bw2calc.LCA, demands[0], [inventory(system)])
    factors = _factors(system, lca)

    def score(demand: Demand) -> Array:
        lca.lci(dict(demand))
        return _scores(factors, lca)

    return _each([partial(score, demand) for demand in demands])


def monte_carlo(
    system: System, demand: Demand, n_samples: int, *, seed: int = 0, kind: Any = None
) -> tuple[float, Array]:
    """Score samples of one demand, drawing included, by each: shape (n_categories, n_samples).

    ``kind`` is a class of bw2calc, by default `IterativeLCA`.
    """
    options = {"use_distributions": True, "seed_override": seed}
    lca = _solved(kind or bw2calc.IterativeLCA, demand, [inventory(system)], **options)
    factors = _factors(system, lca)

    def score() -> Array:
        next(lca)
        return _scores(factors, lca)

    return _each([score] * n_samples)


def changed_systems(
    system: System, demand: Demand, changed: Sequence[sparse.csr_array], *, kind: Any = None
) -> tuple[float, Array]:
    """Score a demand on other technosphere matrices of the same shape, each solved anew.

    ``kind`` is a class of bw2calc, by default `IterativeLCA`, which starts from the solution
    before.
    """
    lca = _solved(kind or bw2calc.IterativeLCA, demand, [inventory(system)])
    factors = _factors(system, lca)

    def score(technosphere: sparse.csr_matrix) -> Array:
        vars(lca).pop("solver", None)  # factors of the matrix before
        lca.technosphere_matrix = technosphere
        lca.lci()
        return _scores(factors, lca)

    matrices = [sparse.csr_matrix(each) for each in changed]
    return _each([partial(score, matrix) for matrix in matrices])


def same_samples(system: System, demand: Demand, technosphere: Array, biosphere: Array) -> Array:
    """Return the scores of a demand with given amounts, shape (n_categories, n_samples).

    Parameters
    ----------
    technosphere, biosphere
        Amounts of every sample, shape (nnz, n_samples), in the order of ``data``.
    """
    package = samples(system, technosphere, biosphere)
    lca = bw2calc.LCA(dict(demand), data_objs=[package], use_arrays=True)
    lca.keep_first_iteration()
    lca.lci()
    factors = _factors(system, lca)
    scores = []
    for _ in range(technosphere.shape[1]):
        next(lca)
        scores.append(_scores(factors, lca))
    return np.stack(scores, axis=1)


def _adjoint(system: System, packages: Sequence[Any]) -> Any:
    """Return bw2calc's scores of every product; a demand, which it insists on, costs nothing."""
    lca = bw2calc.FastScoresOnlyMultiLCA(
        demands={"any": {0: 1.0}},
        method_config={"impact_categories": categories(system)},
        data_objs=packages,
        direction="adjoint",
    )
    next(lca)
    return lca


def _solved(kind: Any, demand: Demand, packages: Sequence[Any], **options: Any) -> Any:
    lca = kind(dict(demand), data_objs=packages, **options)
    lca.lci(factorize=kind is bw2calc.LCA)
    return lca


def _factors(system: System, lca: Any) -> Array:
    """Return C of the flows that occur, which alone have a row in bw2calc."""
    return system.characterization[:, sorted(lca.dicts.biosphere)]


def _scores(factors: Array, lca: Any) -> Array:
    scores: Array = factors @ (lca.biosphere_matrix @ lca.supply_array)
    return scores


def _timed(action: Callable[[], T]) -> tuple[float, T]:
    start = time.perf_counter()
    result = action()
    return time.perf_counter() - start, result


def _each(actions: Sequence[Callable[[], Array]]) -> tuple[float, Array]:
    """Return the median of the seconds, and the results side by side."""
    found = [_timed(action) for action in actions]
    return statistics.median(s for s, _ in found), np.stack([r for _, r in found], axis=1)


@contextmanager
def _solved_by(back_end: str) -> Iterator[None]:
    """Let bw2calc use SuperLU where it would use another, and where it refuses to.

    With PARDISO installed it takes nothing else, although its own figures show SuperLU to be
    faster at some tasks; `FastScoresOnlyMultiLCA` refuses SuperLU, on which it runs as on
    UMFPACK.
    """
    with ExitStack() as stack:
        stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore")
        if back_end == "SuperLU":
            for module in ("fast_scores", "iterative_lca", "lca", "lca_base", "multi_lca"):
                stack.enter_context(patch(f"bw2calc.{module}.PYPARDISO", False))
            stack.enter_context(patch("bw2calc.utils.UMFPACK", False))
            stack.enter_context(patch("bw2calc.lca_base.spsolve", _spsolve))
            stack.enter_context(patch("bw2calc.fast_scores.UMFPACK", True))
            stack.enter_context(patch("bw2calc.fast_scores.factorized", lambda a: splu(a).solve))
        yield


def _spsolve(matrix: Any, right: Array) -> Array:
    return np.asarray(spsolve(matrix, right, use_umfpack=False))
