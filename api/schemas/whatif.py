"""Variants of a kept footprint, and what to measure next, as JSON."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from api.schemas.answer import DistributionAnswer, WarningAnswer
from api.schemas.problem import FaultAnswer
from api.schemas.request import Code, LineRequest, Name

Changes = Annotated[dict[Name, dict[str, Any] | None], Field(max_length=1000)]


class VariantRequest(BaseModel):
    """Changes of a kept footprint's request; what is not named stays as it is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Name
    lines: Changes = Field(
        default_factory=dict,
        description="By id, those of an assembly by assembly/id: fields that are others, null "
        "for a field or a line that goes (RFC 7396).",
    )
    emissions: Changes = Field(default_factory=dict, description="As `lines`.")
    add: list[LineRequest] = Field(
        default_factory=list, max_length=1000, description="Further lines of the product."
    )
    location: Code | None = None
    declared_unit: dict[str, Any] | None = None
    methods: dict[Code, Code] | None = None


class WhatIfRequest(BaseModel):
    """Variants that are answered one by one, in their order."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    variants: list[VariantRequest] = Field(min_length=1, max_length=200)


class VariantIndicatorAnswer(BaseModel):
    """An indicator of a variant beside that of the kept footprint."""

    id: str
    unit: str
    kept: float | None
    value: float | None
    change: float | None = Field(description="Null between editions that are not compared.")
    by_line: dict[str, float] | None
    reason: str | None = Field(description="Why the value, or the change, is null.")
    with_grid_electricity: float | None = Field(
        description="The value with the grid in place of what is bought by contract."
    )
    uncertainty: DistributionAnswer | None


class VariantAnswer(BaseModel):
    """A variant, or the faults because of which it has no footprint."""

    name: str
    request: dict[str, Any] | None = Field(description="To be kept: POST /v1/footprints.")
    indicators: list[VariantIndicatorAnswer]
    warnings: list[WarningAnswer]
    errors: list[FaultAnswer]


class WhatIfAnswer(BaseModel):
    """The variants of a kept footprint, in the order of the question."""

    footprint: str
    variants: list[VariantAnswer]


class NarrowingAnswer(BaseModel):
    """What is left of the interval if a line were known; 1 is all of it."""

    line: str
    if_amount: float = Field(description="Were the amount known exactly.")
    if_measured: float = Field(description="Were the line's score known: amount and supplier.")


class MeasureNextAnswer(BaseModel):
    """Lines by how far the interval of the indicator would narrow, most first."""

    footprint: str
    indicator: str
    samples: int
    seed: int
    lines: list[NarrowingAnswer]


class SamplesAnswer(BaseModel):
    """The samples of one indicator that have a solution, in the order of the bank."""

    footprint: str
    indicator: str
    unit: str
    seed: int
    values: list[float]
