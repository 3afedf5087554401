"""Comparison of our footprints with bw2calc's."""

import dataclasses
import warnings
from collections.abc import Sequence

import pytest

from lca_service.calculation.brightway import brightway_scores
from lca_service.calculation.link import link
from lca_service.domain.study import Study
from lca_service.engine import Engine


def assert_same_as_brightway(engine: Engine, studies: Sequence[Study]) -> int:
    """Compare every known score under every edition of every method; return how many."""
    catalogue, background = engine.catalogue, engine.background
    foregrounds = [link(study, catalogue) for study in studies]
    with warnings.catch_warnings():
        # An indicator none of whose flows occur is zero, for bw2calc as for us
        warnings.filterwarnings("ignore", message="All values in characterization matrix")
        oracle = brightway_scores(foregrounds, catalogue, background)
    n_compared = 0
    for study, theirs in zip(studies, oracle, strict=True):
        for edition in catalogue.methods:
            methods = {edition.family: edition.id}
            asked = dataclasses.replace(study, indicators=edition.indicators, methods=methods)
            for ours in engine.footprint(asked).indicators:
                if ours.value is None or ours.by_line is None:
                    continue
                # what cancels, such as uptake and release, is judged by what it cancels from
                size = sum(abs(part) for part in ours.by_line.values())
                expected = pytest.approx(theirs[ours.category.key], rel=1e-9, abs=1e-12 * size)
                assert ours.value == expected, (ours.category.key, study)
                n_compared += 1
    return n_compared
