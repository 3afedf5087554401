"""Comparisons of products, as JSON."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from api.schemas.answer import IntervalAnswer, ManifestAnswer, MethodAnswer, SourceAnswer
from api.schemas.request import Code, DeclaredUnitRequest, Name, SamplingRequest
from api.schemas.scenarios import ProductRequest, Strict
from lca_service.calculation.comparison import Verdict


class AlternativeRequest(Strict):
    """An option under another allocation: its bill with other shares or parameters."""

    name: Name = Field(description="What is allocated otherwise, such as `by mass`.")
    request: dict[str, Any] = Field(description="As of POST /v1/footprints")


class OptionRequest(ProductRequest):
    """One of the products that are compared, or of the categories or countries."""

    name: Name
    function: Name = Field(description="What it does, in words: the same for every option.")
    alternatives: list[AlternativeRequest] = Field(default_factory=list, max_length=5)


class ComparisonRequest(Strict):
    """Products that fulfil one function, to be told apart."""

    options: list[OptionRequest] = Field(min_length=2, max_length=50)
    indicators: list[Code] = Field(
        default_factory=lambda: ["climate_change.total", "water.consumption"],
        min_length=1,
        max_length=10,
    )
    relevance: Annotated[float, Field(strict=True, ge=0, le=1)] = Field(
        0.05, description="Least relative difference that matters."
    )
    uncertainty: SamplingRequest = SamplingRequest()
    data_release: Code | None = Field(None, description="For all of them; else the open one.")


class OptionResultAnswer(BaseModel):
    """What an option scores under an indicator."""

    option: str
    value: float
    distribution: IntervalAnswer


class PairAnswer(BaseModel):
    """Two options under an indicator."""

    first: str
    second: str
    difference: IntervalAnswer = Field(description="Of the first less the second.")
    relative: float | None = Field(description="Difference of the values over the larger one.")
    probability_lower: float = Field(description="That the first is the lower one.")
    adjusted: float = Field(
        description="Probability of the opposite, adjusted over all pairs and indicators (Holm)."
    )
    is_relevant: bool
    allocation: Literal["keeps_sign", "turns_round", "not_tested"] = Field(
        description="What the sign does under the alternatives that were given."
    )
    verdict: Verdict = Field(description="Of the first beside the second.")


class ComparedIndicatorAnswer(BaseModel):
    """The options under one indicator; without a value of all there are no pairs."""

    id: str
    unit: str
    method: MethodAnswer
    options: list[OptionResultAnswer]
    pairs: list[PairAnswer]
    reason: str | None


class TradeOffAnswer(BaseModel):
    """Two options of which each is lower under some indicator."""

    first: str
    second: str
    first_lower: list[str]
    second_lower: list[str]


class ComparisonAnswer(BaseModel):
    """Products compared by paired samples."""

    function: str
    declared_unit: DeclaredUnitRequest
    indicators: list[ComparedIndicatorAnswer]
    trade_offs: list[TradeOffAnswer]
    samples: int = Field(description="Of those asked for, the ones that have a solution for all.")
    seed: int
    relevance: float
    rule: str = Field(description="When a verdict is given.")
    not_met: list[str] = Field(description="What a public comparison would need besides.")
    sources: list[SourceAnswer]
    manifest: ManifestAnswer


class ClaimRequest(ComparisonRequest):
    """A comparison, and what is to be claimed of it in public."""

    first: Name = Field(description="The option that is claimed to be lower.")
    second: Name = Field(description="The one that it is compared with.")
    indicator: Code
    statement: Name = Field(description="The claim, in words.")


class ConditionAnswer(BaseModel):
    """A condition of ISO 14044 for a comparison that is shown to the public."""

    id: str
    clause: str
    verdict: Literal["met", "not_met", "cannot_tell"]
    evidence: str


class ClaimAnswer(BaseModel):
    """Whether a claim may be published, and what is left."""

    statement: str
    first: str
    second: str
    indicator: str
    may_be_published: bool = Field(description="Never by this service alone: see `conditions`.")
    conditions: list[ConditionAnswer]
    left: list[str] = Field(description="Conditions that are not met, or cannot be told.")
    comparison: ComparisonAnswer
