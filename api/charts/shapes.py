"""What a chart shows; how it is drawn stands elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Bar:
    """A value with its interval, if it has one."""

    label: str
    value: float
    low: float | None = None
    high: float | None = None
    note: str = ""


@dataclass(frozen=True)
class Bars:
    """Values beside each other, in one unit."""

    title: str
    unit: str
    bars: Sequence[Bar]


@dataclass(frozen=True)
class Point:
    """A value of a year, with its interval."""

    year: int
    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Lines:
    """Series over years, in one unit; ``rule`` is a level that they stand beside."""

    title: str
    unit: str
    series: Mapping[str, Sequence[Point]]
    rule: tuple[str, float] | None = None


@dataclass(frozen=True)
class Cell:
    """A share of a row in a column."""

    row: str
    column: str
    value: float | None
    is_marked: bool = False


@dataclass(frozen=True)
class Heat:
    """A matrix of shares, in percent; marked cells have a sign."""

    title: str
    rows: Sequence[str]
    columns: Sequence[str]
    cells: Sequence[Cell]
    legend: str


@dataclass(frozen=True)
class Grades:
    """A distribution by percentile, the limits of its classes, and products in it."""

    title: str
    unit: str
    curve: Sequence[tuple[float, float]]  # percentile, value
    limits: Sequence[tuple[str, float]]  # class, what it must not exceed
    marks: Sequence[Bar] = ()


Panel = Bars | Lines | Heat | Grades


@dataclass(frozen=True)
class Row:
    """A number of the table."""

    indicator: str
    what: str
    id: str = ""
    place: str = ""
    year: int | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    unit: str = ""
    note: str = ""


@dataclass(frozen=True)
class Publication:
    """A policy answer to be printed: panels, table, and what stands below them.

    ``caption`` has methods, sources and the data release, a line each.
    """

    title: str
    panels: Sequence[Panel]
    rows: Sequence[Row]
    caption: Sequence[str] = field(default_factory=list)
