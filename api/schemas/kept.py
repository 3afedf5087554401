"""Kept footprints, their passports and their differences, as JSON."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, Field

from api.schemas.answer import (
    BranchAnswer,
    ContributionAnswer,
    FootprintAnswer,
    ManifestAnswer,
    MethodAnswer,
    QualityAnswer,
    SankeyAnswer,
)


class KeptFootprintAnswer(FootprintAnswer):
    """A footprint as it was answered; it never changes."""

    id: str
    created: datetime


class FootprintSummary(BaseModel):
    """A kept footprint in a list."""

    id: str
    created: datetime
    name: str
    location: str
    data_release: str
    data_hash: str
    engine: str
    input_sha256: str


class PartsAnswer(BaseModel):
    """What one indicator is made of; the parts sum to ``value``."""

    id: str
    unit: str
    value: float | None
    reason: str | None
    method: MethodAnswer
    contributions: list[ContributionAnswer]
    tree: list[BranchAnswer] = Field(default=[], description="Empty where depth is 0.")


class KeptContributionsAnswer(BaseModel):
    """What a kept footprint is made of."""

    footprint: str
    by: str
    indicators: list[PartsAnswer]


class TreeAnswer(BaseModel):
    """The upstream tree of one indicator."""

    footprint: str
    indicator: str
    unit: str
    value: float | None
    reason: str | None
    branch: list[str] = Field(description="Below which the branches are; empty for the whole.")
    nodes: int = Field(description="Branches that are shown.")
    cut: int = Field(
        description="Branches left out directly below those shown: too many for `nodes`, or below "
        "`cut_off`. What is below them is not counted."
    )
    tree: list[BranchAnswer]


class KeptSankeyAnswer(BaseModel):
    """The Sankey diagram of one indicator."""

    footprint: str
    indicator: str
    unit: str
    value: float | None
    reason: str | None
    sankey: SankeyAnswer | None


class LineCoverageAnswer(BaseModel):
    """A line that the ladder served from another place than was asked."""

    line: str
    asked: str
    location: str
    ladder: list[str]


class BasisAnswer(BaseModel):
    """What an indicator rests on.

    The first four shares are of the sum of absolute contributions, the next three of what
    passes through the rated exchanges of the background.
    """

    id: str
    own_share: float | None
    relinked_share: float | None
    average_share: float | None
    foreground_share: float | None
    measured_share: float | None
    literature_share: float | None
    estimated_share: float | None
    partial: bool
    left_out: list[str]
    uncharacterized: list[str]


class KeptCoverageAnswer(BaseModel):
    """What a kept footprint covers, and what it does not."""

    footprint: str
    served_by_the_ladder: list[LineCoverageAnswer]
    indicators: list[BasisAnswer]


class IndicatorQualityAnswer(BaseModel):
    """The data quality of an indicator."""

    id: str
    quality: QualityAnswer | None
    primary_data_share: float | None = Field(
        description="Share that the request's own emissions make up."
    )


class KeptQualityAnswer(BaseModel):
    """The data quality of a kept footprint; docs/data-quality.md."""

    footprint: str
    indicators: list[IndicatorQualityAnswer]


class AttributionAnswer(BaseModel):
    """What the licence of a source asks to be said."""

    source: str
    licence: str
    text: str


class PassportAnswer(ManifestAnswer):
    """Everything that a kept footprint depends on."""

    footprint: str
    created: datetime
    answer_sha256: str = Field(description="Of the answer without `id` and `created`.")
    methods: dict[str, MethodAnswer] = Field(description="Method edition by indicator.")
    seed: int | None
    samples: int | None
    ladders: dict[str, list[str]] = Field(description="Places walked to serve each line.")
    licences: list[str]
    attribution: list[AttributionAnswer]


class ChangeAnswer(BaseModel):
    """A place in the answer that is not what it was."""

    pointer: str
    kept: str | None = Field(description="As JSON; null if it was not there.")
    recomputed: str | None = Field(description="As JSON; null if it is no longer there.")


class RecomputedAnswer(BaseModel):
    """Whether the service gives the same bits again, from the same input, data and methods."""

    footprint: str
    identical: bool
    kept_sha256: str
    recomputed_sha256: str
    engine: str = Field(description="That recomputed it.")
    changes: list[ChangeAnswer] = Field(description="The first hundred.")


class EffectsAnswer(BaseModel):
    """The parts of a change, which sum to it."""

    input: float
    method: float
    data: float
    engine: float


class IndicatorDifferenceAnswer(BaseModel):
    """How one indicator changed, and by what."""

    id: str
    unit: str
    before: float | None
    after: float | None
    change: float | None = Field(description="Null between editions that are not compared.")
    effects: EffectsAnswer | None
    reason: str | None = Field(description="Why there are no effects.")


class DifferenceAnswer(BaseModel):
    """What changed from one footprint to another, and by what."""

    before: str
    after: str
    order: str = Field(
        "method, data, input",
        description="In which the parts were exchanged; the engine is what is left at both ends.",
    )
    note: str | None = Field(description="Said where the declared amounts are not the same.")
    indicators: list[IndicatorDifferenceAnswer]
