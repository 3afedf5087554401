"""Classes: learners by nickname, what they are asked, and their attempts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import sqlalchemy
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from api.store.tables import attempts, classes, learners
from lca_service.errors import UnknownName

_TRIES = 50  # of those who take the same number at the same time


class NicknameTaken(Exception):
    """Another learner of the class is called so."""


class ClassFull(Exception):
    """A class has as many learners as it may have."""


@dataclass(frozen=True)
class KeptClass:
    """A class; ``assignment`` is JSON, ``seed`` that of its first variant."""

    id: str
    created: datetime
    name: str
    join_code: str
    key_sha256: str
    language: str
    data_hash: str
    seed: int
    assignment: bytes
    is_closed: bool


@dataclass(frozen=True)
class Learner:
    """A learner of a class, known by a nickname alone."""

    class_id: str
    number: int
    nickname: str
    country: str
    key_sha256: str
    joined: datetime


@dataclass(frozen=True)
class Attempt:
    """An attempt at an exercise; ``answers`` and ``grades`` are JSON."""

    id: int
    class_id: str
    learner: int
    exercise: str
    number: int
    made: datetime
    is_solved: bool
    answers: bytes
    grades: bytes


class Classes:
    """The classes of a database."""

    def __init__(self, database: sqlalchemy.Engine) -> None:
        self._database = database

    def add(self, made: KeptClass) -> bool:
        """Keep a class; False if its id or join code is taken."""
        try:
            with self._database.begin() as connection:
                connection.execute(classes.insert().values(**vars(made)))
        except IntegrityError:
            return False
        return True

    def get(self, class_id: str) -> KeptClass:
        """Return a class; UnknownName if there is none of this id."""
        return self._one(classes.c.id == class_id, class_id)

    def of_code(self, join_code: str) -> KeptClass:
        """Return the class of a join code; UnknownName if there is none."""
        return self._one(classes.c.join_code == join_code, join_code)

    def _one(self, condition: sqlalchemy.ColumnElement[bool], name: str) -> KeptClass:
        with self._database.connect() as connection:
            row = connection.execute(classes.select().where(condition)).first()
        if row is None:
            raise UnknownName("unknown_class", name, (), "the trainer has its id and join code")
        return KeptClass(*row)

    def change(self, class_id: str, **values: bytes | bool) -> None:
        """Change the assignment of a class, or close it."""
        with self._database.begin() as connection:
            connection.execute(classes.update().where(classes.c.id == class_id).values(**values))

    def remove(self, class_id: str) -> None:
        """Remove a class with its learners and their attempts."""
        with self._database.begin() as connection:
            connection.execute(classes.delete().where(classes.c.id == class_id))

    def join(self, found: KeptClass, learner: Learner, *, most: int) -> Learner:
        """Add a learner under the next number.

        Raises
        ------
        NicknameTaken
            If another is called so.
        ClassFull
            If there are as many as may be.
        """
        for _ in range(_TRIES):
            # read apart: in SQLite a transaction that has read may no longer write
            before = self.learners(found.id)
            if any(each.nickname == learner.nickname for each in before):
                raise NicknameTaken(learner.nickname)
            if len(before) >= most:
                raise ClassFull(most)
            number = before[-1].number + 1 if before else 1
            joined = replace(learner, number=number)
            try:
                with self._database.begin() as connection:
                    connection.execute(learners.insert().values(**vars(joined)))
            except IntegrityError:
                continue  # another took the number or the nickname
            return joined
        raise TimeoutError(f"class {found.id} has too many writers")

    def learners(self, class_id: str) -> list[Learner]:
        """Return the learners of a class, by number."""
        query = learners.select().where(learners.c.class_id == class_id)
        with self._database.connect() as connection:
            rows = connection.execute(query.order_by(learners.c.number)).all()
        return [Learner(*row) for row in rows]

    def add_attempt(
        self, learner: Learner, exercise: str, make: Callable[[int], Attempt]
    ) -> Attempt:
        """Keep the next attempt of a learner at an exercise; ``make`` makes it of its number."""
        for _ in range(_TRIES):
            made = make(self.count(learner.class_id, learner.number, exercise) + 1)
            values = {name: value for name, value in vars(made).items() if name != "id"}
            try:
                with self._database.begin() as connection:
                    key = connection.execute(
                        attempts.insert().values(**values)
                    ).inserted_primary_key
            except IntegrityError:
                continue  # another request took the number
            assert key is not None, "the row has an id"
            return replace(made, id=key[0])
        raise TimeoutError(f"class {learner.class_id} has too many writers")

    def count(self, class_id: str, learner: int, exercise: str) -> int:
        """Return how many attempts a learner has made at an exercise."""
        query = select(func.coalesce(func.max(attempts.c.number), 0)).where(
            attempts.c.class_id == class_id,
            attempts.c.learner == learner,
            attempts.c.exercise == exercise,
        )
        with self._database.connect() as connection:
            return int(connection.execute(query).scalar_one())

    def attempts(self, class_id: str, *, after: int = 0, learner: int = 0) -> Sequence[Attempt]:
        """Return the attempts of a class behind an id, in their order; of one learner if given."""
        query = attempts.select().where(attempts.c.class_id == class_id, attempts.c.id > after)
        if learner:
            query = query.where(attempts.c.learner == learner)
        with self._database.connect() as connection:
            rows = connection.execute(query.order_by(attempts.c.id)).all()
        return [Attempt(*row) for row in rows]


def now() -> datetime:
    """Return the time."""
    return datetime.now(UTC)
