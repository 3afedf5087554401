"""bw2calc, as it is measured, answers what we answer."""

import math
from collections.abc import Callable
from functools import partial

import bw2calc
import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import sparse

from benchmarks import baseline
from benchmarks.systems import System, ecoinvent_like
from lca_service.solver.adjoint import multipliers
from lca_service.solver.direct import Factorization

N = 1_000
ITERATIVE = 1e-4  # IterativeLCA accepts a supply with an estimated error of 1e-6
Array = NDArray[np.float64]


@pytest.fixture(scope="module")
def system() -> System:
    return ecoinvent_like(N)


@pytest.fixture(scope="module")
def ours(system: System) -> Array:
    """The score of a unit of every product, shape (20, N)."""
    return multipliers(
        Factorization(system.technosphere), system.characterization @ system.biosphere
    )


def worst(found: Array, expected: Array) -> float:
    """The largest difference, relative to the largest result of its category."""
    scale = np.abs(expected).max(axis=1, keepdims=True)
    return float((np.abs(found - expected) / scale).max())


@pytest.mark.parametrize("task", [baseline.all_products, baseline.all_products_cold])
def test_bw2calc_scores_every_product_as_we_do(
    system: System, ours: Array, task: Callable[[System], tuple[float, Array]]
) -> None:
    measured = baseline.fastest(lambda: task(system))
    assert measured.back_end in baseline.back_ends()
    assert measured.seconds > 0
    assert worst(measured.result, ours) < 1e-9


def test_bw2calc_scores_demands_as_we_do(system: System, ours: Array) -> None:
    demands = [{3: 1.0}, {5: 2.0, 700: 0.5}]
    measured = baseline.fastest(lambda: baseline.next_demands(system, demands))
    expected = np.stack([ours[:, 3], 2 * ours[:, 5] + 0.5 * ours[:, 700]], axis=1)
    assert worst(measured.result, expected) < 1e-9


def test_bw2calc_scores_changed_columns_as_we_do(system: System) -> None:
    changed = system.technosphere.copy()
    dearer = np.isin(changed.indices, [1, 2, 3, 4, 5]) & (changed.data < 0)
    changed.data[dearer] *= 1.5
    q = system.characterization @ system.biosphere
    expected = multipliers(Factorization(changed), q)[:, [1]]
    for kind, tolerance in ((bw2calc.LCA, 1e-9), (bw2calc.IterativeLCA, ITERATIVE)):
        measured = baseline.fastest(
            partial(baseline.changed_systems, system, {1: 1.0}, [changed], kind=kind)
        )
        assert worst(measured.result, expected) < tolerance


def test_bw2calc_scores_given_samples_as_we_do(system: System) -> None:
    rng = np.random.default_rng(7)
    sampled = [
        matrix.data[:, None] * rng.lognormal(0, 0.1, (matrix.nnz, 2))
        for matrix in (system.technosphere, system.biosphere)
    ]
    found = baseline.same_samples(system, {9: 1.0}, *sampled)
    for sample in range(2):
        a, b = system.technosphere.copy(), system.biosphere.copy()
        a.data, b.data = (amounts[:, sample].copy() for amounts in sampled)
        expected = system.characterization @ (b @ Factorization(a).supply(np.eye(1, N, 9)[0]))
        assert found[:, sample] == pytest.approx(expected, rel=1e-9)


def test_an_amount_is_drawn_about_its_table_value_with_its_spread() -> None:
    # One activity that emits 3 with a sigma of 0.2 of the logarithm. Of 500 samples the mean
    # logarithm has a standard error of 0.2 / sqrt(500) = 0.009, the spread one of 3 %.
    alone = System(
        name="one",
        technosphere=sparse.csr_array(np.array([[1.0]])),
        biosphere=sparse.csr_array(np.array([[-3.0]])),
        characterization=np.array([[1.0]]),
        technosphere_sigma=np.array([0.0]),
        biosphere_sigma=np.array([0.2]),
    )
    drawn = baseline.fastest(lambda: baseline.monte_carlo(alone, {0: 1.0}, 500)).result
    logarithms = np.log(-drawn)
    assert logarithms.mean() == pytest.approx(math.log(3), abs=0.04)
    assert logarithms.std() == pytest.approx(0.2, rel=0.15)


def test_the_classes_of_bw2calc_agree_on_the_same_samples(system: System) -> None:
    iterative, direct = (
        baseline.fastest(
            partial(baseline.monte_carlo, system, {9: 1.0}, 3, seed=7, kind=kind)
        ).result
        for kind in (bw2calc.IterativeLCA, bw2calc.LCA)
    )
    assert worst(iterative, direct) < ITERATIVE
    assert (np.diff(direct, axis=1) != 0).any()


def test_the_fastest_back_end_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(baseline, "back_ends", lambda: ["SuperLU", "PARDISO", "UMFPACK"])
    runs = iter([(3.0, np.array([1.0])), (1.0, np.array([2.0])), (2.0, np.array([3.0]))])
    found = baseline.fastest(lambda: next(runs))
    assert (found.back_end, found.seconds, found.result.tolist()) == ("PARDISO", 1.0, [2.0])
