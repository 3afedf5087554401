"""Product categories: a few questions instead of a bill of materials."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Request, Response
from pydantic import RootModel

from api import categories
from api.dependencies import (
    BodyDep,
    EngineDep,
    ReleasesDep,
    SettingsDep,
    StoreDep,
    as_json,
    conditional,
    entity_tag,
)
from api.examples import CATEGORY, CATEGORY_BODY, example
from api.keep import as_bytes, choose_release, keep_footprint
from api.limits import name_release
from api.read import read_json
from api.schemas.catalogue import Page
from api.schemas.categories import CategoryAnswer
from api.schemas.kept import KeptFootprintAnswer
from api.schemas.request import FootprintRequest
from lca_service.errors import StudyError

router = APIRouter(tags=["categories"])

CategoryId = Annotated[str, Path(max_length=100, openapi_examples=example(CATEGORY))]


@router.get("/v1/categories", response_model=Page[CategoryAnswer], operation_id="list_categories")
def list_categories(request: Request, engine: EngineDep) -> Response:
    """List the product categories that have a template."""
    items = [categories.category(each) for each in engine.catalogue.product_templates.values()]
    return conditional(request, engine, Page[CategoryAnswer](items=items, total=len(items)))


@router.get(
    "/v1/categories/{category_id}/schema",
    response_model=dict[str, Any],
    operation_id="get_category_schema",
)
def get_category_schema(category_id: CategoryId, request: Request, engine: EngineDep) -> Response:
    """Return the questions of a category as JSON Schema, with defaults, ranges and sources."""
    template = categories.find_template(category_id, engine)
    return conditional(request, engine, RootModel(categories.schema(template)))


@router.post(
    "/v1/categories/{category_id}:expand",
    response_model=FootprintRequest,
    openapi_extra=CATEGORY_BODY,
    operation_id="expand_category",
)
def expand_category(
    category_id: CategoryId, body: BodyDep, request: Request, releases: ReleasesDep
) -> Response:
    """Return the bill of materials that the answers make, to be edited and asked as any other."""
    value = read_json(body)
    engine, faults = choose_release(value, releases)
    name_release(request, engine.catalogue.release)
    template = categories.find_template(category_id, engine)
    made = categories.to_request(template, value, faults)
    if faults:
        raise StudyError(faults)
    return as_json(RootModel(made))


@router.post(
    "/v1/categories/{category_id}/footprints",
    response_model=KeptFootprintAnswer,
    openapi_extra=CATEGORY_BODY,
    operation_id="post_category_footprint",
)
def post_category_footprint(
    category_id: CategoryId,
    body: BodyDep,
    request: Request,
    releases: ReleasesDep,
    store: StoreDep,
    settings: SettingsDep,
    idempotency_key: Annotated[
        str,
        Header(
            max_length=255,
            description="A repeated request is answered as the first was.",
            openapi_examples=example("order-4712"),
        ),
    ] = "",
) -> Response:
    """Compute the footprint of a product of a category, and keep it."""
    value = read_json(body)
    engine, faults = choose_release(value, releases)
    name_release(request, engine.catalogue.release)
    template = categories.find_template(category_id, engine)
    made = categories.to_request(template, value, faults)
    try:
        kept = keep_footprint(made, idempotency_key, releases, store, max_lines=settings.max_lines)
    except StudyError as error:
        found = categories.at_answers(error.faults, template, value, made)
        raise StudyError(found) from error
    name_release(request, kept.data_release)  # a repeated request may have an older answer
    content = as_bytes(kept)
    headers = {"Content-Location": f"/v1/footprints/{kept.id}", "ETag": entity_tag(content)}
    return Response(content, 200, headers, media_type="application/json")
