"""Unit process templates: what one unit of a product needs, as formulas over figures.

A template is written in ``processes.yaml``; `read_templates` repeats it for every value
of its ``for`` and returns it checked. `Formulas` evaluates its expressions, vectorized
over locations, after checking their dimensions.
"""

from __future__ import annotations

import ast
import itertools
import string
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from lca_service.catalogue.datapackage import Package
from lca_service.errors import DataFault

RUNGS = ("own", "ladder", "GLO")
_EXPRESSIONS = ("amount", "derived")
_PROCESS_KEYS = {
    "code", "name", "product", "boundary", "for", "locations", "parameters", "shares", "derived",
    "exchanges",
}  # fmt: skip
_EXCHANGE_KEYS = {"product", "flow", "amount", "location", "mix", "tags", "for"}
_PARAMETER_KEYS = {"quantity", "subject", "at", "for"}
_AVERAGE_KEYS = {
    "code",
    "name",
    "product",
    "boundary",
    "mix",
    "of",
    "weights",
    "locations",
    "for",
}


@dataclass(frozen=True)
class Binding:
    """Which figure a parameter takes: quantity and subject, and how far up the ladder."""

    name: str
    quantity: str
    subject: str
    at: str


@dataclass(frozen=True)
class ExchangeTemplate:
    """One exchange of a template; exactly one of ``product`` and ``flow`` is given."""

    amount: str
    product: str = ""
    flow: str = ""
    location: str = ""
    mix: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class ProcessTemplate:
    """A unit process, for every location where its own figures exist.

    ``shares`` are groups of parameters that sum to one at every location.
    """

    file: str
    code: str
    name: str
    product: str
    boundary: str
    locations: str | tuple[str, ...]
    parameters: tuple[Binding, ...]
    shares: tuple[tuple[str, ...], ...]
    derived: tuple[tuple[str, str], ...]
    exchanges: tuple[ExchangeTemplate, ...]


@dataclass(frozen=True)
class AverageTemplate:
    """A weighted average of the activities of one process."""

    file: str
    code: str
    name: str
    product: str
    boundary: str
    mix: str
    of: str
    quantity: str
    subject: str
    locations: str


def names_in(expression: str) -> frozenset[str]:
    """Return the names that a formula uses.

    Examples
    --------
    >>> sorted(names_in("minimum(a, b) * 2"))
    ['a', 'b', 'minimum']
    """
    tree = ast.parse(expression, mode="eval")
    return frozenset(node.id for node in ast.walk(tree) if isinstance(node, ast.Name))


def read_templates(
    packages: Iterable[Package],
) -> tuple[list[ProcessTemplate], list[AverageTemplate], list[DataFault]]:
    """Read ``processes.yaml`` of all packages; faults are collected, not raised."""
    processes: list[ProcessTemplate] = []
    averages: list[AverageTemplate] = []
    faults: list[DataFault] = []
    for package in packages:
        path = package.folder / "processes.yaml"
        if not path.exists():
            continue
        file = f"datasets/{package.name}/processes.yaml"
        content = _load(path, file, faults)
        for raw in _entries(content.get("processes"), _PROCESS_KEYS, file, faults):
            _collect(processes, _process, raw, file, faults)
        for raw in _entries(content.get("averages"), _AVERAGE_KEYS, file, faults):
            _collect(averages, _average, raw, file, faults)
    return processes, averages, faults


def _load(path: Path, file: str, faults: list[DataFault]) -> dict[str, Any]:
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        faults.append(DataFault(file, "-", "bad_yaml", str(error)))
        return {}
    return content or {}


def _collect(
    into: list[Any], build: Any, raw: dict[str, Any], file: str, faults: list[DataFault]
) -> None:
    try:
        into.append(build(raw, file))
    except (KeyError, ValueError, TypeError, SyntaxError) as error:
        detail = f"{type(error).__name__}: {error}"
        faults.append(DataFault(file, str(raw.get("code")), "bad_template", detail))


