"""The names of places, flows and products, as the tables list them."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from lca_service.catalogue.datapackage import Package, Row
from lca_service.domain.flow import ElementaryFlow, Product
from lca_service.domain.location import Location, LocationKind, ladder
from lca_service.errors import DataFault, UnitMismatch
from lca_service.units import parse


@dataclass(frozen=True)
class RetiredLocation:
    """A country code that ISO 3166-3 has withdrawn."""

    code: str
    name: str
    successors: tuple[str, ...]


@dataclass(frozen=True)
class Nomenclature:
    """Names and their meaning; ``ladders`` are the rungs of every place."""

    locations: Mapping[str, Location]
    ladders: Mapping[str, tuple[str, ...]]
    retired: Mapping[str, RetiredLocation]
    aliases: Mapping[str, str]
    flows: Mapping[str, ElementaryFlow]
    blends: Mapping[str, Mapping[str, float]]
    products: Mapping[str, Product]

    @cached_property
    def by_alpha3(self) -> Mapping[str, str]:
        """Alpha-2 codes by ISO 3166-1 alpha-3 code."""
        return {place.iso3: code for code, place in self.locations.items() if place.iso3}

    @cached_property
    def continents(self) -> frozenset[str]:
        """Codes of the regions below the world."""
        return frozenset(
            code for code, place in self.locations.items() if place.kind is LocationKind.REGION
        )

    @property
    def countries(self) -> list[str]:
        """Codes of all countries, sorted."""
        return sorted(code for code, place in self.locations.items() if place.is_country)

    def exchange_unit(self, *, product: str, flow: str, of: str) -> str:
        """Return the unit of an exchange with a product or a flow, per unit of product `of`."""
        unit = self.products[product].unit if product else self.flows[flow].unit
        return f"({unit}) / ({self.products[of].unit})"


def nearest_names(name: str, names: Iterable[str], count: int = 3) -> tuple[str, ...]:
    """Return the names that read most like `name`, at most `count`; none if none is near.

    Examples
    --------
    >>> nearest_names("coton lint", ["cotton-lint", "cottonseed", "rice-milled"], 1)
    ('cotton-lint',)
    """
    plain = {_plain(each): each for each in names}
    found = difflib.get_close_matches(_plain(name), list(plain), n=count, cutoff=0.4)
    return tuple(plain[each] for each in found)


def _plain(name: str) -> str:
    return name.lower().replace(" ", "-").replace("_", "-")


def read_nomenclature(packages: Iterable[Package]) -> tuple[Nomenclature, list[DataFault]]:
    """Read the tables of places, flows and products of all packages; faults are collected."""
    found = list(packages)
    locations = {row["location"]: _location(row) for row in _rows(found, "locations")}
    flows = {row["flow"]: _flow(row) for row in _rows(found, "flows")}
    products = {row["product"]: _product(row) for row in _rows(found, "products")}
    blends: dict[str, dict[str, float]] = {}
    for row in _rows(found, "blends"):
        blends.setdefault(row["blend"], {})[row["flow"]] = float(row["share"])
    ladders, faults = _ladders(locations)
    names = Nomenclature(
        locations=locations,
        ladders=ladders,
        retired={row["location"]: _retired(row) for row in _rows(found, "locations_retired")},
        aliases={row["alias"].upper(): row["location"] for row in _rows(found, "aliases")},
        flows=flows,
        blends=blends,
        products=products,
    )
    return names, [*faults, *_unit_faults(names), *_blend_faults(names)]


def _ladders(
    locations: Mapping[str, Location],
) -> tuple[dict[str, tuple[str, ...]], list[DataFault]]:
    ladders: dict[str, tuple[str, ...]] = {}
    faults: list[DataFault] = []
    for code in locations:
        try:
            ladders[code] = ladder(code, locations)
        except ValueError as error:
            faults.append(DataFault("locations", code, "broken_ladder", str(error)))
    return ladders, faults


def _unit_faults(names: Nomenclature) -> Iterable[DataFault]:
    units = [("products", code, product.unit) for code, product in names.products.items()]
    units += [("flows", code, flow.unit) for code, flow in names.flows.items()]
    for table, code, unit in units:
        try:
            parse(unit)
        except UnitMismatch as error:
            yield DataFault(table, code, "bad_unit", str(error))


def _blend_faults(names: Nomenclature) -> Iterable[DataFault]:
    for blend, shares in names.blends.items():
        for flow in shares:
            if flow not in names.flows:
                detail = f"{flow!r} is in no flows table"
                yield DataFault("blends", blend, "unknown_name", detail)
        total = math.fsum(shares.values())
        if not math.isclose(total, 1.0, rel_tol=1e-9):
            detail = f"its shares sum to {total:g}, not to 1"
            yield DataFault("blends", blend, "bad_blend", detail)


def _rows(packages: Iterable[Package], kind: str) -> Iterable[Row]:
    for package in packages:
        for table in package.of_kind(kind):
            for _, row in table.rows():
                yield row


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in (text or "").split("|") if part.strip())


def _location(row: Row) -> Location:
    kind = LocationKind(row["kind"])
    return Location(row["location"], row["name"], kind, row["parent"] or "", row["iso3"] or "")


def _retired(row: Row) -> RetiredLocation:
    return RetiredLocation(row["location"], row["name"], _split(row["successors"]))


def _flow(row: Row) -> ElementaryFlow:
    return ElementaryFlow(
        code=row["flow"],
        name=row["name"],
        unit=row["unit"],
        compartment=row["compartment"],
        is_regional=row["regional"] == "true",
        category=row["category"],
        description=row["description"] or "",
    )


def _product(row: Row) -> Product:
    return Product(
        code=row["product"],
        name=row["name"],
        unit=row["unit"],
        category=row["category"],
        description=row["description"] or "",
        synonyms=_split(row["synonyms"]),
    )
