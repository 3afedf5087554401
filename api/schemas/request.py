"""The question, as JSON."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from lca_service.domain.study import Shape, Stage
from lca_service.units import UNIT_PATTERN

MOST = 1e15  # no amount of anything that a product needs is larger, in any unit
LEAST = 1e-15  # what is divided by, such as the output of an assembly, is no smaller

Name = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]+$")]
Unit = Annotated[str, Field(min_length=1, max_length=64, pattern=UNIT_PATTERN)]
Amount = Annotated[float, Field(strict=True, ge=0, le=MOST, allow_inf_nan=False)]
PositiveAmount = Annotated[float, Field(strict=True, ge=LEAST, le=MOST, allow_inf_nan=False)]
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
    data_release: Code | None = Field(
        None,
        description="A release by name, the newest of a year (^2026) or the hash of its data; "
        "else the open one.",
    )
    uncertainty: SamplingRequest | None = Field(
        None, description="Asks for distributions, from samples of the whole inventory."
    )
