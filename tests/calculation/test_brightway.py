"""Background and foreground solved as one system by bw2calc give the scores of the multipliers."""

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

from api.parse import parse_request
from api.translate.questions import to_study
from lca_service.domain.study import Study
from lca_service.engine import Engine
from tests.bills import Bills
from tests.oracle import assert_same_as_brightway

N_BILLS = 200


def test_two_hundred_random_bills_have_the_scores_of_brightway(engine: Engine) -> None:
    bills = Bills(engine.catalogue, seed=20260101)
    studies = [bills.study() for _ in range(N_BILLS)]
    assert sum(bool(study.assemblies) for study in studies) > 20
    assert sum(bool(study.emissions) for study in studies) > 50
    # over every edition of every method; what is unknown, such as land use change, is left out
    differences = assert_same_as_brightway(engine, studies)
    assert len(differences) > 10 * N_BILLS
    # the rest are traces beside large supplies, which bw2calc rounds
    assert np.quantile(differences, 0.99) < 1e-9


def test_every_example_has_the_scores_of_brightway(engine: Engine, root: Path) -> None:
    studies: list[Study] = []
    for path in sorted((root / "examples").glob("*.json")):
        request, faults = parse_request(json.loads(path.read_text("utf-8")))
        assert not faults
        assert request is not None
        studies.append(to_study(request))
    assert len(studies) >= 9
    differences = assert_same_as_brightway(engine, studies)
    assert len(differences) > 10 * len(studies)
    assert max(differences) < 1e-9


def test_the_comparison_sees_a_part_in_a_hundred_million(tiny: Engine) -> None:
    wrong = dataclasses.replace(
        tiny.background, multipliers=np.asarray(tiny.background.multipliers) * (1 + 1e-8)
    )
    bills = Bills(tiny.catalogue, seed=1)
    with pytest.raises(AssertionError):
        assert_same_as_brightway(dataclasses.replace(tiny, background=wrong), [bills.study()])
