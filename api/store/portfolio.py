"""Products of a user's own: a name, and versions that are kept footprints."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

import sqlalchemy
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from api.store.footprints import Kept
from api.store.tables import footprints, portfolio, versions
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


@dataclass(frozen=True)
class Lineage:
    """The footprints of the versions of a product before one, and whether there is a later one."""

    preceding: tuple[str, ...] = ()
    is_superseded: bool = False


class Portfolio:
    """The products of a database."""

    def __init__(self, database: sqlalchemy.Engine) -> None:
        self._database = database

    def add(self, name: str, kept: Kept, note: str, cost: bytes, product_id: str = "") -> Owned:
        """Add a product with its first version and the footprint of that, or nothing of it.

        It has a new id, unless one is given; if that is there, the product that has it stays.
        """
        owned = Owned(product_id or str(uuid4()), datetime.now(UTC), name)
        try:
            with self._database.begin() as connection:
                connection.execute(portfolio.insert().values(**vars(owned)))
                _insert(connection, Version(owned.id, 1, kept.id, owned.created, note, cost), kept)
        except IntegrityError:
            return self.get(owned.id)  # another request was faster
        return owned

    def add_version(self, product_id: str, kept: Kept, note: str, cost: bytes) -> Version:
        """Add the next version of a product with its footprint, or nothing; raises as `get`."""
        for _ in range(_TRIES):
            before = self.versions(product_id)
            number = before[-1].number + 1 if before else 1
            made = Version(product_id, number, kept.id, datetime.now(UTC), note, cost)
            try:
                with self._database.begin() as connection:
                    _insert(connection, made, kept)
            except IntegrityError:
                self.get(product_id)  # or it has been removed meanwhile
                continue  # another writer took the number
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

    def lineages(self, footprint_ids: Sequence[str]) -> dict[str, Lineage]:
        """Return what stands before and behind footprints, in the order they are given."""
        products = select(versions.c.product_id).where(versions.c.footprint_id.in_(footprint_ids))
        query = select(versions.c.product_id, versions.c.footprint_id)
        query = query.where(versions.c.product_id.in_(products))
        query = query.order_by(versions.c.product_id, versions.c.number)
        with self._database.connect() as connection:
            rows = connection.execute(query).all()
        found = dict.fromkeys(footprint_ids, Lineage())
        for _, product in itertools.groupby(rows, key=lambda row: row[0]):
            ids = [row[1] for row in product]
            for place, each in enumerate(ids):
                if each in found:
                    found[each] = Lineage(tuple(ids[:place]), place < len(ids) - 1)
        return found

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


def _insert(connection: sqlalchemy.Connection, version: Version, kept: Kept) -> None:
    connection.execute(footprints.insert().values(**vars(kept)))
    connection.execute(versions.insert().values(**vars(version)))


def _unknown(product_id: str) -> UnknownName:
    return UnknownName("unknown_portfolio_product", product_id, (), "see GET /v1/portfolio")
