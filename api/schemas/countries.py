"""Countries over time, as JSON."""

from __future__ import annotations

from pydantic import BaseModel, Field

from api.schemas.catalogue import Page, SourceOfAnswer
from lca_service.calculation.decoupling import Decoupled, Tapio
from lca_service.domain.country import Pillar, Role


class CountryIndicatorAnswer(BaseModel):
    """What a series tells."""

    id: str
    name: str
    unit: str
    pillar: Pillar
    role: Role = Field(description="In a question of decoupling.")
    per_person: bool
    definition: str


class SpanAnswer(BaseModel):
    """Which years of an indicator a country has."""

    indicator: str
    first_year: int
    last_year: int
    n_years: int


class CountryAnswer(BaseModel):
    """A country and its series."""

    code: str
    name: str
    iso3: str
    series: list[SpanAnswer]


class CountryPage(Page[CountryAnswer]):
    """The countries that have series, and what these tell."""

    indicators: list[CountryIndicatorAnswer]


class GrowthAnswer(BaseModel):
    """Growth from the first to the last year of a period."""

    start: int
    end: int
    change: float = Field(description="Relative change over the whole period.")
    annual: float = Field(description="The constant rate a year that leads to it.")


class PointAnswer(BaseModel):
    """One figure of a series."""

    year: int
    value: float = Field(description="In the unit of the indicator.")
    index: float | None = Field(
        description="The series' first year of the period is 100; null where that year is 0."
    )
    printed: float = Field(description="As the source has it, in `printed_unit`.")
    printed_unit: str
    basis: str
    source: str
    locator: str
    note: str


class SeriesAnswer(BaseModel):
    """An indicator of a country by year; of a series without a value there is a reason."""

    indicator: str
    name: str
    unit: str
    pillar: Pillar
    per_person: bool
    points: list[PointAnswer]
    growth: GrowthAnswer | None
    jumps: list[int] = Field(description="Years that are half as large again, or two thirds.")
    reason: str | None


class PeriodAnswer(BaseModel):
    """A pressure beside an activity over a period; what is unknown is null, with a reason."""

    start: int
    end: int
    pressure: GrowthAnswer | None = Field(description="Of the country in all, not per person.")
    activity: GrowthAnswer | None = Field(description="Of the country in all, not per person.")
    elasticity: float | None = Field(description="Change of the pressure over the activity's.")
    verdict: Decoupled | None
    tapio: Tapio | None
    reason: str | None


class DecouplingAnswer(BaseModel):
    """Whether a pressure is decoupled from an activity."""

    pressure: str
    activity: str
    period: PeriodAnswer | None
    rolling: list[PeriodAnswer] = Field(description="Every ten years that both series cover.")
    reason: str | None


class CountryTrendsAnswer(BaseModel):
    """A country over time."""

    code: str
    name: str
    series: list[SeriesAnswer]
    decoupling: list[DecouplingAnswer]


class TrendsAnswer(BaseModel):
    """Countries over time, with the sources of every figure shown."""

    countries: list[CountryTrendsAnswer]
    rule: str = Field(description="When a verdict is given.")
    sources: list[SourceOfAnswer]
    data_release: str
    data_hash: str
