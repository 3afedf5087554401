"""The compiled catalogue: what a request may ask for, and where its numbers come from."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache, cached_property, lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lca_service.catalogue.country_statistics import CountryStatistics
from lca_service.catalogue.country_storage import load_countries
from lca_service.catalogue.datapackage import release_year
from lca_service.catalogue.exchanges import ExchangeTable
from lca_service.catalogue.lineage import (
    members,
)
from lca_service.catalogue.methods import SubstitutedFactor
from lca_service.catalogue.nomenclature import Nomenclature
from lca_service.catalogue.product_templates import ProductTemplate
from lca_service.catalogue.providers import Providers
from lca_service.catalogue.templates import ProcessTemplate, load_templates
from lca_service.domain.activity import Activity
from lca_service.domain.method import ImpactCategory, Method
from lca_service.domain.provenance import Basis, Figure, Source

FIGURES_FILE = "figures.json"
TEMPLATES_FILE = "templates.json"
PRODUCT_TEMPLATES_FILE = "product_templates.json"


@dataclass(frozen=True)
class Groups:
    """Names, and for each of n places the position of its name, shape (n,)."""

    names: tuple[str, ...]
    index: NDArray[np.intp]


def _grouped(labels: Sequence[str]) -> Groups:
    names, index = np.unique(np.array(labels), return_inverse=True)
    return Groups(tuple(names.tolist()), index)


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

    @property
    def year(self) -> int:
        """Year of the release."""
        return release_year(self.release)

    @cached_property
    def providers(self) -> Providers:
        """Who makes what, where."""
        providers = Providers(self.nomenclature.ladders)
        for position, activity in enumerate(self.activities):
            providers.add(activity, position)
        return providers

    @cached_property
    def product_templates(self) -> Mapping[str, ProductTemplate]:
        """The product templates by id."""
        found = json.loads((self.folder / PRODUCT_TEMPLATES_FILE).read_text("utf-8"))
        return {name: ProductTemplate.model_validate(each) for name, each in found.items()}

    @cached_property
    def countries(self) -> CountryStatistics:
        """Series of countries over time."""
        return load_countries(self.folder)

    @cached_property
    def positions(self) -> Mapping[str, int]:
        """Positions of the activities by id."""
        return {activity.id: index for index, activity in enumerate(self.activities)}

    @cached_property
    def methods_by_id(self) -> Mapping[str, Method]:
        """Method editions by id."""
        return {method.id: method for method in self.methods}

    @cached_property
    def flow_row_positions(self) -> Mapping[tuple[str, str], int]:
        """Rows of the biosphere matrix by (flow, location)."""
        return {row: index for index, row in enumerate(self.flow_rows)}

    @cached_property
    def default_categories(self) -> Mapping[str, int]:
        """Rows of the impact categories of the default method editions, by indicator."""
        default = {method.id for method in self.methods if method.is_default}
        return {
            category.indicator: row
            for row, category in enumerate(self.categories)
            if category.method in default
        }

    @cached_property
    def groups(self) -> Mapping[str, Groups]:
        """How scores are summed: activities by themselves and by location, rows by flow."""
        return {
            "activity": Groups(
                tuple(activity.id for activity in self.activities), np.arange(len(self.activities))
            ),
            "location": _grouped([activity.location for activity in self.activities]),
            "flow": _grouped([flow for flow, _ in self.flow_rows]),
        }

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
        rows = json.loads((self.folder / FIGURES_FILE).read_text("utf-8"))
        return tuple(
            (Figure(**{**dict(zip(names, row, strict=False)), "basis": Basis(row[6])}), row[-1])
            for row in rows
        )

    @cached_property
    def figure_positions(self) -> Mapping[tuple[str, str, str], int]:
        """Positions of the figures by quantity, subject and location."""
        return {figure.key: index for index, (figure, _) in enumerate(self.figures)}

    @cached_property
    def templates(self) -> Mapping[str, ProcessTemplate]:
        """The process templates by code."""
        return load_templates(self.folder / TEMPLATES_FILE)

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

    @cached_property
    def provenance_of(self) -> Callable[[int], tuple[tuple[Source, ...], tuple[str, ...]]]:
        """Return the sources of an activity's own exchanges, and the licences of its chain."""

        @cache
        def provenance_of(position: int) -> tuple[tuple[Source, ...], tuple[str, ...]]:
            own = self.sources_of(self.direct_sources[position])
            chain = self.sources_of(self.chain_sources[position])
            sources = tuple(dict.fromkeys(source for source, _ in own))
            # A table under several licences names them all: "MIT AND CC-BY-4.0"
            licences = {each for _, licence in chain for each in licence.split(" AND ")}
            return sources, tuple(sorted(licences))

        return provenance_of


def _load_table(folder: Path, name: str) -> ExchangeTable:
    arrays = {
        item.name: np.load(folder / f"exchanges.{name}.{item.name}.npy", mmap_mode="r")
        for item in fields(ExchangeTable)
    }
    return ExchangeTable(**arrays)
