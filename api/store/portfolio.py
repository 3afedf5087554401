"""Products of a user's own: a name, and versions that are kept footprints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

import sqlalchemy
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from api.store.tables import portfolio, versions
from lca_service.errors import UnknownName

_TRIES = 20  # of writers that give the same number


@dataclass(frozen=True)
class Owned:
    """A product of a user's own."""

    id: str
    created: datetime
    name: str


@dataclass(frozen=True)
class Version:
    """A version of it: a kept footprint, and its cost as JSON."""

    product_id: str
    number: int
    footprint_id: str
    created: datetime
    note: str
    cost: bytes


class Portfolio:
    """The products of a database."""

    def __init__(self, database: sqlalchemy.Engine) -> None:
        self._database = database

    def add(self, name: str, product_id: str = "") -> Owned:
        """Add a product without a version, under a new id unless one is given."""
        owned = Owned(product_id or str(uuid4()), datetime.now(UTC), name)
        with self._database.begin() as connection:
            connection.execute(portfolio.insert().values(**vars(owned)))
        return owned

    def add_version(self, product_id: str, footprint_id: str, note: str, cost: bytes) -> Version:
        """Add the next version of a product."""
        for _ in range(_TRIES):
            before = self.versions(product_id)
            number = before[-1].number + 1 if before else 1
            made = Version(product_id, number, footprint_id, datetime.now(UTC), note, cost)
            try:
                with self._database.begin() as connection:
                    connection.execute(versions.insert().values(**vars(made)))
            except IntegrityError:  # another writer took the number
                continue
            return made
        raise TimeoutError(f"product {product_id} has too many writers")

    def get(self, product_id: str) -> Owned:
        """Return a product; UnknownName if there is none of this id."""
        with self._database.connect() as connection:
            row = connection.execute(portfolio.select().where(portfolio.c.id == product_id)).first()
        if row is None:
            raise _unknown(product_id)
        return Owned(*row)

    def versions(self, product_id: str) -> list[Version]:
        """Return the versions of a product, the first one first."""
        query = versions.select().where(versions.c.product_id == product_id)
        with self._database.connect() as connection:
            rows = connection.execute(query.order_by(versions.c.number)).all()
        return [Version(*row) for row in rows]

    def around(self, footprint_id: str) -> tuple[list[str], bool]:
        """Return the footprints of the versions before one, and whether there is a later one."""
        with self._database.connect() as connection:
            place = connection.execute(
                select(versions.c.product_id, versions.c.number).where(
                    versions.c.footprint_id == footprint_id
                )
            ).first()
        if place is None:
            return [], False
        found = self.versions(place[0])
        before = [each.footprint_id for each in found if each.number < place[1]]
        return before, found[-1].number > place[1]

    def find(self, name: str, *, limit: int, offset: int) -> tuple[Sequence[Owned], int]:
        """Return a page of products, newest first, and how many there are."""
        conditions = [portfolio.c.name.icontains(name, autoescape=True)] if name else []
        page = portfolio.select().where(*conditions).limit(limit).offset(offset)
        page = page.order_by(portfolio.c.created.desc(), portfolio.c.id)
        count = select(sqlalchemy.func.count()).select_from(portfolio).where(*conditions)
        with self._database.connect() as connection:
            rows = connection.execute(page).all()
            return [Owned(*row) for row in rows], connection.execute(count).scalar_one()

    def remove(self, product_id: str) -> None:
        """Remove a product and its versions; their footprints stay. Raises as `get`."""
        with self._database.begin() as connection:
            removed = connection.execute(portfolio.delete().where(portfolio.c.id == product_id))
            if removed.rowcount == 0:
                raise _unknown(product_id)


def _unknown(product_id: str) -> UnknownName:
    return UnknownName("unknown_portfolio_product", product_id, (), "see GET /v1/portfolio")
