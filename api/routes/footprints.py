"""Footprints and what they are made of."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.ask import ask_contributions, ask_footprint
from api.dependencies import BodyDep, EngineDep, SettingsDep, as_json
from api.examples import FOOTPRINT_BODY, example
from api.schemas.answer import ContributionsAnswer, FootprintAnswer
from lca_service.calculation.contributions import By

router = APIRouter(tags=["footprints"])


@router.post(
    "/v1/footprints",
    response_model=FootprintAnswer,
    openapi_extra=FOOTPRINT_BODY,
    operation_id="post_footprint",
)
def post_footprint(body: BodyDep, engine: EngineDep, settings: SettingsDep) -> Response:
    """Compute the carbon and water footprint of one declared unit of a product."""
    return as_json(ask_footprint(body, engine, max_lines=settings.max_lines))


@router.post(
    "/v1/footprints:contributions",
    response_model=ContributionsAnswer,
    openapi_extra=FOOTPRINT_BODY,
    operation_id="post_contributions",
)
def post_contributions(
    body: BodyDep,
    engine: EngineDep,
    settings: SettingsDep,
    by: Annotated[
        By, Query(description="What the parts are.", openapi_examples=example("activity"))
    ] = "activity",
    depth: Annotated[
        int,
        Query(ge=0, le=8, description="Levels of the upstream tree.", openapi_examples=example(2)),
    ] = 0,
    limit: Annotated[
        int,
        Query(
            ge=1,
            le=1000,
            description="Most parts; the rest is other.",
            openapi_examples=example(20),
        ),
    ] = 50,
    nodes: Annotated[
        int,
        Query(
            ge=0,
            le=200,
            description="Most activities of the Sankey diagram; 0 leaves it out.",
            openapi_examples=example(20),
        ),
    ] = 0,
) -> Response:
    """Tell what a footprint is made of: activities, elementary flows or locations."""
    return as_json(
        ask_contributions(
            body,
            engine,
            by=by,
            depth=depth,
            limit=limit,
            nodes=nodes,
            max_lines=settings.max_lines,
        )
    )
