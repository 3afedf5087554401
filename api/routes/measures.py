"""Measures: what a policy saves, and worked ones."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response

from api.charts.of_scenario import of_measure
from api.charts.reply import FILES, WantedDep, reply
from api.dependencies import (
    BodyDep,
    EngineDep,
    ReleasesDep,
    ScenariosDep,
    SettingsDep,
    StoreDep,
    conditional,
)
from api.examples import MEASURE, MEASURE_BODY, MEASURE_CHANGES_BODY, example
from api.keep import find_footprint
from api.limits import name_release
from api.negotiate import preferred_language
from api.policy.kept import patches_of
from api.policy.measures import ask_measure
from api.policy.shipped import find_measure
from api.policy.worked import ask_worked, list_measures, shown
from api.read import read_json
from api.schemas.catalogue import Page
from api.schemas.language import Language
from api.schemas.measures import (
    MeasureAnswer,
    MeasureSummary,
    ShippedMeasureAnswer,
    ShippedResultAnswer,
)

router = APIRouter(tags=["measures"])

MeasureId = Annotated[str, Path(max_length=100, openapi_examples=example(MEASURE))]
LanguageQuery = Annotated[
    Language | None,
    Query(description="Else as Accept-Language says.", openapi_examples=example("en")),
]


@router.get("/v1/measures", response_model=Page[MeasureSummary], operation_id="list_measures")
def get_measures(
    request: Request,
    engine: EngineDep,
    sector: Annotated[
        str, Query(max_length=40, description="Of them alone.", openapi_examples=example("food"))
    ] = "",
    language: LanguageQuery = None,
) -> Response:
    """List the worked measures."""
    chosen = language or preferred_language(request.headers.get("accept-language", ""))
    items = list_measures(sector, chosen)
    return conditional(
        request, engine, Page[MeasureSummary](items=items, total=len(items)), also=chosen
    )


@router.get(
    "/v1/measures/{measure_id}", response_model=ShippedMeasureAnswer, operation_id="get_measure"
)
def get_measure(
    measure_id: MeasureId, request: Request, engine: EngineDep, language: LanguageQuery = None
) -> Response:
    """Return what a worked measure asks, and on what it rests."""
    chosen = language or preferred_language(request.headers.get("accept-language", ""))
    made = shown(measure_id, find_measure(measure_id), engine, chosen)
    return conditional(request, engine, made, also=chosen)


@router.post(
    "/v1/measures/{measure_id}:evaluate",
    response_model=ShippedResultAnswer,
    responses=FILES,
    openapi_extra=MEASURE_CHANGES_BODY,
    operation_id="evaluate_worked_measure",
)
def evaluate_worked_measure(
    measure_id: MeasureId,
    body: BodyDep,
    request: Request,
    releases: ReleasesDep,
    settings: SettingsDep,
    wanted: WantedDep,
) -> Response:
    """Compute a worked measure, with other years, volumes or targets if given."""
    value: dict[str, Any] = read_json(body)
    answer = ask_worked(measure_id, value, releases, max_lines=settings.max_lines)
    name_release(request, answer.manifest.data_release)
    title = find_measure(measure_id).title[wanted.language]
    shown_as = answer.model_copy(update={"name": title})
    return reply(wanted, answer, lambda: of_measure(shown_as, wanted.language), "measure")


@router.post(
    "/v1/measures:evaluate",
    response_model=MeasureAnswer,
    responses=FILES,
    openapi_extra=MEASURE_BODY,
    operation_id="evaluate_measure",
)
def evaluate_measure(
    body: BodyDep,
    request: Request,
    releases: ReleasesDep,
    store: StoreDep,
    kept: ScenariosDep,
    settings: SettingsDep,
    wanted: WantedDep,
) -> Response:
    """Compute what a measure saves, by year and by patch, beside its target."""
    answer = ask_measure(
        read_json(body),
        releases,
        partial(find_footprint, releases=releases, store=store),
        partial(patches_of, store=kept),
        max_lines=settings.max_lines,
    )
    name_release(request, answer.manifest.data_release)
    return reply(wanted, answer, lambda: of_measure(answer, wanted.language), "measure")
