"""Every distribution of stats_arrays is drawn as stats_arrays has it."""

from typing import Any

import numpy as np
import pytest
from scipy import stats
from stats_arrays import UncertaintyBase, uncertainty_choices

from lca_service.solver.sampling import draw, quantiles

PROBABILITIES = np.array([[0.001, 0.1, 0.3, 0.5, 0.8, 0.975, 0.9999]])
DRAWN_ONLY = {8, 9, 11, 12}  # stats_arrays has no quantiles of these
CASES: list[dict[str, Any]] = [
    {"uncertainty_type": 0, "loc": 2.5},
    {"uncertainty_type": 1, "loc": -2.5},
    {"uncertainty_type": 2, "loc": np.log(3.0), "scale": 0.4},
    {"uncertainty_type": 2, "loc": np.log(3.0), "scale": 0.4, "negative": True},
    {"uncertainty_type": 3, "loc": 3.0, "scale": 0.5},
    {"uncertainty_type": 4, "minimum": -1.0, "maximum": 3.0},
    {"uncertainty_type": 5, "minimum": 1.0, "loc": 2.0, "maximum": 6.0},
    {"uncertainty_type": 6, "loc": 0.3},
    {"uncertainty_type": 8, "loc": 1.0, "scale": 2.0, "shape": 1.7},
    {"uncertainty_type": 9, "loc": 1.0, "scale": 2.0, "shape": 1.7},
    {"uncertainty_type": 10, "loc": 2.0, "shape": 5.0, "minimum": 1.0, "maximum": 4.0},
    {"uncertainty_type": 11, "loc": 2.0, "scale": 0.7},
    {"uncertainty_type": 12, "loc": 2.0, "scale": 0.7, "shape": 4.0},
    {"uncertainty_type": 13, "loc": 2.0, "minimum": 1.0, "maximum": 4.0},
]


def rows(*cases: dict[str, Any]) -> np.ndarray:
    return np.asarray(UncertaintyBase.from_dicts(*cases))


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["uncertainty_type"]))
def test_quantiles_are_those_of_stats_arrays(case: dict[str, Any]) -> None:
    parameters = rows(case)
    theirs = uncertainty_choices[case["uncertainty_type"]]
    if case["uncertainty_type"] in DRAWN_ONLY:
        drawn = theirs.random_variables(parameters, 20_000, np.random.RandomState(1))[0]
        ours = draw(parameters, np.array([4], np.uint64), seed=2, first=0, count=20_000)[0]
        assert stats.ks_2samp(drawn, ours).pvalue > 1e-3
    else:
        expected = theirs.ppf(parameters.copy(), PROBABILITIES)
        assert quantiles(parameters, PROBABILITIES) == pytest.approx(expected, rel=1e-9, abs=1e-12)


def test_a_discrete_uniform_has_its_whole_numbers_alike() -> None:
    case = {"uncertainty_type": 7, "minimum": 2, "maximum": 6}  # 2, 3, 4, 5
    drawn = draw(rows(case), np.array([5], np.uint64), seed=1, first=0, count=8000)
    values, counts = np.unique(drawn, return_counts=True)
    assert values.tolist() == [2, 3, 4, 5]
    assert (abs(counts - 2000) < 5 * 2000**0.5).all()


def test_the_median_of_a_lognormal_is_its_table_value() -> None:
    case = {"uncertainty_type": 2, "loc": np.log(3.0), "scale": 0.4}
    drawn = draw(rows(case), np.array([9], np.uint64), seed=3, first=0, count=20000)[0]
    assert np.median(drawn) == pytest.approx(3.0, rel=0.02)
    assert drawn.mean() == pytest.approx(3.0 * np.exp(0.08), rel=0.02)
    assert drawn.std() == pytest.approx(3.0 * np.exp(0.08) * np.expm1(0.16) ** 0.5, rel=0.05)


@pytest.mark.parametrize("kind", [2, 3])
def test_bounds_are_kept(kind: int) -> None:
    loc = np.log(2.0) if kind == 2 else 2.0
    case = {"uncertainty_type": kind, "loc": loc, "scale": 1.0, "minimum": 1.5, "maximum": 2.5}
    drawn = draw(rows(case), np.array([1], np.uint64), seed=3, first=0, count=1000)
    assert 1.5 <= drawn.min() < 1.51
    assert 2.49 < drawn.max() <= 2.5


def test_many_kinds_are_drawn_in_one_go() -> None:
    streams = np.arange(len(CASES), dtype=np.uint64)
    together = draw(rows(*CASES), streams, seed=11, first=4, count=3)
    for index, case in enumerate(CASES):
        alone = draw(rows(case), streams[index : index + 1], seed=11, first=4, count=3)
        assert (together[index] == alone[0]).all()


def test_an_unknown_distribution_is_refused() -> None:
    case = rows({"uncertainty_type": 3, "loc": 1.0, "scale": 1.0})
    case["uncertainty_type"] = 99
    with pytest.raises(ValueError, match="99"):
        quantiles(case, PROBABILITIES)
