"""The footprint of an organisation, from its JSON to its answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from api.organisation.check import checked_organisation
from api.schemas.organisation_answer import OrganisationAnswer
from api.translate.answers import manifest
from api.translate.organisation_answers import Computed, from_organisation
from api.translate.organisations import (
    Site,
    by_location,
    by_market,
    key,
    sites_of,
    to_study,
)
from lca_service.calculation.organisation import Entry
from lca_service.calculation.scopes import Split
from lca_service.engine import Engine
from lca_service.errors import Fault
from lca_service.units import factor

_TAP_WATER = "drinking-water"  # what GRI 303 calls third-party water


def ask_organisation(
    value: Mapping[str, Any], engine: Engine, *, max_lines: int, faults: Sequence[Fault] = ()
) -> OrganisationAnswer:
    """Return the footprint of an organisation.

    Parameters
    ----------
    faults
        That have been found in the request before.

    Raises
    ------
    StudyError
        With every fault of the request at once.
    """
    request = checked_organisation(value, engine, max_lines=max_lines, also=faults)
    sites = sites_of(request)
    scopes = {
        key(site, index): activity.scope for site in sites for index, activity in site.activities
    }
    located = to_study(sites, by_location, request.methods)
    marketed = to_study(sites, by_market(engine), request.methods)
    located_parts = engine.split_by_scope(located, scopes)
    market_parts = engine.split_by_scope(marketed, scopes)
    entries = [each for site in sites for each in _entries(site, located_parts, market_parts)]
    computed = Computed(entries, engine.footprint(located), engine.footprint(marketed))
    return from_organisation(request, sites, computed, engine, manifest(value, engine))


def _entries(
    site: Site, located: Mapping[str, Split], marketed: Mapping[str, Split]
) -> list[Entry]:
    """Return the activities of a site as they were computed."""
    return [
        Entry(
            site=site.id,
            activity=key(site, index),
            scope=each.scope,
            category=each.category,
            flow=each.flow or "",
            water_source=each.water_source or "",
            third_party=each.amount * site.share * factor(each.unit, "m3")
            if each.product == _TAP_WATER
            else None,
            by_location=located[key(site, index)],
            by_market=marketed[key(site, index)],
        )
        for index, each in site.activities
    ]
