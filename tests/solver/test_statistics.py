"""Intervals hold what they promise, beside plain samples and the textbook."""

import numpy as np
import pytest
from scipy import sparse
from scipy.stats import binom

from lca_service.solver.demand_sampler import DemandSampler
from lca_service.solver.statistics import (
    estimate_mean,
    estimate_quantile,
    first_order,
    ranks,
)
from tests.solver.test_monte_carlo import LOGNORMAL, NORMAL, sampler, uncertain

Matrix = sparse.csr_array


def chain(sigma_bought: float, sigma_emitted: float) -> DemandSampler:
    """Return a product that takes 3 of another, which emits 2: a product of two lognormals."""
    a, b = Matrix([[1.0, 0.0], [-3.0, 1.0]]), Matrix([[0.0, 2.0]])
    return DemandSampler(
        a,
        b,
        exchanges=uncertain(a, sigma_bought, 0),
        emissions=uncertain(b, sigma_emitted, 10),
        factors=np.ones((1, 1)),
        demand=np.array([1.0, 0.0]),
        seed=1,
    )


def test_the_first_order_is_that_of_a_product() -> None:
    found = first_order(chain(0.1, 0.2))
    assert found.score == pytest.approx([6.0])
    # more made of a product lowers the score, more bought raises it
    assert sorted(found.exchanges[0].tolist()) == pytest.approx([-6.0, -6.0, 6.0])
    assert found.emissions[0].tolist() == pytest.approx([6.0])
    variance = sum(np.exp(s**2) * np.expm1(s**2) for s in (0.1, 0.2))
    assert found.standard_deviation == pytest.approx([6.0 * variance**0.5], rel=1e-6)
    assert found.mean == pytest.approx([6.0 * (np.exp(0.005) + np.exp(0.02) - 1)], rel=1e-6)
    low, high = found.interval
    # the product is lognormal itself: sigma sqrt(0.05)
    assert low == pytest.approx([6.0 * np.exp(-1.96 * 0.05**0.5)], rel=0.03)
    assert high == pytest.approx([6.0 * np.exp(1.96 * 0.05**0.5)], rel=0.03)


def test_without_spread_there_is_no_interval() -> None:
    found = first_order(sampler(20, 3, 0.0))
    assert found.standard_deviation.tolist() == [0.0, 0.0]
    assert found.interval[0] == pytest.approx(found.score)
    mean = estimate_mean(sampler(20, 3, 0.0), half_width=1e-6)
    assert mean.is_reached
    assert mean.mean == pytest.approx(found.score, rel=1e-12)


def test_the_mean_is_that_of_the_textbook_with_few_samples() -> None:
    found = estimate_mean(chain(0.1, 0.2), half_width=1e-3)
    assert found.is_reached
    expected = 6.0 * np.exp((0.1**2 + 0.2**2) / 2)
    assert abs(found.mean[0] - expected) <= 2 * found.half_width[0]
    # plain samples: (1.96 * 0.226 / 0.001)^2
    assert found.n_samples < 196_000 / 100


@pytest.mark.parametrize("kind", [LOGNORMAL, NORMAL])
def test_the_mean_is_that_of_plain_samples(kind: int) -> None:
    one = sampler(40, 7, 0.1, kind=kind)
    plain, _ = one.scores(20_000)
    found = estimate_mean(one, half_width=2e-3)
    assert found.is_reached
    error = 1.96 * plain.std(axis=1) / 20_000**0.5
    assert (np.abs(found.mean - plain.mean(axis=1)) < 1.5 * (found.half_width + error)).all()
    assert found.n_without_solution == 0


def test_an_interval_out_of_reach_is_said() -> None:
    found = estimate_mean(sampler(40, 7, 0.3), half_width=1e-9, most_samples=1000)
    assert not found.is_reached
    assert found.n_samples <= 1000
    assert not estimate_quantile(
        sampler(20, 7, 0.3), 0.5, half_width=1e-9, most_samples=512
    ).is_reached


def test_a_quantile_lies_in_its_interval() -> None:
    one = chain(0.3, 0.4)
    found = estimate_quantile(one, 0.975, half_width=0.02)
    assert found.is_reached
    expected = 6.0 * np.exp(1.959964 * 0.5)
    assert found.low[0] < expected < found.high[0]
    assert found.low[0] <= found.value[0] <= found.high[0]


def test_without_a_sample_beyond_it_a_quantile_has_no_bound() -> None:
    # 0.99^256 = 7.6 % of the times no sample is above the quantile of 99 %
    low, high = ranks(256, 0.99)
    assert 0 < low < 256
    assert high == 256
    assert ranks(256, 0.01)[0] == -1


@pytest.mark.parametrize("n", [256, 4096])
@pytest.mark.parametrize("probability", [0.025, 0.5, 0.975])
def test_order_statistics_hold_the_quantile_as_often_as_they_say(
    n: int, probability: float
) -> None:
    low, high = ranks(n, probability)
    # the quantile lies between them if more than `low` and at most `high` samples are below
    covered = binom.cdf(high, n, probability) - binom.cdf(low, n, probability)
    assert covered >= 0.95
    assert binom.cdf(high - 1, n, probability) - binom.cdf(low + 1, n, probability) < 0.95
