"""Distributions of categories whose shares of variance are known."""

import numpy as np
import pytest

from lca_service.calculation.benchmark import class_of, percentile_of, spread, thresholds


def test_a_fifth_of_the_distribution_is_in_each_class() -> None:
    values = np.random.default_rng(1).lognormal(0, 1, 100_000)
    limits = thresholds(values)
    shares = [float(np.mean([class_of(v, limits) == c for v in values[:20_000]])) for c in "ABCDE"]
    assert shares == pytest.approx([0.2] * 5, abs=0.015)


def test_variance_of_an_additive_design_is_told_apart() -> None:
    rng = np.random.default_rng(2)
    places, technologies = rng.normal(0, 3, 200), rng.normal(0, 2, 60)
    noise = rng.normal(0, 1, (200, 60, 50))
    found = spread(places[:, None, None] + technologies[None, :, None] + noise)
    assert found is not None
    whole = places.var() + technologies.var() + 1.0
    assert found.places == pytest.approx(places.var() / whole, rel=0.02)
    assert found.technologies == pytest.approx(technologies.var() / whole, rel=0.02)
    assert found.places + found.technologies + found.rest == pytest.approx(1.0)


def test_what_does_not_vary_has_no_shares() -> None:
    assert spread(np.full((2, 2, 2), 3.0)) is None


def test_percentiles_are_of_the_whole() -> None:
    values = np.arange(1000.0)
    assert percentile_of(-1.0, values) == 0.0
    assert percentile_of(1e9, values) == 100.0
    assert percentile_of(500.0, values) == pytest.approx(50.05)
