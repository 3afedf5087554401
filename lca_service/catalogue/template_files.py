"""Reading of ``processes.yaml``: templates, repeated for every value of their ``for``."""

from __future__ import annotations

import itertools
import string
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from lca_service.catalogue.datapackage import Package
from lca_service.catalogue.templates import (
    AverageTemplate,
    Binding,
    ExchangeTemplate,
    MultiOutput,
    ProcessTemplate,
    Templates,
    names_in,
    place,
)
from lca_service.errors import DataFault

RUNGS = ("own", "ladder", "GLO")
_EXPRESSIONS = ("amount", "derived")
_PROCESS_KEYS = {
    "code", "line", "name", "product", "boundary", "for", "locations", "parameters", "shares",
    "derived", "exchanges",
}  # fmt: skip
_EXCHANGE_KEYS = {"product", "flow", "amount", "location", "mix", "tags", "for"}
_PARAMETER_KEYS = {"quantity", "subject", "at", "for"}
_MULTI_OUTPUT_KEYS = {"code", "line", "input", "outputs", "for"}
_OUTPUT_KEYS = {"process", "quantity", "subject"}
_AVERAGE_KEYS = {
    "code",
    "line",
    "name",
    "product",
    "boundary",
    "mix",
    "of",
    "weights",
    "locations",
    "for",
}


def read_templates(packages: Iterable[Package]) -> tuple[Templates, list[DataFault]]:
    """Read ``processes.yaml`` of all packages; faults are collected, not raised."""
    processes: list[ProcessTemplate] = []
    averages: list[AverageTemplate] = []
    multi_outputs: list[MultiOutput] = []
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
        for raw in _entries(content.get("multi_output"), _MULTI_OUTPUT_KEYS, file, faults):
            _collect(multi_outputs, _multi_output, raw, file, faults)
    return Templates(processes, averages, multi_outputs), faults


def _load(path: Path, file: str, faults: list[DataFault]) -> dict[str, Any]:
    """Return the content of a file, every entry of its lists with the ``line`` it starts at."""
    text = path.read_text(encoding="utf-8")
    try:
        loader = yaml.CSafeLoader(text)
        tree = loader.get_single_node()
        content = loader.construct_document(tree) if tree else {}
    except yaml.YAMLError as error:
        faults.append(DataFault(file, "-", "bad_yaml", str(error)))
        return {}
    for key, node in tree.value if tree else ():
        for entry, mark in zip(content[key.value] or (), node.value, strict=True):
            entry["line"] = mark.start_mark.line + 1
    return content


def _collect(
    into: list[Any], build: Any, raw: dict[str, Any], file: str, faults: list[DataFault]
) -> None:
    try:
        into.append(build(raw, file))
    except (KeyError, ValueError, TypeError, SyntaxError) as error:
        detail = f"{type(error).__name__}: {error}"
        faults.append(DataFault(file, _place(raw), "bad_template", detail))


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
            faults.append(DataFault(file, _place(entry), "bad_template", detail))
            continue
        yield from _repeated(entry)


def _place(entry: Mapping[str, Any]) -> str:
    return place(str(entry.get("code")), entry["line"])


def _repeated(entry: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    loops = entry.get("for") or {}
    rest = {key: value for key, value in entry.items() if key != "for"}
    for values in itertools.product(*loops.values()):
        yield _substituted(rest, dict(zip(loops, values, strict=True)))


def _substituted(node: Any, values: Mapping[str, str], key: str = "") -> Any:
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
    if not isinstance(raw["product"], str):
        raise ValueError("give one reference product; several are written as one process each")
    places = raw.get("locations", "own")
    return ProcessTemplate(
        file=file,
        line=raw["line"],
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
            yield _binding(each["name"], each)


def _binding(name: str, entry: Mapping[str, Any]) -> Binding:
    at = entry.get("at", "ladder")
    if at not in RUNGS:
        raise ValueError(f"parameter {name!r}: 'at' is {at!r}, allowed are {RUNGS}")
    return Binding(name.replace("-", "_"), entry["quantity"], entry.get("subject", ""), at)


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
        line=raw["line"],
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


def _multi_output(raw: dict[str, Any], file: str) -> MultiOutput:
    outputs: list[tuple[str, Binding]] = []
    for product, entry in raw["outputs"].items():
        if unknown := set(entry) - _OUTPUT_KEYS:
            raise ValueError(f"output {product!r} has unknown keys {sorted(unknown)}")
        outputs.append((entry["process"], _binding(product, entry)))
    return MultiOutput(file, raw["line"], raw["code"], raw["input"], tuple(outputs))
