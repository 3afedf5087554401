"""Comparison of our footprints with bw2calc's."""

import dataclasses
import warnings
from collections.abc import Sequence

import numpy as np
import pytest

from lca_service.calculation.brightway import brightway_scores
from lca_service.calculation.foreground import background_demand, foreground_supply
from lca_service.calculation.link import Foreground, link
from lca_service.catalogue.catalogue import Catalogue
from lca_service.domain.study import Study
from lca_service.engine import Engine
from lca_service.matrices.background import Background

_RELATIVE = 1e-9
_ROUNDING = 10 * np.finfo(float).eps


def assert_same_as_brightway(engine: Engine, studies: Sequence[Study]) -> int:
    """Compare every known score under every edition of every method.

    bw2calc solves without refinement: a supply that should be zero is rounding of the largest
    one. A score is therefore compared to 1e-9 of itself or to that rounding times the largest
    direct score of an activity, whichever is more.

    Returns
    -------
    int
        How many scores were large enough to be compared to 1e-9 of themselves.
    """
    catalogue, background = engine.catalogue, engine.background
    foregrounds = [link(study, catalogue) for study in studies]
    with warnings.catch_warnings():
        # An indicator none of whose flows occur is zero, for bw2calc as for us
        warnings.filterwarnings("ignore", message="All values in characterization matrix")
        oracle = brightway_scores(foregrounds, catalogue, background)
    direct = np.abs((background.biosphere.T @ background.characterization.T).T).max(axis=1)
    largest = {c.key: cost for c, cost in zip(catalogue.categories, direct, strict=True)}
    n_compared = 0
    for study, foreground, theirs in zip(studies, foregrounds, oracle, strict=True):
        rounding = _ROUNDING * _largest_supply(engine, foreground)
        for edition in catalogue.methods:
            methods = {edition.family: edition.id}
            asked = dataclasses.replace(study, indicators=edition.indicators, methods=methods)
            for ours in engine.footprint(asked).indicators:
                if ours.value is None or ours.by_line is None:
                    continue
                key = ours.category.key
                # what cancels, such as uptake and release, is judged by what it cancels from
                size = sum(abs(part) for part in ours.by_line.values())
                floor = rounding * largest[key] + 1e-12 * (size - abs(ours.value))
                expected = pytest.approx(theirs[key], rel=_RELATIVE, abs=floor)
                assert ours.value == expected, (key, study)
                n_compared += floor < _RELATIVE * abs(ours.value)
    return n_compared


def _largest_supply(engine: Engine, foreground: Foreground) -> float:
    demand = np.zeros(engine.background.n_activities)
    for position, amount in background_demand(foreground, foreground_supply(foreground)).items():
        demand[position] = amount
    return float(np.abs(engine.factorization.supply(demand)).max())


def _largest(background: Background, key: tuple[str, str], catalogue: Catalogue) -> float:
    row = [category.key for category in catalogue.categories].index(key)
    return float(abs(background.multipliers[row]).max())
