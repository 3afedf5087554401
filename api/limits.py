"""The size limit of request bodies, and the headers of every response."""

from __future__ import annotations

import logging
import re
import uuid

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import problem

_log = logging.getLogger("lca_service.api")

_SANE_ID = re.compile(r"[A-Za-z0-9._-]{1,128}")


class BodyLimit:
    """Refuse a body over the limit with 413, whether its length is announced or not."""

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read the whole body up to the limit, then hand it on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        announced = Headers(scope=scope).get("content-length", "0")
        too_large = announced.isdigit() and int(announced) > self._limit
        body = b"" if too_large else await self._read(receive)
        if too_large or body is None:
            detail = f"the body is larger than the {self._limit} bytes allowed"
            await problem(413, detail, instance=scope["path"])(scope, receive, send)
            return
        await self._app(scope, _replayed(body, receive), send)

    async def _read(self, receive: Receive) -> bytes | None:
        """Return the body, or None once it is too large."""
        parts: list[bytes] = []
        size, more = 0, True
        while more:
            message = await receive()
            part = message.get("body", b"")
            size += len(part)
            if size > self._limit:
                return None
            parts.append(part)
            more = message.get("more_body", False)
        return b"".join(parts)


def _replayed(body: bytes, receive: Receive) -> Receive:
    is_sent = False

    async def replay() -> Message:
        nonlocal is_sent
        if is_sent:
            return await receive()
        is_sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


def name_release(request: Request, release: str) -> None:
    """Let the response name the data release that answered, where it may not be the open one."""
    request.state.data_release = release


def _answered_by(scope: Scope) -> str | None:
    found: str | None = scope["state"].get("data_release")
    return found


class ResponseHeaders:
    """Add the engine's version, the data release and the request's id to every response."""

    def __init__(self, app: ASGIApp, engine_version: str) -> None:
        self._app = app
        self._engine_version = engine_version

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on; add the headers when its response starts, or a problem."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asked = Headers(scope=scope).get("request-id", "")
        request_id = asked if _SANE_ID.fullmatch(asked) else uuid.uuid4().hex
        is_started = False
        scope.setdefault("state", {})  # what the routes see is a copy of the scope: share it

        async def send_with_headers(message: Message) -> None:
            nonlocal is_started
            if message["type"] == "http.response.start":
                is_started = True
                headers = MutableHeaders(scope=message)
                headers["Request-Id"] = request_id
                headers["Engine-Version"] = self._engine_version
                engine = getattr(scope["app"].state, "engine", None)
                release = _answered_by(scope) or (engine and engine.catalogue.release)
                if release:
                    headers["Data-Release"] = release
            await send(message)

        try:
            await self._app(scope, receive, send_with_headers)
        except Exception:  # the last door: whatever went wrong becomes a problem
            _log.exception("request %s to %s failed", request_id, scope["path"])
            if is_started:
                raise  # half an answer cannot be taken back: the server closes the connection
            detail = f"something that should not happen did; it is logged under {request_id}"
            response = problem(500, detail, instance=scope["path"])
            await response(scope, receive, send_with_headers)
