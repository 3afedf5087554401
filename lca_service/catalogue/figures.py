"""Every sourced number of the release, and its lookup along the ladder."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lca_service.catalogue.datapackage import Package, Row, Table
from lca_service.domain.provenance import Basis, Figure, Source
from lca_service.errors import DataFault, UnitMismatch
from lca_service.units import to_base

Key = tuple[str, str, str]


@dataclass(frozen=True)
class Figures:
    """The figures of a release, in the order of their tables.

    ``positions`` finds a figure by (quantity, subject, location); ``base_values`` holds
    the values in SI base units, ``base_units`` the names of these units, ``places`` the
    file and line of each.
    """

    rows: tuple[Figure, ...]
    licences: tuple[str, ...]
    positions: Mapping[Key, int]
    base_values: Sequence[float]
    base_units: Sequence[str]
    locations: Mapping[tuple[str, str], tuple[str, ...]]
    places: Sequence[tuple[str, int]]

    def nearest(self, quantity: str, subject: str, rungs: Iterable[str]) -> int | None:
        """Return the position of the figure at the first rung that has one."""
        for code in rungs:
            position = self.positions.get((quantity, subject, code))
            if position is not None:
                return position
        return None


def _optional(text: str) -> float | None:
    return finite(text) if text else None


def finite(text: str) -> float:
    """Return the number of a cell; ValueError if it is none, or NaN, or infinite."""
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text!r} is not a finite number")
    return value


def parse_figure(row: Row) -> Figure:
    """Return the figure of a table row; ValueError if a cell is no number or basis."""
    value = finite(row["value"])
    return Figure(
        quantity=row["quantity"],
        subject=row["subject"],
        location=row["location"],
        value=value,
        unit=row["unit"],
        year=row["year"],
        basis=Basis(row["basis"]),
        source=row["source"],
        locator=row["locator"],
        gsd=_optional(row["gsd"]),
        minimum=_optional(row["minimum"]),
        maximum=_optional(row["maximum"]),
        note=row["note"] or "",
    )


def read_figures(packages: Iterable[Package]) -> tuple[Figures, list[DataFault]]:
    """Read the figures tables of all packages; faults are collected, not raised."""
    rows: list[Figure] = []
    licences: list[str] = []
    positions: dict[Key, int] = {}
    base: list[tuple[float, str]] = []
    places: list[tuple[str, int]] = []
    faults: list[DataFault] = []
    for package in packages:
        for table in package.of_kind("figures"):
            for line, row in table.rows():
                try:
                    figure = parse_figure(row)
                    scale, unit = to_base(figure.unit)
                except (ValueError, TypeError, KeyError, UnitMismatch) as error:
                    faults.append(_fault(table, line, "bad_figure", str(error)))
                    continue
                if figure.key in positions:
                    message = f"figure {figure.key} stands twice; keep one row"
                    faults.append(_fault(table, line, "duplicate_figure", message))
                    continue
                positions[figure.key] = len(rows)
                rows.append(figure)
                licences.append(table.licence)
                base.append((figure.value * scale, unit))
                places.append((table.file, line))
    return (
        Figures(
            rows=tuple(rows),
            licences=tuple(licences),
            positions=positions,
            base_values=[value for value, _ in base],
            base_units=[unit for _, unit in base],
            locations=_locations(rows),
            places=places,
        ),
        faults,
    )


def read_sources(packages: Iterable[Package]) -> dict[str, Source]:
    """Read the sources of all packages; a source may be listed by several of them."""
    return {
        row["source"]: Source(
            code=row["source"],
            title=row["title"],
            citation=row["citation"],
            year=row["year"],
            licence=row["licence"],
            url=row["url"] or "",
        )
        for package in packages
        for table in package.of_kind("sources")
        for _, row in table.rows()
    }


def _fault(table: Table, line: int, code: str, detail: str) -> DataFault:
    return DataFault(table.file, f"row {line}", code, detail)


def _locations(rows: Iterable[Figure]) -> dict[tuple[str, str], tuple[str, ...]]:
    places: dict[tuple[str, str], list[str]] = {}
    for figure in rows:
        places.setdefault((figure.quantity, figure.subject), []).append(figure.location)
    return {key: tuple(codes) for key, codes in places.items()}
