"""The tables. Every change of them is a migration in ``migrations/versions``."""

from __future__ import annotations

import zlib
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    TypeDecorator,
    UniqueConstraint,
)

REVISION = "0004"  # of the newest migration; a test compares it

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcTime(TypeDecorator[datetime]):
    """A point in time, with its zone also where the database keeps none."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the time in UTC; the first or the last there is, where UTC is beyond it."""
        if value is None:
            return None
        if value.tzinfo is None:
            return value.replace(tzinfo=UTC)
        try:
            return value.astimezone(UTC)
        except OverflowError:
            end = datetime.min if value.year == datetime.min.year else datetime.max
            return end.replace(tzinfo=UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the time with its zone."""
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=UTC)


class Compressed(TypeDecorator[bytes]):
    """Bytes, a fifth as many in the database."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        """Return the bytes compressed."""
        return None if value is None else zlib.compress(value, level=1)

    def process_result_value(self, value: Any, dialect: Dialect) -> bytes | None:
        """Return the bytes as they were."""
        return None if value is None else zlib.decompress(value)


footprints = Table(
    "footprints",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("created", UtcTime, nullable=False),
    Column("name", String(200), nullable=False),
    Column("location", String(100), nullable=False),
    Column("data_release", String(100), nullable=False),
    Column("data_hash", String(64), nullable=False),
    Column("engine", String(100), nullable=False),
    Column("input_sha256", String(64), nullable=False),
    Column("request", Compressed, nullable=False),
    Column("answer", Compressed, nullable=False),
    Index(None, "created", "id"),
    Index(None, "input_sha256"),
)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("key", String(255), primary_key=True),
    Column("input_sha256", String(64), nullable=False),
    Column(
        "footprint_id",
        String(36),
        ForeignKey("footprints.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
)

portfolio = Table(
    "portfolio",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("created", UtcTime, nullable=False),
    Column("name", String(200), nullable=False),
    Index(None, "created", "id"),
)

versions = Table(
    "versions",
    metadata,
    Column(
        "product_id",
        String(36),
        ForeignKey("portfolio.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column(
        "footprint_id",
        String(36),
        ForeignKey("footprints.id", ondelete="RESTRICT"),
        nullable=False,
        index=True,
    ),
    Column("created", UtcTime, nullable=False),
    Column("note", String(2000), nullable=False),
    Column("cost", Compressed, nullable=False),
)

classes = Table(
    "classes",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("created", UtcTime, nullable=False),
    Column("name", String(200), nullable=False),
    Column("join_code", String(12), nullable=False, unique=True),
    Column("key_sha256", String(64), nullable=False),
    Column("language", String(8), nullable=False),
    Column("data_hash", String(64), nullable=False),
    Column("seed", Integer, nullable=False),
    Column("assignment", Compressed, nullable=False),
    Column("is_closed", Boolean, nullable=False),
)

learners = Table(
    "learners",
    metadata,
    Column("class_id", String(36), ForeignKey("classes.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("nickname", String(40), nullable=False),
    Column("country", String(10), nullable=False),
    Column("key_sha256", String(64), nullable=False, index=True),
    Column("joined", UtcTime, nullable=False),
    UniqueConstraint("class_id", "nickname"),
)

attempts = Table(
    "attempts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("class_id", String(36), ForeignKey("classes.id", ondelete="CASCADE"), nullable=False),
    Column("learner", Integer, nullable=False),
    Column("exercise", String(100), nullable=False),
    Column("number", Integer, nullable=False),
    Column("made", UtcTime, nullable=False),
    Column("is_solved", Boolean, nullable=False),
    Column("answers", Compressed, nullable=False),
    Column("grades", Compressed, nullable=False),
    UniqueConstraint("class_id", "learner", "exercise", "number"),
    Index(None, "class_id", "id"),
)

scenarios = Table(
    "scenarios",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("created", UtcTime, nullable=False),
    Column("name", String(200), nullable=False),
    Index(None, "created", "id"),
)

scenario_versions = Table(
    "scenario_versions",
    metadata,
    Column(
        "scenario_id",
        String(36),
        ForeignKey("scenarios.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("created", UtcTime, nullable=False),
    Column("note", String(2000), nullable=False),
    Column("patches", Compressed, nullable=False),
)
