"""Lognormal samples are those of the general way, made at once."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

from lca_service.solver.lognormal import lognormals, normal_quantile
from lca_service.solver.streams import uniforms


@pytest.mark.parametrize(
    "p", [1e-300, 1e-20, 1e-11, 1e-3, 0.0749, 0.0751, 0.3, 0.5, 0.77, 0.9251, 1 - 1e-9]
)
def test_the_normal_quantile_has_fourteen_digits(p: float) -> None:
    assert normal_quantile(p) == pytest.approx(special.ndtri(p), rel=1e-14, abs=1e-15)


@settings(deadline=None)  # the first call compiles
@given(st.integers(0, 20), st.integers(1, 20))
def test_samples_are_those_of_their_uniform_numbers(first: int, count: int) -> None:
    median, sigma = np.array([2.0, -0.5, 7.0]), np.array([0.3, 1.1, 0.0])
    streams = np.array([1, 2**40 + 3, 9], np.uint64)
    found = lognormals(median, sigma, streams, seed=5, first=first, count=count)
    chance = uniforms(streams, seed=5, first=first, count=count)
    expected = median[:, None] * np.exp(sigma[:, None] * special.ndtri(chance))
    assert found == pytest.approx(expected, rel=1e-13)
    assert (found[2] == 7.0).all()
