"""The compiled catalogue: what a request may ask for, and where its numbers come from."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from lca_service.catalogue.exchanges import ExchangeTable
from lca_service.catalogue.knowledge import Knowledge
from lca_service.catalogue.lineage import (
    direct_sources,
    members,
    source_pairs,
    supply_chain,
    supply_chain_periods,
)
from lca_service.catalogue.methods import SubstitutedFactor
from lca_service.catalogue.nomenclature import Nomenclature, RetiredLocation
from lca_service.catalogue.providers import Providers
from lca_service.domain.activity import Activity, DataClass
from lca_service.domain.flow import ElementaryFlow, Product
from lca_service.domain.location import Location, LocationKind, ladder
from lca_service.domain.method import ImpactCategory, Method
from lca_service.domain.provenance import Basis, Figure, Source

_INDEX = "catalogue.json"
_FIGURES = "figures.json"
_TABLES = ("technosphere", "biosphere")


@dataclass(frozen=True)
class Catalogue:
    """A data release as names; immutable, opened from the compiled cache.

    Parameters
    ----------
    flow_rows
        Rows of the biosphere matrix: (flow, location).
    source_pairs
        The distinct (source, licence of its table) pairs of the release.
    direct_sources, chain_sources
        Per activity, the positions in ``source_pairs`` as a bit set: of its own
        exchanges, and of its whole supply chain.
    periods
        Per activity, the first and the last year of the figures in its supply chain.
    """

    folder: Path
    release: str
    data_hash: str
    nomenclature: Nomenclature
    sources: Mapping[str, Source]
    activities: tuple[Activity, ...]
    flow_rows: tuple[tuple[str, str], ...]
    formulas: tuple[str, ...]
    tags: tuple[tuple[str, ...], ...]
    methods: tuple[Method, ...]
    categories: tuple[ImpactCategory, ...]
    characterized_flows: Mapping[str, frozenset[str]]
    substituted_factors: tuple[SubstitutedFactor, ...]
    source_pairs: tuple[tuple[str, str], ...]
    direct_sources: tuple[int, ...]
    chain_sources: tuple[int, ...]
    periods: tuple[tuple[int, int] | None, ...]

    @cached_property
    def providers(self) -> Providers:
        """Who makes what, where."""
        providers = Providers(self.nomenclature.ladders)
        for position, activity in enumerate(self.activities):
            providers.add(activity, position)
        return providers

    @cached_property
    def positions(self) -> Mapping[str, int]:
        """Positions of the activities by id."""
        return {activity.id: index for index, activity in enumerate(self.activities)}

    @cached_property
    def flow_row_positions(self) -> Mapping[tuple[str, str], int]:
        """Rows of the biosphere matrix by (flow, location)."""
        return {row: index for index, row in enumerate(self.flow_rows)}

    @cached_property
    def flow_codes(self) -> tuple[str, ...]:
        """Elementary flows in the order of the inventory multipliers' rows."""
        return tuple(sorted(self.nomenclature.flows))

    @cached_property
    def uncharacterized_flows(self) -> Mapping[str, tuple[str, ...]]:
        """Per method, the flows it should count and does not.

        These are flows that another edition of the same family counts, and flows of the
        family's kind that no method counts. A flow that only another family counts, such
        as withdrawn water beside a scarcity method, is left out on purpose.
        """
        counted = self.characterized_flows
        by_any = frozenset().union(*counted.values())
        missing: dict[str, tuple[str, ...]] = {}
        for method in self.methods:
            relatives = [other.id for other in self.methods if other.family == method.family]
            expected = frozenset().union(*(counted[relative] for relative in relatives))
            kind = re.split("[._]", method.family)[0]
            expected |= {
                code
                for code, flow in self.nomenclature.flows.items()
                if flow.category == kind and code not in by_any
            }
            missing[method.id] = tuple(sorted(expected - counted[method.id]))
        return missing

    @cached_property
    def substituted_by_row(self) -> Mapping[int, tuple[SubstitutedFactor, ...]]:
        """The factors that a row of the biosphere takes from a higher rung."""
        rows: dict[int, tuple[SubstitutedFactor, ...]] = {}
        for entry in self.substituted_factors:
            rows[entry.row_index] = (*rows.get(entry.row_index, ()), entry)
        return rows

    @cached_property
    def technosphere(self) -> ExchangeTable:
        """Exchanges between activities."""
        return _load_table(self.folder, "technosphere")

    @cached_property
    def biosphere(self) -> ExchangeTable:
        """Exchanges with nature."""
        return _load_table(self.folder, "biosphere")

    @cached_property
    def figures(self) -> tuple[tuple[Figure, str], ...]:
        """Every figure of the release with the licence of its table."""
        names = [item.name for item in fields(Figure)]
        rows = json.loads((self.folder / _FIGURES).read_text("utf-8"))
        return tuple(
            (Figure(**{**dict(zip(names, row, strict=False)), "basis": Basis(row[6])}), row[-1])
            for row in rows
        )

    @cached_property
    def sources_of(self) -> Callable[[int], tuple[tuple[Source, str], ...]]:
        """Return the sources of a bit set, each with the licence of the table used.

        Remembered, because thousands of activities share a few hundred sets.
        """

        @lru_cache(maxsize=4096)
        def sources_of(mask: int) -> tuple[tuple[Source, str], ...]:
            pairs = (self.source_pairs[bit] for bit in members(mask))
            return tuple((self.sources[code], licence) for code, licence in pairs)

        return sources_of


