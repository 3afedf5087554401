"""What an organisation did in a period, as JSON."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from api.schemas.request import (
    Amount,
    Code,
    ContractRequest,
    Name,
    ParameterRequest,
    PositiveAmount,
    Share,
    Unit,
)


def _written(value: Any) -> Any:
    if not isinstance(value, str) or len(value) != len("2025-01-31"):
        raise ValueError("write a date as 2025-01-31")
    return value


Day = Annotated[date, BeforeValidator(_written)]
Currency = Annotated[str, Field(pattern="^[A-Z]{3}$")]
Consolidation = Literal["operational_control", "financial_control", "equity_share"]
WaterSource = Literal["surface_water", "groundwater", "produced_water"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PeriodRequest(_Strict):
    """The days that are reported, at most 366."""

    start: Day = Field(description="First day.")
    end: Day = Field(description="Last day.")


class ActivityRequest(_Strict):
    """What a site does, buys or emits in the period."""

    id: Name | None = Field(None, description="Name in the answer; else activity-1, ...")
    scope: Literal[1, 2, 3] = Field(description="Scope of the GHG Protocol.")
    category: Annotated[int, Field(strict=True, ge=1, le=15)] | None = Field(
        None, description="Category of the GHG Protocol, for scope 3 and only for it."
    )
    product: Code | None = Field(None, description="What is bought or burnt: GET /v1/products?q=")
    flow: Code | None = Field(None, description="What the site itself emits or takes: /v1/flows")
    amount: Amount
    unit: Unit = Field(description="Any unit of the product's or flow's dimension.")
    location: Code | None = Field(None, description="Where; else the site's.")
    mix: Literal["production", "export"] | None = Field(
        None, description="Which world average, where the product has one."
    )
    parameters: dict[Name, ParameterRequest] = Field(
        default_factory=dict,
        max_length=100,
        description="Of the product's process: GET /v1/activities/{id}",
    )
    contract: ContractRequest | None = Field(
        None, description="Who supplies the grid electricity of scope 2: its market-based result."
    )
    water_source: WaterSource | None = Field(
        None, description="Where water comes from that a flow says is withdrawn (GRI 303-3)."
    )


class SiteRequest(_Strict):
    """A place of the organisation, and what it does there."""

    id: Name
    name: Name
    location: Code = Field(description="ISO 3166-1 or 3166-2, UN M49 region code, or GLO.")
    share: Share | None = Field(
        None, description="Of the organisation in the site, for consolidation by equity share."
    )
    activities: list[ActivityRequest] = Field(min_length=1)


class RevenueRequest(_Strict):
    """What was sold in the period."""

    amount: PositiveAmount
    currency: Currency = Field(description="ISO 4217.")


class BaseYearRequest(_Strict):
    """The result of an earlier year, with which this one is compared (GRI 305-5)."""

    year: Annotated[int, Field(strict=True, ge=1990, le=2100)]
    unit: Unit = Field("kg", description="Of mass of CO2e.")
    scope_1: Amount | None = None
    scope_2_location_based: Amount | None = None
    scope_2_market_based: Amount | None = None
    scope_3: Amount | None = None


class OrganisationRequest(_Strict):
    """Sites and what they did in a period."""

    name: Name
    period: PeriodRequest
    consolidation: Consolidation = Field(description="How sites belong to the organisation.")
    sites: list[SiteRequest] = Field(min_length=1)
    employees: PositiveAmount | None = Field(None, description="For intensities (GRI 305-4).")
    revenue: RevenueRequest | None = Field(None, description="For intensities (GRI 305-4).")
    base_year: BaseYearRequest | None = None
    methods: dict[Code, Code] = Field(
        default_factory=dict, max_length=100, description="Method edition per family or indicator."
    )
    data_release: Code | None = Field(None, description="As of POST /v1/footprints.")
