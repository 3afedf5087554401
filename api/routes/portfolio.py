"""Products of a user's own, with versions."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from api import portfolio
from api.dependencies import (
    BodyDep,
    PortfolioDep,
    ReleasesDep,
    SettingsDep,
    StoreDep,
    as_json,
    entity_tag,
    tagged,
)
from api.examples import OWNED_BODY, OWNED_ID, VERSION_BODY, example
from api.paging import page_links
from api.read import read_json
from api.schemas.catalogue import Page
from api.schemas.portfolio import OwnedAnswer, OwnedSummary

router = APIRouter(tags=["portfolio"])

ProductId = Annotated[str, Path(max_length=100, openapi_examples=example(OWNED_ID))]


@router.post(
    "/v1/portfolio",
    response_model=OwnedAnswer,
    openapi_extra=OWNED_BODY,
    operation_id="post_portfolio_product",
)
def post_product(
    body: BodyDep,
    releases: ReleasesDep,
    store: StoreDep,
    owned: PortfolioDep,
    settings: SettingsDep,
) -> Response:
    """Save a product with its first version: footprint, and cost from one's own prices."""
    value = read_json(body)
    made = portfolio.add_product(value, releases, store, owned, max_lines=settings.max_lines)
    return _saved(made)


@router.get("/v1/portfolio", response_model=Page[OwnedSummary], operation_id="list_portfolio")
def list_portfolio(
    request: Request,
    owned: PortfolioDep,
    name: Annotated[
        str, Query(max_length=200, description="Part of it.", openapi_examples=example("T-shirt"))
    ] = "",
    limit: Annotated[
        int, Query(ge=1, le=200, description="Page size.", openapi_examples=example(20))
    ] = 50,
    offset: Annotated[
        int, Query(ge=0, le=1_000_000, description="Start.", openapi_examples=example(0))
    ] = 0,
) -> Response:
    """List the products, newest first; the Link header leads to other pages."""
    found, total = owned.find(name, limit=limit, offset=offset)
    items = [OwnedSummary(**vars(each)) for each in found]
    response = as_json(Page[OwnedSummary](items=items, total=total))
    response.headers["Link"] = page_links(request.url, total, limit, offset)
    return response


@router.get(
    "/v1/portfolio/{product_id}",
    response_model=OwnedAnswer,
    operation_id="get_portfolio_product",
)
def get_product(
    product_id: ProductId,
    request: Request,
    releases: ReleasesDep,
    store: StoreDep,
    owned: PortfolioDep,
) -> Response:
    """Return a product with all its versions."""
    product = portfolio.find_product(product_id, releases, store, owned)
    return tagged(request, portfolio.shown(product, store, owned))


@router.post(
    "/v1/portfolio/{product_id}/versions",
    response_model=OwnedAnswer,
    openapi_extra=VERSION_BODY,
    operation_id="post_version",
)
def post_version(
    product_id: ProductId,
    body: BodyDep,
    releases: ReleasesDep,
    store: StoreDep,
    owned: PortfolioDep,
    settings: SettingsDep,
) -> Response:
    """Save a new version of a product, such as next year's."""
    value = read_json(body)
    product = portfolio.find_product(product_id, releases, store, owned)
    made = portfolio.add_version(
        product, value, releases, store, owned, max_lines=settings.max_lines
    )
    return _saved(made)


@router.delete(
    "/v1/portfolio/{product_id}",
    status_code=204,
    response_class=Response,
    operation_id="delete_portfolio_product",
)
def delete_product(product_id: ProductId, owned: PortfolioDep) -> Response:
    """Remove a product; the footprints of its versions stay."""
    owned.remove(product_id)
    return Response(status_code=204)


def _saved(made: OwnedAnswer) -> Response:
    """Return a product as JSON, with its address and entity tag."""
    content = made.model_dump_json().encode()
    headers = {"Content-Location": f"/v1/portfolio/{made.id}", "ETag": entity_tag(content)}
    return Response(content, 200, headers, media_type="application/json")
