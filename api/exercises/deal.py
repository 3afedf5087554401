"""Dealing: which amounts a learner is given, so that neighbours do not share answers.

A variant follows from exercise, country and seed alone. Of several tries the first is dealt in
which every answer tells every diagnosis apart (rule: two that lie within twice the tolerance of
one another are not dealt). Where the data of a country lets no try do that, what cannot be told
apart is not diagnosed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from api.exercises.derive import Reached, derive
from api.exercises.facts import Fact
from api.exercises.shape import Exercise, Given, Question

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

TRIES = 24
_APART = 2.0  # tolerances


@dataclass(frozen=True)
class Expected:
    """What a question of a variant is answered with.

    ``mistakes`` has pairs of kind and answer that are told apart; ``untold`` the kinds that
    lead to something that another mistake leads to as well.
    """

    right: float
    mistakes: tuple[tuple[str, float], ...]
    untold: tuple[str, ...]


@dataclass(frozen=True)
class Variant:
    """The amounts of one learner, in their units, and what they lead to by question."""

    given: Mapping[str, float]
    expected: Mapping[str, Expected]


def deal(
    exercise: Exercise, facts: Mapping[str, Fact], country: str, seeds: Sequence[int]
) -> list[Variant]:
    """Return the variants of seeds; FormulaError if an expression is wrong."""
    drawn = {
        name: np.array(
            [
                _amount(each, exercise.id, country, seed, t, name)
                for seed in seeds
                for t in range(TRIES)
            ]
        )
        for name, each in exercise.given.items()
    }
    # an exercise without dealt amounts has one draw, the same for all
    n_draws = len(seeds) * TRIES if drawn else 1
    reached = derive(exercise, facts, drawn)
    untold = {
        question.id: _untold(question, reached[question.id]) for question in exercise.questions
    }
    lost = sum((each.sum(axis=0) for each in untold.values()), start=np.zeros(n_draws))
    # what is right must have a value, and a sign that a tolerance can be taken of
    for each in reached.values():
        lost = lost + np.where(np.isfinite(each.right), 0, 1e6)
    found: list[Variant] = []
    for place, _ in enumerate(seeds):
        tries = slice(place * TRIES, (place + 1) * TRIES) if drawn else slice(0, 1)
        best = tries.start + int(np.argmin(lost[tries]))
        found.append(
            Variant(
                given={name: float(each[best]) for name, each in drawn.items()},
                expected={
                    name: _expected(each, untold[name], best) for name, each in reached.items()
                },
            )
        )
    return found


def _amount(given: Given, exercise: str, country: str, seed: int, t: int, name: str) -> float:
    """Return an amount that anybody can compute again: of the hash of what it is dealt for."""
    key = f"{exercise}|{country}|{seed}|{t}|{name}".encode()
    steps = int((given.maximum - given.minimum) / given.step + 1e-9) + 1
    chosen = int.from_bytes(hashlib.sha256(key).digest()[:8]) % steps
    return round(given.minimum + chosen * given.step, 10)


def near(one: Array, other: Array, tolerance: float) -> Flags:
    """Tell where two answers are no further apart than a tolerance of the larger one."""
    return np.asarray(np.abs(one - other) <= tolerance * np.maximum(np.abs(one), np.abs(other)))


def _untold(question: Question, reached: Reached) -> Flags:
    """Return the mistakes that another leads to as well, shape (n_mistakes, n_draws).

    One that leads to the right answer is none: it does not occur there.
    """
    tolerance = 0.0 if question.choices else _APART * question.tolerance
    occurs = _occurs(question, reached)
    found = np.zeros_like(occurs)
    for one, other in combinations(range(len(reached.kinds)), 2):
        if reached.kinds[one] != reached.kinds[other]:
            same = near(reached.wrong[one], reached.wrong[other], tolerance)
            same = same & occurs[one] & occurs[other]
            found[one] |= same
            found[other] |= same
    # within twice the tolerance of the right answer, and not as good as equal to it
    close = near(reached.wrong, reached.right, tolerance) & occurs
    return np.asarray(found | close)


def _occurs(question: Question, reached: Reached) -> Flags:
    """Tell where a mistake leads to another answer than the right one."""
    exact = 0.0 if question.choices else 1e-6
    return np.isfinite(reached.wrong) & ~near(reached.wrong, reached.right, exact)


def _expected(reached: Reached, untold: Flags, draw: int) -> Expected:
    told: list[tuple[str, float]] = []
    lost: list[str] = []
    right = float(reached.right[draw])
    for kind, value, is_untold in zip(
        reached.kinds, reached.wrong[:, draw].tolist(), untold[:, draw].tolist(), strict=True
    ):
        if is_untold:
            lost.append(kind)
        elif np.isfinite(value) and not bool(near(np.array(value), np.array(right), 1e-6)):
            told.append((kind, value))
    return Expected(right, tuple(told), tuple(dict.fromkeys(lost)))
