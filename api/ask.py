"""One question from its bytes to its answer, for HTTP and the command line alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from api.parse import parse_request, read_json
from api.schemas.answer import ContributionsAnswer, FootprintAnswer
from api.schemas.request import EmissionRequest, FootprintRequest, LineRequest
from api.translate import (
    form_faults,
    from_contributions,
    from_footprint,
    manifest,
    to_emissions,
    to_lines,
    to_study,
)
from lca_service.calculation.contributions import By
from lca_service.domain.study import DeclaredUnit, Study
from lca_service.engine import Engine
from lca_service.errors import Fault, StudyError

T = TypeVar("T")

# Faults that only the missing, unreadable parts of a request can cause
_CAUSED_BY_GAPS = {"empty_bill", "unknown_assembly", "no_net_output", "duplicate_id"}


def ask_footprint(body: bytes, engine: Engine, *, max_lines: int) -> FootprintAnswer:
    """Return the footprint of a request.

    Raises
    ------
    BadJson
        If the body is no JSON object.
    StudyError
        With every fault of the request at once.
    """
    value = read_json(body)
    request = _checked(value, engine, max_lines=max_lines)
    result = engine.footprint(to_study(request))
    return from_footprint(result, request, engine, manifest(value, engine))


def ask_contributions(
    body: bytes, engine: Engine, *, by: By, depth: int, limit: int, max_lines: int
) -> ContributionsAnswer:
    """Return what the footprint of a request is made of; raises as `ask_footprint`."""
    value = read_json(body)
    request = _checked(value, engine, max_lines=max_lines)
    results = engine.contributions(to_study(request), by=by, depth=depth, limit=limit)
    return from_contributions(results, request, by, engine, manifest(value, engine))


def _checked(value: Mapping[str, Any], engine: Engine, *, max_lines: int) -> FootprintRequest:
    """Return the typed request, or raise the faults of its form and of its content together."""
    request, faults = parse_request(value)
    if request is not None:
        faults = form_faults(request, max_lines=max_lines)
    if request is None or faults:
        raise StudyError([*faults, *_content_faults(value, engine, max_lines)])
    return request


def _content_faults(value: Mapping[str, Any], engine: Engine, max_lines: int) -> list[Fault]:
    """Return the faults of those parts of a malformed request that can be read.

    A person who mends a unit should not be told of the next wrong name only then.
    """
    lines, emissions = value.get("bom"), value.get("emissions")
    if isinstance(lines, list) and len(lines) > max_lines:
        return []
    location, indicators, methods = (
        value.get(key) for key in ("location", "indicators", "methods")
    )
    study = Study(
        name="",
        declared_unit=DeclaredUnit(1.0, "piece"),
        location=str(location) if _is_text(location) else "GLO",
        lines=to_lines(_readable(lines, LineRequest, _buys_product), ["bom"]),
        emissions=to_emissions(_readable(emissions, EmissionRequest, _always), ["emissions"]),
        indicators=tuple(indicators or ()) if _are_texts(indicators, list) else (),
        methods=dict(methods) if methods and _are_texts(methods, dict) else {},
    )
    try:
        engine.check(study)
    except StudyError as error:
        return [fault for fault in error.faults if fault.code not in _CAUSED_BY_GAPS]
    return []


def _readable(entries: Any, shape: type[T], wanted: Callable[[T], bool]) -> list[tuple[int, T]]:
    """Return the entries that have the right form, with their places in the list."""
    found: list[tuple[int, T]] = []
    for index, entry in enumerate(entries if isinstance(entries, list) else ()):
        try:
            parsed = TypeAdapter(shape).validate_python(entry)
        except ValidationError:
            continue
        if wanted(parsed):
            found.append((index, parsed))
    return found


def _buys_product(line: LineRequest) -> bool:
    return line.product is not None and line.assembly is None


def _always(_: EmissionRequest) -> bool:
    return True


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def _are_texts(value: Any, kind: type[list[Any]] | type[dict[str, Any]]) -> bool:
    if not isinstance(value, kind):
        return False
    return all(_is_text(each) for each in (value.values() if isinstance(value, dict) else value))
