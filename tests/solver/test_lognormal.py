"""Lognormal samples are those of the general way, made at once."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

from lca_service.solver.jit import kernel
from lca_service.solver.lane_math import normal_lanes
from lca_service.solver.lanes import N_LANES, load, store
from lca_service.solver.lognormal import lognormals
from lca_service.solver.streams import uniforms


@kernel
def _quantiles(probabilities: np.ndarray, found: np.ndarray) -> None:
    for row in range(len(found)):
        store(found, row, normal_lanes(load(probabilities, row, 1)))


def test_normal_quantiles_have_fourteen_digits() -> None:
    # near the joints of the three formulas, and as far out as a uniform number gets
    out = [2.0**-53, 1e-12, 1.3e-11, 1.4e-11, 1e-3, 0.0749, 0.075, 0.0751, 0.3, 0.4999, 0.5]
    some = np.random.default_rng(0).random(10 * N_LANES)
    chance = np.concatenate([out, 1.0 - np.array(out[1:]), some])
    chance = np.rint(chance * 2.0**53) * 2.0**-53  # as they are drawn
    chance = np.ascontiguousarray(np.resize(chance, (len(chance) // N_LANES, N_LANES)))
    found = np.empty_like(chance)
    _quantiles(chance, found)
    assert found == pytest.approx(special.ndtri(chance), rel=1e-14, abs=1e-15)


@settings(deadline=None)  # the first call compiles
@given(st.integers(0, 20), st.integers(1, 20))
def test_samples_are_those_of_their_uniform_numbers(first: int, count: int) -> None:
    median, sigma = np.array([2.0, -0.5, 7.0]), np.array([0.3, 1.1, 0.0])
    streams = np.array([1, 2**40 + 3, 9], np.uint64)
    out = np.empty((3, count))
    found = lognormals(median, sigma, streams, seed=5, first=first, out=out)
    chance = uniforms(streams, seed=5, first=first, count=count)
    expected = median[:, None] * np.exp(sigma[:, None] * special.ndtri(chance))
    assert found == pytest.approx(expected, rel=1e-13)
    assert (found[2] == 7.0).all()
