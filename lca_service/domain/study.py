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


class Shape(StrEnum):
    """Distributions that an amount may be given with."""

    LOGNORMAL = "lognormal"
    TRIANGULAR = "triangular"
    UNIFORM = "uniform"


@dataclass(frozen=True)
class Spread:
    """How far an amount may be from what is given.

    The amount is the median of a lognormal spread with a geometric standard deviation
    ``gsd`` [-], and the mode of a triangular one from ``minimum`` to ``maximum`` [unit of
    the line]. Amounts with the same ``key`` are the same draw, in any study.
    """

    shape: Shape
    gsd: float = 1.0
    minimum: float = 0.0
    maximum: float = 0.0
    key: str = ""


@dataclass(frozen=True)
class Sampling:
    """How many samples of the background are asked for, and of which seed."""

    samples: int
    seed: int


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
    spread: Spread | None = None


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
    spread: Spread | None = None


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
    ``identity`` tells this study from any other, so that its own draws are its own.
    """

    name: str
    declared_unit: DeclaredUnit
    location: str
    lines: tuple[Line, ...]
    emissions: tuple[Emission, ...] = ()
    assemblies: tuple[Assembly, ...] = ()
    indicators: tuple[str, ...] = ()
    methods: Mapping[str, str] = field(default_factory=dict)
    sampling: Sampling | None = None
    identity: str = ""
