"""The expanded database of a release, and the order of its building."""

from __future__ import annotations

from dataclasses import dataclass

from lca_service.catalogue.averages import place_averages, weigh
from lca_service.catalogue.balances import check_balances
from lca_service.catalogue.build import Build
from lca_service.catalogue.exchanges import ExchangeTable
from lca_service.catalogue.expansion import expand_processes
from lca_service.catalogue.figures import Figures
from lca_service.catalogue.nomenclature import Nomenclature
from lca_service.catalogue.placement import place_processes
from lca_service.catalogue.templates import Templates
from lca_service.domain.activity import Activity
from lca_service.errors import DataFault


@dataclass(frozen=True)
class Database:
    """The expanded inventory of a release.

    ``flow_rows`` are the rows of the biosphere: (flow, location), the location empty for
    flows whose effect does not depend on the place.
    """

    activities: tuple[Activity, ...]
    flow_rows: tuple[tuple[str, str], ...]
    technosphere: ExchangeTable
    biosphere: ExchangeTable
    formulas: tuple[str, ...]
    tags: tuple[tuple[str, ...], ...]


def expand_database(
    nomenclature: Nomenclature, figures: Figures, templates: Templates
) -> tuple[Database, list[DataFault]]:
    """Return the database of the templates, and whatever is wrong with it."""
    build = Build(nomenclature, figures)
    place_processes(build, templates.processes)
    mixes = list(place_averages(build, templates.averages))
    expand_processes(build)
    for average, location, position in mixes:
        weigh(build, average, location, position)
    check_balances(build, templates.multi_outputs)
    database = Database(
        activities=tuple(build.activities),
        flow_rows=build.flow_rows,
        technosphere=build.technosphere.table(),
        biosphere=build.biosphere.table(),
        formulas=tuple(build.formulas),
        tags=tuple(build.tags),
    )
    return database, build.faults
