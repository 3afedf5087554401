"""An attempt at an exercise: answers as they are written, and what they are graded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar

from pydantic import BaseModel

from api.exercises.dealt import Dealt
from api.exercises.grade import grade
from api.exercises.shape import Question
from api.exercises.sheet import answer_text, diagnosis, head, placed
from api.exercises.words import read_number
from api.parse import parsed, pointer
from api.schemas.exercises import (
    AmountRequest,
    AttemptAnswer,
    DiagnosisAnswer,
    GradeAnswer,
    Verdict,
)
from api.schemas.language import Language
from lca_service.catalogue.nomenclature import nearest_names
from lca_service.errors import Fault, StudyError, UnitMismatch
from lca_service.units import factor

Shape = TypeVar("Shape", bound=BaseModel)
Written = Mapping[str, AmountRequest | float | str]


def read_attempt(shape: type[Shape], value: Mapping[str, Any]) -> Shape:
    """Return the typed form of an attempt; StudyError with every fault of it."""
    try:
        return parsed(shape, value)
    except StudyError as error:
        # an answer may have three forms, each of which has its own fault: tell one
        faults = {_outside(each.pointer): each for each in reversed(error.faults)}
        at_fault = [
            replace(each, pointer=where)
            for where, each in faults.items()
            if not any(other.startswith(f"{where}/") for other in faults)
        ]
        raise StudyError(at_fault[::-1]) from error


def _outside(where: str) -> str:
    """Return a pointer to an answer without what follows its name, but for amount and unit."""
    steps = where.split("/")
    if steps[1] != "answers" or len(steps) < 4:
        return where
    return "/".join([*steps[:3], *(each for each in steps[3:] if each in ("amount", "unit"))])


def grade_attempt(
    dealt: Dealt, answers: Written, language: Language, *, attempt: int
) -> AttemptAnswer:
    """Return the grades of an attempt, with one hint further each time.

    Raises
    ------
    StudyError
        With every answer that cannot be read.
    """
    read = _read_all(dealt, answers, language)
    questions = [
        _graded(each, dealt, read.get(each.id), language, attempt)
        for each in dealt.exercise.questions
    ]
    good = (Verdict.RIGHT, Verdict.WITHIN_TOLERANCE)
    return AttemptAnswer(
        **head(dealt, language),
        attempt=attempt,
        solved=all(each.verdict in good for each in questions),
        questions=questions,
    )


def _graded(
    question: Question, dealt: Dealt, answer: float | None, language: Language, attempt: int
) -> GradeAnswer:
    found = grade(question, dealt.variant.expected[question.id], answer)
    hints = [placed(each, dealt, language) for each in question.hints]
    wants_hint = found.verdict is Verdict.WRONG
    told: dict[str, Any] | None = None
    if found.diagnosis:
        told = {"kind": found.diagnosis, "text": diagnosis(found.diagnosis, language)}
    return GradeAnswer(
        id=question.id,
        verdict=found.verdict,
        read_as=None if answer is None else answer_text(answer, question, language),
        diagnosis=DiagnosisAnswer(**told) if told else None,
        hint=hints[min(attempt, len(hints)) - 1] if wants_hint else None,
        hints_left=max(len(hints) - attempt, 0) if wants_hint else len(hints),
    )


def _read_all(dealt: Dealt, answers: Written, language: Language) -> dict[str, float]:
    questions = {each.id: each for each in dealt.exercise.questions}
    found: dict[str, float] = {}
    faults: list[Fault] = []
    for name, written in answers.items():
        where = pointer(["answers", name])
        if name not in questions:
            near = nearest_names(name, questions)
            detail = f"the exercise has no question {name!r}"
            faults.append(Fault(where, "unknown_question", detail, "", near))
            continue
        try:
            found[name] = _read(questions[name], written, language)
        except _Unreadable as error:
            faults.append(Fault(where, error.code, str(error), error.hint, error.allowed))
    if faults:
        raise StudyError(faults)
    return found


class _Unreadable(Exception):
    """An answer cannot be read."""

    def __init__(self, code: str, detail: str, hint: str = "", allowed: Any = ()) -> None:
        self.code, self.hint, self.allowed = code, hint, tuple(allowed)
        super().__init__(detail)


def _read(question: Question, written: AmountRequest | float | str, language: Language) -> float:
    """Return an answer in the unit of its question, or the place of a choice."""
    if question.choices:
        options = list(question.choices)
        if not isinstance(written, str) or written not in options:
            raise _Unreadable("unknown_choice", "choose one", "give its name", options)
        return float(options.index(written))
    if not isinstance(written, AmountRequest):
        return _number(written, language)
    try:
        scale = factor(written.unit, question.unit)
    except UnitMismatch as error:
        hint = f"the answer is in {question.unit}, or another unit of its dimension"
        raise _Unreadable("unit_mismatch", str(error), hint) from error
    return _number(written.amount, language) * scale


def _number(written: float | str, language: Language) -> float:
    if not isinstance(written, str):
        return float(written)
    try:
        return read_number(written, language)
    except ValueError as error:
        hint = "write it as readers of the language do, or as a number"
        raise _Unreadable("bad_amount", f"{written!r} is no number", hint) from error
