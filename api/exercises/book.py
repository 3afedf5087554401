"""The exercises of a service, and a variant of one as it is dealt to a learner."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from pathlib import Path

from api.exercises.deal import Variant, deal
from api.exercises.facts import Fact, look_up
from api.exercises.files import read_exercises, shipped_folder
from api.exercises.reference import Reference
from api.exercises.shape import Exercise
from lca_service.catalogue.formulas import FormulaError
from lca_service.catalogue.nomenclature import nearest_names
from lca_service.catalogue.resolve import resolve_location
from lca_service.engine import Engine
from lca_service.errors import Fault, StudyError, UnknownName

LookUp = Callable[[Exercise, Engine, str, Mapping[str, str]], Mapping[str, Fact]]

_KEPT = 2000  # places of exercises whose data are looked up once


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


class Book:
    """The exercises that are shipped, and those of a folder of one's own."""

    def __init__(self, own: Path | None = None) -> None:
        folders = [shipped_folder(), *([own] if own else [])]
        self.exercises: Mapping[str, Exercise] = read_exercises(*folders)
        self._facts = lru_cache(_KEPT)(self._look_up)

    def find(self, exercise_id: str) -> Exercise:
        """Return an exercise; UnknownName if there is none of this id."""
        if exercise_id not in self.exercises:
            nearest = nearest_names(exercise_id, self.exercises)
            raise UnknownName("unknown_exercise", exercise_id, nearest, "see GET /v1/exercises")
        return self.exercises[exercise_id]

    def deal(self, exercise_id: str, engine: Engine, country: str, seed: int) -> Dealt:
        """Return a variant: the first whose answers tell every diagnosis apart.

        Raises
        ------
        UnknownName
            If there is no such exercise.
        StudyError
            If the country is unknown, or the release has not the data of it.
        """
        return deal_one(self.find(exercise_id), engine, country, seed, looked_up=self._cached)

    def _cached(
        self, exercise: Exercise, engine: Engine, country: str, others: Mapping[str, str]
    ) -> Mapping[str, Fact]:
        return self._facts(exercise.id, engine, country, tuple(others.items()))

    def _look_up(
        self, exercise_id: str, engine: Engine, country: str, others: tuple[tuple[str, str], ...]
    ) -> Mapping[str, Fact]:
        return look_up(self.exercises[exercise_id], engine, country, dict(others))


def deal_one(
    exercise: Exercise, engine: Engine, country: str, seed: int, *, looked_up: LookUp = look_up
) -> Dealt:
    """Return a variant of an exercise; raises as `Book.deal`."""
    return deal_many(exercise, engine, country, [seed], looked_up=looked_up)[0]


def deal_many(
    exercise: Exercise,
    engine: Engine,
    country: str,
    seeds: Sequence[int],
    *,
    looked_up: LookUp = look_up,
) -> list[Dealt]:
    """Return the variants of seeds, all with the same other places; raises as `Book.deal`."""
    code = _country(engine, country)
    best: tuple[int, Mapping[str, str], Mapping[str, Fact], list[Variant]] | None = None
    for chosen in _others(exercise, engine, code):
        facts = looked_up(exercise, engine, code, chosen)
        try:
            variants = deal(exercise, facts, code, seeds)
        except FormulaError as error:
            raise StudyError([Fault("", "bad_formula", str(error))]) from error
        lost = sum(len(each.untold) for one in variants for each in one.expected.values())
        if best is None or lost < best[0]:
            best = lost, chosen, facts, variants
        if not lost:
            break
    assert best is not None, "there is one choice of other places at least"
    _, others, facts, variants = best
    places = {"country": code, **others}
    return [
        Dealt(exercise, engine, places, seed, facts, variant)
        for seed, variant in zip(seeds, variants, strict=True)
    ]


def _country(engine: Engine, country: str) -> str:
    """Return the code of a place; a subdivision is its country."""
    try:
        rungs = resolve_location(engine.catalogue, country)
    except UnknownName as error:
        raise StudyError(
            [Fault("/country", error.code, str(error), error.hint, error.nearest)]
        ) from error
    return next(rung for rung in rungs if rung in engine.catalogue.nomenclature.ladders)


def _others(exercise: Exercise, engine: Engine, country: str) -> Iterator[dict[str, str]]:
    """Yield choices of the other places: none the country, and no two the same."""
    candidates = [
        [code for code in place.usual if _country(engine, code) != country]
        for place in exercise.places.values()
    ]
    for chosen in product(*candidates):
        if len(set(chosen)) == len(chosen):
            yield dict(zip(exercise.places, chosen, strict=True))
