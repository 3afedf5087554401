"""The names of places, flows and products, as the tables list them."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from lca_service.catalogue.datapackage import Package, Row
from lca_service.domain.flow import ElementaryFlow, Product
from lca_service.domain.location import Location, LocationKind, ladder


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

    @property
    def countries(self) -> list[str]:
        """Codes of all countries, sorted."""
        return sorted(code for code, place in self.locations.items() if place.is_country)


def nearest_names(name: str, names: Iterable[str], count: int = 3) -> tuple[str, ...]:
    """Return the names that read most like `name`, at most `count`.

    Examples
    --------
    >>> nearest_names("coton lint", ["cotton-lint", "cottonseed", "rice-milled"], 1)
    ('cotton-lint',)
    """
    wanted = name.lower().replace(" ", "-").replace("_", "-")
    return tuple(difflib.get_close_matches(wanted, list(names), n=count, cutoff=0.0))


def read_nomenclature(packages: Iterable[Package]) -> Nomenclature:
    """Read the tables of places, flows and products of all packages."""
    found = list(packages)
    locations = {row["location"]: _location(row) for row in _rows(found, "locations")}
    flows = {row["flow"]: _flow(row) for row in _rows(found, "flows")}
    products = {row["product"]: _product(row) for row in _rows(found, "products")}
    blends: dict[str, dict[str, float]] = {}
    for row in _rows(found, "blends"):
        blends.setdefault(row["blend"], {})[row["flow"]] = float(row["share"])
    return Nomenclature(
        locations=locations,
        ladders={code: ladder(code, locations) for code in locations},
        retired={row["location"]: _retired(row) for row in _rows(found, "locations_retired")},
        aliases={row["alias"].upper(): row["location"] for row in _rows(found, "aliases")},
        flows=flows,
        blends=blends,
        products=products,
    )


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
