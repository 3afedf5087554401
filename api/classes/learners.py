"""Learners of classes: joining by nickname, and known by a key."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from api.classes.opening import (
    MOST_LEARNERS,
    Assignment,
    Closed,
    NotAllowed,
    find_class,
    hash_of,
    is_trainer,
    language_of,
    summary_of,
)
from api.examples import CLASS_ID, JOIN_CODE
from api.exercises.book import Book, find_country
from api.exercises.sheet import place_of
from api.parse import parsed
from api.schemas import classes as shapes
from api.store.classes import Classes, ClassFull, KeptClass, Learner, NicknameTaken, now
from lca_service.catalogue.nomenclature import nearest_names
from lca_service.engine import Engine
from lca_service.errors import Fault, StudyError, UnknownName
from lca_service.releases import Releases


def join_class(
    value: Mapping[str, Any], book: Book, releases: Releases, store: Classes
) -> shapes.JoinedAnswer:
    """Add a learner to the class of a join code.

    Raises
    ------
    StudyError
        With every fault of the request; if the nickname is taken.
    Closed
        If the class takes nobody any more.
    """
    asked = parsed(shapes.JoinRequest, value)
    code = asked.join_code.strip().upper()
    if code == JOIN_CODE:
        find_class(CLASS_ID, book, releases.current, store)
    try:
        kept = store.of_code(code)
    except UnknownName as error:
        detail = "no class has this join code"
        fault = Fault("/join_code", "unknown_class", detail, "ask the trainer for it")
        raise StudyError([fault]) from error
    if kept.is_closed:
        raise Closed("the class is closed")
    engine = releases.of_hash(kept.data_hash)
    country = _chosen_country(kept, asked.country, engine)
    key = secrets.token_urlsafe(24)
    learner = Learner(kept.id, 0, asked.nickname, country, hash_of(key), now())
    try:
        joined = store.join(kept, learner, most=MOST_LEARNERS)
    except NicknameTaken as error:
        fault = Fault("/nickname", "nickname_taken", "another learner of the class is called so")
        raise StudyError([fault]) from error
    except ClassFull as error:
        fault = Fault("/join_code", "class_full", f"a class has at most {error} learners")
        raise StudyError([fault]) from error
    return shapes.JoinedAnswer(
        class_=shapes.ClassSummary(**summary_of(kept, engine)),
        number=joined.number,
        nickname=joined.nickname,
        country=place_of(joined.country, engine, language_of(kept)),
        key=key,
    )


def find_learner(kept: KeptClass, key: str, store: Classes) -> Learner:
    """Return the learner of a key; NotAllowed if it is none."""
    wanted = hash_of(key)
    for each in store.learners(kept.id):
        if secrets.compare_digest(each.key_sha256, wanted):
            return each
    raise NotAllowed("this takes a learner's key, as Class-Key", is_known=bool(key))


def whose_solution(
    kept: KeptClass, exercise_id: str, key: str, nickname: str, store: Classes
) -> Learner:
    """Return the learner whose solution is read: any for the trainer, itself for a learner.

    Raises
    ------
    NotAllowed
        If the key is nobody's, or a learner's before the solution is open.
    UnknownName
        If no learner has the nickname.
    """
    if not is_trainer(kept, key):
        learner = find_learner(kept, key, store)
        if exercise_id not in Assignment.of(kept).opened:
            raise NotAllowed("the trainer has not opened the solution yet", is_known=True)
        return learner
    learners = {each.nickname: each for each in store.learners(kept.id)}
    if nickname not in learners:
        nearest = nearest_names(nickname, learners)
        raise UnknownName("unknown_learner", nickname, nearest, "name a learner by nickname")
    return learners[nickname]


def _chosen_country(kept: KeptClass, asked: str, engine: Engine) -> str:
    country = find_country(engine, asked)
    countries = Assignment.of(kept).countries
    if countries and country not in countries:
        detail = f"{country} is none of the countries of the class"
        raise StudyError([Fault("/country", "unknown_location", detail, "", countries)])
    return country
