"""The question, as JSON."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from lca_service.domain.study import Shape, Stage
from lca_service.units import UNIT_PATTERN

MOST = 1e15  # no amount of anything that a product needs is larger, in any unit
LEAST = 1e-15  # what is divided by, such as the output of an assembly, is no smaller

Name = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]+$")]
Unit = Annotated[str, Field(min_length=1, max_length=64, pattern=UNIT_PATTERN)]
Amount = Annotated[float, Field(strict=True, ge=0, le=MOST, allow_inf_nan=False)]
PositiveAmount = Annotated[float, Field(strict=True, ge=LEAST, le=MOST, allow_inf_nan=False)]
# RFC 8141
Urn = Annotated[
    str,
    Field(max_length=500, pattern=r"^[uU][rR][nN]:[A-Za-z0-9][A-Za-z0-9-]{0,30}[A-Za-z0-9]:\S+$"),
]
Code = Annotated[str, Field(min_length=1, max_length=100)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DeclaredUnitRequest(_Strict):
    """What the footprint is for, e.g. one piece of 0.15 kg."""

    amount: PositiveAmount
    unit: Unit
    mass_kg: PositiveAmount | None = Field(None, description="Mass of the declared unit [kg].")


class ParameterRequest(_Strict):
    """A value given for a parameter of a product's process."""

    amount: Amount
    unit: Unit = Field("dimensionless", description="Any unit of the parameter's dimension.")


class SpreadRequest(_Strict):
    """How far an amount may be from what is given."""

    distribution: Shape
    gsd: Annotated[float, Field(strict=True, ge=1, le=10, allow_inf_nan=False)] | None = Field(
        None, description="Geometric standard deviation of a lognormal; the amount is its median."
    )
    minimum: Amount | None = Field(None, description="Of a triangular or uniform, in `unit`.")
    maximum: Amount | None = Field(None, description="Of a triangular or uniform, in `unit`.")
    key: Name | None = Field(
        None, description="Amounts with one key are one draw, in this request and in others."
    )


class SamplingRequest(_Strict):
    """How many samples of the inventory the distribution is made of."""

    samples: Annotated[int, Field(strict=True, ge=2, le=10_000)] = 1000
    seed: Annotated[int, Field(strict=True, ge=0, le=2**63 - 1)] = Field(
        0, description="Answers with one seed share every draw of the inventory."
    )


PlantKind = Literal[
    "bioenergy", "coal", "gas", "geothermal", "hydro", "nuclear", "oil", "solar", "wind"
]
Share = Annotated[float, Field(strict=True, ge=0, le=1, allow_inf_nan=False)]


class ContractRequest(_Strict):
    """Electricity bought by contract: the plants that it names, over the losses of the grid."""

    instrument: Name = Field(description="What proves it, e.g. certificates and their year.")
    shares: dict[PlantKind, Share] = Field(
        min_length=1, description="Share of each kind of plant; they sum to 1."
    )
    location: Code | None = Field(
        None, description="Whose plants and grid they are; else the line's."
    )


class LineRequest(_Strict):
    """A purchase: a product of the inventory, or one of the request's own assemblies."""

    id: Name | None = Field(None, description="Name of the line in the answer; else line-1, ...")
    stage: Stage | None = Field(
        None, description="Life cycle stage; may be left out inside assemblies."
    )
    product: Code | None = Field(None, description="Code of a product: GET /v1/products?q=")
    assembly: Name | None = Field(None, description="Name of one of `assemblies`.")
    amount: Amount
    unit: Unit = Field(description="Any unit of the product's dimension.")
    location: Code | None = Field(None, description="Where it is bought; else the product's.")
    mix: Literal["production", "export"] | None = Field(
        None, description="Which world average, where the product has one."
    )
    parameters: dict[Name, ParameterRequest] = Field(
        default_factory=dict,
        max_length=100,
        description="Parameters of the product's process, given instead of the table's "
        "figures: GET /v1/activities/{id} lists them.",
    )
    contract: ContractRequest | None = Field(
        None, description="Who supplies it, if it is electricity of the grid bought by contract."
    )
    uncertainty: SpreadRequest | None = Field(None, description="Of the amount.")


class EmissionRequest(_Strict):
    """A direct exchange with nature, such as a leak of refrigerant."""

    id: Name | None = Field(None, description="Name in the answer; else emission-1, ...")
    stage: Stage | None = Field(None, description="Life cycle stage.")
    flow: Code = Field(description="Elementary flow or refrigerant blend: GET /v1/flows")
    amount: Amount
    unit: Unit
    location: Code | None = Field(None, description="Where it happens; else the product's.")
    uncertainty: SpreadRequest | None = Field(None, description="Of the amount.")


