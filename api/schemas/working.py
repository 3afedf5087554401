"""The working of a footprint, as JSON."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from api.schemas.answer import ManifestAnswer, MethodAnswer
from api.schemas.catalogue import FigureAnswer


class ColumnAnswer(BaseModel):
    """A process: the product, an assembly, an activity as it is, or one with all it takes."""

    id: str
    kind: Literal["product", "assembly", "opened", "closed"]
    unit: str
    activity: str | None = Field(description="GET /v1/activities/{id}")


class FlowRowAnswer(BaseModel):
    """An elementary flow, at a place where places matter."""

    flow: str
    location: str | None
    unit: str


class CellAnswer(BaseModel):
    """Where a number comes from: a line of the request, or figures with their sources."""

    matrix: Literal["A", "B"]
    row: int
    column: int
    pointer: str | None
    formula: str | None
    figures: list[FigureAnswer]


class WorkingAnswer(BaseModel):
    """The matrices of a footprint, and every step to its value."""

    name: str
    indicator: str
    method: MethodAnswer
    unit: str
    value: float
    equations: list[str] = [
        "s = A^-1 f: how much every process runs for one declared unit",
        "g = B s: the elementary flows of them all",
        "h = C g: the value; scores are its parts by process, the sum over flows of C B s",
    ]
    columns: list[ColumnAnswer]
    rows: list[FlowRowAnswer]
    technosphere: list[list[float]] = Field(
        description="A, by row: outputs positive, inputs negative; rows are as columns."
    )
    demand: list[float] = Field(description="f")
    supply: list[float] = Field(description="s")
    biosphere: list[list[float]] = Field(description="B, by row.")
    inventory: list[float] = Field(description="g")
    factors: list[float] = Field(description="C")
    scores: list[float] = Field(description="By column; they sum to the value.")
    cells: list[CellAnswer] = Field(
        description="Of the study and of opened processes; the flows of closed ones are solved."
    )
    manifest: ManifestAnswer
