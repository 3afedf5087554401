"""Grading by reason."""

import pytest

from api.exercises.deal import Expected
from api.exercises.grade import Grade, grade
from api.exercises.shape import Exercise, Question
from api.schemas.exercises import Verdict

EXPECTED = Expected(
    right=200.0, mistakes=(("forgotten-stage", 150.0), ("thousandfold-unit", 0.2)), untold=()
)


@pytest.fixture
def question(exercise: Exercise) -> Question:
    return exercise.questions[0]  # of a tolerance of 2 %


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (200.0, Grade(Verdict.RIGHT)),
        (200.9, Grade(Verdict.RIGHT)),  # within a quarter of the tolerance
        (196.1, Grade(Verdict.WITHIN_TOLERANCE)),
        (204.1, Grade(Verdict.WRONG)),
        (150.0, Grade(Verdict.WRONG, "forgotten-stage")),
        (152.9, Grade(Verdict.WRONG, "forgotten-stage")),
        (0.2, Grade(Verdict.WRONG, "thousandfold-unit")),
        (0.0, Grade(Verdict.WRONG)),
        (-200.0, Grade(Verdict.WRONG)),
        (None, Grade(Verdict.MISSING)),
    ],
)
def test_an_answer_is_graded_by_what_leads_to_it(
    question: Question, answer: float | None, expected: Grade
) -> None:
    assert grade(question, EXPECTED, answer) == expected


def test_a_choice_is_right_or_wrong_with_the_mistake_that_chooses_it(exercise: Exercise) -> None:
    expected = Expected(right=0.0, mistakes=(("swapped", 1.0),), untold=())
    question = exercise.questions[1]
    assert grade(question, expected, 0.0) == Grade(Verdict.RIGHT)
    assert grade(question, expected, 1.0) == Grade(Verdict.WRONG, "swapped")
