"""The gradebook of a class: who has done what, and what the class gets wrong."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

from api.exercises.book import Book
from api.exports.book import Book as Workbook
from api.exports.book import Cell
from api.exports.rows import harmless, separated
from api.schemas.classes import DiagnosisCount, GradebookAnswer, GradebookEntry
from api.schemas.exercises import Verdict
from api.store.classes import Attempt, Classes, KeptClass, Learner

_GOOD = (Verdict.RIGHT, Verdict.WITHIN_TOLERANCE)
_HEAD = (
    *("number", "nickname", "country", "exercise", "attempts", "solved", "solved at attempt"),
    *("questions", "right at last", "mistakes found", "last attempt"),
)


def gradebook(
    kept: KeptClass, exercises: Sequence[str], book: Book, store: Classes
) -> GradebookAnswer:
    """Return what every learner did with every exercise, and what the class gets wrong."""
    tried = sorted(store.attempts(kept.id), key=attrgetter("learner", "exercise", "number"))
    by_pair = {
        key: list(group) for key, group in groupby(tried, key=attrgetter("learner", "exercise"))
    }
    entries = [
        _entry(learner, exercise, by_pair.get((learner.number, exercise), []), book)
        for learner in store.learners(kept.id)
        for exercise in exercises
    ]
    return GradebookAnswer(
        id=kept.id,
        name=kept.name,
        is_closed=kept.is_closed,
        entries=entries,
        diagnoses=list(_diagnoses(tried)),
    )


def as_csv(found: GradebookAnswer) -> bytes:
    """Return a gradebook as comma-separated values: a learner and an exercise a row."""
    rows = ([str("" if cell is None else cell) for cell in row] for row in _rows(found))
    return separated(_HEAD, ([harmless(cell) for cell in row] for row in rows))


def as_workbook(found: GradebookAnswer, created: datetime) -> bytes:
    """Return a gradebook as a workbook: learners by exercise, all rows, and mistakes."""
    file = io.BytesIO()
    workbook = Workbook(file, created)
    exercises = list(dict.fromkeys(each.exercise for each in found.entries))
    workbook.sheet("Learners", ("nickname", "country", "solved", *exercises), _matrix(found))
    workbook.sheet("Attempts", _HEAD, _rows(found))
    head = ("exercise", "question", "mistake", "learners")
    workbook.sheet(
        "Mistakes",
        head,
        ((each.exercise, each.question, each.diagnosis, each.learners) for each in found.diagnoses),
    )
    workbook.close()
    return file.getvalue()


def _entry(learner: Learner, exercise: str, tried: Sequence[Attempt], book: Book) -> GradebookEntry:
    solved = next((each.number for each in tried if each.is_solved), None)
    last = _grades(tried[-1]) if tried else []
    return GradebookEntry(
        learner=learner.number,
        nickname=learner.nickname,
        country=learner.country,
        exercise=exercise,
        attempts=len(tried),
        solved=solved is not None,
        solved_at_attempt=solved,
        questions=len(book.exercises[exercise].questions) if exercise in book.exercises else 0,
        right=sum(each["verdict"] in _GOOD for each in last),
        diagnoses=list(dict.fromkeys(kind for each in tried for _, kind in _found(each))),
        last=tried[-1].made if tried else None,
    )


def _diagnoses(tried: Sequence[Attempt]) -> Iterator[DiagnosisCount]:
    """Yield the mistakes of a class, that of most learners first."""
    made = {(each.exercise, *pair, each.learner) for each in tried for pair in _found(each)}
    counts = Counter((exercise, question, kind) for exercise, question, kind, _ in made)
    for (exercise, question, kind), count in sorted(
        counts.items(), key=lambda pair: (-pair[1], pair[0])
    ):
        yield DiagnosisCount(exercise=exercise, question=question, diagnosis=kind, learners=count)


def _grades(attempt: Attempt) -> list[dict[str, Any]]:
    graded: list[dict[str, Any]] = json.loads(attempt.grades)["questions"]
    return graded


def _found(attempt: Attempt) -> Iterator[tuple[str, str]]:
    """Yield the questions of an attempt with the mistakes that were found in their answers."""
    for each in _grades(attempt):
        if each["diagnosis"]:
            yield each["id"], each["diagnosis"]["kind"]


def _rows(found: GradebookAnswer) -> Iterator[Sequence[Cell]]:
    for each in found.entries:
        yield (
            each.learner,
            each.nickname,
            each.country,
            each.exercise,
            each.attempts,
            "yes" if each.solved else "no",
            each.solved_at_attempt,
            each.questions,
            each.right,
            ", ".join(each.diagnoses),
            each.last.isoformat(timespec="seconds") if each.last else None,
        )


def _matrix(found: GradebookAnswer) -> Iterator[Sequence[Cell]]:
    """Yield a row per learner: of every exercise, right answers of all at the last attempt."""
    for _, group in groupby(found.entries, key=attrgetter("learner")):
        entries = list(group)
        yield (
            entries[0].nickname,
            entries[0].country,
            sum(each.solved for each in entries),
            *(f"{each.right} of {each.questions}" if each.attempts else "" for each in entries),
        )
