"""Product templates: a few questions about a product, and the bill of materials they make.

One YAML file per template under ``datasets/templates``. A parameter is an amount with a usual
range, a place, or a choice; formulas and lines are expressions over the amounts, whose
dimensions are checked. What a template makes is an ordinary bill.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from lca_service.domain.provenance import Basis
from lca_service.domain.study import Stage


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Sourced(_Shape):
    """Where a default comes from; an estimate of ours says in ``note`` how it was made."""

    basis: Basis
    source: str = ""
    note: str = ""


class Case(Sourced):
    """The default of an amount and its usual range, where another parameter is so."""

    value: float
    minimum: float
    maximum: float


class Amount(Case):
    """A number that is asked for, its default and its usual range, in ``unit``.

    ``cases`` has other defaults by what the parameter ``depends_on`` is: one of its choices,
    or ``given`` for a place that is.
    """

    kind: Literal["amount"] = "amount"
    title: str
    unit: str
    depends_on: str = ""
    cases: dict[str, Case] = {}


class Place(_Shape):
    """A place that is asked for; else that of the product."""

    kind: Literal["location"]
    title: str


class Choice(_Shape):
    """One of several products of the inventory, by name."""

    kind: Literal["choice"]
    title: str
    of: dict[str, str]
    value: str


Parameter = Annotated[Amount | Place | Choice, Field(discriminator="kind")]


class TemplateLine(_Shape):
    """A line of the bill; ``product`` may have a choice in braces, ``location`` name a place."""

    id: str
    stage: Stage
    product: str
    amount: str
    unit: str
    location: str = ""


class DeclaredUnitOf(_Shape):
    """What the footprint is for; ``mass`` is an expression [kg]."""

    amount: float = 1.0
    unit: str
    mass: str = ""


class ProductTemplate(_Shape):
    """A category of products: its questions, and the bill that the answers make."""

    id: str = ""
    title: str
    category: str
    declared_unit: DeclaredUnitOf
    parameters: dict[str, Parameter]
    formulas: dict[str, str] = {}
    bill: list[TemplateLine]
    left_out: str = Field(description="What a complete footprint would add.")
