"""Countries over time: what a series tells, and its single figures."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from lca_service.domain.provenance import Basis


class Pillar(StrEnum):
    """What an indicator is about."""

    ENVIRONMENT = "environment"
    ECONOMY = "economy"
    SOCIAL = "social"


class Role(StrEnum):
    """What an indicator is in a question of decoupling."""

    PRESSURE = "pressure"  # what is decoupled
    ACTIVITY = "activity"  # from what
    POPULATION = "population"  # what makes totals of figures per person
    CONTEXT = "context"  # shown beside them


@dataclass(frozen=True)
class CountryIndicator:
    """What a series tells; ``unit`` is that of `Observation.value`."""

    code: str
    name: str
    unit: str
    pillar: Pillar
    role: Role
    is_per_person: bool
    definition: str
    source: str
    locator: str


@dataclass(frozen=True)
class Observation:
    """One figure of a series.

    ``value`` is in the unit of the indicator, ``printed`` in ``unit``, as the source has it.
    """

    year: int
    value: float
    printed: float
    unit: str
    basis: Basis
    source: str
    licence: str
    locator: str
    note: str = ""
