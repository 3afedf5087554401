"""Every fault of a request, of its form and of its content, in one reply."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from api.contracts import contract_faults
from api.parse import MOST_FAULTS, parse_request, pointer
from api.scenarios import template_faults
from api.schemas.request import Code, EmissionRequest, FootprintRequest, LineRequest, Unit
from api.translate.questions import to_emissions, to_lines
from lca_service.domain.study import DeclaredUnit, Shape, Stage, Study
from lca_service.engine import Engine
from lca_service.errors import Fault, StudyError

T = TypeVar("T")
Path = list[str | int]

# Faults that the unreadable parts of a request can cause
_CAUSED_BY_GAPS = {"empty_bill", "unknown_assembly", "no_net_output", "duplicate_id"}


@dataclass(frozen=True)
class Bill:
    """The entries of one bill, with their places in its lists; ``path`` leads to the bill."""

    path: Path
    lines: list[tuple[int, LineRequest]]
    emissions: list[tuple[int, EmissionRequest]]


def checked(
    value: Mapping[str, Any], engine: Engine, *, max_lines: int, also: Sequence[Fault] = ()
) -> FootprintRequest:
    """Return the typed request, or raise the faults of its form and of its content together.

    With those that have been found before: ``also``.

    A person who mends a unit should not be told of the next wrong name only then.
    """
    count = count_entries(value)
    if count > max_lines:
        raise StudyError([*also, *_too_many(value, count, max_lines)])
    request, faults = parse_request(value)
    faults = [*also, *faults]
    if request is not None:
        faults += [*_form_faults(_bills(request)), *template_faults(request, engine)]
    if request is None:
        readable = _readable_bills(value)
        faults += _form_faults(readable)
    elif faults:
        readable = _bills(request)
    else:
        return request
    raise StudyError([*faults, *_content_faults(value, readable, engine)][:MOST_FAULTS])


def count_entries(value: Mapping[str, Any]) -> int:
    """Return the lines, emissions and assemblies of a request, readable or not."""
    assemblies = value.get("assemblies")
    parts = list(assemblies.values()) if isinstance(assemblies, dict) else []
    return len(parts) + sum(
        len(as_list(bill.get(name)))
        for bill in (value, *(part for part in parts if isinstance(part, dict)))
        for name in ("bom", "emissions")
    )


def _too_many(value: Mapping[str, Any], count: int, max_lines: int) -> list[Fault]:
    detail = f"{count} lines, emissions and assemblies; at most {max_lines} are allowed"
    hint = "group lines into fewer, or split the request"
    _, rest = parse_request({**value, "bom": [], "emissions": [], "assemblies": {}})
    return [Fault("/bom", "too_many_lines", detail, hint), *rest]


def _bills(request: FootprintRequest) -> list[Bill]:
    bills = [Bill([], list(enumerate(request.bom)), list(enumerate(request.emissions)))]
    for name, part in request.assemblies.items():
        path: Path = ["assemblies", name]
        bills.append(Bill(path, list(enumerate(part.bom)), list(enumerate(part.emissions))))
    return bills


def _readable_bills(value: Mapping[str, Any]) -> list[Bill]:
    """Return the entries that have the right form, of bills that may not."""
    assemblies = value.get("assemblies")
    parts: list[tuple[Path, Any]] = [([], value)]
    if isinstance(assemblies, dict):
        parts += [(["assemblies", name], part) for name, part in assemblies.items()]
    return [
        Bill(
            path,
            list(readable(part.get("bom"), LineRequest)),
            list(readable(part.get("emissions"), EmissionRequest)),
        )
        for path, part in parts
        if isinstance(part, dict)
    ]


def readable(entries: Any, shape: type[T]) -> Iterator[tuple[int, T]]:
    """Yield the entries of a list that have a form, with their places."""
    for index, entry in enumerate(as_list(entries)):
        try:
            yield index, TypeAdapter(shape).validate_python(entry)
        except ValidationError:
            continue


def _form_faults(bills: Iterable[Bill]) -> Iterator[Fault]:
    """Yield what a schema cannot say: both or neither supplier, misplaced parameters, no stage."""
    for bill in bills:
        for index, line in bill.lines:
            path: Path = [*bill.path, "bom", index]
            if (line.product is None) == (line.assembly is None):
                detail = "a line buys either a product or an assembly"
                hint = "give exactly one of 'product' and 'assembly'"
                yield Fault(pointer(path), "product_or_assembly", detail, hint)
            if line.assembly is not None and line.parameters:
                detail = "parameters belong to the process of a product"
                hint = "change the assembly's own lines instead"
                yield Fault(pointer([*path, "parameters"]), "bad_parameter", detail, hint)
            yield from contract_faults(line, pointer(path))
            yield from _spread_faults(line, path)
            if not bill.path and line.stage is None:
                yield _no_stage(path, "a line of the product's bill needs its life cycle stage")
        for index, emission in bill.emissions:
            path = [*bill.path, "emissions", index]
            yield from _spread_faults(emission, path)
            if not bill.path and emission.stage is None:
                yield _no_stage(path, "an emission of the product needs its life cycle stage")


def _spread_faults(entry: LineRequest | EmissionRequest, path: Path) -> Iterator[Fault]:
    """Yield a fault if the spread of an amount lacks what its distribution needs."""
    given = entry.uncertainty
    if given is None:
        return
    low, high = given.minimum, given.maximum
    if given.distribution is Shape.LOGNORMAL:
        if given.gsd is not None and low is None and high is None:
            return
        detail = "a lognormal amount needs 'gsd', and neither 'minimum' nor 'maximum'"
        hint = "a gsd of 1.2 means that two thirds lie within a factor 1.2"
    else:
        if low is not None and high is not None and given.gsd is None:
            if low <= entry.amount <= high and low < high:
                return
            detail = f"the amount {entry.amount:g} is not between {low:g} and {high:g}"
        else:
            detail = f"a {given.distribution} amount needs 'minimum' and 'maximum', and no 'gsd'"
        hint = "give both in the unit of the line, minimum <= amount <= maximum"
    yield Fault(pointer([*path, "uncertainty"]), "bad_uncertainty", detail, hint)


def _no_stage(path: Path, detail: str) -> Fault:
    allowed = tuple(stage.value for stage in Stage)
    return Fault(pointer([*path, "stage"]), "missing_field", detail, allowed=allowed)


def _content_faults(value: Mapping[str, Any], bills: list[Bill], engine: Engine) -> list[Fault]:
    """Return the unknown names and wrong units of what can be read.

    The lines of assemblies stand beside those of the product: each has its own pointer.
    """
    declared = value.get("declared_unit")
    unit = declared.get("unit") if isinstance(declared, dict) else None
    indicators = as_list(value.get("indicators"))
    study = Study(
        name="",
        declared_unit=DeclaredUnit(1.0, str(unit) if has_form(unit, Unit) else "piece"),
        location=value["location"] if has_form(value.get("location"), Code) else "GLO",
        lines=tuple(line for bill in bills for line in to_lines(_products(bill), _at(bill, "bom"))),
        emissions=tuple(
            each for bill in bills for each in to_emissions(bill.emissions, _at(bill, "emissions"))
        ),
        indicators=tuple(indicators) if are_codes(indicators) else (),
        methods=readable_methods(value),
    )
    try:
        engine.check(study)
    except StudyError as error:
        is_empty = value.get("bom") == [] and not value.get("emissions")
        gaps = _CAUSED_BY_GAPS - ({"empty_bill"} if is_empty else set())
        return [fault for fault in error.faults if fault.code not in gaps]
    return []


def readable_methods(value: Mapping[str, Any]) -> dict[str, str]:
    """Return the method editions of a request that can be read."""
    methods = value.get("methods")
    pairs = methods.items() if isinstance(methods, dict) and len(methods) <= 100 else ()
    return {key: edition for key, edition in pairs if are_codes([key, edition])}


def _products(bill: Bill) -> list[tuple[int, LineRequest]]:
    return [(index, line) for index, line in bill.lines if line.product and not line.assembly]


def _at(bill: Bill, name: str) -> Path:
    return [*bill.path, name]


def as_list(value: Any) -> list[Any]:
    """Return a list as it is, and nothing of what is none."""
    return value if isinstance(value, list) else []


def are_codes(values: list[Any]) -> bool:
    """Tell whether all of so many values can be codes."""
    return len(values) <= 100 and all(has_form(each, Code) for each in values)


def has_form(value: Any, shape: Any) -> bool:
    """Tell whether a value has a form."""
    try:
        TypeAdapter(shape).validate_python(value)
    except ValidationError:
        return False
    return True
