"""Measures: a scenario times a volume beside a target, as JSON."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from api.schemas.answer import IntervalAnswer, ManifestAnswer, MethodAnswer, SourceAnswer
from api.schemas.request import Code, Name, PositiveAmount, SamplingRequest, Share, Unit
from api.schemas.scenarios import (
    BASELINE,
    PatchAnswer,
    Patches,
    ProductRequest,
    ScenarioReference,
    Strict,
    Year,
    YearKey,
)

Rebound = dict[Code, Annotated[float, Field(strict=True, ge=0, le=10)]]
Units = PositiveAmount | Annotated[dict[YearKey, PositiveAmount], Field(min_length=1)]


class YearsRequest(Strict):
    """The years of a measure, both of them included."""

    start: Year
    end: Year


class TargetRequest(Strict):
    """What a measure is to save: an amount, or a share of what there would be without it."""

    indicator: Code
    amount: PositiveAmount | None = None
    unit: Unit | None = Field(None, description="Of the amount; any of the indicator's dimension.")
    share: Share | None = None
    by: Year = Field(description="The year of it, or the last one that counts.")
    of: Literal["annual", "cumulated"] = "annual"
    source: Name | None = None


class SupplyRequest(Strict):
    """Which supply answers a change; the other model stands beside it in the answer."""

    electricity: Literal["average", "marginal"] = Field(
        "average",
        description="All plants of a place, or those that follow demand: its coal, gas and oil.",
    )
    materials: Literal["cut_off", "market_limited"] = Field(
        "cut_off", description="Substitutes free of limits, or as `market_limited` of each patch."
    )


class MeasureRequest(Strict):
    """A policy: what is changed, of how many units, until when."""

    name: Name
    product: ProductRequest
    scenario: ScenarioReference | None = Field(None, description="Or `patches`.")
    patches: Patches = Field(default_factory=list)
    baseline: Patches = Field(default_factory=list, description=BASELINE)
    years: YearsRequest
    units: Units = Field(description="Declared units of the product in a year: one, or by year.")
    rebound: Rebound = Field(
        default_factory=dict,
        description="By patch, by how much more a unit is used where it is taken up: 0.1 is a "
        "tenth more.",
    )
    target: TargetRequest | None = None
    supply: SupplyRequest = SupplyRequest()
    indicators: list[Code] = Field(default_factory=list, max_length=100)
    uncertainty: SamplingRequest | None = None
    data_release: Code | None = None


class MeasureChanges(Strict):
    """What is asked otherwise of a shipped measure."""

    years: YearsRequest | None = None
    units: Units | None = None
    rebound: Rebound | None = None
    target: TargetRequest | None = None
    supply: SupplyRequest | None = None
    indicators: list[Code] | None = Field(None, max_length=100)
    uncertainty: SamplingRequest | None = None


class SavingAnswer(BaseModel):
    """A saving, with its interval where samples were asked for."""

    value: float
    interval: IntervalAnswer | None


class YearSavingAnswer(SavingAnswer):
    """What is saved in a year."""

    year: int
    units: float
    uptakes: dict[str, float]


class MeasureIndicatorAnswer(BaseModel):
    """What a measure does to an indicator; positive is saved."""

    id: str
    unit: str
    method: MethodAnswer
    reason: str | None = Field(description="Why values are null.")
    unit_baseline: float | None = Field(description="Of a declared unit without the measure.")
    unit_scenario: float | None = Field(description="With it, at the uptakes of the last year.")
    relative: float | None = Field(description="Change of a unit over its baseline.")
    annual: SavingAnswer | None = Field(description="In the last year.")
    cumulated: SavingAnswer | None
    by_year: list[YearSavingAnswer]
    by_patch: dict[str, float] | None = Field(
        description="Shapley values of the cumulated saving: they sum to it."
    )
    probability_saving: float | None = Field(description="That the cumulated saving is positive.")


class TargetAnswer(BaseModel):
    """A saving beside its target."""

    indicator: str
    unit: str
    by: int
    of: Literal["annual", "cumulated"]
    target: float | None
    saving: float | None
    gap: float | None = Field(description="What is missing; negative where it is exceeded.")
    met: bool | None
    probability_met: float | None
    reason: str | None


class SupplyModelAnswer(BaseModel):
    """The measure under one model of supply."""

    electricity: Literal["average", "marginal"]
    materials: Literal["cut_off", "market_limited"]
    is_used: bool
    cumulated: dict[str, float | None] = Field(description="Saving by indicator.")
    mixes: dict[str, dict[str, float]] = Field(
        description="Shares of plants that answer demand, by place."
    )
    reason: str | None = Field(
        description="Why values are null, or what the model leaves as it is."
    )


class MeasureAnswer(BaseModel):
    """What a measure saves."""

    name: str
    product: str
    patches: list[PatchAnswer]
    indicators: list[MeasureIndicatorAnswer]
    burden_shifted: list[str] = Field(description="Indicators of which the measure costs more.")
    target: TargetAnswer | None
    supply_models: list[SupplyModelAnswer]
    rebound: dict[str, float]
    samples: int | None
    seed: int | None
    sources: list[SourceAnswer]
    manifest: ManifestAnswer


class PublishedAnswer(BaseModel):
    """A published result beside ours."""

    what: str
    citation: str
    locator: str
    value: float
    minimum: float | None = None
    maximum: float | None = None
    unit: str
    ours: float | None
    ratio: float | None = Field(description="Ours over theirs.")
    why: str = Field(description="Why they differ.")


class MeasureSummary(BaseModel):
    """A shipped measure of the list."""

    id: str
    title: str
    sectors: list[str]
    stages: list[str]


class ShippedMeasureAnswer(MeasureSummary):
    """A shipped measure: what it asks, and on what it rests."""

    summary: str
    request: dict[str, Any] = Field(description="As of POST /v1/measures:evaluate")
    assumptions: list[dict[str, Any]]
    volume: str = Field(description="What the units of a year are.")
    actions: list[dict[str, str]] = Field(description="What is done about it already.")


class ShippedResultAnswer(MeasureAnswer):
    """A shipped measure's result, with published ones beside it."""

    id: str
    published: list[PublishedAnswer]
