"""Places, and the ladder that leads from a place to the world."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

WORLD = "GLO"


class LocationKind(StrEnum):
    """The rungs of the ladder, from the lowest."""

    COUNTRY = "country"
    INTERMEDIATE = "intermediate"
    SUBREGION = "subregion"
    REGION = "region"
    WORLD = "world"


@dataclass(frozen=True)
class Location:
    """A place: ISO 3166-1 alpha-2 for countries, UN M49 for regions, ``GLO`` for the world."""

    code: str
    name: str
    kind: LocationKind
    parent: str
    iso3: str = ""

    @property
    def is_country(self) -> bool:
        """Whether the place is a country or territory of ISO 3166-1."""
        return self.kind is LocationKind.COUNTRY


def ladder(code: str, locations: Mapping[str, Location]) -> tuple[str, ...]:
    """Return the codes from a place up to the world, the place itself first.

    Raises
    ------
    ValueError
        If a rung is no place, or comes back.

    Examples
    --------
    >>> asia = Location("142", "Asia", LocationKind.REGION, "GLO")
    >>> india = Location("IN", "India", LocationKind.COUNTRY, "142")
    >>> world = Location("GLO", "World", LocationKind.WORLD, "")
    >>> ladder("IN", {place.code: place for place in (asia, india, world)})
    ('IN', '142', 'GLO')
    """
    rungs = [code]
    while parent := locations[rungs[-1]].parent:
        if parent not in locations:
            raise ValueError(f"{rungs[-1]} stands on {parent!r}, which is in no locations table")
        if parent in rungs:
            raise ValueError(f"the ladder of {code} comes back to {parent}")
        rungs.append(parent)
    return tuple(rungs)
