"""Unit process templates: what one unit of a product needs, as formulas over figures.

A template is written in ``processes.yaml`` and read by `template_files.read_templates`;
`Formulas` evaluates its expressions, vectorized over locations, after checking their
dimensions.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


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
    line: int
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
    line: int
    code: str
    name: str
    product: str
    boundary: str
    mix: str
    of: str
    quantity: str
    subject: str
    locations: str


@dataclass(frozen=True)
class MultiOutput:
    """A process with several outputs, written as one process per output.

    ``outputs`` are (process code, figure of the output's amount per unit of ``input``).
    """

    file: str
    line: int
    code: str
    input: str
    outputs: tuple[tuple[str, Binding], ...]


@dataclass(frozen=True)
class Templates:
    """All templates of a release."""

    processes: Sequence[ProcessTemplate]
    averages: Sequence[AverageTemplate]
    multi_outputs: Sequence[MultiOutput]


def place(code: str, line: int) -> str:
    """Return where a template stands in its file, as faults name it."""
    return f"{code} (line {line})"


def names_in(expression: str) -> frozenset[str]:
    """Return the names that a formula uses.

    Examples
    --------
    >>> sorted(names_in("minimum(a, b) * 2"))
    ['a', 'b', 'minimum']
    """
    tree = ast.parse(expression, mode="eval")
    return frozenset(node.id for node in ast.walk(tree) if isinstance(node, ast.Name))


def save_templates(templates: Iterable[ProcessTemplate], path: Path) -> None:
    """Write templates as JSON."""
    rows = [asdict(template) for template in templates]
    path.write_text(json.dumps(rows, ensure_ascii=False, separators=(",", ":")), "utf-8")


def load_templates(path: Path) -> dict[str, ProcessTemplate]:
    """Return the templates that `save_templates` wrote, by code."""
    return {row["code"]: _template(row) for row in json.loads(path.read_text("utf-8"))}


def _template(row: dict[str, Any]) -> ProcessTemplate:
    places = row["locations"]
    return ProcessTemplate(
        **{
            **row,
            "locations": places if isinstance(places, str) else tuple(places),
            "parameters": tuple(Binding(**each) for each in row["parameters"]),
            "shares": tuple(tuple(group) for group in row["shares"]),
            "derived": tuple((name, text) for name, text in row["derived"]),
            "exchanges": tuple(
                ExchangeTemplate(**{**each, "tags": tuple(each["tags"])})
                for each in row["exchanges"]
            ),
        }
    )
