"""Everything a release knows, read from its tables and expanded, or every fault in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lca_service.catalogue.country_statistics import (
    CountryStatistics,
    read_country_statistics,
)
from lca_service.catalogue.database import Database, expand_database
from lca_service.catalogue.datapackage import knowledge_hash, packages, release_name
from lca_service.catalogue.figures import Figures, read_figures, read_sources
from lca_service.catalogue.methods import Characterization, bind_factors
from lca_service.catalogue.nomenclature import Nomenclature, read_nomenclature
from lca_service.catalogue.product_template_files import read_product_templates
from lca_service.catalogue.product_templates import ProductTemplate
from lca_service.catalogue.template_files import read_templates
from lca_service.catalogue.templates import Templates
from lca_service.domain.provenance import Source
from lca_service.errors import DataError, DataFault


@dataclass(frozen=True)
class Knowledge:
    """A data release, read and expanded."""

    release: str
    data_hash: str
    nomenclature: Nomenclature
    figures: Figures
    templates: Templates
    product_templates: dict[str, ProductTemplate]
    sources: dict[str, Source]
    countries: CountryStatistics
    database: Database
    characterization: Characterization


def read_knowledge(root: Path) -> Knowledge:
    """Read and expand ``datasets/`` and ``methods/`` under a folder.

    Raises
    ------
    DataError
        With every fault that was found: file, place and what is wrong.
    """
    datasets, methods = packages(root, "datasets"), packages(root, "methods")
    nomenclature, faults = read_nomenclature(datasets)
    if faults:  # nothing can be read with names that are wrong
        raise DataError(faults)
    figures, faults = read_figures(datasets)
    sources = read_sources([*datasets, *methods])
    faults += _orphans(figures, sources)
    countries, more = read_country_statistics(datasets, nomenclature, sources)
    faults += more
    templates, more = read_templates(datasets)
    faults += more
    product_templates, more = read_product_templates(root, nomenclature)
    faults += more
    database, more = expand_database(nomenclature, figures, templates)
    faults += more
    characterization, more = bind_factors(methods, nomenclature, database.flow_rows)
    faults += more
    if faults:
        raise DataError(faults)
    return Knowledge(
        release=release_name(root),
        data_hash=knowledge_hash(root),
        nomenclature=nomenclature,
        figures=figures,
        templates=templates,
        product_templates=product_templates,
        sources=sources,
        countries=countries,
        database=database,
        characterization=characterization,
    )


def _orphans(figures: Figures, sources: dict[str, Source]) -> list[DataFault]:
    """Return a fault for every source that figures name and no sources table lists."""
    missing: dict[str, tuple[str, str, str]] = {}
    for figure in figures.rows:
        if figure.source not in sources:
            missing.setdefault(figure.source, figure.key)
    return [
        DataFault("datasets", str(key), "orphan_source", f"source {code!r} is in no sources table")
        for code, key in missing.items()
    ]
