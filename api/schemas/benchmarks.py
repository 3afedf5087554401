"""Benchmarks of categories, as JSON."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from api.schemas.answer import ManifestAnswer, MethodAnswer, SourceAnswer
from api.schemas.request import Code, SamplingRequest
from api.schemas.scenarios import ProductRequest, Strict

Grade = Literal["A", "B", "C", "D", "E"]


class GradeAnswer(BaseModel):
    """A class of the category, and the value that it must not exceed; E has none."""

    grade: Grade
    at_most: float | None


class GroupAnswer(BaseModel):
    """The distribution in one place, or with one technology."""

    id: str
    p10: float
    p50: float
    p90: float


class SpreadAnswer(BaseModel):
    """Shares of the variance; they sum to 1."""

    places: float
    technologies: float
    rest: float = Field(description="Uncertain inputs, and what the other two do together.")


class BenchmarkIndicatorAnswer(BaseModel):
    """The distribution of a category's footprint under an indicator."""

    id: str
    unit: str
    method: MethodAnswer
    reason: str | None
    mean: float | None
    percentiles: dict[str, float] | None
    grades: list[GradeAnswer]
    by_place: list[GroupAnswer]
    by_technology: list[GroupAnswer]
    variance: SpreadAnswer | None


class BenchmarkAnswer(BaseModel):
    """The distribution of a category over places, technologies and uncertain inputs."""

    category: str
    title: str
    declared_unit: str
    left_out: str
    places: list[str]
    technologies: list[str]
    fixed: list[str] = Field(description="Parameters at their default; the others vary.")
    indicators: list[BenchmarkIndicatorAnswer]
    rule: str
    samples: int = Field(description="Of each place and technology.")
    seed: int
    sources: list[SourceAnswer]
    manifest: ManifestAnswer


class RatingRequest(Strict):
    """A product to be placed in its category."""

    product: ProductRequest
    indicators: list[Code] = Field(default_factory=list, max_length=10)
    countries: list[Code] = Field(
        default_factory=list, max_length=300, description="Else every country with a grid."
    )
    fixed: list[Code] | None = Field(
        None, max_length=50, description="Parameters at their default; else those of the mass."
    )
    uncertainty: SamplingRequest = SamplingRequest(samples=256)


class RatedIndicatorAnswer(BaseModel):
    """Where a product stands under an indicator."""

    id: str
    unit: str
    value: float | None
    percentile: float | None = Field(description="Share of the category that it is above [%].")
    grade: Grade | None
    probabilities: dict[str, float] | None = Field(description="Of each class, by its samples.")
    grades: list[GradeAnswer]
    reason: str | None


class RatingAnswer(BaseModel):
    """Where a product stands in its category."""

    category: str
    name: str
    indicators: list[RatedIndicatorAnswer]
    rule: str
    samples: int
    seed: int
    manifest: ManifestAnswer
