"""What an exercise is: one YAML file under ``datasets/exercises``, its texts keyed by language.

A learner is given amounts, which are dealt by seed, and data, which are looked up in the release
for a country. Every answer is derived twice: by hand, as an expression over what is given, and by
the engine, from a study that is an ordinary request whose amounts are expressions. A mistake is
the derivation by hand with something else in the place of what belongs there.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from api.schemas.exercises import Level
from api.schemas.language import Language
from api.schemas.request import Unit

Text = dict[Language, Annotated[str, StringConstraints(min_length=1, max_length=4000)]]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Expression = Annotated[
    str,
    BeforeValidator(lambda value: str(value) if isinstance(value, int | float) else value),
    StringConstraints(min_length=1, max_length=500),
]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Place(_Shape):
    """Another country that the exercise needs: the first of ``usual`` that is not the asked one."""

    title: Text
    usual: Annotated[list[str], Field(min_length=2)]


class Given(_Shape):
    """An amount that is dealt: from minimum to maximum in whole steps, chosen for the exercise."""

    title: Text
    unit: Unit
    minimum: float
    maximum: float
    step: Annotated[float, Field(gt=0)]


class Constant(_Shape):
    """A figure that is the same everywhere, with its source."""

    title: Text
    value: float
    unit: Unit
    shown_unit: str = ""
    source: Annotated[str, StringConstraints(min_length=10)]


class Datum(_Shape):
    """A figure of the release at a place.

    With ``product``: the score of one unit of it, the part of ``flows`` in its inventory, or a
    parameter of its process. With ``factor``: what a unit of an elementary flow counts there.
    What is not ``shown`` is not told to learners, and serves diagnoses.
    """

    title: Text
    product: str = ""
    indicator: str = ""
    method: str = ""
    flows: list[str] = []
    parameter: str = ""
    factor: str = ""
    scope: Literal[1, 2] | None = Field(None, description="The part that is of this scope alone.")
    location: str = Field("", description="A place of the exercise, or a code; else the country.")
    shown_unit: str = ""
    shown: bool = True


class Formula(_Shape):
    """A step of the derivation by hand."""

    title: Text
    formula: Expression
    unit: Unit
    shown_unit: str = ""


class Result(_Shape):
    """A number that the engine computes of a study: an indicator, or a part of it."""

    study: Id
    indicator: str
    method: str = ""
    lines: list[str] = []
    stage: str = ""
    scope: Literal[1, 2, 3] | None = Field(None, description="The part that is of this scope.")
    scopes: dict[str, Literal[1, 2]] = Field({}, description="Of lines; 3 for the others.")


class Mistake(_Shape):
    """A usual mistake: the derivation with other expressions in the place of some names."""

    kind: str
    set: dict[Id, Expression] = {}
    answer: Expression | None = None


class Choice(_Shape):
    """One of several answers; the first whose condition holds is the right one."""

    text: Text
    when: Expression


class Question(_Shape):
    """What is asked: a number in ``unit``, or one of ``choices``."""

    id: Id
    text: Text
    unit: Unit = "dimensionless"
    shown_unit: str = ""
    answer: Expression | None = None
    engine: Expression | None = None
    choices: dict[Id, Choice] = {}
    tolerance: Annotated[float, Field(gt=0, le=0.2)] = 0.02
    hints: Annotated[list[Text], Field(min_length=1, max_length=5)]
    mistakes: list[Mistake] = []


class TrainerPage(_Shape):
    """For the trainer: what learners get wrong, and how to discuss it."""

    learners_get_wrong: Text
    how_to_discuss: Text


class Exercise(_Shape):
    """An exercise."""

    id: str = ""
    order: Annotated[int, Field(ge=1, description="Place in the course.")]
    day: Literal[1, 2]
    level: Level
    minutes: Annotated[int, Field(ge=5, le=120)]
    topics: Annotated[list[Id], Field(min_length=1)]
    title: Text
    goal: Text
    story: Text
    places: dict[Id, Place] = {}
    given: dict[Id, Given] = {}
    constants: dict[Id, Constant] = {}
    data: dict[Id, Datum] = {}
    formulas: dict[Id, Formula] = {}
    studies: dict[Id, dict[str, Any]] = {}
    results: dict[Id, Result] = {}
    questions: Annotated[list[Question], Field(min_length=1, max_length=8)]
    trainer: TrainerPage
    sources: Annotated[list[str], Field(min_length=1)]
