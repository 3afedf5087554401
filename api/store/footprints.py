"""Footprints that are kept: added, found, removed, and never changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import sqlalchemy
from sqlalchemy import Row, select
from sqlalchemy.exc import IntegrityError

from api.store.tables import footprints, idempotency_keys
from lca_service.errors import UnknownName


class InUse(Exception):
    """A footprint is a version of a product, and stays as long as that does."""


class KeyReused(Exception):
    """An idempotency key came again with another request."""


@dataclass(frozen=True)
class Kept:
    """A footprint as it was asked for and answered, both as JSON."""

    id: str
    created: datetime
    name: str
    location: str
    data_release: str
    data_hash: str
    engine: str
    input_sha256: str
    request: bytes
    answer: bytes


class Place(NamedTuple):
    """Where a footprint stands in their order, newest first."""

    created: datetime
    id: str


@dataclass(frozen=True)
class Wanted:
    """Which footprints are listed; what is empty or None asks for nothing."""

    name: str = ""
    location: str = ""
    data_release: str = ""
    input_sha256: str = ""
    created_from: datetime | None = None
    created_until: datetime | None = None


class Footprints:
    """The footprints of a database."""

    def __init__(self, database: sqlalchemy.Engine) -> None:
        self._database = database

    def add(self, kept: Kept, key: str = "") -> Kept:
        """Keep a footprint; return it, or the one that was kept under its key before.

        Raises
        ------
        KeyReused
            If the key came with another request.
        """
        try:
            with self._database.begin() as connection:
                connection.execute(footprints.insert().values(**vars(kept)))
                if key:
                    connection.execute(
                        idempotency_keys.insert().values(
                            key=key, input_sha256=kept.input_sha256, footprint_id=kept.id
                        )
                    )
        except IntegrityError:
            before = self.of_key(key, kept.input_sha256) if key else None
            return before or self.get(kept.id)  # another request was faster
        return kept

    def of_key(self, key: str, input_sha256: str) -> Kept | None:
        """Return the footprint that was kept under a key; raises as `add`."""
        query = select(idempotency_keys.c.input_sha256, *footprints.c).join(footprints)
        with self._database.connect() as connection:
            row = connection.execute(query.where(idempotency_keys.c.key == key)).first()
        if row is None:
            return None
        if row[0] != input_sha256:
            raise KeyReused(key)
        return Kept(*row[1:])

    def get(self, footprint_id: str) -> Kept:
        """Return a footprint.

        Raises
        ------
        UnknownName
            If there is none of this id.
        """
        with self._database.connect() as connection:
            row = connection.execute(
                footprints.select().where(footprints.c.id == footprint_id)
            ).first()
        if row is None:
            raise unknown(footprint_id)
        return Kept(*row)

    def find(
        self, wanted: Wanted, *, limit: int, offset: int
    ) -> tuple[Sequence[Row[tuple[object, ...]]], int]:
        """Return a page of footprints without request and answer, newest first, and how many."""
        shown = [each for each in footprints.c if each.name not in ("request", "answer")]
        columns, conditions = footprints.c, []
        if wanted.name:
            conditions.append(columns.name.icontains(wanted.name, autoescape=True))
        exact = {
            name: getattr(wanted, name) for name in ("location", "data_release", "input_sha256")
        }
        conditions += [columns[name] == value for name, value in exact.items() if value]
        if wanted.created_from is not None:
            conditions.append(columns.created >= wanted.created_from)
        if wanted.created_until is not None:
            conditions.append(columns.created < wanted.created_until)
        page = select(*shown).where(*conditions)
        page = page.order_by(columns.created.desc(), columns.id).limit(limit).offset(offset)
        count = select(sqlalchemy.func.count()).select_from(footprints).where(*conditions)
        with self._database.connect() as connection:
            return connection.execute(page).all(), connection.execute(count).scalar_one()

    def after(self, place: Place | None, *, limit: int) -> list[Place]:
        """Return the places behind one, newest first; from the beginning without one.

        What is added meanwhile moves none of them, unlike a count of those before.
        """
        columns = footprints.c
        query = select(columns.created, columns.id)
        if place is not None:
            query = query.where(
                (columns.created < place.created)
                | ((columns.created == place.created) & (columns.id > place.id))
            )
        query = query.order_by(columns.created.desc(), columns.id).limit(limit)
        with self._database.connect() as connection:
            return [Place(*row) for row in connection.execute(query)]

    def remove(self, footprint_id: str) -> None:
        """Remove a footprint.

        Raises
        ------
        UnknownName
            If there is none of this id.
        InUse
            If it is a version of a product.
        """
        try:
            with self._database.begin() as connection:
                found = connection.execute(
                    footprints.delete().where(footprints.c.id == footprint_id)
                )
        except IntegrityError as error:
            raise InUse(footprint_id) from error
        if found.rowcount == 0:
            raise unknown(footprint_id)


def unknown(footprint_id: str) -> UnknownName:
    """Return the error of an id that no footprint has."""
    return UnknownName("unknown_footprint", footprint_id, (), "see GET /v1/footprints")
