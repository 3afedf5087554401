"""Which form of a footprint a client wants: by name, or by what it accepts."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Literal, TypeVar

from starlette.exceptions import HTTPException

from api.schemas.language import LANGUAGES, Language

Format = Literal["json", "csv", "xlsx", "pdf", "pact", "openepd"]

Form = TypeVar("Form", bound=str)

MEDIA_TYPES: dict[str, str] = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "pact": "application/json",
    "openepd": "application/json",
    "vega-lite": "application/vnd.vegalite.v5+json",
    "svg": "image/svg+xml",
    "png": "image/png",
}
_BY_TYPE: dict[str, str] = {
    MEDIA_TYPES[each].split(";")[0]: each
    for each in ("json", "csv", "xlsx", "pdf", "vega-lite", "svg", "png")
}
_WEIGHT = re.compile(r"q=(0(\.[0-9]{0,3})?|1(\.0{0,3})?)")  # RFC 9110, 12.4.2


def accepted(accept: str, among: Collection[Form]) -> Form:
    """Return the form that an Accept header prefers (RFC 9110, 12.5.1); JSON without one.

    ``among`` are those that there are.

    Raises
    ------
    HTTPException
        406, if it accepts none of them.

    Examples
    --------
    >>> accepted("application/json;q=0.5, text/csv", ("json", "csv"))
    'csv'
    >>> accepted("application/json;q=0, */*", ("json", "csv"))
    'csv'
    """
    weights = _weights(accept)
    if not weights:
        return next(each for each in among if each == "json")
    places = {media_range: -place for place, media_range in enumerate(weights)}
    best: tuple[float, bool, int] | None = None
    found: Form | None = None
    by_type = {media_type: each for media_type, each in _BY_TYPE.items() if each in among}
    for media_type, name in by_type.items():
        each = next(one for one in among if one == name)
        # the most precise range decides, also where it refuses what a wider one accepts
        ranges = (media_type, f"{media_type.split('/')[0]}/*", "*/*")
        decisive = next((one for one in ranges if one in weights), None)
        if decisive is None or not weights[decisive]:
            continue
        rank = weights[decisive], decisive == media_type, places[decisive]
        if best is None or rank > best:
            best, found = rank, each
    if found is None:
        raise HTTPException(406, f"there are {', '.join(among)}")
    return found


def _weights(accept: str) -> dict[str, float]:
    """Return the media ranges of an Accept header with their weights; 1 if it is none."""
    found: dict[str, float] = {}
    for each in filter(None, (part.strip() for part in accept.split(","))):
        media_range, *parameters = (part.strip().lower() for part in each.split(";"))
        given = (_WEIGHT.fullmatch(part) for part in parameters)
        found[media_range] = next((float(one[1]) for one in given if one), 1.0)
    return found


def preferred_language(accept_language: str) -> Language:
    """Return the language that an Accept-Language header prefers (RFC 9110, 12.5.4).

    Examples
    --------
    >>> preferred_language("de, fr-CH;q=0.9, en;q=0.8"), preferred_language("")
    ('fr', 'en')
    """
    weights = _weights(accept_language)
    for tag in sorted(weights, key=lambda each: -weights[each]):
        for language in LANGUAGES:
            if tag.split("-")[0] == language and weights[tag]:
                return language
    return "en"
