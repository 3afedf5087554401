"""The question: a product, what it buys, makes and emits, and which indicators are asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Stage(StrEnum):
    """Life cycle stages, in their order."""

    RAW_MATERIALS = "raw_materials"
    MANUFACTURING = "manufacturing"
    DISTRIBUTION = "distribution"
    USE = "use"
    END_OF_LIFE = "end_of_life"


@dataclass(frozen=True)
class DeclaredUnit:
    """What the footprint is for: an amount of the product, and its mass [kg] if known."""

    amount: float
    unit: str
    mass_kg: float | None = None


@dataclass(frozen=True)
class GivenParameter:
    """A parameter of a product's process, given by the user instead of the table's figure."""

    name: str
    amount: float
    unit: str
    pointer: str


@dataclass(frozen=True)
class Line:
    """One purchase: a product of the inventory, or an assembly of the study itself.

    Exactly one of ``product`` and ``assembly`` is given. An empty ``location`` is that of
    the study. ``parameters`` are those of the product's process that the user gives.
    ``pointer`` says where the line stands in the user's input.
    """

    id: str
    stage: Stage
    amount: float
    unit: str
    pointer: str
    location: str = ""
    product: str = ""
    assembly: str = ""
    mix: str = ""
    parameters: tuple[GivenParameter, ...] = ()


@dataclass(frozen=True)
class Emission:
    """A direct exchange with nature of the product system's own foreground."""

    id: str
    stage: Stage
    flow: str
    amount: float
    unit: str
    pointer: str
    location: str = ""


@dataclass(frozen=True)
class Assembly:
    """An intermediate product of the study: its output, and what that output takes."""

    name: str
    amount: float
    unit: str
    lines: tuple[Line, ...]
    emissions: tuple[Emission, ...]
    pointer: str


@dataclass(frozen=True)
class Study:
    """A whole question.

    ``methods`` maps a method family (``climate_change``) or an indicator to a method
    edition; families left out use their default. ``indicators`` empty means all.
    """

    name: str
    declared_unit: DeclaredUnit
    location: str
    lines: tuple[Line, ...]
    emissions: tuple[Emission, ...] = ()
    assemblies: tuple[Assembly, ...] = ()
    indicators: tuple[str, ...] = ()
    methods: Mapping[str, str] = field(default_factory=dict)
