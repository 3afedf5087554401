"""Grading by reason: right, within tolerance, or wrong with the mistake that leads there."""

from __future__ import annotations

import math
from dataclasses import dataclass

from api.exercises.deal import Expected
from api.exercises.shape import Question
from api.schemas.exercises import Verdict

_EXACT = 0.25  # of the tolerance: an answer of three digits


@dataclass(frozen=True)
class Grade:
    """The verdict on an answer; ``diagnosis`` is the kind of mistake that leads to it."""

    verdict: Verdict
    diagnosis: str = ""


def grade(question: Question, expected: Expected, answer: float | None) -> Grade:
    """Return the grade of an answer, in the unit of the question, or the place of a choice."""
    if answer is None:
        return Grade(Verdict.MISSING)
    tolerance = 0.0 if question.choices else question.tolerance
    off = distance(answer, expected.right)
    if off <= tolerance * _EXACT:
        return Grade(Verdict.RIGHT)
    if off <= tolerance:
        return Grade(Verdict.WITHIN_TOLERANCE)
    nearest = min(
        ((distance(answer, value), kind) for kind, value in expected.mistakes),
        default=(math.inf, ""),
    )
    return Grade(Verdict.WRONG, nearest[1] if nearest[0] <= tolerance else "")


def distance(answer: float, other: float) -> float:
    """Return how far an answer is from another, relative to that one; 0 where both are."""
    if answer == other:
        return 0.0
    return abs(answer - other) / abs(other) if other else math.inf