def compile_catalogue(knowledge: Knowledge, folder: Path) -> None:
    """Write a release's catalogue into a folder of the compiled cache."""
    database, names, figures = knowledge.database, knowledge.nomenclature, knowledge.figures
    direct = direct_sources(database, figures)
    index = {
        "release": knowledge.release,
        "data_hash": knowledge.data_hash,
        "locations": [asdict(place) for place in names.locations.values()],
        "retired": [asdict(place) for place in names.retired.values()],
        "aliases": dict(names.aliases),
        "flows": [asdict(flow) for flow in names.flows.values()],
        "blends": {blend: dict(shares) for blend, shares in names.blends.items()},
        "products": [asdict(product) for product in names.products.values()],
        "sources": [asdict(source) for source in knowledge.sources.values()],
        "processes": _processes(database.activities),
        "activities": [
            [a.process, a.location, a.data_class, a.covered_share] for a in database.activities
        ],
        "flow_rows": database.flow_rows,
        "formulas": database.formulas,
        "tags": database.tags,
        "methods": [asdict(method) for method in knowledge.characterization.methods],
        "categories": [asdict(category) for category in knowledge.characterization.categories],
        "characterized_flows": _characterized_flows(knowledge),
        "substituted_factors": [
            [*asdict(entry).values()] for entry in knowledge.characterization.substituted
        ],
        "source_pairs": source_pairs(figures),
        "direct_sources": [f"{mask:x}" for mask in direct],
        "periods": supply_chain_periods(database, figures),
        "chain_sources": [f"{mask:x}" for mask in supply_chain(database, direct)],
    }
    _write(folder / _INDEX, index)
    _write(
        folder / _FIGURES,
        [
            [*asdict(figure).values(), licence]
            for figure, licence in zip(figures.rows, figures.licences, strict=True)
        ],
    )
    for name in _TABLES:
        table = getattr(database, name)
        for item in fields(ExchangeTable):
            np.save(folder / f"exchanges.{name}.{item.name}.npy", getattr(table, item.name))


def load_catalogue(folder: Path) -> Catalogue:
    """Open the catalogue that `compile_catalogue` wrote."""
    index = json.loads((folder / _INDEX).read_text("utf-8"))
    return Catalogue(
        folder=folder,
        release=index["release"],
        data_hash=index["data_hash"],
        nomenclature=_nomenclature(index),
        sources={row["code"]: Source(**row) for row in index["sources"]},
        activities=_activities(index),
        flow_rows=tuple((flow, location) for flow, location in index["flow_rows"]),
        formulas=tuple(index["formulas"]),
        tags=tuple(tuple(tags) for tags in index["tags"]),
        methods=tuple(
            Method(**{**row, "indicators": tuple(row["indicators"])}) for row in index["methods"]
        ),
        categories=tuple(_category(row) for row in index["categories"]),
        characterized_flows={
            method: frozenset(flows) for method, flows in index["characterized_flows"].items()
        },
        substituted_factors=tuple(SubstitutedFactor(*row) for row in index["substituted_factors"]),
        source_pairs=tuple((source, licence) for source, licence in index["source_pairs"]),
        direct_sources=tuple(int(mask, 16) for mask in index["direct_sources"]),
        chain_sources=tuple(int(mask, 16) for mask in index["chain_sources"]),
        periods=tuple((years[0], years[1]) if years else None for years in index["periods"]),
    )


def _characterized_flows(knowledge: Knowledge) -> dict[str, list[str]]:
    """Return, per method, the flows that one of its indicators counts, blocks on or names."""
    bound, rows = knowledge.characterization, knowledge.database.flow_rows
    flows: dict[str, set[str]] = {method.id: set() for method in bound.methods}
    for category in bound.categories:
        flows[category.method] |= {*category.blocked_by, *category.partial_by}
    for index, row in set(
        zip(bound.category_index.tolist(), bound.row_index.tolist(), strict=True)
    ):
        flows[bound.categories[index].method].add(rows[row][0])
    return {method: sorted(codes) for method, codes in flows.items()}


def _processes(activities: Sequence[Activity]) -> dict[str, list[str]]:
    return {a.process: [a.name, a.product, a.boundary, a.mix] for a in activities}


def _activities(index: Mapping[str, Any]) -> tuple[Activity, ...]:
    processes: Mapping[str, list[str]] = index["processes"]
    found: list[Activity] = []
    for code, location, data_class, covered in index["activities"]:
        name, product, boundary, mix = processes[code]
        found.append(
            Activity(
                id=f"{code}@{location}",
                process=code,
                name=name,
                product=product,
                location=location,
                data_class=DataClass(data_class),
                boundary=boundary,
                mix=mix,
                covered_share=covered,
            )
        )
    return tuple(found)


def _nomenclature(index: Mapping[str, Any]) -> Nomenclature:
    locations = {
        row["code"]: Location(**{**row, "kind": LocationKind(row["kind"])})
        for row in index["locations"]
    }
    return Nomenclature(
        locations=locations,
        ladders={code: ladder(code, locations) for code in locations},
        retired={
            row["code"]: RetiredLocation(**{**row, "successors": tuple(row["successors"])})
            for row in index["retired"]
        },
        aliases=index["aliases"],
        flows={row["code"]: ElementaryFlow(**row) for row in index["flows"]},
        blends=index["blends"],
        products={
            row["code"]: Product(**{**row, "synonyms": tuple(row["synonyms"])})
            for row in index["products"]
        },
    )


def _category(row: Mapping[str, Any]) -> ImpactCategory:
    tuples = {key: tuple(row[key]) for key in ("blocked_by", "partial_by")}
    return ImpactCategory(**{**row, **tuples})


def _load_table(folder: Path, name: str) -> ExchangeTable:
    arrays = {
        item.name: np.load(folder / f"exchanges.{name}.{item.name}.npy", mmap_mode="r")
        for item in fields(ExchangeTable)
    }
    return ExchangeTable(**arrays)


def _write(path: Path, content: Any) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, separators=(",", ":")), "utf-8")
