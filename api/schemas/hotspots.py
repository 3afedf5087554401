"""Hotspots of value chains, as JSON."""

from __future__ import annotations

from pydantic import BaseModel, Field

from api.schemas.answer import ManifestAnswer, MethodAnswer, SourceAnswer
from api.schemas.measures import PublishedAnswer


class TitledAnswer(BaseModel):
    """Something with an id and a title."""

    id: str
    title: str


class SectorAnswer(TitledAnswer):
    """A sector of the list."""

    products: list[TitledAnswer]


class StepAnswer(TitledAnswer):
    """A step of a value chain."""

    stage: str


class CellAnswer(BaseModel):
    """A step in a country under an indicator."""

    step: str
    country: str
    value: float | None
    share: float | None = Field(description="Of the product's whole score there.")
    potential: float | None = Field(
        description="What it is above the place at the 10th percentile of the release, or 0."
    )


class HotspotAnswer(BaseModel):
    """A cell among the largest."""

    step: str
    country: str
    value: float
    share: float
    potential: float
    is_hotspot: bool = Field(description="Whether the step has the most of it, or a quarter.")


class HotspotIndicatorAnswer(BaseModel):
    """The matrix of steps and countries under an indicator."""

    id: str
    unit: str
    method: MethodAnswer
    reason: str | None
    cells: list[CellAnswer]
    totals: dict[str, float | None]
    by_share: list[HotspotAnswer]
    by_potential: list[HotspotAnswer]
    n_places: int = Field(description="Places of the release that the percentile is of.")


class EffectAnswer(BaseModel):
    """A worked measure that addresses a step, and what it does to its own product."""

    measure: str
    title: str
    relative: dict[str, float | None] = Field(description="Change of a unit by indicator.")


class AddressedAnswer(BaseModel):
    """A step, and what addresses it."""

    step: str
    measures: list[EffectAnswer]
    actions: list[dict[str, str]]


class PriorityAnswer(BaseModel):
    """A step of the common agenda, with what can be won there."""

    rank: int
    step: str
    indicator: str
    mean_share: float = Field(description="Over the countries.")
    mean_potential: float = Field(description="Share of the product's score, over the countries.")
    countries: list[str] = Field(description="Where it is a hotspot.")
    measures: list[EffectAnswer]
    actions: list[dict[str, str]]


class HotspotsAnswer(BaseModel):
    """The value chain of a product in three steps: matrix, what addresses it, agenda."""

    sector: str
    title: str
    product: TitledAnswer
    declared_unit: str
    note: str
    steps: list[StepAnswer]
    countries: list[str]
    indicators: list[HotspotIndicatorAnswer]
    addressed: list[AddressedAnswer]
    agenda: list[PriorityAnswer]
    published: list[PublishedAnswer]
    sources: list[SourceAnswer]
    manifest: ManifestAnswer
