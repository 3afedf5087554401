"""The application: made by a factory, opens the engine when it starts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi_offline import FastAPIOffline

from api.examples import answer_examples, request_schemas
from api.head import AnswerHead
from api.limits import BodyLimit, ResponseHeaders
from api.problems import MEDIA_TYPE, register
from api.routes import footprints, health, products, reference
from api.schemas.problem import ProblemAnswer
from api.settings import Settings
from lca_service import __version__
from lca_service.engine import Engine

_PROBLEM: dict[str, Any] = {
    "description": "A problem, with every fault at once (RFC 9457).",
    "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemAnswer"}}},
}


def create_app(settings: Settings | None = None, *, engine: Engine | None = None) -> FastAPI:
    """Return the application; without an engine it opens the release when it starts."""
    chosen = settings or Settings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.engine = engine or Engine.open(chosen.data_root)
        yield

    app = FastAPIOffline(
        title="Footprints from open, regional data",
        version=__version__,
        description="Carbon and water footprints of products by life cycle assessment, with the "
        "source of every number.",
        lifespan=lifespan,
        responses={"default": _PROBLEM},
    )
    app.state.settings = chosen
    if engine is not None:
        app.state.engine = engine
    for module in (footprints, products, reference, health):
        app.include_router(module.router)
    register(app)
    app.add_middleware(BodyLimit, limit=chosen.max_body_bytes)
    if chosen.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=chosen.cors_origins,
            allow_methods=["*"],
            allow_headers=["Request-Id", "If-None-Match"],
            expose_headers=["ETag", "Link", "Request-Id", "Engine-Version", "Data-Release"],
        )
    app.add_middleware(AnswerHead)
    app.add_middleware(ResponseHeaders, engine_version=__version__)
    _describe_bodies(app)
    return app


def _describe_bodies(app: FastAPI) -> None:
    """Put the schemas of hand-parsed bodies and of problems into the OpenAPI description."""
    describe = app.openapi

    def openapi() -> dict[str, Any]:
        schema = describe()
        problem = ProblemAnswer.model_json_schema(ref_template="#/components/schemas/{model}")
        components: dict[str, Any] = schema.setdefault("components", {}).setdefault("schemas", {})
        components |= problem.pop("$defs") | {"ProblemAnswer": problem} | request_schemas()
        engine = getattr(app.state, "engine", None)
        for name, answer in (answer_examples(engine) if engine else {}).items():
            _operation(schema, name)["responses"]["200"]["content"]["application/json"][
                "example"
            ] = answer
        return schema

    app.openapi = openapi  # type: ignore[method-assign]


def _operation(schema: dict[str, Any], name: str) -> dict[str, Any]:
    operations = (each for path in schema["paths"].values() for each in path.values())
    found: dict[str, Any] = next(each for each in operations if each["operationId"] == name)
    return found
