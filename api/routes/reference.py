"""What can be asked for: places, flows, indicators, methods and releases."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from pydantic import RootModel

from api import describe
from api.dependencies import EngineDep, ReleasesDep, conditional, tagged
from api.examples import RELEASE, example
from api.exports.pact import WATER_SCHEMA
from api.schemas import catalogue as shapes
from api.schemas.catalogue import Page
from lca_service.errors import UnknownName

router = APIRouter(tags=["reference"])


@router.get(
    "/v1/locations", response_model=Page[shapes.LocationAnswer], operation_id="list_locations"
)
def list_locations(request: Request, engine: EngineDep) -> Response:
    """List the places, each with its ladder up to the world."""
    items = describe.locations(engine.catalogue)
    page = Page[shapes.LocationAnswer](items=items, total=len(items))
    return conditional(request, engine, page)


@router.get(
    "/v1/schemas/pact-water.json", response_model=dict[str, Any], operation_id="get_water_schema"
)
def get_water_schema(request: Request, engine: EngineDep) -> Response:
    """Return the JSON Schema of the water footprints in PACT files."""
    return conditional(request, engine, RootModel(WATER_SCHEMA))


@router.get("/v1/flows", response_model=Page[shapes.FlowAnswer], operation_id="list_flows")
def list_flows(request: Request, engine: EngineDep) -> Response:
    """List the elementary flows and refrigerant blends."""
    items = describe.flows(engine.catalogue)
    return conditional(request, engine, Page[shapes.FlowAnswer](items=items, total=len(items)))


@router.get(
    "/v1/indicators",
    response_model=Page[shapes.IndicatorInfoAnswer],
    operation_id="list_indicators",
)
def list_indicators(request: Request, engine: EngineDep) -> Response:
    """List the indicators of every method edition."""
    items = describe.indicators(engine.catalogue)
    page = Page[shapes.IndicatorInfoAnswer](items=items, total=len(items))
    return conditional(request, engine, page)


@router.get(
    "/v1/methods", response_model=Page[shapes.MethodInfoAnswer], operation_id="list_methods"
)
def list_methods(request: Request, engine: EngineDep) -> Response:
    """List the method editions."""
    items = describe.methods(engine.catalogue)
    page = Page[shapes.MethodInfoAnswer](items=items, total=len(items))
    return conditional(request, engine, page)


@router.get("/v1/releases", response_model=Page[shapes.ReleaseAnswer], operation_id="list_releases")
def list_releases(request: Request, releases: ReleasesDep) -> Response:
    """List the data releases: the open one, and those before it that can be pinned."""
    items = list(describe.releases(releases))
    return tagged(request, Page[shapes.ReleaseAnswer](items=items, total=len(items)))


@router.get(
    "/v1/releases/{release}/coverage",
    response_model=shapes.ReleaseCoverageAnswer,
    operation_id="get_coverage",
)
def get_coverage(
    release: Annotated[str, Path(openapi_examples=example(RELEASE))],
    request: Request,
    engine: EngineDep,
) -> Response:
    """Return what a release covers: its products by data class, and by country."""
    if release != engine.catalogue.release:
        raise UnknownName(
            "unknown_release", release, (engine.catalogue.release,), "see GET /v1/releases"
        )
    return conditional(request, engine, describe.release_coverage(engine))
