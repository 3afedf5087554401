"""Variants for a class: no two learners have the same, and neighbours share no answer."""

from __future__ import annotations

from collections.abc import Sequence

from api.exercises.dealt import Dealt
from api.exercises.grade import distance


def choose(variants: Sequence[Dealt], number: int) -> Dealt:
    """Return the variant of the learner of a number, counted from 1.

    They are taken in their order: the next one that nobody has, and whose answers are others
    than those of the learner before, if there is one.
    """
    waiting = list(variants)
    taken: set[tuple[float, ...]] = set()
    before: Dealt | None = None
    for _ in range(number):
        fresh = [each for each in waiting if _amounts(each) not in taken] or waiting
        apart = [each for each in fresh if before is None or not _share_answers(before, each)]
        before = (apart or fresh)[0]
        taken.add(_amounts(before))
        waiting = [each for each in waiting if each is not before] or waiting
    assert before is not None, "numbers count from 1"
    return before


def _amounts(dealt: Dealt) -> tuple[float, ...]:
    return tuple(dealt.variant.given.values())


def _share_answers(one: Dealt, other: Dealt) -> bool:
    """Tell whether the answer to a question of one would be accepted for the other."""
    return any(
        distance(one.variant.expected[each.id].right, other.variant.expected[each.id].right)
        <= each.tolerance
        for each in one.exercise.questions
        if not each.choices
    )
