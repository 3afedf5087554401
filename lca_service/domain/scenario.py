"""Scenarios: what is changed in the inventory, patch by patch, and never in the release itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Setting:
    """What a parameter of a process becomes: an amount, or a multiple of the table's figure.

    ``unit`` is that of the amount; it is empty where ``amount`` is a factor [-].
    """

    name: str
    amount: float
    unit: str
    pointer: str


@dataclass(frozen=True)
class Substitution:
    """Part of what an activity buys of a product is bought of another one instead.

    Parameters
    ----------
    product, by
        Codes of the one that goes and the one that comes.
    share
        Of the amount that is replaced [-].
    ratio
        Units of ``by`` that do what a unit of ``product`` does [unit of by per unit of product].
    """

    product: str
    by: str
    share: float
    ratio: float
    pointer: str


@dataclass(frozen=True)
class Scaling:
    """An amount that an activity buys of a product, or exchanges of a flow, is multiplied."""

    product: str
    flow: str
    factor: float
    pointer: str


@dataclass(frozen=True)
class Addition:
    """A product that an activity buys besides, per unit that it makes."""

    product: str
    amount: float
    unit: str
    pointer: str


@dataclass(frozen=True)
class Patch:
    """A change of some activities, all at the same time where it is taken up.

    Parameters
    ----------
    id
        Tells the patch from the others of its scenario.
    activities
        Ids of what is changed.
    settings, substitutions, scalings, additions
        The changes, in the order in which they are made.
    mix
        Shares by product [-], in place of what the activity buys; empty: as it is.
    pointer
        Where the patch stands in the user's input.
    is_standing
        Whether it is in force without the scenario as well: others may decide what it does.
    """

    id: str
    activities: tuple[str, ...]
    pointer: str
    settings: tuple[Setting, ...] = ()
    mix: Mapping[str, float] = field(default_factory=dict)
    substitutions: tuple[Substitution, ...] = ()
    scalings: tuple[Scaling, ...] = ()
    additions: tuple[Addition, ...] = ()
    is_standing: bool = False

    @property
    def targets(self) -> frozenset[tuple[str, str]]:
        """What of an activity the patch decides: two patches cannot decide the same."""
        found = {("parameter", each.name) for each in self.settings}
        found |= {("input", each.product) for each in self.substitutions}
        found |= {("flow", each.flow) if each.flow else ("input", each.product)
                  for each in self.scalings}  # fmt: skip
        return frozenset(found | ({("mix", "")} if self.mix else set()))
