"""Exercises, attempts at them and their solutions, as JSON."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.schemas.catalogue import SourceOfAnswer
from api.schemas.language import Language
from api.schemas.request import Code, Name, Unit
from api.schemas.working import WorkingAnswer

Level = Literal["beginner", "intermediate", "advanced"]
Seed = Annotated[int, Field(strict=True, ge=0, le=2**31 - 1)]
# A number, or a text: a choice, or a number as readers of the language write it
Plain = (
    Annotated[float, Field(strict=True, allow_inf_nan=False)] | Annotated[str, Field(max_length=60)]
)


class Verdict(StrEnum):
    """What an answer is."""

    RIGHT = "right"
    WITHIN_TOLERANCE = "within_tolerance"
    WRONG = "wrong"
    MISSING = "missing"


class ExerciseSummary(BaseModel):
    """An exercise of the course."""

    id: str
    order: int
    day: int
    level: Level
    minutes: int
    topics: list[str]
    title: str
    goal: str
    questions: int
    languages: list[Language] = Field(description="In which its questions can be read.")


class ExerciseList(BaseModel):
    """The exercises, in the order of the course."""

    items: list[ExerciseSummary]
    total: int


class PlaceAnswer(BaseModel):
    """A country of an exercise."""

    code: str
    name: str


class AmountAnswer(BaseModel):
    """A number of an exercise; ``text`` is number and unit as readers of the language write it."""

    id: str
    title: str
    value: float
    unit: str
    text: str


class ConstantAnswer(AmountAnswer):
    """A figure that is the same everywhere."""

    source: str


class FactAnswer(AmountAnswer):
    """A figure of the release, and where it comes from."""

    asked: str = Field(description="The place whose figure is wanted.")
    location: str = Field(description="The place whose figure it is.")
    activity: str | None = Field(description="GET /v1/activities/{id}")
    method: str | None = Field(description="GET /v1/methods")
    sources: list[str] = Field(description="Of the activity's own figures; `sources` has them.")


class QuestionAnswer(BaseModel):
    """What is asked: a number in ``unit``, or one of ``choices``."""

    id: str
    text: str
    unit: str | None = Field(description="In which a plain number is read.")
    unit_text: str | None
    choices: dict[str, str] | None
    hints: int
    tolerance: float = Field(description="Relative.")


class DealtAnswer(BaseModel):
    """What the same variant of an exercise is dealt again by."""

    exercise: str
    title: str
    country: PlaceAnswer
    seed: int | None = Field(description="Null for learners of a class: it is the trainer's.")
    language: Language
    data_release: str
    data_hash: str
    engine: str


class ExerciseAnswer(DealtAnswer):
    """An exercise as a learner gets it."""

    level: Level
    minutes: int
    goal: str
    story: str
    places: dict[str, PlaceAnswer]
    given: list[AmountAnswer]
    data: list[FactAnswer]
    constants: list[ConstantAnswer]
    questions: list[QuestionAnswer]
    sources: list[SourceOfAnswer]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class AmountRequest(_Strict):
    """An answer with its unit."""

    amount: Plain
    unit: Unit


class AnswersRequest(_Strict):
    """Answers to the questions of an exercise."""

    answers: dict[Name, AmountRequest | Plain] = Field(
        max_length=20,
        description="By question: a number in the question's unit, a number with its unit, or a "
        "choice. A number may be a text as readers of the language write it.",
    )
    language: Language = "en"


class AttemptRequest(AnswersRequest):
    """An attempt at an exercise."""

    country: Code = Field(description="ISO 3166-1 alpha-2.")
    seed: Seed = 0
    attempt: Annotated[int, Field(strict=True, ge=1, le=1000)] = Field(
        1, description="Which one it is: each gives one hint further."
    )
    data_release: Code | None = Field(
        None, description="As the exercise was dealt; else the open one."
    )


class DiagnosisAnswer(BaseModel):
    """The mistake that leads to an answer."""

    kind: str
    text: str


class GradeAnswer(BaseModel):
    """The grade of an answer."""

    id: str
    verdict: Verdict
    read_as: str | None = Field(description="The answer as it was understood.")
    diagnosis: DiagnosisAnswer | None
    hint: str | None
    hints_left: int


class AttemptAnswer(DealtAnswer):
    """The grades of an attempt."""

    attempt: int
    solved: bool = Field(description="Whether every answer is right, or within tolerance.")
    questions: list[GradeAnswer]


class StepAnswer(AmountAnswer):
    """A step of the derivation by hand."""

    formula: str


class LedAnswer(DiagnosisAnswer):
    """A usual mistake, and what it leads to: a number in the question's unit, or a choice."""

    value: float | None
    choice: str | None
    answer: str = Field(description="As it is read.")


class SolvedAnswer(BaseModel):
    """The solution of a question."""

    id: str
    text: str
    unit: str | None
    formula: str | None = Field(description="By hand: an expression of what is given.")
    by_hand: float | None
    choice: str | None
    by_engine: float | None = Field(description="By the study and the inventory.")
    answer: str = Field(description="As it is read.")
    tolerance: float
    hints: list[str]
    mistakes: list[LedAnswer]
    not_told_apart: list[str] = Field(
        description="Mistakes that lead to what another leads to as well, in this country."
    )


class SolutionAnswer(DealtAnswer):
    """The solution of a variant, for the trainer."""

    given: list[AmountAnswer]
    data: list[FactAnswer]
    constants: list[ConstantAnswer]
    steps: list[StepAnswer]
    questions: list[SolvedAnswer]
    studies: dict[str, dict[str, Any]] = Field(
        description="The reference model: requests for POST /v1/footprints"
    )
    workings: list[WorkingAnswer] = Field(
        description="With explain=full: matrices, vectors and products of the studies."
    )
    learners_get_wrong: str
    how_to_discuss: str
    sources: list[SourceOfAnswer]
    literature: list[str]


Explain = Literal["steps", "full"]
