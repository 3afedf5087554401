"""The database: SQLite in the data folder, or whatever ``LCA_DATABASE_URL`` names."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import sqlalchemy
from filelock import FileLock
from sqlalchemy import event

from api.store.tables import REVISION

_PATIENCE_SECONDS = 30  # for another process that writes


def open_database(url: str, folder: Path) -> sqlalchemy.Engine:
    """Return the database with its tables as they are now; make or change them if need be.

    Parameters
    ----------
    url
        As SQLAlchemy writes it, e.g. ``sqlite:////srv/footprints.sqlite``.
    folder
        Where the lock stands by which one process at a time changes the tables.
    """
    database = sqlalchemy.create_engine(url)
    event.listen(database, "connect", _set_up)
    if database.dialect.name == "sqlite":
        event.listen(database, "begin", _begin)
    if _revision(database) != REVISION:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / "migration.lock"):
            _migrate(database)
    return database


def _set_up(connection: Any, _record: Any) -> None:
    """Let readers of SQLite go on while one writes, and writers wait for one another."""
    if isinstance(connection, sqlite3.Connection):
        # sqlite3 begins a transaction at the first INSERT only: what makes tables would stay
        # where a migration fails or is killed. Hence `_begin`
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=NORMAL",  # a loss of power may lose the last answers, and breaks nothing
            "foreign_keys=ON",
            f"busy_timeout={_PATIENCE_SECONDS * 1000}",
        ):
            connection.execute(f"PRAGMA {pragma}")


def _begin(connection: sqlalchemy.Connection) -> None:
    """Begin a transaction of SQLite where SQLAlchemy means to have begun one."""
    connection.exec_driver_sql("BEGIN")


def _revision(database: sqlalchemy.Engine) -> str | None:
    """Return the migration that the tables come from; without Alembic, which takes 0.2 s."""
    if not sqlalchemy.inspect(database).has_table("alembic_version"):
        return None
    with database.connect() as connection:
        version = connection.scalar(sqlalchemy.text("SELECT version_num FROM alembic_version"))
    return None if version is None else str(version)


def _migrate(database: sqlalchemy.Engine) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    with database.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
