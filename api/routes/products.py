"""Products and the activities that make them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from api import describe
from api.dependencies import EngineDep, conditional
from api.examples import ACTIVITY, PRODUCT, example
from api.paging import page_links
from api.schemas.catalogue import (
    ActivityAnswer,
    ProductDetailAnswer,
    ProductPage,
    SensitivitiesAnswer,
)
from lca_service.catalogue.inspect import inspect_activity
from lca_service.catalogue.nomenclature import nearest_names
from lca_service.catalogue.search import search_products
from lca_service.errors import Fault, StudyError, UnknownName

router = APIRouter(tags=["inventory"])


@router.get("/v1/products", response_model=ProductPage, operation_id="list_products")
def list_products(
    request: Request,
    engine: EngineDep,
    q: Annotated[
        str, Query(max_length=200, description="Words.", openapi_examples=example("electricity"))
    ] = "",
    location: Annotated[
        str, Query(max_length=100, description="Made here.", openapi_examples=example("KE"))
    ] = "",
    category: Annotated[
        str, Query(max_length=100, description="Its kind.", openapi_examples=example("energy"))
    ] = "",
    limit: Annotated[
        int, Query(ge=1, le=200, description="Page size.", openapi_examples=example(20))
    ] = 50,
    offset: Annotated[
        int, Query(ge=0, le=1_000_000, description="Start.", openapi_examples=example(0))
    ] = 0,
) -> Response:
    """Find products; the Link header leads to the other pages."""
    try:
        found = search_products(engine.catalogue, q, location=location, category=category)
    except UnknownName as error:
        fault = Fault("/location", error.code, str(error), error.hint, error.nearest)
        raise StudyError([fault]) from error
    page = describe.product_page(found, engine.catalogue, offset=offset, limit=limit)
    response = conditional(request, engine, page)
    response.headers["Link"] = page_links(request.url, len(found), limit, offset)
    return response


@router.get("/v1/products/{code}", response_model=ProductDetailAnswer, operation_id="get_product")
def get_product(
    code: Annotated[str, Path(openapi_examples=example(PRODUCT))],
    request: Request,
    engine: EngineDep,
) -> Response:
    """Return a product: where it is made, by which activities, from which sources."""
    catalogue = engine.catalogue
    product = catalogue.nomenclature.products.get(code)
    if product is None or code not in catalogue.providers.domestic:
        nearest = nearest_names(code, catalogue.providers.domestic)
        raise UnknownName("unknown_product", code, nearest, "see GET /v1/products?q=")
    return conditional(request, engine, describe.product_detail(product, catalogue))


@router.get(
    "/v1/activities/{activity_id}", response_model=ActivityAnswer, operation_id="get_activity"
)
def get_activity(
    activity_id: Annotated[str, Path(openapi_examples=example(ACTIVITY))],
    request: Request,
    engine: EngineDep,
) -> Response:
    """Return an activity with its exchanges, formulas, and the figures behind them."""
    item, exchanges = inspect_activity(engine.catalogue, activity_id)
    return conditional(request, engine, describe.activity(item, exchanges, engine.catalogue))


@router.get(
    "/v1/activities/{activity_id}/sensitivities",
    response_model=SensitivitiesAnswer,
    operation_id="get_sensitivities",
)
def get_sensitivities(
    activity_id: Annotated[str, Path(openapi_examples=example(ACTIVITY))],
    request: Request,
    engine: EngineDep,
    indicator: Annotated[
        str, Query(max_length=100, openapi_examples=example("climate_change.total"))
    ] = "climate_change.total",
    limit: Annotated[
        int, Query(ge=1, le=1000, description="Most of a kind.", openapi_examples=example(10))
    ] = 50,
) -> Response:
    """Tell what one unit of an activity's product owes to every exchange, to first order."""
    catalogue = engine.catalogue
    inspect_activity(catalogue, activity_id)
    position = catalogue.positions[activity_id]
    rows = catalogue.default_categories
    if indicator not in rows:
        detail = f"there is no indicator {indicator!r}"
        hint = "see GET /v1/indicators"
        nearest = nearest_names(indicator, rows)
        raise StudyError([Fault("/indicator", "unknown_indicator", detail, hint, nearest)])
    found = engine.elasticities(position, rows[indicator], limit=limit)
    return conditional(request, engine, describe.sensitivities(activity_id, found))
