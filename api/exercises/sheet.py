"""A variant of an exercise as JSON: what a learner gets, and what the trainer has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from api.describe import source
from api.exercises.deal import Expected
from api.exercises.dealt import Dealt
from api.exercises.derive import by_hand
from api.exercises.facts import Fact
from api.exercises.shape import Exercise, Question, Text
from api.exercises.words import country_name, number, said, said_in, unit_name, words
from api.schemas.catalogue import SourceOfAnswer
from api.schemas.exercises import (
    AmountAnswer,
    ConstantAnswer,
    ExerciseAnswer,
    ExerciseSummary,
    Explain,
    FactAnswer,
    LedAnswer,
    PlaceAnswer,
    QuestionAnswer,
    SolutionAnswer,
    SolvedAnswer,
    StepAnswer,
)
from api.schemas.language import LANGUAGES, Language
from api.working import ask_working
from lca_service.engine import Engine


def summary(exercise: Exercise, language: Language) -> ExerciseSummary:
    """Return an exercise of the list."""
    readable = [
        each for each in LANGUAGES if all(each in asked.text for asked in exercise.questions)
    ]
    return ExerciseSummary(
        id=exercise.id,
        order=exercise.order,
        day=exercise.day,
        level=exercise.level,
        minutes=exercise.minutes,
        topics=exercise.topics,
        title=said(exercise.title, language),
        goal=said(exercise.goal, language),
        questions=len(exercise.questions),
        languages=readable,
    )


def sheet(dealt: Dealt, language: Language) -> ExerciseAnswer:
    """Return what a learner gets of a variant."""
    exercise = dealt.exercise
    shown = {name: fact for name, fact in dealt.facts.items() if exercise.data[name].shown}
    return ExerciseAnswer(
        **head(dealt, language),
        level=exercise.level,
        minutes=exercise.minutes,
        goal=said(exercise.goal, language),
        story=placed(exercise.story, dealt, language),
        places={name: place(code, dealt, language) for name, code in dealt.places.items()},
        given=list(_given(dealt, language)),
        data=[_fact(name, fact, dealt, language) for name, fact in shown.items()],
        constants=list(_constants(dealt, language)),
        questions=[_question(each, dealt, language) for each in exercise.questions],
        sources=_sources(dealt, shown),
    )


def solution(dealt: Dealt, language: Language, explain: Explain) -> SolutionAnswer:
    """Return what the trainer has of a variant: every derivation, and what mistakes lead to.

    Raises
    ------
    StudyError
        If the engine cannot answer a study.
    """
    exercise, reference = dealt.exercise, dealt.reference
    results = reference.results()
    return SolutionAnswer(
        **head(dealt, language),
        given=list(_given(dealt, language)),
        data=[_fact(name, fact, dealt, language) for name, fact in dealt.facts.items()],
        constants=list(_constants(dealt, language)),
        steps=list(_steps(dealt, language)),
        questions=[
            _solved(each, dealt, language, reference.answer(each, results))
            for each in exercise.questions
        ],
        studies={name: reference.request(name) for name in exercise.studies},
        workings=list(_workings(dealt)) if explain == "full" else [],
        learners_get_wrong=said(exercise.trainer.learners_get_wrong, language),
        how_to_discuss=said(exercise.trainer.how_to_discuss, language),
        sources=_sources(dealt, dict(dealt.facts)),
        literature=exercise.sources,
    )


def head(dealt: Dealt, language: Language) -> dict[str, Any]:
    """Return by what a variant is dealt again."""
    catalogue = dealt.engine.catalogue
    return {
        "exercise": dealt.exercise.id,
        "title": said(dealt.exercise.title, language),
        "country": place(dealt.country, dealt, language),
        "seed": dealt.seed,
        "language": language,
        "data_release": catalogue.release,
        "data_hash": catalogue.data_hash,
        "engine": dealt.engine.version,
    }


def place(code: str, dealt: Dealt, language: Language) -> PlaceAnswer:
    """Return a country of a variant with its name in a language."""
    return place_of(code, dealt.engine, language)


def place_of(code: str, engine: Engine, language: Language) -> PlaceAnswer:
    """Return a place with its name in a language."""
    name = engine.catalogue.nomenclature.locations[code].name
    return PlaceAnswer(code=code, name=country_name(code, name, language))


def placed(text: Text, dealt: Dealt, language: Language) -> str:
    """Return a text with the names of the places that it has in braces."""
    spoken = said_in(text, language)
    written = text[spoken]
    for name, code in dealt.places.items():
        written = written.replace(f"{{{name}}}", place(code, dealt, spoken).name)
    return written


def answer_text(value: float, question: Question, language: Language) -> str:
    """Return an answer to a question as it is read: a choice, or a number with its unit."""
    if question.choices:
        return said(list(question.choices.values())[int(value)].text, language)
    return amount_text(value, question.shown_unit or question.unit, language)


def amount_text(value: float, unit: str, language: Language) -> str:
    """Return a number with its unit as readers of a language write them."""
    return f"{number(value, language)} {unit_name(unit, language)}".strip()


def diagnosis(kind: str, language: Language) -> str:
    """Return what a learner is told of a mistake."""
    return said(words().diagnoses[kind], language)


def _amount(name: str, title: Text, value: float, unit: str, language: Language) -> dict[str, Any]:
    return {
        "id": name,
        "title": said(title, language),
        "value": value,
        "unit": unit,
        "text": amount_text(value, unit, language),
    }


def _given(dealt: Dealt, language: Language) -> Iterator[AmountAnswer]:
    for name, each in dealt.exercise.given.items():
        value = dealt.variant.given[name]
        yield AmountAnswer(**_amount(name, each.title, value, each.unit, language))


def _constants(dealt: Dealt, language: Language) -> Iterator[ConstantAnswer]:
    for name, each in dealt.exercise.constants.items():
        unit = each.shown_unit or each.unit
        amount = _amount(name, each.title, each.value, unit, language)
        yield ConstantAnswer(**amount, source=each.source)


def _fact(name: str, fact: Fact, dealt: Dealt, language: Language) -> FactAnswer:
    datum = dealt.exercise.data[name]
    activities = dealt.engine.catalogue.activities
    return FactAnswer(
        **_amount(name, datum.title, fact.value, fact.shown_unit, language),
        asked=dealt.places.get(datum.location, datum.location) or dealt.country,
        location=fact.location,
        activity=None if fact.match is None else activities[fact.match.activity_index].id,
        method=fact.method or None,
        sources=[each.code for each, _ in fact.sources],
    )


def _question(question: Question, dealt: Dealt, language: Language) -> QuestionAnswer:
    options = {name: said(each.text, language) for name, each in question.choices.items()}
    unit = question.shown_unit or question.unit
    return QuestionAnswer(
        id=question.id,
        text=placed(question.text, dealt, language),
        unit=None if options else question.unit,
        unit_text=None if options else unit_name(unit, language),
        choices=options or None,
        hints=len(question.hints),
        tolerance=0.0 if options else question.tolerance,
    )


def _steps(dealt: Dealt, language: Language) -> Iterator[StepAnswer]:
    drawn = {name: np.array([amount]) for name, amount in dealt.variant.given.items()}
    formulas = by_hand(dealt.exercise, dealt.facts, drawn)
    for name, each in dealt.exercise.formulas.items():
        value = float(formulas.amounts(name, each.unit)[0])
        unit = each.shown_unit or each.unit
        amount = _amount(name, each.title, value, unit, language)
        yield StepAnswer(**amount, formula=each.formula)


def _solved(
    question: Question, dealt: Dealt, language: Language, engine: float | None
) -> SolvedAnswer:
    expected = dealt.variant.expected[question.id]
    options = list(question.choices)
    right = expected.right
    return SolvedAnswer(
        id=question.id,
        text=placed(question.text, dealt, language),
        unit=None if options else question.unit,
        formula=question.choices[options[int(right)]].when if options else question.answer,
        by_hand=None if options else right,
        choice=options[int(right)] if options else None,
        by_engine=engine,
        answer=answer_text(right, question, language),
        tolerance=0.0 if options else question.tolerance,
        hints=[placed(each, dealt, language) for each in question.hints],
        mistakes=list(_led(question, expected, language)),
        not_told_apart=list(expected.untold),
    )


def _led(question: Question, expected: Expected, language: Language) -> Iterator[LedAnswer]:
    options = list(question.choices)
    for kind, value in expected.mistakes:
        yield LedAnswer(
            kind=kind,
            text=diagnosis(kind, language),
            value=None if options else value,
            choice=options[int(value)] if options else None,
            answer=answer_text(value, question, language),
        )


def _workings(dealt: Dealt) -> Iterator[Any]:
    """Yield the matrices of the studies, each for every indicator it is asked for."""
    reference = dealt.reference
    results = dealt.exercise.results.values()
    for study, indicator, method in dict.fromkeys(
        (each.study, each.indicator, each.method) for each in results
    ):
        request = reference.request(study)
        if method:
            request["methods"] = {indicator: method}
        yield ask_working(request, dealt.engine, indicator=indicator, opened=(), max_lines=1000)


def _sources(dealt: Dealt, facts: dict[str, Fact]) -> list[SourceOfAnswer]:
    found = {each: licence for fact in facts.values() for each, licence in fact.sources}
    return [source(each, licence) for each, licence in found.items()]
