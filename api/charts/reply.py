"""The reply to a policy question in the form that is asked for: JSON, table, or picture."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal

from fastapi import Depends, Query, Request, Response
from pydantic import BaseModel

from api.charts.publish import publish
from api.charts.shapes import Publication
from api.dependencies import as_json, entity_tag, unless_known
from api.examples import example
from api.negotiate import MEDIA_TYPES, accepted, preferred_language
from api.schemas.language import Language

Form = Literal["json", "csv", "xlsx", "vega-lite", "svg", "png"]
FORMS: tuple[Form, ...] = ("json", "csv", "xlsx", "vega-lite", "svg", "png")
FILES: dict[int | str, dict[str, Any]] = {
    200: {"content": {MEDIA_TYPES[each].split(";")[0]: {} for each in FORMS[1:]}}
}
_ENDINGS = {"vega-lite": "vl.json"}


class Wanted(BaseModel):
    """The form and the language of a reply."""

    form: Form
    language: Language


def get_wanted(
    request: Request,
    wanted: Annotated[
        Form | None,
        Query(
            alias="format",
            description="Else as the Accept header says.",
            openapi_examples=example("json"),
        ),
    ] = None,
    language: Annotated[
        Language | None,
        Query(
            description="Of titles and labels; else as Accept-Language says.",
            openapi_examples=example("en"),
        ),
    ] = None,
) -> Wanted:
    """Return the form and the language that are asked for."""
    headers = request.headers
    return Wanted(
        form=wanted or accepted(headers.get("accept", ""), FORMS),
        language=language or preferred_language(headers.get("accept-language", "")),
    )


WantedDep = Annotated[Wanted, Depends(get_wanted)]


def reply(
    wanted: Wanted, answer: BaseModel, published: Callable[[], Publication], name: str
) -> Response:
    """Return an answer as JSON or as a file of a name."""
    if wanted.form == "json":
        return as_json(answer)
    return _file(wanted, publish(published(), wanted.form, wanted.language), name)


def reply_again(
    request: Request,
    wanted: Wanted,
    answer: BaseModel,
    published: Callable[[], Publication],
    name: str,
) -> Response:
    """Return the same with an entity tag of its bytes, or 304 if the client has it."""
    made = reply(wanted, answer, published, name)
    content = bytes(made.body)
    headers = {
        key: value
        for key, value in made.headers.items()
        if key.lower() in ("content-disposition", "content-language")
    }
    return unless_known(
        request,
        entity_tag(content),
        lambda: content,
        media_type=made.headers["content-type"],
        also=headers,
    )


def _file(wanted: Wanted, content: bytes, name: str) -> Response:
    ending = _ENDINGS.get(wanted.form, wanted.form)
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.{ending}"',
        "Content-Language": wanted.language,
    }
    return Response(content, 200, headers, media_type=MEDIA_TYPES[wanted.form])