class AssemblyRequest(_Strict):
    """An intermediate product of the request's own, which lines may buy by name."""

    amount: PositiveAmount = Field(description="Output of the bill below.")
    unit: Unit
    bom: list[LineRequest] = Field(default_factory=list)
    emissions: list[EmissionRequest] = Field(default_factory=list)


class DeclarationRequest(_Strict):
    """What a customer's file asks for and no life cycle assessment can know."""

    company_name: Name | None = Field(None, description="Whose footprint it is.")
    company_ids: list[Urn] = Field(default_factory=list, max_length=50, description="URNs.")
    product_ids: list[Urn] = Field(default_factory=list, max_length=50, description="URNs.")
    product_description: Name | None = None
    product_classifications: list[Urn] = Field(default_factory=list, max_length=50)
    reference_period_start: AwareDatetime | None = Field(
        None, description="From when the amounts are, with a time zone."
    )
    reference_period_end: AwareDatetime | None = Field(None, description="Excluded.")
    validity_period_start: AwareDatetime | None = None
    validity_period_end: AwareDatetime | None = Field(
        None, description="At most three years after the reference period."
    )
    fossil_carbon_content_kg: Amount | None = Field(
        None, description="Carbon of fossil origin in the declared unit [kg C]."
    )
    biogenic_carbon_content_kg: Amount | None = Field(
        None, description="Carbon of biogenic origin in the declared unit [kg C]."
    )
    land_use_change_kg: Amount | None = Field(
        None, description="Where ours is unknown: of the declared unit [kg CO2e]."
    )
    packaging_included: bool | None = Field(None, description="Whether the bill has packaging.")
    ccs_included: bool | None = Field(
        None, description="Whether carbon dioxide is captured and stored within the boundary."
    )
    exempted_percent: Annotated[float, Field(strict=True, ge=0, le=100)] | None = Field(
        None, description="Share of the emissions that the bill leaves out."
    )
    exempted_description: Name | None = Field(None, description="Why it leaves them out.")
    preceding_ids: list[UUID] = Field(default_factory=list, max_length=100)
    comment: Name | None = None
    publish: bool = Field(
        False, description="Whether clients of the PACT host may fetch the footprint."
    )


ValueStatus = Literal["given", "completed", "default", "proxy"]


class TemplateParameter(_Strict):
    """A parameter as a template used it."""

    amount: Amount | None = None
    unit: str = ""
    choice: str = Field("", description="A place, or one of several.")
    status: ValueStatus
    minimum: float | None = Field(None, description="Of the usual range.")
    maximum: float | None = Field(None, description="Of the usual range.")
    source: str = Field("", description="Of a default.")


class TemplateRequest(_Strict):
    """The template that a bill was made by, and what was given of its parameters."""

    id: Code
    parameters: dict[Name, TemplateParameter]
    amounts: dict[Name, ValueStatus] = Field(
        default_factory=dict,
        description="By line: that of the weakest parameter its amount is computed from; "
        "completed where all of them were given.",
    )


class FootprintRequest(_Strict):
    """A product, what it is made of, and what is asked about it."""

    name: Name
    declared_unit: DeclaredUnitRequest
    location: Code = Field(description="ISO 3166-1 alpha-2, UN M49 region code, or GLO.")
    bom: list[LineRequest] = Field(description="The bill of materials, for one declared unit.")
    emissions: list[EmissionRequest] = Field(default_factory=list)
    assemblies: dict[Name, AssemblyRequest] = Field(default_factory=dict)
    indicators: list[Code] = Field(
        default_factory=list, max_length=100, description="GET /v1/indicators; all if empty."
    )
    methods: dict[Code, Code] = Field(
        default_factory=dict, max_length=100, description="Method edition per family or indicator."
    )
    template: TemplateRequest | None = Field(
        None, description="How the bill was made; written by POST /v1/categories/{id}:expand"
    )
    declaration: DeclarationRequest | None = Field(
        None, description="For files to customers: GET /v1/footprints/{id}?format=pact or openepd"
    )
    data_release: Code | None = Field(
        None,
        description="A release by name, the newest of a year (^2026) or the hash of its data; "
        "else the open one.",
    )
    uncertainty: SamplingRequest | None = Field(
        None, description="Asks for distributions, from samples of the whole inventory."
    )
