"""A variant of an exercise as it is dealt to a learner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from api.exercises.deal import Variant
from api.exercises.facts import Fact
from api.exercises.reference import Reference
from api.exercises.shape import Exercise
from lca_service.engine import Engine


@dataclass(frozen=True)
class Dealt:
    """A variant of an exercise: for a country and a seed.

    ``places`` are codes by name, ``country`` among them.
    """

    exercise: Exercise
    engine: Engine
    places: Mapping[str, str]
    seed: int
    facts: Mapping[str, Fact]
    variant: Variant

    @property
    def country(self) -> str:
        """Code of the country."""
        return self.places["country"]

    @property
    def reference(self) -> Reference:
        """The reference model."""
        return Reference(self.exercise, self.engine, self.facts, self.places, self.variant.given)
