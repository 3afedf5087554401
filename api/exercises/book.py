"""The exercises of a service, and their variants."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import product
from pathlib import Path

from api.exercises.deal import deal
from api.exercises.dealt import Dealt
from api.exercises.facts import Fact, look_up
from api.exercises.files import read_exercises, shipped_folder
from api.exercises.neighbours import choose
from api.exercises.shape import Exercise
from lca_service.catalogue.formulas import FormulaError
from lca_service.catalogue.nomenclature import nearest_names
from lca_service.catalogue.resolve import resolve_location
from lca_service.engine import Engine
from lca_service.errors import Fault, StudyError, UnknownName

_KEPT = 4096  # variants of learners: each is asked for with every attempt
_SPARE = 40  # variants beyond those that are dealt, so that there is something to choose from
_PROBED = range(12)  # seeds by which other places are chosen: the same for every learner


@dataclass(frozen=True)
class Setting:
    """An exercise in a country: the other places it needs, and its data there."""

    places: Mapping[str, str]
    facts: Mapping[str, Fact]


class Book:
    """The exercises that are shipped, and those of a folder of one's own."""

    def __init__(self, own: Path | None = None) -> None:
        folders = [shipped_folder(), *([own] if own else [])]
        self.exercises: Mapping[str, Exercise] = read_exercises(*folders)
        self._settings: dict[tuple[str, str, str], Setting] = {}  # there are so many countries
        self._engines: dict[str, Engine] = {}
        self._dealt_to = lru_cache(_KEPT)(self._deal_to)

    def find(self, exercise_id: str) -> Exercise:
        """Return an exercise; UnknownName if there is none of this id."""
        if exercise_id not in self.exercises:
            nearest = nearest_names(exercise_id, self.exercises)
            raise UnknownName("unknown_exercise", exercise_id, nearest, "see GET /v1/exercises")
        return self.exercises[exercise_id]

    def deal(self, exercise_id: str, engine: Engine, country: str, seed: int) -> Dealt:
        """Return a variant of an exercise.

        Raises
        ------
        UnknownName
            If there is no such exercise.
        StudyError
            If the country is unknown, or the release has not the data of it.
        """
        return self.deal_many(exercise_id, engine, country, [seed])[0]

    def deal_many(
        self, exercise_id: str, engine: Engine, country: str, seeds: Sequence[int]
    ) -> list[Dealt]:
        """Return the variants of seeds; raises as `deal`."""
        exercise = self.find(exercise_id)
        code = find_country(engine, country)
        key = exercise_id, engine.catalogue.data_hash, code
        setting = self._settings.get(key)
        if setting is None:
            setting = self._settings[key] = set_in(exercise, engine, code)
        return deal_in(exercise, engine, setting, seeds)

    def deal_to(
        self, exercise_id: str, engine: Engine, country: str, *, first: int, number: int
    ) -> Dealt:
        """Return the variant of the learner of a number in a class, counted from 1.

        Variants are chosen from the seeds behind ``first``, so that no two learners have the
        same, and neighbours share no answer. Raises as `deal`.
        """
        data_hash = engine.catalogue.data_hash
        self._engines[data_hash] = engine
        return self._dealt_to(exercise_id, data_hash, country, first, number)

    def _deal_to(
        self, exercise_id: str, data_hash: str, country: str, first: int, number: int
    ) -> Dealt:
        seeds = range(first, first + number + _SPARE)
        return choose(self.deal_many(exercise_id, self._engines[data_hash], country, seeds), number)


@cache
def shipped_book() -> Book:
    """Return the exercises that are shipped, read once."""
    return Book()


def set_in(exercise: Exercise, engine: Engine, country: str) -> Setting:
    """Return an exercise in a country, with other places in which mistakes are told apart.

    Raises
    ------
    StudyError
        If the release has not the data.
    """
    best: tuple[int, Setting] | None = None
    for others in _others(exercise, engine, country):
        setting = Setting(
            {"country": country, **others}, look_up(exercise, engine, country, others)
        )
        dealt = deal_in(exercise, engine, setting, _PROBED)
        lost = sum(len(each.untold) for one in dealt for each in one.variant.expected.values())
        if best is None or lost < best[0]:
            best = lost, setting
        if not lost:
            break
    if best is None:
        detail = "its usual places leave none that is another one than the country"
        raise StudyError([Fault("/places", "no_place", detail, "name more places under `usual`")])
    return best[1]


def deal_in(
    exercise: Exercise, engine: Engine, setting: Setting, seeds: Sequence[int]
) -> list[Dealt]:
    """Return the variants of seeds in a country; StudyError if an expression is wrong."""
    try:
        variants = deal(exercise, setting.facts, setting.places["country"], seeds)
    except FormulaError as error:
        raise StudyError([Fault("", "bad_formula", str(error))]) from error
    return [
        Dealt(exercise, engine, setting.places, seed, setting.facts, variant)
        for seed, variant in zip(seeds, variants, strict=True)
    ]


def find_country(engine: Engine, country: str) -> str:
    """Return the code of a place; that of its country for a subdivision. StudyError if unknown."""
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
        [code for code in place.usual if find_country(engine, code) != country]
        for place in exercise.places.values()
    ]
    for chosen in product(*candidates):
        if len(set(chosen)) == len(chosen):
            yield dict(zip(exercise.places, chosen, strict=True))
