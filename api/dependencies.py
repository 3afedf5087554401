"""What routes ask for: the engine, the settings, the body, and conditional answers."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Mapping
from typing import Annotated

import sqlalchemy
from fastapi import Depends, Request, Response
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from api.exercises.book import Book, shipped_book
from api.pact_host.publication import Publication
from api.settings import Settings
from api.store.classes import Classes
from api.store.database import open_database
from api.store.footprints import Footprints
from api.store.portfolio import Portfolio
from api.store.scenarios import Scenarios
from lca_service.engine import Engine
from lca_service.releases import Releases

_opening = threading.Lock()


async def get_engine(request: Request) -> Engine:
    """Return the engine that the application opened at its start."""
    # `async`, because FastAPI hands every plain `def` to a thread: 0.5 ms where an answer takes 5
    engine: Engine = request.app.state.engine
    return engine


async def get_settings(request: Request) -> Settings:
    """Return the settings of the application."""
    settings: Settings = request.app.state.settings
    return settings


async def get_body(request: Request) -> bytes:
    """Return the body of a request that says it is JSON."""
    media_type = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if media_type != "application/json" and not media_type.endswith("+json"):
        detail = "send the request as Content-Type: application/json"
        raise HTTPException(415, detail)
    return await request.body()


def get_releases(request: Request) -> Releases:
    """Return the data releases, the open one and those kept."""
    with _opening:
        app = request.app.state
        if not hasattr(app, "releases"):
            app.releases = Releases(app.engine, app.settings.data_root)
        releases: Releases = app.releases
        return releases


def get_database(request: Request) -> sqlalchemy.Engine:
    """Return the database; it is opened at the first use."""
    with _opening:
        app = request.app.state
        if not hasattr(app, "database"):
            settings: Settings = app.settings
            app.database = open_database(settings.database, settings.folder)
        database: sqlalchemy.Engine = app.database
        return database


def get_store(request: Request) -> Footprints:
    """Return the footprints that are kept."""
    return Footprints(get_database(request))


def get_portfolio(request: Request) -> Portfolio:
    """Return the products of users' own."""
    return Portfolio(get_database(request))


def get_scenarios(request: Request) -> Scenarios:
    """Return the scenarios that are kept."""
    return Scenarios(get_database(request))


def get_book(request: Request) -> Book:
    """Return the exercises; they are read at the first use."""
    with _opening:
        app = request.app.state
        if not hasattr(app, "book"):
            own = app.settings.exercises
            app.book = Book(own) if own else shipped_book()
        book: Book = app.book
        return book


def get_classes(request: Request) -> Classes:
    """Return the classes of learners."""
    return Classes(get_database(request))


def get_publication(request: Request) -> Publication:
    """Return the footprints that are published."""
    parts = get_store(request), get_portfolio(request), get_releases(request)
    with _opening:
        app = request.app.state
        if not hasattr(app, "publication"):
            app.publication = Publication(*parts)
        publication: Publication = app.publication
        return publication


EngineDep = Annotated[Engine, Depends(get_engine)]
SettingsDep = Annotated[Settings, Depends(get_settings)]
ReleasesDep = Annotated[Releases, Depends(get_releases)]
StoreDep = Annotated[Footprints, Depends(get_store)]
PortfolioDep = Annotated[Portfolio, Depends(get_portfolio)]
ScenariosDep = Annotated[Scenarios, Depends(get_scenarios)]
ClassesDep = Annotated[Classes, Depends(get_classes)]
BookDep = Annotated[Book, Depends(get_book)]
PublicationDep = Annotated[Publication, Depends(get_publication)]
BodyDep = Annotated[bytes, Depends(get_body)]


def as_json(content: BaseModel) -> Response:
    """Return a model as a JSON response, written once."""
    return Response(content.model_dump_json(), media_type="application/json")


def conditional(request: Request, engine: Engine, content: BaseModel, also: str = "") -> Response:
    """Return an answer that only a new release changes, or 304 if the client has it.

    The entity tag is made of the data, the engine, the address with its query, and of what
    else the answer hangs on: ``also``.
    """
    key = f"{engine.catalogue.data_hash}|{engine.version}|{request.url.path}?{request.url.query}"
    key += f"|{also}" if also else ""
    return unless_known(request, entity_tag(key.encode()), content.model_dump_json)


def entity_tag(content: bytes) -> str:
    """Return a strong entity tag."""
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def tagged(request: Request, content: BaseModel) -> Response:
    """Return JSON with an entity tag of its own bytes, or 304 if the client has it."""
    written = content.model_dump_json().encode()
    return unless_known(request, entity_tag(written), lambda: written)


def unless_known(
    request: Request,
    tag: str,
    content: Callable[[], str | bytes],
    *,
    media_type: str = "application/json",
    also: Mapping[str, str] | None = None,
) -> Response:
    """Return an answer with its entity tag, or 304 if the client has it.

    ``also`` are further headers.
    """
    headers = {"ETag": tag, "Cache-Control": "no-cache", **(also or {})}
    known = {each.strip().removeprefix("W/") for each in _if_none_match(request).split(",")}
    if tag in known or "*" in known:
        return Response(status_code=304, headers=headers)
    return Response(content(), 200, headers, media_type=media_type)


def _if_none_match(request: Request) -> str:
    return request.headers.get("if-none-match", "")
