"""Comparison of our footprints with bw2calc's."""

import dataclasses
import warnings
from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from lca_service.calculation.brightway import brightway_scores
from lca_service.calculation.foreground import (
    background_demand,
    direct_emissions,
    foreground_supply,
)
from lca_service.calculation.link import Foreground, link
from lca_service.domain.study import Study
from lca_service.engine import Engine

Scores = NDArray[np.float64]

_RELATIVE = 1e-9
_AT_ONCE = 100  # studies in one system: bw2calc needs half a minute to factorize it


def assert_same_as_brightway(engine: Engine, studies: Sequence[Study]) -> Scores:
    """Compare every known score under every edition of every method.

    Scores agree to 1e-9 of the score in absolute terms, which is the score itself wherever
    uptake and release do not cancel. Where it is zero, ours is exactly zero. bw2calc solves
    without refinement, so that rounding of the largest supply in its system comes on top:
    beside tonnes of nuclear fuel, the green water of a gram of cotton has seven digits.

    Returns
    -------
    Scores
        Differences of the scores that are not zero, relative to the absolute score.
    """
    return np.concatenate(
        [
            _compare(engine, studies[start : start + _AT_ONCE])
            for start in range(0, len(studies), _AT_ONCE)
        ]
    )


def _compare(engine: Engine, studies: Sequence[Study]) -> Scores:
    catalogue = engine.catalogue
    foregrounds = [link(study, catalogue) for study in studies]
    with warnings.catch_warnings():
        # An indicator none of whose flows occur is zero, for bw2calc as for us
        warnings.filterwarnings("ignore", message="All values in characterization matrix")
        oracle = brightway_scores(foregrounds, catalogue, engine.background)
    rounding = _rounding(engine, foregrounds)
    rows = {category.key: row for row, category in enumerate(catalogue.categories)}
    differences: list[float] = []
    for study, foreground, theirs in zip(studies, foregrounds, oracle, strict=True):
        absolute = _absolute_scores(engine, foreground)
        for edition in catalogue.methods:
            methods = {edition.family: edition.id}
            asked = dataclasses.replace(study, indicators=edition.indicators, methods=methods)
            for ours in engine.footprint(asked).indicators:
                if ours.value is None:
                    continue
                key = ours.category.key
                score, noise = absolute[rows[key]], rounding[rows[key]]
                if score == 0.0:
                    assert ours.value == 0.0, (key, study)
                allowed = _RELATIVE * score + noise
                assert ours.value == pytest.approx(theirs[key], rel=0, abs=allowed), (key, study)
                if score > 0.0:
                    differences.append(abs(ours.value - theirs[key]) / score)
    return np.array(differences)


def _absolute_scores(engine: Engine, foreground: Foreground) -> Scores:
    """Return the scores of a study with nothing cancelling, shape (n_categories,)."""
    supply = foreground_supply(foreground)
    scores = np.zeros(len(engine.catalogue.categories))
    for position, amount in background_demand(foreground, supply).items():
        scores += engine.background.absolute_multipliers[0][:, position] * amount
    for row, amount in direct_emissions(foreground, supply).items():
        scores += np.abs(engine.background.characterization[:, row] * amount)
    return scores


def _rounding(engine: Engine, foregrounds: Sequence[Foreground]) -> Scores:
    """Return what rounding does to a score of the studies, shape (n_categories,)."""
    factors = engine.background.characterization
    direct = np.abs(engine.background.biosphere.T @ factors.T).max(axis=0)
    demand = np.zeros(engine.background.n_activities)
    for foreground in foregrounds:
        supply = foreground_supply(foreground)
        for position, amount in background_demand(foreground, supply).items():
            demand[position] = max(demand[position], amount)
        for row, amount in direct_emissions(foreground, supply).items():
            direct = np.maximum(direct, np.abs(factors[:, row] * amount))
    largest = float(np.abs(engine.system.supply(demand)).max())
    return np.asarray(100 * np.finfo(float).eps * largest * direct)
