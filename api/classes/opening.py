"""Opening classes, and finding them for those who may."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from pydantic import TypeAdapter

from api.examples import CLASS_ID, CLASS_KEY, CLASS_REQUEST, JOIN_CODE, LEARNER, LEARNER_KEY
from api.exercises.book import Book, find_country
from api.exercises.sheet import place_of
from api.parse import parsed, pointer
from api.schemas import classes as shapes
from api.schemas.language import Language
from api.store.classes import Classes, KeptClass, Learner, now
from lca_service.catalogue.nomenclature import nearest_names
from lca_service.engine import Engine
from lca_service.errors import Fault, StudyError, UnknownName

MOST_LEARNERS = 500
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none is taken for another


class NotAllowed(Exception):
    """A key is missing, or is not of who may do this; ``is_known`` tells which."""

    def __init__(self, detail: str, *, is_known: bool) -> None:
        self.is_known = is_known
        super().__init__(detail)


class Closed(Exception):
    """The class is closed."""


@dataclass(frozen=True)
class Assignment:
    """What a class is asked: exercises, countries to choose from, solutions that are open."""

    exercises: tuple[str, ...]
    countries: tuple[str, ...]
    opened: tuple[str, ...]

    @classmethod
    def of(cls, kept: KeptClass) -> Assignment:
        """Return the assignment of a class."""
        value = json.loads(kept.assignment)
        return cls(*(tuple(value[name]) for name in ("exercises", "countries", "opened")))

    def as_bytes(self) -> bytes:
        """Return it as it is kept."""
        return json.dumps(vars(self)).encode()


def open_class(
    value: Mapping[str, Any], book: Book, engine: Engine, store: Classes
) -> shapes.OpenedClassAnswer:
    """Open a class; StudyError with every fault of the request."""
    asked = parsed(shapes.ClassRequest, value)
    key = secrets.token_urlsafe(24)
    for _ in range(5):  # a join code may be taken
        code = "".join(secrets.choice(_LETTERS) for _ in range(6))
        made = _made(asked, book, engine, str(uuid4()), code, key, secrets.randbelow(2**30))
        if store.add(made):
            return shapes.OpenedClassAnswer(
                **summary_of(made, engine), join_code=made.join_code, learners=[], key=key
            )
    raise TimeoutError("no join code is free")


def find_class(class_id: str, book: Book, engine: Engine, store: Classes) -> KeptClass:
    """Return a class; that of the documentation's example is opened when it is missed.

    Raises
    ------
    UnknownName
        If there is none of this id.
    """
    try:
        return store.get(class_id)
    except UnknownName as missing:
        if class_id != CLASS_ID:
            raise
        asked = shapes.ClassRequest.model_validate(CLASS_REQUEST)
        try:
            made = _made(asked, book, engine, CLASS_ID, JOIN_CODE, CLASS_KEY, 0)
        except StudyError:  # a release without its exercises' data
            raise missing from None
    if store.add(made):
        learner = Learner(CLASS_ID, 0, LEARNER, "KE", hash_of(LEARNER_KEY), now())
        store.join(made, learner, most=MOST_LEARNERS)
    return store.get(class_id)


def require_trainer(kept: KeptClass, key: str) -> None:
    """Raise NotAllowed if a key is not the trainer's."""
    if not is_trainer(kept, key):
        raise NotAllowed("this takes the trainer's key, as Class-Key", is_known=bool(key))


def is_trainer(kept: KeptClass, key: str) -> bool:
    """Tell whether a key is the trainer's."""
    return secrets.compare_digest(hash_of(key), kept.key_sha256)


def language_of(kept: KeptClass) -> Language:
    """Return the language of a class."""
    return TypeAdapter(Language).validate_python(kept.language)


def summary_of(kept: KeptClass, engine: Engine) -> dict[str, Any]:
    """Return a class as its learners may know it."""
    assignment = Assignment.of(kept)
    return {
        "id": kept.id,
        "name": kept.name,
        "created": kept.created,
        "language": kept.language,
        "countries": [place_of(each, engine, language_of(kept)) for each in assignment.countries],
        "exercises": list(assignment.exercises),
        "opened": list(assignment.opened),
        "is_closed": kept.is_closed,
        "data_release": engine.catalogue.release,
        "data_hash": kept.data_hash,
    }


def _made(
    asked: shapes.ClassRequest,
    book: Book,
    engine: Engine,
    class_id: str,
    code: str,
    key: str,
    seed: int,
) -> KeptClass:
    faults = [
        Fault(
            pointer(["exercises", place]),
            "unknown_exercise",
            f"unknown exercise {each!r}",
            "see GET /v1/exercises",
            nearest_names(each, book.exercises),
        )
        for place, each in enumerate(asked.exercises)
        if each not in book.exercises
    ]
    countries: list[str] = []
    for place, each in enumerate(asked.countries):
        try:
            countries.append(find_country(engine, each))
        except StudyError as error:
            (fault,) = error.faults
            where = pointer(["countries", place])
            faults.append(Fault(where, fault.code, fault.detail, fault.hint, fault.allowed))
    if faults:
        raise StudyError(faults)
    exercises = tuple(dict.fromkeys(asked.exercises)) or tuple(book.exercises)
    return KeptClass(
        id=class_id,
        created=now(),
        name=asked.name,
        join_code=code,
        key_sha256=hash_of(key),
        language=asked.language,
        data_hash=engine.catalogue.data_hash,
        seed=seed,
        assignment=Assignment(exercises, tuple(dict.fromkeys(countries)), ()).as_bytes(),
        is_closed=False,
    )


def hash_of(key: str) -> str:
    """Return the hash of a key, which alone is kept."""
    return hashlib.sha256(key.encode()).hexdigest()
