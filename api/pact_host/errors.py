"""Errors as PACT wants them: a code and a message, no problem details."""

from __future__ import annotations

import json
from typing import Literal

from fastapi import FastAPI, Request, Response
from starlette.exceptions import HTTPException

Code = Literal[
    "BadRequest", "AccessDenied", "TokenExpired", "NotFound", "InternalError", "NotImplemented"
]
_CODES: dict[int, Code] = {403: "AccessDenied", 404: "NotFound", 501: "NotImplemented"}


class Refusal(Exception):
    """A request that is answered with an error."""

    def __init__(
        self, status: int, code: Code, message: str, headers: dict[str, str] | None = None
    ) -> None:
        self.status, self.code, self.message, self.headers = status, code, message, headers
        super().__init__(message)


def register(host: FastAPI) -> None:
    """Answer every exception of a host with an error of PACT."""
    host.add_exception_handler(Refusal, _refuse)
    host.add_exception_handler(HTTPException, _http)
    host.add_exception_handler(Exception, _internal)


def _refuse(_: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)  # what it is registered for
    return _answer(error.status, error.code, error.message, error.headers)


def _http(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    headers = dict(error.headers) if error.headers else None
    code = _CODES.get(error.status_code, "BadRequest")
    return _answer(error.status_code, code, str(error.detail), headers)


def _internal(_: Request, __: Exception) -> Response:
    return _answer(500, "InternalError", "something that should not happen did")


def _answer(
    status: int, code: Code, message: str, headers: dict[str, str] | None = None
) -> Response:
    content = json.dumps({"code": code, "message": message}, ensure_ascii=False)
    return Response(content, status, headers, media_type="application/json")
