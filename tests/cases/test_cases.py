"""Worked cases: a request, what is expected of the answer, and why.

Every case is asked of the engine and over HTTP, and the two must agree.
"""

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from starlette.testclient import TestClient

from api.app import create_app
from api.parse import parse_request
from api.translate.questions import to_study
from lca_service.engine import Engine

CASES = sorted(Path(__file__).parent.glob("*.yaml"))
_DIGITS = 1e-8  # relative; expectations are written with nine or ten digits


@pytest.fixture(params=CASES, ids=lambda path: str(path.stem))
def case(request: pytest.FixtureRequest, root: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(request.param.read_text("utf-8"))
    assert loaded["why"]
    assert loaded["expected"]
    if "request_file" in loaded:
        loaded["request"] = json.loads((root / loaded["request_file"]).read_text("utf-8"))
    return loaded


@pytest.fixture
def world(case: dict[str, Any], request: pytest.FixtureRequest) -> Engine:
    name = {"tiny": "tiny", "shipped": "engine"}[case["world"]]
    found: Engine = request.getfixturevalue(name)
    return found


def test_the_engine_answers_a_case(case: dict[str, Any], world: Engine) -> None:
    asked, faults = parse_request(case["request"])
    assert not faults
    assert asked is not None
    answer = world.footprint(to_study(asked))
    found = {each.category.indicator: each for each in answer.indicators}
    for indicator, expected in case["expected"].items():
        each = found[indicator]
        assert_expected(
            expected,
            value=each.value,
            unit=each.category.unit,
            reason=each.reason,
            method=each.category.method,
            parts={"by_line": each.by_line, "by_stage": each.by_stage},
        )


def test_the_service_answers_a_case(case: dict[str, Any], world: Engine) -> None:
    app = create_app()
    app.state.engine = world
    response = TestClient(app).post("/v1/footprints", json=case["request"])
    assert response.status_code == 200, response.text
    body = response.json()
    found = {each["id"]: each for each in body["indicators"]}
    for indicator, expected in case["expected"].items():
        each = found[indicator]
        assert_expected(
            expected,
            value=each["value"],
            unit=each["unit"],
            reason=each["reason"],
            method=each["method"]["id"],
            parts=each,
        )
    lines = {each["id"]: each for each in body["lines"]}
    for name, expected in case.get("lines", {}).items():
        assert lines[name]["status"] == expected["status"]
        if "location" in expected:
            assert lines[name]["matched"]["location"] == expected["location"]
    assert set(case.get("warnings", [])) <= {each["code"] for each in body["warnings"]}
    for each in body["indicators"]:
        if each["value"] is not None:
            for part in ("by_line", "by_stage"):
                total = math.fsum(each[part].values())
                assert total == pytest.approx(each["value"], rel=1e-12, abs=1e-15)


def assert_expected(
    expected: Mapping[str, Any],
    *,
    value: float | None,
    unit: str,
    reason: str | None,
    method: str,
    parts: Mapping[str, Any],
) -> None:
    if "between" in expected:
        low, high = expected["between"]
        assert value is not None, reason
        assert low <= value <= high
    elif expected["value"] is None:
        assert value is None
        assert expected["reason"] in (reason or "")
    else:
        assert value == pytest.approx(expected["value"], rel=_DIGITS)
    assert unit == expected.get("unit", unit)
    assert method == expected.get("method", method)
    for part in ("by_line", "by_stage"):
        if part in expected:
            assert parts[part] == pytest.approx(expected[part], rel=_DIGITS)
