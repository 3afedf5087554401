"""The application: made by a factory, opens the engine when it starts."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi_offline import FastAPIOffline

from api.description import PROBLEM, complete_description
from api.exercises.book import Book
from api.head import AnswerHead
from api.limits import BodyLimit, ResponseHeaders
from api.problems import register
from api.routes import (
    benchmarks,
    categories,
    classes,
    comparisons,
    countries,
    criteria,
    exercises,
    footprint_parts,
    footprints,
    health,
    hotspots,
    measures,
    organisation,
    pact_host,
    places,
    portfolio,
    products,
    reference,
    scenarios,
)
from api.samples import register_samples
from api.settings import Settings
from lca_service import __version__
from lca_service.engine import Engine
from lca_service.releases import Releases

_log = logging.getLogger("lca_service.api")


def create_app(settings: Settings | None = None, *, engine: Engine | None = None) -> FastAPI:
    """Return the application; without an engine it opens the release when it starts."""
    chosen = settings or Settings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.engine = engine or Engine.open(chosen.data_root)
        app.state.releases = Releases(app.state.engine, chosen.data_root)
        if chosen.exercises:  # what is wrong with them is told now, not to the first learner
            app.state.book = Book(chosen.exercises)
        app.openapi_schema = None  # its examples are answers of the open release
        try:
            app.state.releases.keep()
        except OSError as error:  # it answers all the same
            _log.warning("the tables of the open release are not kept: %s", error)
        yield

    app = FastAPIOffline(
        title="Footprints from open, regional data",
        version=__version__,
        description="Carbon and water footprints of products by life cycle assessment, with the "
        "source of every number.",
        lifespan=lifespan,
        responses={"default": PROBLEM},
        redoc_url=None,  # it fetches its maker's logo
        swagger_ui_parameters={"validatorUrl": None},  # or it may show its description to others
    )
    app.state.settings = chosen
    if engine is not None:
        app.state.engine = engine
    for module in (
        footprints,
        footprint_parts,
        categories,
        organisation,
        comparisons,
        scenarios,
        measures,
        hotspots,
        benchmarks,
        criteria,
        places,
        portfolio,
        exercises,
        classes,
        products,
        reference,
        countries,
        health,
    ):
        app.include_router(module.router)
    if chosen.pact_clients:
        app.include_router(pact_host.tokens)
        app.mount(pact_host.PREFIX, pact_host.create_host(app))
    register(app)
    register_samples(app)
    classes.register_classes(app)
    app.add_middleware(BodyLimit, limit=chosen.max_body_bytes)
    if chosen.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=chosen.cors_origins,
            allow_methods=["*"],
            allow_headers=["Request-Id", "If-None-Match", "Idempotency-Key"],
            expose_headers=[
                "Content-Location",
                "ETag",
                "Link",
                "Request-Id",
                "Engine-Version",
                "Data-Release",
            ],
        )
    app.add_middleware(AnswerHead)
    app.add_middleware(ResponseHeaders, engine_version=__version__)
    complete_description(app)
    return app