def _entries(
    raw: Sequence[dict[str, Any]] | None,
    keys: set[str],
    file: str,
    faults: list[DataFault],
) -> Iterator[dict[str, Any]]:
    """Yield each entry once per combination of its ``for`` values."""
    for entry in raw or ():
        if unknown := set(entry) - keys:
            detail = f"unknown keys {sorted(unknown)}; allowed are {sorted(keys)}"
            faults.append(DataFault(file, str(entry.get("code")), "bad_template", detail))
            continue
        yield from _repeated(entry)


def _repeated(entry: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    loops = entry.get("for") or {}
    rest = {key: value for key, value in entry.items() if key != "for"}
    for values in itertools.product(*loops.values()):
        yield _substituted(rest, dict(zip(loops, values, strict=True)))


def _substituted(node: Any, values: Mapping[str, str], key: str = "", depth: int = 0) -> Any:
    """Return the node with ``${name}`` replaced; in formulas a hyphen becomes ``_``."""
    if isinstance(node, str):
        if key in _EXPRESSIONS:
            values = {name: str(value).replace("-", "_") for name, value in values.items()}
        return string.Template(node).safe_substitute(values)
    if isinstance(node, list):
        return [_substituted(child, values, key) for child in node]
    if not isinstance(node, dict):
        return node
    if key in ("parameters", "derived"):
        names = {name: value.replace("-", "_") for name, value in values.items()}
        return {
            string.Template(name).safe_substitute(names): _substituted(
                child, values, "derived" if key == "derived" else ""
            )
            for name, child in node.items()
        }
    return {name: _substituted(child, values, name) for name, child in node.items()}


def _process(raw: dict[str, Any], file: str) -> ProcessTemplate:
    places = raw.get("locations", "own")
    return ProcessTemplate(
        file=file,
        code=raw["code"],
        name=raw["name"],
        product=raw["product"],
        boundary=raw.get("boundary", ""),
        locations=tuple(places) if isinstance(places, list) else places,
        parameters=tuple(_bindings(raw.get("parameters") or {})),
        shares=tuple(tuple(group) for group in raw.get("shares") or ()),
        derived=tuple((name, str(text)) for name, text in (raw.get("derived") or {}).items()),
        exchanges=tuple(_exchange(entry) for entry in _exchanges(raw.get("exchanges") or ())),
    )


def _bindings(raw: Mapping[str, Mapping[str, Any]]) -> Iterator[Binding]:
    for name, entry in raw.items():
        if unknown := set(entry) - _PARAMETER_KEYS:
            raise ValueError(f"parameter {name!r} has unknown keys {sorted(unknown)}")
        for each in _repeated({"name": name, **entry}):
            at = each.get("at", "ladder")
            if at not in RUNGS:
                raise ValueError(f"parameter {name!r}: 'at' is {at!r}, allowed are {RUNGS}")
            identifier = str(each["name"]).replace("-", "_")
            yield Binding(identifier, each["quantity"], each.get("subject", ""), at)


def _exchanges(raw: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    for entry in raw:
        if unknown := set(entry) - _EXCHANGE_KEYS:
            raise ValueError(f"exchange has unknown keys {sorted(unknown)}")
        yield from _repeated(entry)


def _exchange(raw: dict[str, Any]) -> ExchangeTemplate:
    exchange = ExchangeTemplate(
        amount=str(raw["amount"]),
        product=raw.get("product", ""),
        flow=raw.get("flow", ""),
        location=raw.get("location", ""),
        mix=raw.get("mix", ""),
        tags=tuple(raw.get("tags") or ()),
    )
    if bool(exchange.product) == bool(exchange.flow):
        raise ValueError(f"exchange needs exactly one of product and flow: {raw}")
    names_in(exchange.amount)
    return exchange


def _average(raw: dict[str, Any], file: str) -> AverageTemplate:
    return AverageTemplate(
        file=file,
        code=raw["code"],
        name=raw["name"],
        product=raw["product"],
        boundary=raw.get("boundary", ""),
        mix=raw["mix"],
        of=raw["of"],
        quantity=raw["weights"]["quantity"],
        subject=raw["weights"].get("subject", ""),
        locations=raw.get("locations", "GLO"),
    )
