"""Comparisons against cases whose probabilities are known."""

from statistics import NormalDist

import numpy as np
import pytest

from lca_service.calculation.comparison import Pair, Scored, Verdict, compare, holm

N = 200_000


def scored(samples: list[np.ndarray], **also: object) -> Scored:
    values = np.array([float(np.median(each)) for each in samples])
    return Scored(values, np.stack(samples), also.get("signs", {}))  # type: ignore[arg-type]


def lognormal(rng: np.random.Generator, median: float, gsd: float) -> np.ndarray:
    return median * np.exp(np.log(gsd) * rng.standard_normal(N))


def one(*samples: np.ndarray, relevance: float = 0.01, **also: object) -> Pair:
    ((pair,),) = compare([scored(list(samples), **also)], relevance=relevance)
    return pair


@pytest.mark.parametrize(("ratio", "gsds"), [(1.2, (1.3, 1.1)), (1.05, (1.5, 1.5)), (2.0, (2, 3))])
def test_independent_lognormals_have_the_probability_of_their_logarithms(
    ratio: float, gsds: tuple[float, float]
) -> None:
    rng = np.random.default_rng(1)
    pair = one(lognormal(rng, 1.0, gsds[0]), lognormal(rng, ratio, gsds[1]))
    # ln A - ln B is normal, its mean ln(1 / ratio), its variance the sum of both
    spread = np.hypot(*np.log(gsds))
    expected = NormalDist().cdf(float(np.log(ratio) / spread))
    error = 4 * np.sqrt(expected * (1 - expected) / N)
    assert pair.probability_lower == pytest.approx(expected, abs=error)


def test_what_is_uncertain_in_both_cancels() -> None:
    shared = lognormal(np.random.default_rng(2), 1.0, 3.0)
    pair = one(shared, 1.02 * shared)
    assert pair.probability_lower == 1.0
    assert pair.verdict is Verdict.LOWER
    # the same two, drawn apart, cannot be told from one another
    apart = lognormal(np.random.default_rng(3), 1.02, 3.0)
    assert one(shared, apart).verdict is Verdict.NOT_DISTINGUISHABLE


def test_verdicts_are_symmetric() -> None:
    rng = np.random.default_rng(4)
    low, high = lognormal(rng, 1.0, 1.1), lognormal(rng, 2.0, 1.1)
    there, back = one(low, high), one(high, low)
    assert (there.verdict, back.verdict) == (Verdict.LOWER, Verdict.HIGHER)
    assert there.probability_lower == pytest.approx(1 - back.probability_lower)
    assert there.difference.p2_5 == pytest.approx(-back.difference.p97_5)
    assert there.relative == pytest.approx(-back.relative)  # type: ignore[operator]


def test_an_option_equals_itself() -> None:
    same = lognormal(np.random.default_rng(5), 1.0, 1.5)
    pair = one(same, same, relevance=0.0)
    assert (pair.probability_lower, pair.difference.mean) == (0.5, 0.0)
    assert pair.verdict is Verdict.NOT_DISTINGUISHABLE


def test_a_difference_that_does_not_matter_is_no_verdict() -> None:
    shared = lognormal(np.random.default_rng(6), 1.0, 1.5)
    assert one(shared, 1.04 * shared, relevance=0.05).verdict is Verdict.NOT_DISTINGUISHABLE
    assert one(shared, 1.06 * shared, relevance=0.05).verdict is Verdict.LOWER


def test_a_sign_that_the_allocation_turns_round_is_no_verdict() -> None:
    shared = lognormal(np.random.default_rng(7), 1.0, 1.5)
    for keeps, verdict in ((True, Verdict.LOWER), (False, Verdict.NOT_DISTINGUISHABLE)):
        pair = one(shared, 1.5 * shared, signs={(0, 1): keeps})
        assert (pair.keeps_sign, pair.verdict) == (keeps, verdict)


def test_many_pairs_need_more_evidence_each() -> None:
    # of which 97 of 100 samples agree: a verdict alone, and none as one of five
    samples = np.ones((2, 100))
    samples[0, :97] = 0.5
    samples[0, 97:] = 2.0
    assert one(*samples).verdict is Verdict.LOWER
    for (pair,) in compare([scored(list(samples))] * 5, relevance=0.01):
        assert pair.probability_lower == pytest.approx(0.97)
        assert pair.adjusted == pytest.approx(0.15)
        assert pair.verdict is Verdict.NOT_DISTINGUISHABLE


def test_holm_is_never_below_the_p_value_and_keeps_their_order() -> None:
    p_values = np.random.default_rng(8).uniform(size=200)
    adjusted = holm(p_values)
    assert (adjusted >= p_values).all()
    order = np.argsort(p_values)
    assert (np.diff(adjusted[order]) >= 0).all()


def test_the_interval_of_a_difference_covers_its_true_value() -> None:
    # the truth is one draw more of the same two distributions: 95 % of intervals hold it
    rng = np.random.default_rng(9)
    held = 0
    for _ in range(400):
        a = np.exp(0.2 * rng.standard_normal(1001))
        b = 1.3 * np.exp(0.3 * rng.standard_normal(1001))
        pair = one(a[1:], b[1:])
        held += pair.difference.p2_5 <= a[0] - b[0] <= pair.difference.p97_5
    assert 0.92 < held / 400 < 0.98
