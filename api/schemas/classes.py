"""Classes of learners, as JSON."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api.schemas.exercises import AttemptAnswer, PlaceAnswer
from api.schemas.language import Language
from api.schemas.request import Code, Name

Nickname = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=40, pattern=r"^[^\x00-\x1f]+$"
    ),
]
JoinCode = Annotated[str, Field(min_length=1, max_length=20)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ClassRequest(_Strict):
    """A class: what its learners are asked, and for which countries."""

    name: Name
    language: Language = "en"
    exercises: list[Code] = Field(
        default_factory=list, max_length=200, description="Ids; the whole course if left out."
    )
    countries: list[Code] = Field(
        default_factory=list,
        max_length=300,
        description="From which learners choose; any if left out.",
    )


class JoinRequest(_Strict):
    """A learner who joins; a nickname is all that is known of anybody."""

    join_code: JoinCode
    nickname: Nickname = Field(description="No name of a person is asked for or needed.")
    country: Code = Field(description="Whose data the learner's exercises are on.")


class ClassSummary(BaseModel):
    """A class, as its learners may know it."""

    id: str
    name: str
    created: datetime
    language: Language
    countries: list[PlaceAnswer] = Field(description="From which learners choose; any if empty.")
    exercises: list[str]
    opened: list[str] = Field(description="Exercises whose solutions learners may read.")
    is_closed: bool
    data_release: str
    data_hash: str


class LearnerAnswer(BaseModel):
    """A learner, and how far it has come."""

    number: int
    nickname: str
    country: PlaceAnswer
    joined: datetime
    attempts: int
    solved: int


class ClassAnswer(ClassSummary):
    """A class, as its trainer sees it."""

    join_code: str
    learners: list[LearnerAnswer]


class OpenedClassAnswer(ClassAnswer):
    """A class that has just been opened, with the trainer's key."""

    key: str = Field(description="The trainer's: send it as Class-Key. It is told only now.")


class JoinedAnswer(BaseModel):
    """A learner who has just joined."""

    class_: ClassSummary = Field(alias="class", serialization_alias="class")
    number: int
    nickname: str
    country: PlaceAnswer
    key: str = Field(description="The learner's: send it as Class-Key. It is told only now.")

    model_config = ConfigDict(populate_by_name=True)


class AssignedAnswer(BaseModel):
    """An exercise of a learner, and how far it has come with it."""

    id: str
    title: str
    minutes: int
    attempts: int
    solved: bool
    solution: bool = Field(description="Whether its solution may be read.")


class AssignedList(BaseModel):
    """The exercises of a learner."""

    items: list[AssignedAnswer]
    total: int


class ClassAttemptAnswer(AttemptAnswer):
    """The grades of an attempt in a class."""

    made: datetime


class GradebookEntry(BaseModel):
    """What a learner did with an exercise."""

    learner: int
    nickname: str
    country: str
    exercise: str
    attempts: int
    solved: bool
    solved_at_attempt: int | None
    questions: int
    right: int = Field(description="Questions that were answered rightly at the last attempt.")
    diagnoses: list[str] = Field(description="Mistakes that were found, in their order.")
    last: datetime | None


class DiagnosisCount(BaseModel):
    """How many learners made a mistake in an exercise."""

    exercise: str
    question: str
    diagnosis: str
    learners: int


class GradebookAnswer(BaseModel):
    """Who has done what, and what the class gets wrong."""

    id: str
    name: str
    is_closed: bool
    entries: list[GradebookEntry]
    diagnoses: list[DiagnosisCount] = Field(description="The most frequent first.")
