"""Footprints: computed, kept, listed, removed, and what they are made of."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Path, Query, Request, Response
from starlette.exceptions import HTTPException

from api.ask import ask_contributions
from api.dependencies import (
    BodyDep,
    PortfolioDep,
    ReleasesDep,
    SettingsDep,
    StoreDep,
    as_json,
    entity_tag,
    unless_known,
)
from api.examples import (
    ACTIVITY_BOUGHT,
    CLIMATE,
    FOOTPRINT_BODY,
    FOOTPRINT_ID,
    FOOTPRINT_REQUEST,
    RELEASE,
    example,
)
from api.exports.export import exported
from api.keep import as_bytes, choose_release, find_footprint, keep_footprint, summary
from api.limits import name_release
from api.negotiate import MEDIA_TYPES, Format, accepted
from api.paging import page_links
from api.read import read_json
from api.schemas.answer import ContributionsAnswer
from api.schemas.catalogue import Page
from api.schemas.kept import FootprintSummary, KeptFootprintAnswer
from api.schemas.working import WorkingAnswer
from api.store.footprints import InUse, Kept, Wanted
from api.translate.questions import input_sha256 as sha256_of
from api.working import ask_working
from lca_service.calculation.contributions import By

router = APIRouter(tags=["footprints"])

_ENDINGS: dict[Format, str] = {
    "json": "json",
    "csv": "csv",
    "xlsx": "xlsx",
    "pdf": "pdf",
    "pact": "json",
    "openepd": "json",
}

FootprintId = Annotated[str, Path(max_length=100, openapi_examples=example(FOOTPRINT_ID))]


def get_kept(
    footprint_id: FootprintId, request: Request, releases: ReleasesDep, store: StoreDep
) -> Kept:
    """Return the footprint that the address names; the response names its data release."""
    kept = find_footprint(footprint_id, releases, store)
    name_release(request, kept.data_release)
    return kept


KeptDep = Annotated[Kept, Depends(get_kept)]


@router.post(
    "/v1/footprints",
    response_model=KeptFootprintAnswer,
    openapi_extra=FOOTPRINT_BODY,
    operation_id="post_footprint",
)
def post_footprint(
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
            openapi_examples=example("order-4711"),
        ),
    ] = "",
) -> Response:
    """Compute the carbon and water footprint of one declared unit of a product, and keep it."""
    kept = keep_footprint(
        read_json(body), idempotency_key, releases, store, max_lines=settings.max_lines
    )
    name_release(request, kept.data_release)
    content = as_bytes(kept)
    headers = {"Content-Location": f"/v1/footprints/{kept.id}", "ETag": entity_tag(content)}
    return Response(content, 200, headers, media_type="application/json")


@router.get("/v1/footprints", response_model=Page[FootprintSummary], operation_id="list_footprints")
def list_footprints(
    request: Request,
    store: StoreDep,
    name: Annotated[
        str,
        Query(max_length=200, description="Part of the name.", openapi_examples=example("T-shirt")),
    ] = "",
    location: Annotated[
        str,
        Query(max_length=100, description="As it was asked for.", openapi_examples=example("BD")),
    ] = "",
    data_release: Annotated[
        str,
        Query(max_length=100, description="That answered it.", openapi_examples=example(RELEASE)),
    ] = "",
    input_sha256: Annotated[
        str,
        Query(
            max_length=64,
            description="Of the request.",
            openapi_examples=example(sha256_of(FOOTPRINT_REQUEST)),
        ),
    ] = "",
    created_from: Annotated[
        datetime | None,
        Query(
            description="RFC 3339; UTC without a zone.",
            openapi_examples=example("2026-01-01T00:00:00Z"),
        ),
    ] = None,
    created_until: Annotated[
        datetime | None,
        Query(description="RFC 3339; excluded.", openapi_examples=example("2126-01-01T00:00:00Z")),
    ] = None,
    limit: Annotated[
        int, Query(ge=1, le=200, description="Page size.", openapi_examples=example(20))
    ] = 50,
    offset: Annotated[
        int, Query(ge=0, le=1_000_000, description="Start.", openapi_examples=example(0))
    ] = 0,
) -> Response:
    """List the footprints that are kept, newest first; the Link header leads to other pages."""
    wanted = Wanted(name, location, data_release, input_sha256, created_from, created_until)
    rows, total = store.find(wanted, limit=limit, offset=offset)
    response = as_json(Page[FootprintSummary](items=[summary(row) for row in rows], total=total))
    response.headers["Link"] = page_links(request.url, total, limit, offset)
    return response


@router.get(
    "/v1/footprints/{footprint_id}",
    response_model=KeptFootprintAnswer,
    responses={
        200: {"content": {MEDIA_TYPES[each].split(";")[0]: {} for each in ("csv", "xlsx", "pdf")}}
    },
    operation_id="get_footprint",
)
def get_footprint(
    kept: KeptDep,
    request: Request,
    releases: ReleasesDep,
    owned: PortfolioDep,
    wanted: Annotated[
        Format | None,
        Query(
            alias="format",
            description="Else as the Accept header says: JSON, CSV, a workbook (XLSX), a report "
            "(PDF), a PACT 3.0.3 ProductFootprint, or an openEPD draft.",
            openapi_examples=example("json"),
        ),
    ] = None,
) -> Response:
    """Return a footprint as it was answered, or as a file."""
    chosen = wanted or accepted(
        request.headers.get("accept", ""), ("json", "csv", "xlsx", "pdf", "pact", "openepd")
    )
    headers = {"Vary": "Accept"}
    if chosen == "json":
        content = as_bytes(kept)
    else:
        address = str(request.base_url).rstrip("/")
        content = exported(kept, chosen, releases, owned, address=address)
        headers["Content-Disposition"] = f'attachment; filename="{kept.id}.{_ENDINGS[chosen]}"'
    return unless_known(
        request,
        entity_tag(content),
        lambda: content,
        media_type=MEDIA_TYPES[chosen],
        also=headers,
    )


@router.delete(
    "/v1/footprints/{footprint_id}",
    status_code=204,
    response_class=Response,
    operation_id="delete_footprint",
)
def delete_footprint(footprint_id: FootprintId, store: StoreDep) -> Response:
    """Remove a footprint, unless it is a version of a product."""
    try:
        store.remove(footprint_id)
    except InUse as error:
        detail = "the footprint is a version of a product: remove that first"
        raise HTTPException(409, detail) from error
    return Response(status_code=204)


@router.post(
    "/v1/footprints:contributions",
    response_model=ContributionsAnswer,
    openapi_extra=FOOTPRINT_BODY,
    operation_id="post_contributions",
)
def post_contributions(
    body: BodyDep,
    request: Request,
    releases: ReleasesDep,
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
    value = read_json(body)
    engine, faults = choose_release(value, releases)
    name_release(request, engine.catalogue.release)
    return as_json(
        ask_contributions(
            value,
            engine,
            by=by,
            depth=depth,
            limit=limit,
            nodes=nodes,
            max_lines=settings.max_lines,
            faults=faults,
        )
    )


@router.post(
    "/v1/footprints:explain",
    response_model=WorkingAnswer,
    openapi_extra=FOOTPRINT_BODY,
    operation_id="explain_footprint",
)
def explain(
    body: BodyDep,
    request: Request,
    releases: ReleasesDep,
    settings: SettingsDep,
    indicator: Annotated[str, Query(max_length=100, openapi_examples=example(CLIMATE))] = CLIMATE,
    opened: Annotated[
        list[str] | None,
        Query(
            alias="open",
            max_length=40,
            description="Activities shown with their own inputs and flows, each bought by the "
            "request or by one before it.",
            openapi_examples=example([ACTIVITY_BOUGHT]),
        ),
    ] = None,
) -> Response:
    """Show the working: A, f, s, B, g, C and the value, each number with where it comes from."""
    value = read_json(body)
    engine, faults = choose_release(value, releases)
    name_release(request, engine.catalogue.release)
    return as_json(
        ask_working(
            value,
            engine,
            indicator=indicator,
            opened=opened or (),
            max_lines=settings.max_lines,
            faults=faults,
        )
    )
