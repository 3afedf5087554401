"""Multipliers after a change, against the inverse of the changed system."""

import numpy as np
import pytest

from lca_service.errors import SingularSystem
from lca_service.solver.patched import Known, patched_multipliers


def system(rng: np.random.Generator, n: int) -> np.ndarray:
    """Return I - T with purchases that leave a net output."""
    purchases = rng.uniform(0, 1.6 / n, (n, n)) * (rng.random((n, n)) < 0.6)
    return np.eye(n) - purchases


def known(
    matrices: np.ndarray, costs: np.ndarray, changed: list[int], rows: list[int], asked: list[int]
) -> Known:
    inverse = np.linalg.inv(matrices)  # row p, column j: what activity p gives per unit of j
    taken = inverse.transpose(0, 2, 1)[:, :, changed]
    solved = costs @ inverse
    multipliers = solved.transpose(0, 2, 1)
    return Known(
        taken[:, rows], taken[:, asked], taken[:, changed], multipliers[:, rows],
        multipliers[:, asked],
    )  # fmt: skip


@pytest.mark.parametrize("k", [1, 2, 5])
def test_an_update_equals_a_new_solve(k: int) -> None:
    rng = np.random.default_rng(k)
    n, samples = 12, 7
    matrices = np.stack([system(rng, n) for _ in range(samples)])
    costs = rng.random((samples, 3, n))
    changed = rng.choice(n, k, replace=False).tolist()
    rows = sorted(set(range(n)) - set(changed))[:6]
    asked = list(range(n))
    bought = rng.uniform(-0.02, 0.05, (samples, len(rows), k))
    more = rng.uniform(-0.1, 0.5, (samples, k, 3))
    found = patched_multipliers(known(matrices, costs, changed, rows, asked), bought, more)
    after, after_costs = matrices.copy(), costs.copy()
    for sample in range(samples):
        after[sample][np.ix_(rows, changed)] -= bought[sample]
        after_costs[sample][:, changed] += more[sample].T
    expected = (after_costs @ np.linalg.inv(after)).transpose(0, 2, 1)
    np.testing.assert_allclose(found, expected, rtol=1e-9)


def test_a_change_of_nothing_changes_nothing() -> None:
    rng = np.random.default_rng(0)
    matrices, costs = system(rng, 5)[None], rng.random((1, 2, 5))
    before = known(matrices, costs, [1], [0, 2], [0, 1, 2, 3, 4])
    found = patched_multipliers(before, np.zeros((1, 2, 1)), np.zeros((1, 1, 2)))
    assert np.array_equal(found, before.product_multipliers)


def test_activities_that_leave_nothing_over_are_refused_and_samples_of_them_are_nan() -> None:
    # two activities; the second will buy 2 of the first, which buys 0.6 of the second
    matrix = np.array([[1.0, 0.0], [-0.6, 1.0]])
    matrices, costs = np.stack([matrix, matrix]), np.ones((2, 1, 2))
    before = known(matrices, costs, [1], [0], [0, 1])
    bought = np.array([[[2.0]], [[0.5]]])
    found = patched_multipliers(before, bought, np.zeros((2, 1, 1)))
    assert np.isnan(found[0]).all()
    assert np.isfinite(found[1]).all()
    alone = known(matrices[:1], costs[:1], [1], [0], [0, 1])
    with pytest.raises(SingularSystem):
        patched_multipliers(alone, bought[:1], np.zeros((1, 1, 1)))
