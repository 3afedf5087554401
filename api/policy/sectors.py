"""Sectors whose value chains are shipped: YAML files under ``datasets/hotspots``."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from api.parse import pointer
from api.policy.shipped import Sentence, Title
from api.schemas.request import DeclaredUnitRequest
from lca_service.calculation.unfold import Chain, Part
from lca_service.catalogue.datapackage import knowledge_root
from lca_service.catalogue.nomenclature import nearest_names
from lca_service.domain.study import Stage
from lca_service.errors import DataError, DataFault, UnknownName


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Step(_Shape):
    """A step of a value chain, in its life cycle stage."""

    id: str
    stage: Stage
    title: Title


class BillPart(_Shape):
    """A purchase of a declared unit, and its step."""

    product: str
    amount: float
    unit: str
    step: str


class ChainProduct(_Shape):
    """A product of a sector, and how its chain is unfolded."""

    id: str
    title: Title
    declared_unit: DeclaredUnitRequest
    bill: list[BillPart] = Field(min_length=1)
    opened: dict[str, str]
    assigned: dict[str, str]
    note: str = ""

    @property
    def chain(self) -> Chain:
        """How it is unfolded."""
        parts = [Part(each.product, each.amount, each.unit, each.step) for each in self.bill]
        return Chain(parts, self.opened, self.assigned)


class SectorAction(_Shape):
    """Something that is done already about some steps."""

    steps: list[str] = Field(min_length=1)
    name: Sentence
    source: Sentence


class PublishedShare(_Shape):
    """A published share of some steps, and which of ours stands beside it."""

    product: str
    steps: list[str] = Field(min_length=1)
    without: list[str] = Field(default_factory=list)
    country: str
    indicator: str
    value: float
    minimum: float | None = None
    maximum: float | None = None
    citation: Sentence
    locator: Sentence
    why: Sentence


class Sector(_Shape):
    """A sector: its steps, products, measures and actions."""

    title: Title
    countries: list[str] = Field(min_length=2)
    steps: list[Step] = Field(min_length=2)
    products: list[ChainProduct] = Field(min_length=1)
    measures: dict[str, list[str]]
    actions: list[SectorAction]
    published: list[PublishedShare] = Field(min_length=1)

    def product(self, product_id: str) -> ChainProduct:
        """Return a product of the sector; the first one by default."""
        known = {each.id: each for each in self.products}
        if not product_id:
            return self.products[0]
        if product_id not in known:
            raise UnknownName("unknown_product", product_id, nearest_names(product_id, known))
        return known[product_id]


@functools.cache
def sectors() -> dict[str, Sector]:
    """Return the shipped sectors by id; DataError with everything that is wrong in them."""
    return read_sectors(knowledge_root() / "datasets" / "hotspots")


def read_sectors(folder: Path) -> dict[str, Sector]:
    """Return the sectors of a folder by id; DataError with everything that is wrong in them."""
    found: dict[str, Sector] = {}
    faults: list[DataFault] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            made = Sector.model_validate(yaml.safe_load(path.read_text("utf-8")))
        except ValidationError as error:
            faults += [
                DataFault(str(path), pointer(each["loc"]), "bad_value", str(each["msg"]))
                for each in error.errors(include_url=False)
            ]
            continue
        faults += _unknown_steps(path, made)
        found[path.stem] = made
    if faults:
        raise DataError(faults)
    return found


def find_sector(sector_id: str) -> Sector:
    """Return a sector; UnknownName if there is none of this id."""
    known = sectors()
    if sector_id not in known:
        nearest = nearest_names(sector_id, known)
        raise UnknownName("unknown_sector", sector_id, nearest, "see GET /v1/hotspots")
    return known[sector_id]


def _unknown_steps(path: Path, sector: Sector) -> list[DataFault]:
    known = {each.id for each in sector.steps}
    named: list[tuple[str, Any]] = [
        *((f"/actions/{n}", each.steps) for n, each in enumerate(sector.actions)),
        *((f"/published/{n}", each.steps) for n, each in enumerate(sector.published)),
        *((f"/measures/{name}", steps) for name, steps in sector.measures.items()),
    ]
    for n, product in enumerate(sector.products):
        used = [each.step for each in product.bill]
        used += [*product.opened.values(), *product.assigned.values()]
        named.append((f"/products/{n}", used))
    return [
        DataFault(str(path), place, "unknown_step", f"no step is called {step!r}")
        for place, steps in named
        for step in steps
        if step not in known
    ]
