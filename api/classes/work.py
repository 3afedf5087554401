"""The work in a class: what learners are asked, their variants and attempts."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

from api.classes.opening import Assignment, Closed, language_of, summary_of
from api.exercises.attempt import grade_attempt, read_attempt
from api.exercises.book import Book
from api.exercises.dealt import Dealt
from api.exercises.sheet import place_of
from api.exercises.words import said
from api.schemas import classes as shapes
from api.schemas.exercises import AnswersRequest, AttemptAnswer
from api.store.classes import Attempt, Classes, KeptClass, Learner, now
from lca_service.catalogue.nomenclature import nearest_names
from lca_service.engine import Engine
from lca_service.errors import UnknownName
from lca_service.releases import Releases


def class_answer(kept: KeptClass, engine: Engine, store: Classes) -> shapes.ClassAnswer:
    """Return a class as its trainer sees it."""
    tried = store.attempts(kept.id)
    counts = Counter(each.learner for each in tried)
    solved = {(each.learner, each.exercise) for each in tried if each.is_solved}
    return shapes.ClassAnswer(
        **summary_of(kept, engine),
        join_code=kept.join_code,
        learners=[
            shapes.LearnerAnswer(
                number=each.number,
                nickname=each.nickname,
                country=place_of(each.country, engine, language_of(kept)),
                joined=each.joined,
                attempts=counts[each.number],
                solved=sum(number == each.number for number, _ in solved),
            )
            for each in store.learners(kept.id)
        ],
    )


def assigned(kept: KeptClass, learner: Learner, book: Book, store: Classes) -> shapes.AssignedList:
    """Return the exercises of a learner, and how far it has come."""
    assignment = Assignment.of(kept)
    tried = store.attempts(kept.id, learner=learner.number)
    items = [
        shapes.AssignedAnswer(
            id=each,
            title=said(book.find(each).title, language_of(kept)),
            minutes=book.find(each).minutes,
            attempts=sum(one.exercise == each for one in tried),
            solved=any(one.exercise == each and one.is_solved for one in tried),
            solution=each in assignment.opened,
        )
        for each in assignment.exercises
    ]
    return shapes.AssignedList(items=items, total=len(items))


def require_assigned(kept: KeptClass, exercise_id: str) -> None:
    """Raise UnknownName if a class is not asked an exercise."""
    exercises = Assignment.of(kept).exercises
    if exercise_id not in exercises:
        nearest = nearest_names(exercise_id, exercises)
        raise UnknownName("unknown_exercise", exercise_id, nearest, "the class is not asked it")


def open_solution(kept: KeptClass, exercise_id: str, store: Classes) -> KeptClass:
    """Let learners read the solution of an exercise."""
    before = Assignment.of(kept)
    opened = tuple(dict.fromkeys((*before.opened, exercise_id)))
    assignment = Assignment(before.exercises, before.countries, opened)
    store.change(kept.id, assignment=assignment.as_bytes())
    return store.get(kept.id)


def deal_in_class(
    kept: KeptClass, learner: Learner, exercise_id: str, book: Book, releases: Releases
) -> Dealt:
    """Return the variant of a learner; raises as `Book.deal`."""
    require_assigned(kept, exercise_id)
    engine = releases.of_hash(kept.data_hash)
    return book.deal_to(
        exercise_id, engine, learner.country, first=kept.seed, number=learner.number
    )


def attempt_in_class(
    value: Mapping[str, Any],
    kept: KeptClass,
    learner: Learner,
    dealt: Dealt,
    store: Classes,
) -> shapes.ClassAttemptAnswer:
    """Grade and keep the next attempt of a learner.

    Raises
    ------
    StudyError
        With every fault of the request.
    Closed
        If the class is closed.
    """
    if kept.is_closed:
        raise Closed("the class is closed; what was done in it can still be read")
    asked = read_attempt(AnswersRequest, {"language": kept.language, **value})
    graded: list[AttemptAnswer] = []

    def make(number: int) -> Attempt:
        answer = grade_attempt(dealt, asked.answers, asked.language, attempt=number)
        graded.append(answer)
        return Attempt(
            id=0,
            class_id=kept.id,
            learner=learner.number,
            exercise=dealt.exercise.id,
            number=number,
            made=now(),
            is_solved=answer.solved,
            answers=json.dumps(asked.model_dump(mode="json")["answers"]).encode(),
            grades=answer.model_dump_json().encode(),
        )

    made = store.add_attempt(learner, dealt.exercise.id, make)
    told = graded[-1].model_dump() | {"seed": None}  # it is the trainer's
    return shapes.ClassAttemptAnswer(**told, made=made.made)
