"""The footprint of an organisation, as JSON."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, Field

from api.schemas.answer import (
    LineAnswer,
    ManifestAnswer,
    MethodAnswer,
    SourceAnswer,
    WarningAnswer,
)
from api.schemas.organisation import Consolidation


class QuantityAnswer(BaseModel):
    """An amount; ``value`` is null, with a ``reason``, where there is none."""

    value: float | None
    unit: str
    reason: str | None = None


class EmissionsAnswer(BaseModel):
    """Greenhouse gases of a scope or category, with either kind of electricity.

    Biogenic CO2 stands apart: it is in no scope.
    """

    scope: str = Field(description="1, 2, 3, or total.")
    category: int | None = Field(description="Of scope 3; null for a whole scope.")
    name: str
    location_based: QuantityAnswer
    market_based: QuantityAnswer
    biogenic_co2_location_based: QuantityAnswer
    biogenic_co2_market_based: QuantityAnswer


class SupplyWaterAnswer(BaseModel):
    """Water of everything that is bought."""

    withdrawal: QuantityAnswer
    consumption: QuantityAnswer
    scarcity: QuantityAnswer


class FactorAnswer(BaseModel):
    """What a cubic metre consumed counts at a site, and the rung that it comes from."""

    flow: str
    value: float
    unit: str
    rung: str


class WaterAnswer(BaseModel):
    """Water of the site itself, and apart from it that of what it buys."""

    withdrawal: QuantityAnswer
    withdrawal_by_source: dict[str, QuantityAnswer]
    consumption: QuantityAnswer
    discharge: QuantityAnswer
    scarcity: QuantityAnswer
    areas_with_water_stress: QuantityAnswer
    supply_chain_location_based: SupplyWaterAnswer
    supply_chain_market_based: SupplyWaterAnswer


class MarketAnswer(BaseModel):
    """What the market-based result of purchased electricity rests on.

    ``status`` is contract, residual_mix, residual_mix_in_part (an average over places with and
    without one), or grid where no residual mix is published.
    """

    status: str
    instrument: str | None


class ActivityEmissionsAnswer(BaseModel):
    """An activity of a site: how it was understood, and what it brings to each scope."""

    site: str
    id: str
    scope: int
    category: int | None
    line: LineAnswer
    market: MarketAnswer | None = Field(description="Of purchased electricity.")
    emissions: list[EmissionsAnswer] = Field(description="Its parts; they sum to the line.")


class SiteAnswer(BaseModel):
    """A site."""

    id: str
    name: str
    location: str
    share: float
    emissions: list[EmissionsAnswer]
    water: WaterAnswer
    scarcity_factors: list[FactorAnswer]


class IntensityAnswer(BaseModel):
    """Emissions per employee or per unit of revenue."""

    of: str = Field(description="scope_1_and_2, or total.")
    per: str = Field(description="employee, or the currency.")
    location_based: QuantityAnswer
    market_based: QuantityAnswer


class DisclosureAnswer(BaseModel):
    """A row of a sustainability report."""

    disclosure: str
    requirement: str
    value: float | None
    unit: str
    reason: str | None
    note: str


class OrganisationStatementAnswer(BaseModel):
    """The frame of the result."""

    period: str
    consolidation: str
    scope_1: str
    scope_2: str
    scope_3: str
    biogenic_co2: str
    water: str
    gases: str
    system_model: str
    cut_off: str
    allocation: str
    land_use_change: str
    gwp_sets: list[str]
    data_period: tuple[int, int] | None
    limits: list[str]
    review: str
    aligned_with: list[str]


class OrganisationAnswer(BaseModel):
    """The footprint of an organisation in a period."""

    name: str
    start: date
    end: date
    consolidation: Consolidation
    methods: dict[str, MethodAnswer]
    emissions: list[EmissionsAnswer]
    water: WaterAnswer
    intensities: list[IntensityAnswer]
    gri: list[DisclosureAnswer]
    sites: list[SiteAnswer]
    activities: list[ActivityEmissionsAnswer]
    warnings: list[WarningAnswer]
    statement: OrganisationStatementAnswer
    sources: list[SourceAnswer]
    manifest: ManifestAnswer
