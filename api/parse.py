"""From the JSON of a request to its typed form, or to every fault of that form.

The same parser serves HTTP and the command line.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from api.schemas import request
from api.schemas.request import FootprintRequest
from lca_service.catalogue.nomenclature import nearest_names
from lca_service.errors import Fault, StudyError

Shape = TypeVar("Shape", bound=BaseModel)

MOST_FAULTS = 1000  # a megabyte of wrong fields would be answered with tens of megabytes
_CREDITS = ("offset", "credit", "avoided", "compensat", "removal")
_SHOWN = 80  # characters of a wrong value that are repeated

_SHAPES: dict[str, type[BaseModel]] = {
    "declared_unit": request.DeclaredUnitRequest,
    "bom": request.LineRequest,
    "emissions": request.EmissionRequest,
    "assemblies": request.AssemblyRequest,
    "parameters": request.ParameterRequest,
}


def parse_request(value: Mapping[str, Any]) -> tuple[FootprintRequest | None, list[Fault]]:
    """Return the typed request, or None and every fault of its form."""
    return parse_as(FootprintRequest, value, _SHAPES)


def parse_as(
    shape: type[Shape], value: Mapping[str, Any], parts: Mapping[str, type[BaseModel]]
) -> tuple[Shape | None, list[Fault]]:
    """Return a typed request, or None and every fault of its form.

    ``parts`` are the shapes of what stands under a field, whose names are proposed there.
    """
    try:
        return shape.model_validate(value), []
    except ValidationError as error:
        found = error.errors(include_url=False)
        return None, [_fault(each, shape, parts) for each in islice(found, MOST_FAULTS)]


def parsed(
    shape: type[Shape],
    value: Mapping[str, Any],
    parts: Mapping[str, type[BaseModel]] | None = None,
) -> Shape:
    """Return a typed request; StudyError with every fault of its form."""
    found, faults = parse_as(shape, value, parts or {})
    if found is None:
        raise StudyError(faults)
    return found


def pointer(path: Sequence[str | int]) -> str:
    """Return the JSON pointer of a path.

    Examples
    --------
    >>> pointer(["assemblies", "a/b", "bom", 0])
    '/assemblies/a~1b/bom/0'
    """
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


def _fault(error: Any, shape: type[BaseModel], parts: Mapping[str, type[BaseModel]]) -> Fault:
    path = [step for step in error["loc"] if step != "[key]"]
    kind, field = error["type"], str(path[-1])[:_SHOWN] if path else ""
    if kind == "extra_forbidden" and any(word in field.lower() for word in _CREDITS):
        detail = "offsets, credits and avoided emissions never enter a footprint"
        return Fault(pointer(path), "offset_refused", detail, "report them beside it, apart")
    if kind == "extra_forbidden":
        allowed = nearest_names(field, _fields_at(path, shape, parts))
        return Fault(pointer(path), "unknown_field", f"unknown field {field!r}", "", allowed)
    if kind == "missing":
        return Fault(pointer(path), "missing_field", f"the field {field!r} is missing")
    if kind == "string_pattern_mismatch":
        return _unreadable(path, error.get("input"))
    code = "bad_amount" if field in ("amount", "mass_kg") else "bad_value"
    detail = f"{error['msg']}{_shown(error.get('input'))}"
    return Fault(pointer(path), code, detail, "", _allowed(error))


def _unreadable(path: Sequence[str | int], given: Any) -> Fault:
    """Return the fault of a text that has not the form of a unit or of a name."""
    if path[-1:] == ["unit"]:
        hint = "join names by * and /, such as t*km or kg/m3"
        return Fault(pointer(path), "unknown_unit", f"not a unit{_shown(given)}", hint)
    return Fault(pointer(path), "bad_value", f"a name has no control characters{_shown(given)}")


def _allowed(error: Any) -> tuple[str, ...]:
    if error["type"] not in ("enum", "literal_error"):
        return ()
    expected = str(error.get("ctx", {}).get("expected", ""))
    return tuple(part.strip("' ") for part in expected.replace(" or ", ",").split(","))


def _shown(given: Any) -> str:
    if isinstance(given, str) and len(given) <= _SHOWN:
        return f"; got {given!r}"
    if isinstance(given, bool | int | float) and abs(given) < math.inf and len(str(given)) <= 40:
        return f"; got {given!r}"
    return ""


def _fields_at(
    path: Sequence[str | int], shape: type[BaseModel], parts: Mapping[str, type[BaseModel]]
) -> list[str]:
    """Return the fields of the object that holds the last step of a path."""
    for step in path[:-1]:
        shape = parts.get(str(step), shape)
    return list(shape.model_fields)
