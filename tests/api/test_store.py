"""The database: its tables are what the migrations make, for several processes at once."""

import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import event

from api.store import database
from api.store.database import open_database
from api.store.tables import REVISION, metadata

MIGRATIONS = Path(database.__file__).with_name("migrations")


def test_the_migrations_make_the_tables(tmp_path: Path) -> None:
    opened = open_database(f"sqlite:///{tmp_path / 'a.sqlite'}", tmp_path)
    with opened.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        assert connection.scalar(sqlalchemy.text("PRAGMA journal_mode")) == "wal"
        assert connection.scalar(sqlalchemy.text("PRAGMA foreign_keys")) == 1
    assert ScriptDirectory(str(MIGRATIONS)).get_current_head() == REVISION


def test_processes_that_start_together_make_the_tables_once(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from api.store.database import open_database;"
        "open_database(sys.argv[1], Path(sys.argv[2])).connect().close()"
    )
    command = [sys.executable, "-c", code, f"sqlite:///{tmp_path / 'b.sqlite'}", str(tmp_path)]
    started = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(4)]
    assert [each.communicate()[1] for each in started] == [b""] * 4
    assert [each.returncode for each in started] == [0] * 4


def test_an_open_database_needs_no_alembic(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'c.sqlite'}"
    open_database(url, tmp_path)
    code = (
        "import sys; from pathlib import Path; from api.store.database import open_database;"
        "open_database(sys.argv[1], Path(sys.argv[2])); print('alembic' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, url, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"


def test_a_migration_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'd.sqlite'}"

    def fail(*given: object) -> None:
        if "CREATE TABLE versions" in str(given[2]):
            raise KeyboardInterrupt

    event.listen(sqlalchemy.Engine, "before_cursor_execute", fail)
    try:
        with pytest.raises(KeyboardInterrupt):
            open_database(url, tmp_path)
    finally:
        event.remove(sqlalchemy.Engine, "before_cursor_execute", fail)
    assert sqlalchemy.inspect(sqlalchemy.create_engine(url)).get_table_names() == []
    assert "versions" in sqlalchemy.inspect(open_database(url, tmp_path)).get_table_names()
