"""The description of the API: every operation shown by an example that works, off line."""

import re
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from api.app import create_app
from api.description import shortened
from api.settings import Settings
from lca_service.engine import Engine

# Whole addresses that a browser would load something from
LOADED = re.compile(r"""(?:src|href)\s*=\s*["'](?:https?:)?//|url\(\s*["']?(?:https?:)?//""")


UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


# Times, and what is drawn when a class is opened
FLEETING = {"created", "joined", "made", "last", "total", "key", "join_code"}


def operations(description: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (method, path, operation)
        for path, methods in description["paths"].items()
        for method, operation in methods.items()
    ]


def example(parameter: dict[str, Any]) -> Any:
    return next(iter(parameter["examples"].values()))["value"]


def lasting(value: Any) -> Any:
    """Return an answer without what is new each time: ids, times and counts of footprints."""
    if isinstance(value, list):
        return [lasting(each) for each in value]
    if isinstance(value, dict):
        return {
            name: lasting(each)
            for name, each in value.items()
            if name not in FLEETING and not UUID.fullmatch(str(each))
        }
    return value


@pytest.fixture(scope="module")
def description(client: TestClient) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/openapi.json").json()
    return found


def test_the_description_is_asked_for_twice_and_stays(
    client: TestClient, description: dict[str, Any]
) -> None:
    assert client.get("/openapi.json").json() == description


def test_every_operation_has_an_example_of_request_and_answer(engine: Engine) -> None:
    engine.build_samples(samples=32, seed=0)
    description = TestClient(create_app(engine=engine)).get("/openapi.json").json()
    for method, path, operation in operations(description):
        if method == "delete":
            assert operation["responses"]["204"]
            continue
        answers = operation["responses"]["200"]["content"]
        if "text/event-stream" in answers:
            continue
        content = answers["application/json"]
        assert content["schema"], (method, path)
        inputs = operation.get("parameters", [])
        assert all(example(each) is not None for each in inputs), (method, path)
        body = operation.get("requestBody", {}).get("content", {})
        if body:
            assert body["application/json"]["example"]
        assert content["example"], (method, path)
        problem = operation["responses"]["default"]["content"]["application/problem+json"]
        assert problem["example"]["errors"]


def test_every_example_of_the_description_works(engine: Engine, tmp_path: Path) -> None:
    engine.build_samples(samples=32, seed=0)
    own = Settings(database_url=f"sqlite:///{tmp_path / 'kept.sqlite'}")  # keys are used once
    client = TestClient(create_app(own, engine=engine))
    for method, path, operation in operations(client.get("/openapi.json").json()):
        inputs = operation.get("parameters", [])
        address = path.format(
            **{each["name"]: example(each) for each in inputs if each["in"] == "path"}
        )
        query = {each["name"]: example(each) for each in inputs if each["in"] == "query"}
        headers = {each["name"]: example(each) for each in inputs if each["in"] == "header"}
        body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
        response = client.request(
            method, address, params=query, headers=headers, json=body.get("example")
        )
        if method == "delete":
            assert response.status_code == 204
            continue
        assert response.status_code == 200, response.text
        if "text/event-stream" in operation["responses"]["200"]["content"]:
            assert response.text.startswith("id: ")
            continue
        shown = operation["responses"]["200"]["content"]["application/json"]["example"]
        assert lasting(shortened(response.json())) == lasting(shown), (method, path)
        assert shown.get("items") != []


def test_the_documentation_page_loads_nothing_from_elsewhere(client: TestClient) -> None:
    page = client.get("/docs")
    assert page.status_code == 200
    assert not LOADED.search(page.text)
    assert "http" not in page.text
    assert '"validatorUrl": null' in page.text
    assert client.get("/redoc").status_code == 404
    parts = re.findall("""(?:src|href)=["']([^"']+)["']""", page.text)
    assert parts
    for part in parts:
        assert client.get(part).status_code == 200, part


@pytest.mark.parametrize("mode", list(GenerationMode))
@pytest.mark.parametrize("examples", [5, pytest.param(50, marks=pytest.mark.slow)])
def test_whatever_is_asked_the_answer_is_as_described(
    tiny: Engine, tmp_path: Path, mode: GenerationMode, examples: int
) -> None:
    url = f"sqlite:///{tmp_path / 'kept.sqlite'}"
    chosen = Settings(max_lines=50, data_root=tmp_path, database_url=url, sample_banks=0)
    app = create_app(chosen, engine=tiny)
    schema = schemathesis.openapi.from_asgi("/openapi.json", app)
    found = [each.ok() for each in schema.get_all_operations()]
    assert found
    for operation in found:

        @given(case=operation.as_strategy(generation_mode=mode))
        @settings(
            max_examples=examples,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        def ask(case: schemathesis.Case) -> None:
            # every check but one: a request of the right form may name what does not exist
            case.validate_response(case.call(), excluded_checks=[positive_data_acceptance])

        with suppress(Unsatisfiable):  # what takes no input cannot be asked wrongly
            ask()
