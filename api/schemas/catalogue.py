"""What the release holds, as JSON."""

from __future__ import annotations

from typing import Generic, TypeVar

from pydantic import BaseModel, Field

from api.schemas.answer import QualityAnswer

T = TypeVar("T")


class Page(BaseModel, Generic[T]):
    """A part of a list; the Link header leads to the next (RFC 8288)."""

    items: list[T]
    total: int


class ProductAnswer(BaseModel):
    """A good or service of the inventory."""

    code: str
    name: str
    unit: str
    category: str
    synonyms: list[str]
    description: str
    n_locations: int


class ProductPage(Page[ProductAnswer]):
    """A part of the products, and how many there are in each category."""

    categories: dict[str, int]


class ProviderAnswer(BaseModel):
    """An activity that makes a product at a place."""

    activity: str
    location: str
    data_class: str
    mix: str | None
    covered_share: float | None


class SourceOfAnswer(BaseModel):
    """A source, with the licence of the table that carries its figures."""

    id: str
    title: str
    citation: str
    year: str
    url: str
    licence: str


class ProductDetailAnswer(ProductAnswer):
    """A product with its providers and the sources of their own figures."""

    providers: list[ProviderAnswer]
    provenance: list[SourceOfAnswer]


class FigureAnswer(BaseModel):
    """One sourced number, as its source prints it."""

    quantity: str
    subject: str
    location: str
    value: float
    unit: str
    year: str
    basis: str
    gsd: float | None
    minimum: float | None
    maximum: float | None
    locator: str
    note: str
    source: SourceOfAnswer


class ExchangeAnswer(BaseModel):
    """An input, emission or resource per unit of the reference product."""

    product: str | None
    flow: str | None
    provider: str | None
    location: str | None
    amount: float
    unit: str
    formula: str
    tags: list[str]
    quality: QualityAnswer | None
    figures: list[FigureAnswer]


class ParameterAnswer(BaseModel):
    """A parameter of the process, which a line may give instead of the figure."""

    name: str
    figure: FigureAnswer
    shares_whole_with: list[str] = Field(description="Shares that sum to one with it.")


class ActivityAnswer(BaseModel):
    """A unit process at a place."""

    id: str
    name: str
    product: str
    unit: str
    location: str
    data_class: str
    boundary: str
    mix: str | None
    covered_share: float | None
    parameters: list[ParameterAnswer]
    exchanges: list[ExchangeAnswer]


class ElasticityAnswer(BaseModel):
    """Relative change of the score per relative change of an amount or factor."""

    activity: str | None = Field(description="That has the exchange; null for a factor.")
    target: str = Field(description="The activity that provides, or the elementary flow.")
    location: str | None = Field(description="Of a regional flow.")
    elasticity: float


class SensitivitiesAnswer(BaseModel):
    """What one unit of an activity's product owes to what, to first order; largest first."""

    activity: str
    indicator: str
    method: str
    unit: str
    value: float
    technosphere: list[ElasticityAnswer]
    biosphere: list[ElasticityAnswer] = Field(description="All of them sum to 1.")
    characterization: list[ElasticityAnswer] = Field(description="All of them sum to 1.")


class LocationAnswer(BaseModel):
    """A place and its ladder."""

    code: str
    name: str
    kind: str
    iso3: str
    ladder: list[str]


class FlowAnswer(BaseModel):
    """An elementary flow, or a blend of several by mass."""

    code: str
    name: str
    unit: str
    compartment: str
    regional: bool
    blend_of: dict[str, float] | None


class IndicatorInfoAnswer(BaseModel):
    """An indicator, its unit and definition, in one method edition."""

    id: str
    method: str
    default: bool
    name: str
    unit: str
    definition: str


class MethodInfoAnswer(BaseModel):
    """An edition of an impact assessment method."""

    id: str
    family: str
    title: str
    version: str
    edition: str
    default: bool
    licence: str
    indicators: list[str]


class ReleaseAnswer(BaseModel):
    """A data release; of one that is kept and not open nothing has been counted: null."""

    release: str
    data_hash: str
    is_open: bool = Field(description="Whether requests without a pin are answered from it.")
    engine: str = Field(description="That answers from it.")
    activities: int | None = None
    products: int | None = None
    data_classes: dict[str, int] | None = None


class ProductCoverageAnswer(BaseModel):
    """Activities of a product by data class, and what its score rests on."""

    product: str
    category: str
    own: int
    repeated: int = Field(description="Own figures that are those of another place.")
    relinked: int
    average: int
    world_own_share: float | None = Field(
        description="Part of the world's score that arises in activities of the class own."
    )
    median_own_share: float | None = Field(description="The same, median over countries.")


class CountryCoverageAnswer(BaseModel):
    """How many products a country makes on figures of its own."""

    location: str
    own_products: int


class ReleaseCoverageAnswer(BaseModel):
    """What a release covers; the shares are of one indicator, in absolute terms."""

    release: str
    indicator: str
    method: str
    electricity_countries: int
    covered_countries: int = Field(description="Countries with ten own products or more.")
    countries: list[CountryCoverageAnswer]
    products: list[ProductCoverageAnswer]


class HealthAnswer(BaseModel):
    """Whether the service lives, or is ready to answer."""

    status: str
