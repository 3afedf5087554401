"""Criteria of procurement and eco-labels."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from api.charts.of_criteria import of_tender
from api.charts.reply import FILES, WantedDep, reply
from api.dependencies import (
    BodyDep,
    EngineDep,
    ReleasesDep,
    SettingsDep,
    StoreDep,
    conditional,
)
from api.examples import CRITERIA, OWN_TENDER_BODY, TENDER_BODY, example
from api.keep import find_footprint
from api.limits import name_release
from api.negotiate import preferred_language
from api.policy.criteria import ask_tender
from api.policy.criteria_sets import criteria_sets, shown, summary
from api.read import read_json
from api.schemas.catalogue import Page
from api.schemas.criteria import CriteriaAnswer, CriteriaSummary, TenderAnswer
from api.schemas.language import Language

router = APIRouter(tags=["criteria"])

CriteriaId = Annotated[str, Path(max_length=100, openapi_examples=example(CRITERIA))]
LanguageQuery = Annotated[
    Language | None,
    Query(description="Else as Accept-Language says.", openapi_examples=example("en")),
]


@router.get("/v1/criteria", response_model=Page[CriteriaSummary], operation_id="list_criteria")
def list_criteria(request: Request, engine: EngineDep, language: LanguageQuery = None) -> Response:
    """List the sets of criteria that are shipped."""
    chosen = language or preferred_language(request.headers.get("accept-language", ""))
    items = [summary(name, each, chosen) for name, each in criteria_sets().items()]
    page = Page[CriteriaSummary](items=items, total=len(items))
    return conditional(request, engine, page, also=chosen)


@router.get(
    "/v1/criteria/{criteria_id}", response_model=CriteriaAnswer, operation_id="get_criteria"
)
def get_criteria(
    criteria_id: CriteriaId, request: Request, engine: EngineDep, language: LanguageQuery = None
) -> Response:
    """Return a set of criteria: thresholds, award formulas, and their sources."""
    chosen = language or preferred_language(request.headers.get("accept-language", ""))
    return conditional(request, engine, shown(criteria_id, chosen), also=chosen)


@router.post(
    "/v1/criteria/{criteria_id}:evaluate",
    response_model=TenderAnswer,
    responses=FILES,
    openapi_extra=TENDER_BODY,
    operation_id="evaluate_criteria",
)
def evaluate_criteria(
    criteria_id: CriteriaId,
    body: BodyDep,
    request: Request,
    releases: ReleasesDep,
    store: StoreDep,
    settings: SettingsDep,
    wanted: WantedDep,
) -> Response:
    """Judge offers by a shipped set of criteria, and give points to those that do not fail."""
    find = partial(find_footprint, releases=releases, store=store)
    answer = ask_tender(
        criteria_id, read_json(body), releases, find, wanted.language, max_lines=settings.max_lines
    )
    name_release(request, answer.manifest.data_release)
    return reply(wanted, answer, lambda: of_tender(answer, wanted.language), "criteria")


@router.post(
    "/v1/criteria:evaluate",
    response_model=TenderAnswer,
    responses=FILES,
    openapi_extra=OWN_TENDER_BODY,
    operation_id="evaluate_own_criteria",
)
def evaluate_own_criteria(
    body: BodyDep,
    request: Request,
    releases: ReleasesDep,
    store: StoreDep,
    settings: SettingsDep,
    wanted: WantedDep,
) -> Response:
    """Judge offers by criteria of one's own."""
    find = partial(find_footprint, releases=releases, store=store)
    answer = ask_tender(
        None, read_json(body), releases, find, wanted.language, max_lines=settings.max_lines
    )
    name_release(request, answer.manifest.data_release)
    return reply(wanted, answer, lambda: of_tender(answer, wanted.language), "criteria")
