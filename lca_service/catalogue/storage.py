"""The compiled catalogue on disk: written once per release, opened at every start."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import numpy as np

from lca_service.catalogue.catalogue import (
    FIGURES_FILE,
    PRODUCT_TEMPLATES_FILE,
    TEMPLATES_FILE,
    Catalogue,
)
from lca_service.catalogue.country_storage import save_countries
from lca_service.catalogue.exchanges import ExchangeTable
from lca_service.catalogue.knowledge import Knowledge
from lca_service.catalogue.lineage import (
    direct_sources,
    source_pairs,
    supply_chain,
    supply_chain_periods,
)
from lca_service.catalogue.methods import SubstitutedFactor
from lca_service.catalogue.nomenclature import Nomenclature, RetiredLocation
from lca_service.catalogue.templates import save_templates
from lca_service.domain.activity import Activity, DataClass
from lca_service.domain.flow import ElementaryFlow, Product
from lca_service.domain.location import Location, LocationKind, ladder
from lca_service.domain.method import ImpactCategory, Method
from lca_service.domain.provenance import Source

_INDEX_FILE = "catalogue.json"
_TABLES = ("technosphere", "biosphere")


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
    _write(folder / _INDEX_FILE, index)
    _write(
        folder / FIGURES_FILE,
        [
            [*asdict(figure).values(), licence]
            for figure, licence in zip(figures.rows, figures.licences, strict=True)
        ],
    )
    _write(
        folder / PRODUCT_TEMPLATES_FILE,
        {name: each.model_dump(mode="json") for name, each in knowledge.product_templates.items()},
    )
    save_countries(knowledge.countries, folder)
    save_templates(knowledge.templates.processes, folder / TEMPLATES_FILE)
    for name in _TABLES:
        table = getattr(database, name)
        for item in fields(ExchangeTable):
            np.save(folder / f"exchanges.{name}.{item.name}.npy", getattr(table, item.name))


def load_catalogue(folder: Path) -> Catalogue:
    """Open the catalogue that `compile_catalogue` wrote."""
    index = json.loads((folder / _INDEX_FILE).read_text("utf-8"))
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


def _write(path: Path, content: Any) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, separators=(",", ":")), "utf-8")
