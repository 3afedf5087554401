"""Scenarios: a name, and versions of patches that never change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

import sqlalchemy
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from api.store.tables import scenario_versions, scenarios
from lca_service.errors import UnknownName

_TRIES = 20  # of writers that give the same number


@dataclass(frozen=True)
class KeptScenario:
    """A scenario."""

    id: str
    created: datetime
    name: str


@dataclass(frozen=True)
class ScenarioVersion:
    """A version of it; ``patches`` is JSON."""

    scenario_id: str
    number: int
    created: datetime
    note: str
    patches: bytes


class Scenarios:
    """The scenarios of a database."""

    def __init__(self, database: sqlalchemy.Engine) -> None:
        self._database = database

    def add(self, name: str, note: str, patches: bytes, scenario_id: str = "") -> KeptScenario:
        """Add a scenario with its first version.

        It has a new id, unless one is given; if that is there, the scenario that has it stays.
        """
        made = KeptScenario(scenario_id or str(uuid4()), datetime.now(UTC), name)
        try:
            with self._database.begin() as connection:
                connection.execute(scenarios.insert().values(**vars(made)))
                first = ScenarioVersion(made.id, 1, made.created, note, patches)
                connection.execute(scenario_versions.insert().values(**vars(first)))
        except IntegrityError:
            return self.get(made.id)  # another request was faster
        return made

    def add_version(self, scenario_id: str, note: str, patches: bytes) -> ScenarioVersion:
        """Add the next version of a scenario; raises as `get`."""
        for _ in range(_TRIES):
            number = len(self.versions(scenario_id)) + 1
            made = ScenarioVersion(scenario_id, number, datetime.now(UTC), note, patches)
            try:
                with self._database.begin() as connection:
                    connection.execute(scenario_versions.insert().values(**vars(made)))
            except IntegrityError:
                continue  # another writer took the number
            return made
        raise TimeoutError(f"scenario {scenario_id} has too many writers")

    def get(self, scenario_id: str) -> KeptScenario:
        """Return a scenario; UnknownName if there is none of this id."""
        with self._database.connect() as connection:
            query = scenarios.select().where(scenarios.c.id == scenario_id)
            row = connection.execute(query).first()
        if row is None:
            raise _unknown(scenario_id)
        return KeptScenario(*row)

    def versions(self, scenario_id: str) -> list[ScenarioVersion]:
        """Return the versions of a scenario, the first one first; raises as `get`."""
        query = scenario_versions.select().where(scenario_versions.c.scenario_id == scenario_id)
        with self._database.connect() as connection:
            rows = connection.execute(query.order_by(scenario_versions.c.number)).all()
        if not rows:
            raise _unknown(scenario_id)
        return [ScenarioVersion(*row) for row in rows]

    def find(self, *, limit: int, offset: int) -> tuple[Sequence[KeptScenario], int]:
        """Return a page of scenarios, newest first, and how many there are."""
        page = scenarios.select().order_by(scenarios.c.created.desc(), scenarios.c.id)
        with self._database.connect() as connection:
            rows = connection.execute(page.limit(limit).offset(offset)).all()
            total = connection.execute(select(func.count()).select_from(scenarios)).scalar_one()
        return [KeptScenario(*row) for row in rows], total

    def remove(self, scenario_id: str) -> None:
        """Remove a scenario and its versions; raises as `get`."""
        with self._database.begin() as connection:
            removed = connection.execute(scenarios.delete().where(scenarios.c.id == scenario_id))
            if removed.rowcount == 0:
                raise _unknown(scenario_id)


def _unknown(scenario_id: str) -> UnknownName:
    return UnknownName("unknown_scenario", scenario_id, (), "see GET /v1/scenarios")
