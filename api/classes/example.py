"""The answers of a class to the examples of the documentation, one after the other."""

from __future__ import annotations

import sqlalchemy
from pydantic import BaseModel
from sqlalchemy.pool import StaticPool

from api.classes.gradebook import gradebook
from api.classes.learners import find_learner, join_class
from api.classes.opening import Assignment, find_class, open_class
from api.classes.work import (
    assigned,
    attempt_in_class,
    class_answer,
    deal_in_class,
    open_solution,
)
from api.examples import (
    ANSWERS_REQUEST,
    CLASS_ID,
    CLASS_REQUEST,
    EXERCISE,
    JOIN_REQUEST,
    LEARNER_KEY,
)
from api.exercises.book import shipped_book
from api.exercises.sheet import sheet, solution
from api.store.classes import Classes
from api.store.tables import metadata
from lca_service.engine import Engine
from lca_service.releases import Releases


def class_examples(engine: Engine) -> dict[str, BaseModel]:
    """Return what each operation of classes answers to its example, by operation."""
    database = sqlalchemy.create_engine("sqlite://", poolclass=StaticPool)
    metadata.create_all(database)
    book, releases, store = shipped_book(), Releases(engine), Classes(database)
    kept = find_class(CLASS_ID, book, engine, store)
    learner = find_learner(kept, LEARNER_KEY, store)
    dealt = deal_in_class(kept, learner, EXERCISE, book, releases)
    found: dict[str, BaseModel] = {
        "post_class": open_class(CLASS_REQUEST, book, engine, store),
        "get_class": class_answer(kept, engine, store),
        "join_class": join_class(JOIN_REQUEST, book, releases, store),
        "list_class_exercises": assigned(kept, learner, book, store),
        "get_class_exercise": sheet(dealt, "fr").model_copy(update={"seed": None}),
        "post_class_attempt": attempt_in_class(ANSWERS_REQUEST, kept, learner, dealt, store),
        "get_class_solution": solution(dealt, "fr", "full"),
    }
    opened = open_solution(kept, EXERCISE, store)
    found["open_class_solution"] = class_answer(opened, engine, store)
    found["get_gradebook"] = gradebook(kept, Assignment.of(kept).exercises, book, store)
    store.change(kept.id, is_closed=True)
    found["close_class"] = class_answer(store.get(kept.id), engine, store)
    database.dispose()
    return found
