"""The answer, as JSON."""

from __future__ import annotations

from pydantic import BaseModel, Field

from api.schemas.request import DeclaredUnitRequest


class MethodAnswer(BaseModel):
    """The method edition behind a value."""

    id: str
    version: str


class FlowAmountAnswer(BaseModel):
    """An amount of an elementary flow."""

    flow: str
    amount: float
    unit: str


class QualityAnswer(BaseModel):
    """Mean pedigree of the background behind a value, 1 (best) to 5; docs/data-quality.md."""

    reliability: float
    completeness: float
    temporal: float
    geographical: float
    technological: float
    rating: float = Field(description="Data quality rating: the mean of the five.")


class CoverageAnswer(BaseModel):
    """What a value rests on, and what it leaves out; shares are null where it is zero."""

    own_share: float | None
    relinked_share: float | None
    average_share: float | None
    foreground_share: float | None
    quality: QualityAnswer | None
    measured_share: float | None = Field(
        None,
        description="Of what passes through the background's exchanges, by the weakest figure of "
        "each; the three sum to 1, null where nothing is rated.",
    )
    literature_share: float | None = Field(
        None, description="Statistics, publications, and what is derived from them."
    )
    estimated_share: float | None = None
    substituted_factor_share: float | None
    partial: bool
    left_out: list[FlowAmountAnswer]
    uncharacterized: list[FlowAmountAnswer]


class DistributionAnswer(BaseModel):
    """The samples of a value in figures, in its unit."""

    mean: float
    standard_deviation: float
    p2_5: float
    p50: float
    p97_5: float
    variance_by_line: dict[str, float] = Field(
        description="Share of the variance; sums to 1, may be negative, empty if nothing varies."
    )


class SamplingAnswer(BaseModel):
    """What the distributions were made of, and what happened to the samples."""

    samples: int
    seed: int
    used: int = Field(description="Samples that have a solution.")
    table_value: str = Field(
        "median", description="What the value computed from the tables is of each figure."
    )
    characterization_factors: str = Field("not drawn", description="They stand as published.")
    factorized: int = Field(description="Samples that sweeps did not solve.")
    gain_passes_one: int = Field(
        description="Samples with a loop that takes as much as it makes, or more."
    )
    negative_amounts: int = Field(
        description="Exchanges that were drawn negative where the tables' are not."
    )


class IndicatorAnswer(BaseModel):
    """One indicator; ``value`` is null, with a ``reason``, where it is unknown."""

    id: str
    name: str
    value: float | None
    unit: str
    reason: str | None
    with_grid_electricity: float | None = Field(
        None, description="The value with the grid in place of what is bought by contract."
    )
    method: MethodAnswer
    by_stage: dict[str, float] | None = Field(description="Sums to value.")
    by_line: dict[str, float] | None = Field(description="Sums to value.")
    by_edition: dict[str, float | None] = Field(
        default_factory=dict,
        description="Climate change under the other method editions, such as GWP20.",
    )
    uncertainty: DistributionAnswer | None = Field(
        None, description="Where samples were asked for; null for editions that are not sampled."
    )
    coverage: CoverageAnswer


class MatchAnswer(BaseModel):
    """The activity that provides a line, and the rungs walked to find it."""

    activity: str
    product: str
    location: str
    asked: str
    ladder: list[str]


class LineAnswer(BaseModel):
    """How a line was understood.

    ``status`` is exact, substituted, given_parameters, contract, assembly or given.
    """

    id: str
    pointer: str
    matched: MatchAnswer | None
    status: str
    source: str | None
    licence: str | None
    without_parameters: dict[str, float] | None = Field(
        description="Its scores with the table's figures, where the line gives parameters."
    )


class WarningAnswer(BaseModel):
    """Something to know about the result."""

    code: str
    pointer: str
    detail: str


class SourceAnswer(BaseModel):
    """A source behind the result, through the whole supply chain."""

    id: str
    citation: str
    licence: str


class StatementAnswer(BaseModel):
    """The frame of the result."""

    declared_unit: str
    scope: str
    stages_included: list[str]
    stages_left_out: list[str]
    system_model: str
    cut_off: str
    allocation: str
    electricity: str
    biogenic_carbon: str
    land_use_change: str
    scenarios: str
    gwp_sets: list[str]
    data_period: tuple[int, int] | None
    uncertainty: str
    sensitivity: str = ""
    limits: list[str]
    review: str
    aligned_with: list[str]


class ManifestAnswer(BaseModel):
    """What reproduces the result."""

    input_sha256: str
    data_release: str
    data_hash: str
    engine: str


class FootprintAnswer(BaseModel):
    """The footprint of one declared unit."""

    name: str
    declared_unit: DeclaredUnitRequest
    location: str
    indicators: list[IndicatorAnswer]
    uncertainty: SamplingAnswer | None = None
    lines: list[LineAnswer]
    warnings: list[WarningAnswer]
    statement: StatementAnswer
    sources: list[SourceAnswer]
    manifest: ManifestAnswer


class ContributionAnswer(BaseModel):
    """A part of a score."""

    id: str
    value: float
    share: float | None


class BranchAnswer(BaseModel):
    """A purchase in the upstream tree: its whole score, and the part of the activity itself."""

    id: str
    activity: str
    amount: float
    unit: str
    value: float
    direct: float
    children: list[BranchAnswer]


class SankeyNodeAnswer(BaseModel):
    """An activity: the score of all it makes, what arises in it, and what it buys unshown."""

    id: str
    value: float
    direct: float
    other: float


class SankeyLinkAnswer(BaseModel):
    """The score that purchases of ``target`` from ``source`` bring along."""

    source: str
    target: str
    value: float


class SankeyAnswer(BaseModel):
    """The largest activities, the study first, and what flows between them."""

    nodes: list[SankeyNodeAnswer]
    links: list[SankeyLinkAnswer]


class IndicatorContributionsAnswer(BaseModel):
    """What one indicator is made of; the parts sum to ``value``."""

    id: str
    unit: str
    value: float | None
    reason: str | None
    method: MethodAnswer
    contributions: list[ContributionAnswer]
    tree: list[BranchAnswer]
    sankey: SankeyAnswer | None


class ContributionsAnswer(BaseModel):
    """What a footprint is made of."""

    name: str
    by: str
    indicators: list[IndicatorContributionsAnswer]
    manifest: ManifestAnswer


class IntervalAnswer(BaseModel):
    """Mean and quantiles."""

    mean: float
    p2_5: float
    p50: float
    p97_5: float
