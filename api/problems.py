"""Every error as ``application/problem+json`` (RFC 9457), with all faults at once."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from api.parse import pointer
from api.read import BadJson
from api.schemas.problem import FaultAnswer, ProblemAnswer
from lca_service.errors import Fault, StudyError, UnknownName

MEDIA_TYPE = "application/problem+json"
_TITLES = {413: "Content Too Large", 422: "Unprocessable Content"}  # RFC 9110; Python says it later


def problem(
    status: int,
    detail: str,
    faults: Sequence[Fault] = (),
    *,
    instance: str = "",
    headers: dict[str, str] | None = None,
) -> Response:
    """Return a problem as a response."""
    content = ProblemAnswer(
        title=_TITLES.get(status) or HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        instance=instance,
        errors=[
            FaultAnswer(
                pointer=fault.pointer,
                code=fault.code,
                detail=fault.detail,
                hint=fault.hint,
                allowed=list(fault.allowed),
            )
            for fault in faults
        ],
    )
    return Response(content.model_dump_json(), status, headers, media_type=MEDIA_TYPE)


def register(app: FastAPI) -> None:
    """Answer every exception of the application with a problem."""
    app.add_exception_handler(StudyError, _study)
    app.add_exception_handler(BadJson, _bad_json)
    app.add_exception_handler(UnknownName, _unknown)
    app.add_exception_handler(RequestValidationError, _parameters)
    app.add_exception_handler(HTTPException, _http)


def _study(request: Request, error: Exception) -> Response:
    faults = error.faults if isinstance(error, StudyError) else ()
    count = "one fault" if len(faults) == 1 else f"{len(faults)} faults"
    detail = f"the request has {count}; nothing was computed"
    return problem(422, detail, faults, instance=request.url.path)


def _bad_json(request: Request, error: Exception) -> Response:
    faults = [error.fault] if isinstance(error, BadJson) else []
    return problem(400, str(error), faults, instance=request.url.path)


def _unknown(request: Request, error: Exception) -> Response:
    faults: list[Fault] = []
    if isinstance(error, UnknownName):
        faults = [Fault("", error.code, str(error), error.hint, error.nearest)]
    return problem(404, str(error), faults, instance=request.url.path)


def _parameters(request: Request, error: Exception) -> Response:
    """Answer wrong query parameters; their pointer names the parameter."""
    faults = []
    if isinstance(error, RequestValidationError):
        faults = [
            Fault(pointer(each["loc"][1:]), "bad_parameter", str(each["msg"]))
            for each in error.errors()
        ]
    return problem(422, "a parameter is wrong", faults, instance=request.url.path)


def _http(request: Request, error: Exception) -> Response:
    status, detail, headers = 500, "", None
    if isinstance(error, HTTPException):
        status, detail, headers = error.status_code, str(error.detail), error.headers
    return problem(
        status, detail, instance=request.url.path, headers=dict(headers) if headers else None
    )
