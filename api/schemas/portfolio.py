"""Products of a user's own, as JSON."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from api.schemas.answer import MethodAnswer
from api.schemas.request import Amount, Name, Unit


class PriceRequest(BaseModel):
    """What a line costs."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    price: Amount = Field(description="In the currency, per `unit`.")
    unit: Unit


class VersionRequest(BaseModel):
    """A version: the request of its footprint, and the user's own prices."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    request: dict[str, Any] = Field(description="As in POST /v1/footprints.")
    note: Annotated[str, Field(max_length=2000)] = ""
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] | None = Field(
        None, description="ISO 4217, of the prices."
    )
    prices: dict[Name, PriceRequest] = Field(
        default_factory=dict, max_length=1000, description="By id of the product's own lines."
    )


class OwnedRequest(VersionRequest):
    """A product of a user's own, with its first version."""

    name: Name


class CostAnswer(BaseModel):
    """The life cycle cost of one declared unit, from the user's own prices; not discounted."""

    currency: str
    value: float | None = Field(description="Null unless every line has a price, and there is one.")
    reason: str | None
    of_priced_lines: float
    by_line: dict[str, float]
    by_stage: dict[str, float]
    without_price: list[str]


class VersionIndicatorAnswer(BaseModel):
    """One indicator of a version; ``value`` is null, with a ``reason``, where it is unknown."""

    value: float | None
    unit: str
    reason: str | None
    with_grid_electricity: float | None = Field(
        description="The value with the grid in place of what is bought by contract."
    )
    method: MethodAnswer


class VersionAnswer(BaseModel):
    """A version of a product."""

    number: int
    created: datetime
    note: str
    footprint: str = Field(description="Id of the kept footprint.")
    data_release: str
    indicators: dict[str, VersionIndicatorAnswer]
    cost: CostAnswer | None
    diff: str | None = Field(description="Address of the difference from the version before.")


class OwnedSummary(BaseModel):
    """A product in a list."""

    id: str
    created: datetime
    name: str


class OwnedAnswer(OwnedSummary):
    """A product with its versions, the latest last."""

    versions: list[VersionAnswer]
