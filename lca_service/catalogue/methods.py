"""Impact assessment methods: reading them, and binding their factors to the biosphere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lca_service.catalogue.datapackage import Package
from lca_service.catalogue.figures import finite
from lca_service.catalogue.nomenclature import Nomenclature
from lca_service.domain.location import WORLD
from lca_service.domain.method import ImpactCategory, Method
from lca_service.errors import DataFault


@dataclass(frozen=True)
class SubstitutedFactor:
    """A factor that a place takes from a higher rung of the ladder.

    ``low`` and ``high`` are the smallest and largest factor of a place inside that rung.
    """

    category_index: int
    row_index: int
    rung: str
    low: float
    high: float


@dataclass(frozen=True)
class Characterization:
    """Characterization factors bound to the rows of the biosphere.

    Parameters
    ----------
    methods, categories
        Method editions, and their indicators in the order of the matrix rows.
    category_index, row_index, factor
        One entry per (impact category, biosphere row) that has a factor.
    substituted
        The entries whose factor comes from a higher rung than the row's location.
    """

    methods: tuple[Method, ...]
    categories: tuple[ImpactCategory, ...]
    category_index: NDArray[np.int32]
    row_index: NDArray[np.int32]
    factor: NDArray[np.float64]
    substituted: tuple[SubstitutedFactor, ...]


def read_methods(packages: Iterable[Package]) -> tuple[tuple[Method, ...], list[ImpactCategory]]:
    """Read the method editions and their impact categories."""
    methods: list[Method] = []
    categories: list[ImpactCategory] = []
    for package in packages:
        own = [
            ImpactCategory(
                indicator=row["indicator"],
                method=package.name,
                name=row["name"],
                unit=row["unit"],
                definition=row["definition"],
                blocked_by=_split(row["blocked_by"]),
                partial_by=_split(row["partial_by"]),
            )
            for table in package.of_kind("categories")
            for _, row in table.rows()
        ]
        categories += own
        descriptor = package.descriptor
        methods.append(
            Method(
                id=package.name,
                family=descriptor["family"],
                title=descriptor["title"],
                version=descriptor["version"],
                edition=str(descriptor.get("edition", "")),
                is_default=bool(descriptor["default"]),
                licence=" AND ".join(item["name"] for item in descriptor["licenses"]),
                indicators=tuple(category.indicator for category in own),
            )
        )
    return tuple(methods), categories


def bind_factors(
    packages: Iterable[Package],
    nomenclature: Nomenclature,
    flow_rows: Sequence[tuple[str, str]],
) -> tuple[Characterization, list[DataFault]]:
    """Bind every method's factors to the biosphere rows by the location ladder.

    A regional flow that a method characterizes must have a factor for the world, so that
    no row stays without one in silence.
    """
    found = list(packages)
    methods, categories = read_methods(found)
    positions = {category.key: index for index, category in enumerate(categories)}
    rows_of = _rows_of(flow_rows)
    faults: list[DataFault] = []
    entries: list[tuple[int, int, float]] = []
    substituted: list[SubstitutedFactor] = []
    for category in categories:
        for flow in (*category.blocked_by, *category.partial_by):
            if flow not in nomenclature.flows:
                detail = f"blocked or made partial by {flow!r}, which is in no flows table"
                where = f"methods/{category.method}"
                faults.append(DataFault(where, category.indicator, "unknown_name", detail))
    for package in found:
        for (indicator, flow), factors in _factors(package, faults).items():
            position = positions.get((package.name, indicator))
            where = f"methods/{package.name}"
            if position is None or flow not in rows_of:
                detail = f"factor of {flow!r} in {indicator!r}: no such flow or indicator"
                faults.append(DataFault(where, indicator, "unknown_name", detail))
                continue
            strangers = sorted(set(factors) - {"", *nomenclature.locations})
            if strangers:
                detail = f"factors of {flow!r} at {strangers}, which are in no locations table"
                faults.append(DataFault(where, indicator, "unknown_location", detail))
                continue
            if "" not in factors and WORLD not in factors:
                detail = f"{flow!r} has no factor for {WORLD}"
                faults.append(DataFault(where, indicator, "no_world_factor", detail))
                continue
            for location, row in rows_of[flow]:
                value, rung = _nearest(factors, nomenclature.ladders.get(location, ()))
                entries.append((position, row, value))
                if rung not in ("", location):
                    low, high = _range(factors, rung, nomenclature)
                    substituted.append(SubstitutedFactor(position, row, rung, low, high))
    return (
        Characterization(
            methods=methods,
            categories=tuple(categories),
            category_index=np.array([entry[0] for entry in entries], dtype=np.int32),
            row_index=np.array([entry[1] for entry in entries], dtype=np.int32),
            factor=np.array([entry[2] for entry in entries], dtype=np.float64),
            substituted=tuple(substituted),
        ),
        faults,
    )


def _factors(package: Package, faults: list[DataFault]) -> dict[tuple[str, str], dict[str, float]]:
    """Return the factors of a method: by (indicator, flow), then by location."""
    factors: dict[tuple[str, str], dict[str, float]] = {}
    for table in package.of_kind("factors"):
        for line, row in table.rows():
            try:
                value = finite(row["value"])
            except ValueError as error:
                detail = f"value {error}"
                faults.append(DataFault(table.file, f"row {line}", "bad_factor", detail))
                continue
            places = factors.setdefault((row["indicator"], row["flow"]), {})
            places[row["location"] or ""] = value
    return factors


def _rows_of(flow_rows: Sequence[tuple[str, str]]) -> dict[str, list[tuple[str, int]]]:
    rows: dict[str, list[tuple[str, int]]] = {}
    for index, (flow, location) in enumerate(flow_rows):
        rows.setdefault(flow, []).append((location, index))
    return rows


def _nearest(factors: Mapping[str, float], rungs: Sequence[str]) -> tuple[float, str]:
    rung = next((code for code in rungs if code in factors), "")
    return factors[rung], rung


def _range(
    factors: Mapping[str, float], rung: str, nomenclature: Nomenclature
) -> tuple[float, float]:
    inside = [
        value
        for code, value in factors.items()
        if code in nomenclature.ladders and rung in nomenclature.ladders[code]
    ]
    return min(inside), max(inside)


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in (text or "").split("|") if part.strip())
