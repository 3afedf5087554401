"""Criteria of procurement and eco-labels, as JSON."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from api.schemas.answer import IntervalAnswer, ManifestAnswer, SourceAnswer
from api.schemas.language import Language
from api.schemas.portfolio import PriceRequest
from api.schemas.request import Amount, Code, Name, SamplingRequest
from api.schemas.scenarios import ProductRequest, Strict
from lca_service.calculation.criteria import Comparison, Judgement

Sentence = Annotated[str, Field(min_length=1, max_length=2000)]


class CriterionRequest(Strict):
    """One criterion: what is looked at, and what it must be."""

    id: Code
    title: dict[Language, Sentence]
    of: Literal["indicator", "attribute", "cost"]
    indicator: Code | None = Field(None, description="Of the footprint.")
    stage: Code | None = Field(None, description="Of the indicator; else the whole.")
    attribute: Code | None = Field(None, description="That the offer gives.")
    comparison: Comparison
    threshold: float
    unit: str = Field("", description="Of the threshold, in words of the criterion.")
    required: bool = True
    basis: Literal["published", "own"]
    source: Sentence


class AwardRequest(Strict):
    """Points for the life cycle cost, or for an indicator."""

    of: Literal["cost", "indicator"]
    indicator: Code | None = None
    weight: Annotated[float, Field(strict=True, gt=0, le=1000)]
    formula: Annotated[str, Field(min_length=1, max_length=200)] = Field(
        "weight * best / value",
        description="Over `value`, `best` (the lowest of the offers) and `weight`.",
    )


class CriteriaRequest(Strict):
    """A set of criteria."""

    title: dict[Language, Sentence]
    authority: Sentence
    source: Sentence
    categories: list[Code] = Field(default_factory=list, description="Of GET /v1/categories")
    criteria: list[CriterionRequest] = Field(min_length=1, max_length=50)
    award: list[AwardRequest] = Field(default_factory=list, max_length=10)
    not_covered: Sentence = Field(description="What of the authority's criteria is not in it.")


class CostRequest(Strict):
    """What an offer costs over its life."""

    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    purchase: Amount
    prices: dict[Name, PriceRequest] = Field(
        default_factory=dict, description="Of lines of the bill, by id: energy, water, washing."
    )


class OfferRequest(Strict):
    """An offer, with what it gives as evidence."""

    name: Name
    product: ProductRequest
    attributes: dict[Code, float | bool] = Field(default_factory=dict, max_length=100)
    cost: CostRequest | None = None


class TenderRequest(Strict):
    """Offers to be judged by a shipped set, or by `criteria` of one's own."""

    offers: list[OfferRequest] = Field(min_length=1, max_length=20)
    criteria: CriteriaRequest | None = None
    uncertainty: SamplingRequest = SamplingRequest(samples=256)


class CriteriaSummary(BaseModel):
    """A set of the list."""

    id: str
    title: str
    authority: str
    categories: list[str]


class CriteriaAnswer(CriteriaSummary):
    """A set of criteria with its sources."""

    source: str
    not_covered: str
    criteria: list[dict[str, Any]]
    award: list[dict[str, Any]]


class JudgedAnswer(BaseModel):
    """An offer beside one criterion."""

    id: str
    title: str
    verdict: Judgement
    required: bool
    value: float | None
    interval: IntervalAnswer | None
    threshold: float
    comparison: Comparison
    unit: str
    probability_met: float | None
    evidence: str = Field(description="What the value is, or why it cannot be told.")
    basis: str
    source: str


class OfferAnswer(BaseModel):
    """An offer, judged."""

    name: str
    verdict: Judgement = Field(description="The worst of the required criteria.")
    criteria: list[JudgedAnswer]
    life_cycle_cost: float | None
    currency: str | None
    points: float | None = Field(description="Of offers that do not fail.")
    points_interval: IntervalAnswer | None
    points_by: dict[str, float]
    rank: int | None
    tied_with: list[str] = Field(description="Offers that samples cannot tell it from.")
    reason: str | None = Field(description="Why it has no points.")


class TenderAnswer(BaseModel):
    """Offers judged by a set of criteria."""

    id: str | None
    title: str
    offers: list[OfferAnswer]
    rule: str
    not_covered: str
    samples: int
    seed: int
    sources: list[SourceAnswer]
    manifest: ManifestAnswer
