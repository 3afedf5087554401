"""A PACT 3.0.3 host under /3, and the tokens for it: there only where clients are set.

It is described by PACT's own OpenAPI, and therefore not in ours.
"""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from urllib.parse import parse_qs

from fastapi import APIRouter, Depends, FastAPI, Request, Response

from api.dependencies import PublicationDep, SettingsDep
from api.pact_host.criteria import BadCriteria, read_criteria
from api.pact_host.errors import Refusal, register
from api.pact_host.tokens import (
    LIFETIME_SECONDS,
    ExpiredToken,
    InvalidToken,
    check_token,
    issue_token,
    known_client,
)
from api.store.footprints import Place
from lca_service.errors import UnknownName

PREFIX = "/3"
_SCOPE = "footprint:list footprint:read"
_PAGE, _LARGEST_PAGE = 100, 200
_LONGEST_NUMBER = 18
_TIME = "%Y%m%dT%H%M%S%f"

tokens = APIRouter()
actions = APIRouter()


def create_host(app: FastAPI) -> FastAPI:
    """Return the host as an application of its own, because its errors are others."""
    host = FastAPI(openapi_url=None, dependencies=[Depends(authorized)])
    host.state = app.state  # one database, one engine
    host.include_router(actions)
    register(host)
    return host


async def authorized(request: Request, settings: SettingsDep) -> None:
    """Refuse a request without a valid bearer token (RFC 6750)."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    challenge = {"WWW-Authenticate": "Bearer"}
    try:
        if scheme.lower() != "bearer":
            raise InvalidToken
        check_token(token.strip(), settings.pact_clients, now=time.time())
    except ExpiredToken as error:
        message = "the access token has expired: ask for a new one at /auth/token"
        raise Refusal(401, "TokenExpired", message, challenge) from error
    except InvalidToken as error:
        # PACT has no code for it; its conformance tests expect this one
        message = "there is no valid access token: ask for one at /auth/token"
        raise Refusal(401, "BadRequest", message, challenge) from error


@tokens.post("/auth/token", include_in_schema=False)
async def post_token(request: Request, settings: SettingsDep) -> Response:
    """Issue a token to a client that proves who it is (RFC 6749, 4.4)."""
    client = known_client(request.headers.get("authorization", ""), settings.pact_clients)
    if client is None:
        headers = {"WWW-Authenticate": 'Basic realm="PACT"'}
        return _oauth(401, {"error": "invalid_client"}, headers)
    form = parse_qs((await request.body()).decode("ascii", "replace"))
    granted = form.get("grant_type", [])
    if len(granted) != 1:
        return _oauth(400, {"error": "invalid_request", "error_description": "one grant_type"})
    if granted != ["client_credentials"]:
        return _oauth(400, {"error": "unsupported_grant_type"})
    return _oauth(200, {"access_token": issue_token(client, settings.pact_clients, now=time.time()),
                        "token_type": "Bearer", "expires_in": LIFETIME_SECONDS,
                        "scope": _SCOPE})  # fmt: skip


@actions.get("/footprints")
def list_footprints(request: Request, published: PublicationDep) -> Response:
    """Return a page of footprints, newest first; the Link header leads to the next."""
    paging, filters = _divided(request)
    try:
        criteria = read_criteria(filters)
    except BadCriteria as error:
        raise Refusal(400, "BadRequest", str(error)) from error
    found = published.page(
        criteria, limit=_limit(paging), after=_after(paging), address=_address(request)
    )
    headers = {}
    if found.after is not None:
        following = request.url.include_query_params(after=_written(found.after))
        headers["Link"] = f'<{following}>; rel="next"'
    content = b'{"data":[' + b",".join(found.footprints) + b"]}"
    return Response(content, 200, headers, media_type="application/json")


@actions.get("/footprints/{footprint_id}")
def get_footprint(footprint_id: str, request: Request, published: PublicationDep) -> Response:
    """Return a footprint."""
    try:
        found = published.get(footprint_id, address=_address(request))
    except UnknownName as error:
        raise Refusal(404, "NotFound", "there is no footprint of this id") from error
    return Response(b'{"data":' + found + b"}", media_type="application/json")


@actions.post("/events")
def post_event() -> Response:
    """Refuse events: footprints are asked for, and not sent."""
    message = "this host takes no events: ask GET /3/footprints"
    raise Refusal(501, "NotImplemented", message)


def _divided(request: Request) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """Return what a query says of pages, and its filters."""
    given = request.query_params.multi_items()
    paging = {name: value for name, value in given if name in ("limit", "after")}
    return paging, [(name, value) for name, value in given if name not in paging]


def _limit(paging: dict[str, str]) -> int:
    given = paging.get("limit", str(_PAGE))
    if not (given.isascii() and given.isdigit() and len(given) <= _LONGEST_NUMBER):
        raise Refusal(400, "BadRequest", f"limit {given[:_LONGEST_NUMBER]!r} is no whole number")
    return min(int(given), _LARGEST_PAGE)


def _after(paging: dict[str, str]) -> Place | None:
    if "after" not in paging:
        return None
    created, _, footprint_id = paging["after"].partition(".")
    try:
        return Place(datetime.strptime(created, _TIME).replace(tzinfo=UTC), footprint_id)
    except ValueError as error:
        message = "after is none of this host's: follow the Link header"
        raise Refusal(400, "BadRequest", message) from error


def _written(place: Place) -> str:
    """Return a place without a character that addresses write in two ways."""
    return f"{place.created.astimezone(UTC).strftime(_TIME)}.{place.id}"


def _address(request: Request) -> str:
    """Return the address of this service, without that of the host in it."""
    return str(request.base_url).rstrip("/").removesuffix(PREFIX)


def _oauth(
    status: int, content: dict[str, object], headers: dict[str, str] | None = None
) -> Response:
    """Return a token, or an error as OAuth has it (RFC 6749, 5.2)."""
    kept_by_nobody = {"Cache-Control": "no-store", "Pragma": "no-cache"}
    return Response(
        json.dumps(content), status, kept_by_nobody | (headers or {}), media_type="application/json"
    )
