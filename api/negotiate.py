"""Which form of a footprint a client wants: by name, or by what it accepts."""

from __future__ import annotations

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
} | {"*/*": "json", "application/*": "json", "text/*": "csv"}


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
    """
    wanted: list[tuple[float, Format]] = []
    for each in filter(None, (part.strip() for part in accept.split(","))):
        media_type, *parameters = (part.strip().lower() for part in each.split(";"))
        weights = [part[2:] for part in parameters if part.startswith("q=")]
        weight = float(weights[0]) if weights and weights[0].replace(".", "", 1).isdigit() else 1.0
        if media_type in _BY_TYPE and weight > 0:
            wanted.append((weight, _BY_TYPE[media_type]))
    if wanted:
        return max(wanted, key=lambda each: each[0])[1]
    if accept.strip():
        raise HTTPException(406, f"there are {', '.join(get_args(Format))}")
    return "json"
