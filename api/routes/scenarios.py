"""Scenarios: kept in versions, and a product under one."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from api.charts.of_scenario import of_scenario
from api.charts.reply import FILES, WantedDep, reply
from api.dependencies import (
    BodyDep,
    ReleasesDep,
    ScenariosDep,
    SettingsDep,
    StoreDep,
    as_json,
    tagged,
)
from api.examples import (
    EVALUATION_BODY,
    SCENARIO_BODY,
    SCENARIO_ID,
    SCENARIO_VERSION_BODY,
    example,
)
from api.keep import find_footprint
from api.limits import name_release
from api.paging import page_links
from api.policy.kept import add_scenario, add_version, find_scenario, patches_of, shown
from api.policy.scenario import ask_scenario
from api.read import read_json
from api.schemas.catalogue import Page
from api.schemas.scenarios import EvaluationAnswer, ScenarioAnswer, ScenarioSummary

router = APIRouter(tags=["scenarios"])

ScenarioId = Annotated[str, Path(max_length=100, openapi_examples=example(SCENARIO_ID))]


@router.post(
    "/v1/scenarios",
    response_model=ScenarioAnswer,
    openapi_extra=SCENARIO_BODY,
    operation_id="post_scenario",
)
def post_scenario(body: BodyDep, releases: ReleasesDep, kept: ScenariosDep) -> Response:
    """Keep a scenario with its first version; its patches are checked, and nothing computed."""
    scenario_id = add_scenario(read_json(body), releases.current, kept)
    return _located(shown(kept.get(scenario_id), kept))


@router.get("/v1/scenarios", response_model=Page[ScenarioSummary], operation_id="list_scenarios")
def list_scenarios(
    request: Request,
    kept: ScenariosDep,
    limit: Annotated[
        int, Query(ge=1, le=200, description="Page size.", openapi_examples=example(20))
    ] = 50,
    offset: Annotated[
        int, Query(ge=0, le=1_000_000, description="Start.", openapi_examples=example(0))
    ] = 0,
) -> Response:
    """List the scenarios, newest first; the Link header leads to other pages."""
    found, total = kept.find(limit=limit, offset=offset)
    items = [ScenarioSummary(**vars(each)) for each in found]
    response = as_json(Page[ScenarioSummary](items=items, total=total))
    response.headers["Link"] = page_links(request.url, total, limit, offset)
    return response


@router.get(
    "/v1/scenarios/{scenario_id}", response_model=ScenarioAnswer, operation_id="get_scenario"
)
def get_scenario(scenario_id: ScenarioId, request: Request, kept: ScenariosDep) -> Response:
    """Return a scenario with all its versions."""
    return tagged(request, shown(find_scenario(scenario_id, kept), kept))


@router.post(
    "/v1/scenarios/{scenario_id}/versions",
    response_model=ScenarioAnswer,
    openapi_extra=SCENARIO_VERSION_BODY,
    operation_id="post_scenario_version",
)
def post_scenario_version(
    scenario_id: ScenarioId, body: BodyDep, releases: ReleasesDep, kept: ScenariosDep
) -> Response:
    """Keep the next version of a scenario; those before stay as they are."""
    scenario = find_scenario(scenario_id, kept)
    add_version(scenario, read_json(body), releases.current, kept)
    return _located(shown(scenario, kept))


@router.delete(
    "/v1/scenarios/{scenario_id}",
    status_code=204,
    response_class=Response,
    operation_id="delete_scenario",
)
def delete_scenario(scenario_id: ScenarioId, kept: ScenariosDep) -> Response:
    """Remove a scenario and its versions."""
    kept.remove(scenario_id)
    return Response(status_code=204)


@router.post(
    "/v1/scenarios:evaluate",
    response_model=EvaluationAnswer,
    responses=FILES,
    openapi_extra=EVALUATION_BODY,
    operation_id="evaluate_scenario",
)
def evaluate_scenario(
    body: BodyDep,
    request: Request,
    releases: ReleasesDep,
    store: StoreDep,
    kept: ScenariosDep,
    settings: SettingsDep,
    wanted: WantedDep,
) -> Response:
    """Compute a product as it is and under a scenario, year by year if uptakes change."""
    answer = ask_scenario(
        read_json(body),
        releases,
        partial(find_footprint, releases=releases, store=store),
        partial(patches_of, store=kept),
        max_lines=settings.max_lines,
    )
    name_release(request, answer.manifest.data_release)
    return reply(wanted, answer, lambda: of_scenario(answer, wanted.language), "scenario")


def _located(made: ScenarioAnswer) -> Response:
    response = as_json(made)
    response.headers["Content-Location"] = f"/v1/scenarios/{made.id}"
    return response
