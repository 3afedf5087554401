"""What is wrong with an exercise: its form, its texts, its numbers in a dozen countries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from api.exercises.book import deal_in, find_country, set_in
from api.exercises.dealt import Dealt
from api.exercises.derive import by_hand
from api.exercises.files import read_exercise
from api.exercises.grade import distance
from api.exercises.shape import Exercise
from api.exercises.words import COMPLETE
from api.parse import pointer
from api.schemas.language import LANGUAGES, Language
from lca_service.catalogue.formulas import FormulaError
from lca_service.engine import Engine
from lca_service.errors import DataFault, StudyError

COUNTRIES = ("BR", "CL", "CN", "ET", "IN", "KE", "MY", "MX", "RU", "ZA", "TH", "TR")
_SEEDS = range(20)
_EVERY = 9  # of them, for which the engine is asked
_AGREE = 0.5  # of the tolerance, of what is derived by hand and by the engine
_FOR_TRAINERS = ("goal", "story", "hints", "trainer")


def check_exercise(path: Path, engine: Engine) -> list[DataFault]:
    """Return everything that is wrong with the exercise of a file."""
    exercise, faults = read_exercise(path)
    if exercise is None or faults:
        return faults
    return [DataFault(path.name, *each) for each in _faults_of_numbers(exercise, engine)]


def missing_texts(exercise: Exercise) -> list[str]:
    """Return the texts that lack a language, as pointer and language.

    English and Chinese are complete; the others have what learners need to answer.
    """
    return [
        f"{place}: {language}"
        for place, text in _texts(exercise.model_dump(), [])
        for language in _wanted(place)
        if language not in text
    ]


def _texts(value: Any, path: list[str | int]) -> Iterator[tuple[str, dict[str, str]]]:
    if isinstance(value, dict):
        if (
            value
            and set(value) <= set(LANGUAGES)
            and all(isinstance(e, str) for e in value.values())
        ):
            yield pointer(path), value
            return
        for key, each in value.items():
            if path or key != "studies":
                yield from _texts(each, [*path, key])
    if isinstance(value, list):
        for index, each in enumerate(value):
            yield from _texts(each, [*path, index])


def _wanted(place: str) -> tuple[Language, ...]:
    return COMPLETE if any(part in place.split("/") for part in _FOR_TRAINERS) else LANGUAGES


def _faults_of_numbers(exercise: Exercise, engine: Engine) -> Iterator[tuple[str, str, str]]:
    """Yield place, code and detail of what the numbers of an exercise do wrong."""
    never = {
        (question.id, mistake.kind)
        for question in exercise.questions
        for mistake in question.mistakes
    }
    for country in COUNTRIES:
        try:
            setting = set_in(exercise, engine, find_country(engine, country))
            dealt = deal_in(exercise, engine, setting, _SEEDS)
            for each in dealt[::_EVERY]:
                yield from _disagreements(each)
            yield from _without_choice(dealt)
        except (StudyError, FormulaError) as error:
            for each in getattr(error, "faults", ()):
                yield country, each.code, f"{each.pointer} {each.detail}".strip()
            if not isinstance(error, StudyError):
                yield country, "bad_formula", str(error)
            return
        for question in exercise.questions:
            reached = [one.variant.expected[question.id] for one in dealt]
            never -= {(question.id, kind) for each in reached for kind, _ in each.mistakes}
            untold = sorted({kind for each in reached for kind in each.untold})
            if untold:
                detail = f"in {country}, no variant tells apart {', '.join(untold)}"
                yield f"/questions/{question.id}", "not_told_apart", detail
            if not question.choices and any(each.right == 0 for each in reached):
                detail = f"in {country} the answer is 0, of which nobody can be within tolerance"
                yield f"/questions/{question.id}", "answer_zero", detail
    for asked, kind in sorted(never):
        yield f"/questions/{asked}", "never_occurs", f"{kind} changes the answer in no country"


def _without_choice(dealt: Sequence[Dealt]) -> Iterator[tuple[str, str, str]]:
    """Yield the questions of which no choice is right in some variant."""
    exercise, facts = dealt[0].exercise, dealt[0].facts
    drawn = {
        name: np.array([each.variant.given[name] for each in dealt]) for name in exercise.given
    }
    formulas = by_hand(exercise, facts, drawn)
    for question in exercise.questions:
        holds = [formulas.holds(each.when) for each in question.choices.values()]
        if holds and not np.any(holds, axis=0).all():
            detail = f"in {dealt[0].country}, no choice holds for some variant"
            yield f"/questions/{question.id}", "no_choice_holds", detail


def _disagreements(dealt: Dealt) -> Iterator[tuple[str, str, str]]:
    """Yield the questions whose derivation by hand is not what the engine answers."""
    reference = dealt.reference
    for name in dealt.exercise.studies:
        reference.request(name)
    results = reference.results()
    for question in dealt.exercise.questions:
        engine = reference.answer(question, results)
        right = dealt.variant.expected[question.id].right
        if engine is not None and distance(right, engine) > _AGREE * question.tolerance:
            detail = f"in {dealt.country}, by hand {right:.6g}, by the engine {engine:.6g}"
            yield f"/questions/{question.id}", "disagreement", detail
