"""From the bytes of a request to its typed form, or to every fault in it.

The same parser serves HTTP and the command line.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from pydantic import BaseModel, ValidationError

from api.schemas import request
from api.schemas.request import FootprintRequest
from lca_service.catalogue.nomenclature import nearest_names
from lca_service.errors import Fault

_DEEPEST = 32  # a request has five levels; far deeper JSON is an attack on the parser

_SHAPES: dict[str, type[BaseModel]] = {
    "declared_unit": request.DeclaredUnitRequest,
    "bom": request.LineRequest,
    "emissions": request.EmissionRequest,
    "assemblies": request.AssemblyRequest,
}


class BadJson(Exception):
    """The body is not JSON that a request can be; ``fault`` says where."""

    def __init__(self, detail: str, pointer: str = "") -> None:
        self.fault = Fault(pointer, "malformed_json", detail, "send one JSON object, as UTF-8")
        super().__init__(detail)


def read_json(body: bytes) -> dict[str, Any]:
    """Return the JSON object of a body.

    Raises
    ------
    BadJson
        If it is not UTF-8, not JSON, no object, nested absurdly deep, has a key twice,
        or a number that is not finite.
    """
    try:
        text = body.decode("utf-8-sig")
        value = json.loads(text, object_pairs_hook=_unique, parse_constant=_not_finite)
    except UnicodeDecodeError as error:
        raise BadJson(f"the body is not UTF-8: byte {error.start}") from error
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise BadJson(f"the body is not JSON: {error.msg} at {where}") from error
    except RecursionError as error:
        raise BadJson("the body is nested too deep") from error
    except ValueError as error:  # an integer of thousands of digits
        raise BadJson(f"the body has a number that cannot be read: {error}") from error
    if not isinstance(value, dict):
        raise BadJson("the body is not a JSON object")
    if _depth(value) > _DEEPEST:
        raise BadJson("the body is nested too deep")
    return value


def parse_request(value: Mapping[str, Any]) -> tuple[FootprintRequest | None, list[Fault]]:
    """Return the typed request, or None and every fault of its form."""
    try:
        return FootprintRequest.model_validate(value), []
    except ValidationError as error:
        return None, [_fault(each, value) for each in error.errors(include_url=False)]


def pointer(path: Sequence[str | int]) -> str:
    """Return the JSON pointer of a path.

    Examples
    --------
    >>> pointer(["assemblies", "a/b", "bom", 0])
    '/assemblies/a~1b/bom/0'
    """
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


def _fault(error: Any, value: Mapping[str, Any]) -> Fault:
    path = [step for step in error["loc"] if step != "[key]"]
    kind, given = error["type"], error.get("input")
    if kind == "extra_forbidden":
        allowed = nearest_names(str(path[-1]), _fields_at(path))
        return Fault(pointer(path), "unknown_field", f"unknown field {path[-1]!r}", "", allowed)
    if kind == "missing":
        return Fault(pointer(path), "missing_field", f"the field {path[-1]!r} is missing")
    detail = f"{error['msg']}{_shown(given)}"
    code = "bad_amount" if path[-1:] in (["amount"], ["mass_kg"]) else "bad_value"
    allowed = ()
    if kind in ("enum", "literal_error"):
        expected = str(error.get("ctx", {}).get("expected", ""))
        allowed = tuple(part.strip("' ") for part in expected.replace(" or ", ",").split(","))
    return Fault(pointer(path), code, detail, "", allowed)


def _shown(given: Any) -> str:
    if isinstance(given, str) and len(given) <= 80:
        return f"; got {given!r}"
    if isinstance(given, bool | int | float) and abs(given) < math.inf and len(str(given)) <= 40:
        return f"; got {given!r}"
    return ""


def _fields_at(path: Sequence[str | int]) -> list[str]:
    """Return the fields of the object that holds the last step of a path."""
    shape: type[BaseModel] = request.FootprintRequest
    for step in path[:-1]:
        shape = _SHAPES.get(str(step), shape)
    return list(shape.model_fields)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise BadJson(f"the key {key[:80]!r} stands twice in one object")
        found[key] = value
    return found


def _not_finite(name: str) -> NoReturn:
    raise BadJson(f"{name} is not a JSON number: every amount is finite")


def _depth(value: Any) -> int:
    """Return the levels of nesting, counted level by level so that depth costs no stack."""
    depth, level = 0, [value]
    while level and depth <= _DEEPEST:
        depth += 1
        level = [
            child
            for node in level
            if isinstance(node, dict | list)
            for child in (node.values() if isinstance(node, dict) else node)
        ]
    return depth
