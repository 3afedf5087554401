"""Which form of a footprint a client wants: by name, or by what it accepts."""

from __future__ import annotations

import re
from typing import Literal, get_args

from starlette.exceptions import HTTPException

Format = Literal["json", "csv", "xlsx", "pdf", "pact", "openepd"]

MEDIA_TYPES: dict[Format, str] = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "pact": "application/json",
    "openepd": "application/json",
}
_BY_TYPE: dict[str, Format] = {
    MEDIA_TYPES[each].split(";")[0]: each for each in ("json", "csv", "xlsx", "pdf")
}
_WEIGHT = re.compile(r"q=(0(\.[0-9]{0,3})?|1(\.0{0,3})?)")  # RFC 9110, 12.4.2


def accepted(accept: str) -> Format:
    """Return the form that an Accept header prefers (RFC 9110, 12.5.1); JSON without one.

    Raises
    ------
    HTTPException
        406, if it accepts none of them.

    Examples
    --------
    >>> accepted("application/json;q=0.5, text/csv")
    'csv'
    >>> accepted("application/json;q=0, */*")
    'csv'
    """
    weights = _weights(accept)
    if not weights:
        return "json"
    places = {media_range: -place for place, media_range in enumerate(weights)}
    best: tuple[float, bool, int] | None = None
    found: Format = "json"
    for media_type, each in _BY_TYPE.items():
        # the most precise range decides, also where it refuses what a wider one accepts
        ranges = (media_type, f"{media_type.split('/')[0]}/*", "*/*")
        decisive = next((one for one in ranges if one in weights), None)
        if decisive is None or not weights[decisive]:
            continue
        rank = weights[decisive], decisive == media_type, places[decisive]
        if best is None or rank > best:
            best, found = rank, each
    if best is None:
        raise HTTPException(406, f"there are {', '.join(get_args(Format))}")
    return found


def _weights(accept: str) -> dict[str, float]:
    """Return the media ranges of an Accept header with their weights; 1 if it is none."""
    found: dict[str, float] = {}
    for each in filter(None, (part.strip() for part in accept.split(","))):
        media_range, *parameters = (part.strip().lower() for part in each.split(";"))
        given = (_WEIGHT.fullmatch(part) for part in parameters)
        found[media_range] = next((float(one[1]) for one in given if one), 1.0)
    return found
