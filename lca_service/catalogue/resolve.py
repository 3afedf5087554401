"""Binding what a study names to what the release has, with every step reported."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass

import pycountry

from lca_service.catalogue.catalogue import Catalogue
from lca_service.catalogue.nomenclature import nearest_names
from lca_service.domain.location import WORLD
from lca_service.errors import NoProvider, UnknownName

_SUBDIVISION = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}")


@dataclass(frozen=True)
class Match:
    """The provider of a purchase, and how it was found.

    ``ladder`` are the rungs from the place that was asked for to the one that answered.
    """

    activity_index: int
    product: str
    location: str
    asked: str
    ladder: tuple[str, ...]

    @property
    def is_substituted(self) -> bool:
        """Whether another place than the one asked for answers."""
        return self.location != self.asked


def resolve_location(catalogue: Catalogue, asked: str) -> tuple[str, ...]:
    """Return the ladder of a place: subdivision, country, region, world.

    ISO 3166-1 alpha-2 and alpha-3 codes, ISO 3166-2 subdivisions, UN M49 region codes
    and ``GLO`` are understood, in any case.

    Raises
    ------
    UnknownName
        If the code is unknown, or withdrawn from ISO 3166-1.
    """
    names = catalogue.nomenclature
    code = asked.strip().upper()
    code = names.aliases.get(code, code)
    code = names.by_alpha3.get(code, code)
    if code in names.ladders:
        return names.ladders[code]
    if _SUBDIVISION.fullmatch(code) and code[:2] in names.ladders and code in _subdivisions():
        return (code, *names.ladders[code[:2]])
    if code in names.retired:
        old = names.retired[code]
        hint = f"{old.name} ({code}) was withdrawn from ISO 3166-1; use one of its successors"
        raise UnknownName("retired_location", asked, old.successors, hint)
    by_name = {place.name: place.code for place in names.locations.values()}
    nearest = tuple(by_name[name] for name in nearest_names(asked, by_name))
    hint = "use an ISO 3166-1 alpha-2 code, a UN M49 region code or GLO (GET /v1/locations)"
    raise UnknownName("unknown_location", asked, nearest, hint)


def resolve_product(catalogue: Catalogue, asked: str, location: str, mix: str = "") -> Match:
    """Return the provider of a product at the nearest rung above a place.

    Raises
    ------
    UnknownName
        If there is no such product, with the three nearest names; or no such place.
    NoProvider
        If nobody makes it up to the world, such as an export mix of what is not traded.
    """
    names = catalogue.nomenclature
    if asked not in names.products:
        nearest = nearest_names(asked, catalogue.providers.domestic)
        hint = "search the names with GET /v1/products?q="
        raise UnknownName("unknown_product", asked, nearest, hint)
    rungs = resolve_location(catalogue, location)
    start = next(rung for rung in rungs if rung in names.ladders)
    found = catalogue.providers.find(asked, start, mix)
    if found is None:
        wanted = f"an {mix} mix of {asked!r}" if mix else repr(asked)
        raise NoProvider(f"nobody makes {wanted} at {location} or above it")
    position, walked = found
    return Match(
        activity_index=position,
        product=asked,
        location=catalogue.activities[position].location,
        asked=rungs[0],
        ladder=(*rungs[: rungs.index(start)], *walked),
    )


def resolve_flow(catalogue: Catalogue, asked: str, location: str) -> Mapping[int, float]:
    """Return the biosphere rows of a flow or blend at a place, with their shares.

    Raises
    ------
    UnknownName
        If there is no such flow, with the three nearest names; or no such place.
    """
    names = catalogue.nomenclature
    if asked not in names.flows and asked not in names.blends:
        nearest = nearest_names(asked, [*names.flows, *names.blends])
        raise UnknownName("unknown_flow", asked, nearest, "see GET /v1/flows")
    rungs = resolve_location(catalogue, location)
    place = next((rung for rung in rungs if rung in names.ladders), WORLD)
    shares = names.blends.get(asked, {asked: 1.0})
    return {
        catalogue.flow_row_positions[flow, place if names.flows[flow].is_regional else ""]: share
        for flow, share in shares.items()
    }


@functools.cache
def _subdivisions() -> frozenset[str]:
    return frozenset(division.code for division in pycountry.subdivisions)
