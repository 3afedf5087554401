"""The course: every exercise in a dozen countries, every mistake planted, every language there."""

from pathlib import Path

import numpy as np
import pytest

from api.exercises.book import Book, shipped_book
from api.exercises.check import COUNTRIES, check_exercise, missing_texts
from api.exercises.files import shipped_folder
from api.exercises.grade import distance, grade
from api.schemas.exercises import Verdict
from lca_service.engine import Engine

IDS = sorted(path.stem for path in shipped_folder().glob("*.yaml") if path.stem != "words")
PATHS = [shipped_folder() / f"{name}.yaml" for name in IDS]
VARIANTS = range(1000)

# What the course is asked to hold
COURSE = (
    *("functional-unit", "unit-conversion", "electricity", "recipe-by-hand"),
    *("allocation-three-ways", "transport-modes", "paddy-methane", "fossil-biogenic-land"),
    *("cotton-water", "withdrawal-consumption-scarcity", "aware-by-country", "t-shirt"),
    *("bread-or-rice", "leather-shoe", "copy-paper", "refrigerator", "building", "food-loss"),
    *("recycled-content", "organisation", "hotspots", "uncertainty", "burden-shifting"),
    "eco-label",
)


@pytest.fixture(scope="module")
def book() -> Book:
    return shipped_book()


def test_the_course_has_its_24_exercises_on_two_days(book: Book) -> None:
    assert list(book.exercises) == list(COURSE)
    assert [each.order for each in book.exercises.values()] == list(range(1, 25))
    minutes = {1: 0, 2: 0}
    for each in book.exercises.values():
        minutes[each.day] += each.minutes
    assert all(300 <= total <= 540 for total in minutes.values()), minutes


@pytest.mark.parametrize("path", PATHS, ids=IDS)
def test_an_exercise_is_right_in_a_dozen_countries(path: Path, engine: Engine) -> None:
    # by hand and by the engine the same, every mistake told apart from every other
    assert check_exercise(path, engine) == []


@pytest.mark.parametrize("name", IDS)
def test_no_text_lacks_a_language(name: str, book: Book) -> None:
    assert missing_texts(book.exercises[name]) == []


@pytest.mark.parametrize("name", IDS)
def test_each_planted_mistake_is_named_and_no_right_answer_is_diagnosed(
    name: str, book: Book, engine: Engine
) -> None:
    planted: set[tuple[str, str]] = set()
    for place, country in enumerate(COUNTRIES):
        seeds = VARIANTS[place :: len(COUNTRIES)]
        for dealt in book.deal_many(name, engine, country, seeds):
            for question in dealt.exercise.questions:
                expected = dealt.variant.expected[question.id]
                assert expected.untold == (), (country, dealt.seed, question.id)
                off = 0.9 * question.tolerance
                # the edges of the tolerance in every eighth, its middle in all
                is_number = not question.choices and dealt.seed % 8 == 0
                edges = (1.0, 1 - off, 1 + off) if is_number else (1.0,)
                for edge in edges:
                    right = grade(question, expected, expected.right * edge)
                    assert right.verdict in (Verdict.RIGHT, Verdict.WITHIN_TOLERANCE)
                    assert right.diagnosis == ""
                    for kind, value in expected.mistakes:
                        found = grade(question, expected, value * edge)
                        assert (found.verdict, found.diagnosis) == (Verdict.WRONG, kind)
                        planted.add((question.id, kind))
    asked = book.exercises[name].questions
    assert {(each.id, one.kind) for each in asked for one in each.mistakes} <= planted


@pytest.mark.parametrize("name", IDS)
@pytest.mark.parametrize("country", ["BD", "DE", "NO", "PE", "UZ"])
def test_an_exercise_works_in_other_countries_too(
    name: str, country: str, book: Book, engine: Engine
) -> None:
    for dealt in book.deal_many(name, engine, country, range(10)):
        for question in dealt.exercise.questions:
            right = dealt.variant.expected[question.id].right
            assert np.isfinite(right)
        if dealt.seed == 0:
            reference = dealt.reference
            results = reference.results()
            for question in dealt.exercise.questions:
                by_engine = reference.answer(question, results)
                by_hand = dealt.variant.expected[question.id].right
                assert by_engine is None or distance(by_hand, by_engine) <= question.tolerance


def test_neighbours_are_dealt_different_amounts(book: Book, engine: Engine) -> None:
    for name in IDS:
        dealt = book.deal_many(name, engine, "KE", range(40))
        assert len({tuple(each.variant.given.values()) for each in dealt}) > 30, name


def test_the_engine_answers_a_question_of_every_exercise(book: Book) -> None:
    for name, exercise in book.exercises.items():
        assert any(each.engine for each in exercise.questions), name
