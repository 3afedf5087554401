"""The derivation by hand: answers, and what each mistake leads to, over many draws at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from api.exercises.facts import Fact
from api.exercises.shape import Exercise, Mistake, Question
from lca_service.catalogue.formulas import Formulas
from lca_service.units import to_base

Array = NDArray[np.float64]

# Names of units in expressions, such as 1*km for a distance that was forgotten
UNITS = (
    "kg",
    "g",
    "t",
    "km",
    "m3",
    "L",
    "kWh",
    "Wh",
    "MWh",
    "MJ",
    "m2",
    "ha",
    "piece",
    "hour",
    "day",
    "year",
)
THOUSANDFOLD = "thousandfold-unit"  # may happen to any number


@dataclass(frozen=True)
class Reached:
    """What a question is answered with: rightly, and by each mistake.

    Numbers are in the unit of the question; a choice is the place of the option chosen.
    ``kinds`` may hold one kind twice, such as a thousand times too much and too little.

    Parameters
    ----------
    right
        Shape (n_draws,).
    wrong
        Shape (n_mistakes, n_draws).
    """

    right: Array
    kinds: tuple[str, ...]
    wrong: Array


def derive(
    exercise: Exercise, facts: Mapping[str, Fact], drawn: Mapping[str, Array]
) -> dict[str, Reached]:
    """Return what the questions of an exercise are answered with, by question.

    ``drawn`` has the given amounts in their units, shape (n_draws,).

    Raises
    ------
    FormulaError
        If an expression cannot be evaluated or has another dimension than it should.
    """
    right = by_hand(exercise, facts, drawn)
    changed = {
        _key(mistake): by_hand(exercise, facts, drawn, changes=_changes(right, mistake))
        for question in exercise.questions
        for mistake in question.mistakes
    }
    return {
        question.id: _reached(question, right, [changed[_key(each)] for each in question.mistakes])
        for question in exercise.questions
    }


def by_hand(
    exercise: Exercise,
    facts: Mapping[str, Fact],
    drawn: Mapping[str, Array],
    *,
    changes: Mapping[str, tuple[Array, str]] | None = None,
) -> Formulas:
    """Return the names of an exercise with their values; ``changes`` are taken instead.

    A change is an amount in a unit.
    """
    n_draws = next((len(each) for each in drawn.values()), 1)
    amounts: dict[str, tuple[Array, str]] = {
        **{unit: (np.ones(1), unit) for unit in UNITS},
        **{name: (drawn[name], each.unit) for name, each in exercise.given.items()},
        **{name: (np.array([e.value]), e.unit) for name, e in exercise.constants.items()},
        **{name: (np.array([each.value]), each.unit) for name, each in facts.items()},
    }
    taken = dict(changes or {})
    amounts |= taken
    values: dict[str, Array] = {}
    units: dict[str, str] = {}
    for name, (amount, unit) in amounts.items():
        scale, units[name] = to_base(unit)
        values[name] = np.broadcast_to(amount * scale, (n_draws,))
    formulas = Formulas(values, units, n_draws)
    for name, each in exercise.formulas.items():
        if name not in taken:
            formulas.define(name, each.formula)
    return formulas


def answers(question: Question, formulas: Formulas, expression: str | None = None) -> Array:
    """Return the answers to a question by the names of a derivation, shape (n_draws,)."""
    if question.choices:
        holds = [formulas.holds(each.when) for each in question.choices.values()]
        return np.asarray(np.argmax(np.stack(holds), axis=0), dtype=float)
    return formulas.amounts(expression or question.answer or "", question.unit)


def _key(mistake: Mistake) -> str:
    return mistake.model_dump_json()


def _changes(right: Formulas, mistake: Mistake) -> dict[str, tuple[Array, str]]:
    """Return what a mistake puts in the place of names, from the right values of the others."""
    return {name: right.quantity(expression) for name, expression in mistake.set.items()}


def _reached(question: Question, right: Formulas, wrong: list[Formulas]) -> Reached:
    true = answers(question, right)
    kinds = [mistake.kind for mistake in question.mistakes]
    reached = [
        answers(question, formulas, mistake.answer)
        for mistake, formulas in zip(question.mistakes, wrong, strict=True)
    ]
    if not question.choices:
        kinds += [THOUSANDFOLD, THOUSANDFOLD]
        reached += [true * 1000, true / 1000]
    shape = (len(kinds), len(true))
    return Reached(true, tuple(kinds), np.array(reached).reshape(shape))
