"""Buildings and consumption tables, as JSON."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field

from api.schemas.answer import ManifestAnswer, MethodAnswer, SourceAnswer
from api.schemas.request import Amount, Code, LineRequest, Name, PositiveAmount, Unit
from api.schemas.scenarios import Strict


class CarrierRequest(Strict):
    """Energy, water or another supply of a year, as metered."""

    product: Code = Field(description="Code of a product: GET /v1/products?q=")
    amount: Amount
    unit: Unit
    location: Code | None = None


class LeakRequest(Strict):
    """Refrigerant that is topped up in a year."""

    flow: Code = Field(description="Elementary flow or blend: GET /v1/flows")
    amount: Amount
    unit: Unit


class BuildingRequest(Strict):
    """A building: what it uses in a year, and what it is made of."""

    name: Name
    location: Code
    floor_area: PositiveAmount = Field(description="Gross floor area [m2].")
    occupants: PositiveAmount | None = None
    years: PositiveAmount = Field(
        50.0, description="Reference study period over which materials are spread."
    )
    operation: list[CarrierRequest] = Field(
        min_length=1, max_length=100, description="Of a year, as metered."
    )
    refrigerants: list[LeakRequest] = Field(default_factory=list, max_length=20)
    frame: Code | None = Field(
        None, description="`concrete`, `masonry`, `steel` or `timber` of the inventory."
    )
    materials: list[LineRequest] = Field(
        default_factory=list, max_length=500, description="Or a bill of the whole building."
    )
    indicators: list[Code] = Field(default_factory=list, max_length=20)


class MetricAnswer(BaseModel):
    """A score in a year: of the building, per floor area, per occupant."""

    of_building: float
    per_m2: float
    per_occupant: float | None


class BuildingIndicatorAnswer(BaseModel):
    """Operation and materials of a building, apart."""

    id: str
    unit: str
    method: MethodAnswer
    operation: MetricAnswer | None
    by_carrier: dict[str, float] | None = Field(description="Of operation, in a year.")
    operation_reason: str | None
    materials: MetricAnswer | None
    by_stage: dict[str, float] | None = Field(description="Of materials, over the whole life.")
    materials_reason: str | None


class BuildingAnswer(BaseModel):
    """The common carbon metric of a building, and its water."""

    name: str
    location: str
    floor_area: float
    occupants: float | None
    years: float
    indicators: list[BuildingIndicatorAnswer]
    notes: list[str]
    sources: list[SourceAnswer]
    manifest: ManifestAnswer


class ConsumptionRow(Strict):
    """What a place consumes of a product in a year."""

    name: Name
    group: Name = Field(description="Such as food, housing, mobility, goods, services.")
    product: Code
    amount: Amount
    unit: Unit
    location: Code | None = None


class ConsumptionRequest(Strict):
    """The consumption of a city, or of any place, in a year."""

    name: Name
    location: Code
    population: PositiveAmount
    rows: Annotated[list[ConsumptionRow], Field(min_length=1, max_length=1000)]
    indicators: list[Code] = Field(default_factory=list, max_length=20)


class ConsumedAnswer(BaseModel):
    """A score in a year, and its share of the whole."""

    value: float
    per_inhabitant: float
    share: float | None


class ConsumptionIndicatorAnswer(BaseModel):
    """What a place's consumption scores."""

    id: str
    unit: str
    method: MethodAnswer
    total: ConsumedAnswer | None
    by_group: dict[str, ConsumedAnswer]
    by_row: dict[str, ConsumedAnswer]
    reason: str | None


class ConsumptionAnswer(BaseModel):
    """The footprint of a place's consumption."""

    name: str
    location: str
    population: float
    indicators: list[ConsumptionIndicatorAnswer]
    notes: list[str]
    sources: list[SourceAnswer]
    manifest: ManifestAnswer
