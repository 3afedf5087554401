"""From the bytes of a request to a JSON object, or to why they are none."""

from __future__ import annotations

import json
from typing import Any

from lca_service.errors import Fault

_DEEPEST = 32  # a request has five levels; far deeper JSON is an attack on the parser


class BadJson(Exception):
    """The body is not JSON that a request can be; ``fault`` says why."""

    def __init__(self, detail: str, pointer: str = "") -> None:
        self.fault = Fault(pointer, "malformed_json", detail, "send one JSON object, as UTF-8")
        super().__init__(detail)


def read_json(body: bytes) -> dict[str, Any]:
    """Return the JSON object of a body.

    Raises
    ------
    BadJson
        If it is not UTF-8, not JSON, no object, nested absurdly deep, has a key twice, or
        half of a surrogate pair. ``NaN`` and ``Infinity`` are no JSON either, but are read:
        no field takes them, and a fault of the field says where they stand.
    """
    value = _decode(body)
    if not isinstance(value, dict):
        raise BadJson("the body is not a JSON object")
    if _depth(value) > _DEEPEST:
        raise BadJson("the body is nested too deep")
    if b"\\u" in body and not _is_unicode(value):
        raise BadJson("a text has half of a surrogate pair, which is no character")
    return value


def _decode(body: bytes) -> Any:
    try:
        text = body.decode("utf-8-sig")
        return json.loads(text, object_pairs_hook=_unique)
    except UnicodeDecodeError as error:
        raise BadJson(f"the body is not UTF-8: byte {error.start}") from error
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise BadJson(f"the body is not JSON: {error.msg} at {where}") from error
    except RecursionError as error:
        raise BadJson("the body is nested too deep") from error
    except ValueError as error:
        raise BadJson("the body has a whole number of thousands of digits") from error


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise BadJson(f"the key {key[:80]!r} stands twice in one object")
        found[key] = value
    return found


def _is_unicode(value: Any) -> bool:
    """Tell whether every text can be written as UTF-8, as answers are."""
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


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
