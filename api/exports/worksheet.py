"""A variant of an exercise on paper (PDF): a worksheet for learners, a solution for the trainer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from api.exercises.dealt import Dealt
from api.exercises.sheet import amount_text, place, sheet, solution
from api.exercises.words import label, number
from api.exports.numerals import percent
from api.exports.typeset import typeset
from api.schemas.exercises import (
    AmountAnswer,
    ConstantAnswer,
    DealtAnswer,
    Explain,
    FactAnswer,
    QuestionAnswer,
    SolvedAnswer,
)
from api.schemas.language import Language
from api.schemas.working import FlowRowAnswer, WorkingAnswer

_LAYOUT = "worksheet.typ"
_MADE = datetime(2000, 1, 1, tzinfo=UTC)  # a sheet follows from its variant, not from the day
_OPERATORS = re.compile(r"\s*\*\s*")


def as_worksheet(dealt: Dealt, language: Language, *, nickname: str = "") -> bytes:
    """Return what a learner works on; with a nickname it is said instead of the seed.

    Raises
    ------
    StudyError
        If no font of this machine has a character of it.
    """
    found = sheet(dealt, language)
    said = {
        **_head(found, language, "exercise", nickname),
        "parts": [
            {"title": label("goal", language), "text": found.goal},
            {"title": label("story", language), "text": found.story},
        ],
        "tables": _tables(found.given, found.data, found.constants, dealt, language),
        "questions_title": label("questions", language),
        "questions": [_asked(each, language) for each in found.questions],
        "solved": [],
        "workings": [],
        "closing": [],
    }
    return typeset(_LAYOUT, said, made=_MADE)


def as_solution(dealt: Dealt, language: Language, explain: Explain) -> bytes:
    """Return every derivation, what mistakes lead to, and the trainer's page; raises as above."""
    found = solution(dealt, language, explain)
    cited = [f"{each.citation} ({each.licence})" for each in found.sources]
    sources = list(dict.fromkeys(cited))  # packages may cite one publication each
    said = {
        **_head(found, language, "solution", ""),
        "parts": [],
        "tables": _tables(found.given, found.data, found.constants, dealt, language),
        "questions_title": label("questions", language),
        "questions": [],
        "solved": [_solved(each, dealt, language) for each in found.questions],
        "workings": [_working(each, language) for each in found.workings],
        "closing": [
            _closing("learners_get_wrong", [found.learners_get_wrong], language),
            _closing("how_to_discuss", [found.how_to_discuss], language),
            _closing("sources", [*found.literature, *sources], language),
        ],
    }
    if found.steps:
        rows = [(each.id, each.title, each.text, _readable(each.formula)) for each in found.steps]
        said["tables"].append({"title": label("by_hand", language), "rows": rows})
    return typeset(_LAYOUT, said, made=_MADE)


def _head(found: DealtAnswer, language: Language, kind: str, nickname: str) -> dict[str, Any]:
    variant = [] if nickname else [(label("variant", language), str(found.seed))]
    return {
        "language": language,
        "kind": label(kind, language),
        "title": found.title,
        "head": [
            (label("country", language), found.country.name),
            *variant,
            (label("data_release", language), found.data_release),
            (label("name", language), nickname),
        ],
        "page": label("page", language),
        "of": label("of", language),
        "footer": f"{found.exercise} · {found.country.code} · {found.data_release}",
    }


def _tables(
    given: Sequence[AmountAnswer],
    data: Sequence[FactAnswer],
    constants: Sequence[ConstantAnswer],
    dealt: Dealt,
    language: Language,
) -> list[dict[str, Any]]:
    """Return the tables that have rows: name in expressions, title, value, note."""

    def substituted(fact: FactAnswer) -> str:
        if fact.location in (fact.asked, "GLO"):
            return ""
        where = place(fact.location, dealt, language).name
        return label("substituted", language).replace("{place}", where)

    tables: Iterable[tuple[str, list[tuple[str, str, str, str]]]] = (
        ("given", [(each.id, each.title, each.text, "") for each in given]),
        ("data", [(each.id, each.title, each.text, substituted(each)) for each in data]),
        ("constants", [(each.id, each.title, each.text, each.source) for each in constants]),
    )
    return [{"title": label(title, language), "rows": rows} for title, rows in tables if rows]


def _asked(question: QuestionAnswer, language: Language) -> dict[str, Any]:
    return {
        "text": question.text,
        "answer": label("your_answer", language),
        "unit": question.unit_text or "",
        "choices": list((question.choices or {}).values()),
    }


def _solved(question: SolvedAnswer, dealt: Dealt, language: Language) -> dict[str, Any]:
    return {
        "text": question.text,
        "answer": question.answer,
        "facts": list(_facts(question, dealt, language)),
        "mistakes_title": label("usual_mistakes", language),
        "mistakes": [(each.answer, each.text) for each in question.mistakes],
        "hints": [f"{label('hint', language)}: {each}" for each in question.hints],
    }


def _facts(
    question: SolvedAnswer, dealt: Dealt, language: Language
) -> Iterator[tuple[str, str, bool]]:
    """Yield what stands under an answer: label, text, and whether it is an expression."""
    if question.formula:
        yield label("by_hand", language), _readable(question.formula), True
    if question.by_engine is not None:
        asked = next(each for each in dealt.exercise.questions if each.id == question.id)
        unit = asked.shown_unit or asked.unit
        yield label("engine", language), amount_text(question.by_engine, unit, language), False
    if question.tolerance:
        written = number(100 * question.tolerance, language)
        yield label("tolerance", language), percent(0).replace("0", written), False


def _working(found: WorkingAnswer, language: Language) -> dict[str, Any]:
    """Return the matrices of a study: processes by number, A with f and s, B with g, C and C g."""

    def shown(values: Iterable[float]) -> list[str]:
        return [number(value, language) for value in values]

    numbers = [str(place) for place in range(1, len(found.columns) + 1)]
    sums = zip(found.biosphere, found.inventory, found.factors, strict=True)
    return {
        "title": f"{found.name}: {found.indicator} [{found.unit}]",
        "columns": [f"{n} = {each.id} [{each.unit}]" for n, each in zip(numbers, found.columns,
                                                                       strict=True)],
        "processes": {
            "head": ["A", *numbers, "f", "s"],
            "rows": [
                [n, *shown((*row, wanted, made))]
                for n, row, wanted, made in zip(
                    numbers, found.technosphere, found.demand, found.supply, strict=True
                )
            ],
        },
        "flows": {
            "head": ["B", *numbers, "g", "C", "C g"],
            "rows": [
                [_flow(each), *shown((*row, total, factor, total * factor))]
                for each, (row, total, factor) in zip(found.rows, sums, strict=True)
            ]
            + [["C B s", *shown(found.scores), "", "", number(found.value, language)]],
        },
    }  # fmt: skip


def _flow(row: FlowRowAnswer) -> str:
    return f"{row.flow} {row.location or ''} [{row.unit}]".replace("  ", " ")


def _readable(expression: str) -> str:
    return _OPERATORS.sub(" × ", expression)


def _closing(title: str, texts: Sequence[str], language: Language) -> dict[str, Any]:
    return {"title": label(title, language), "texts": list(texts)}
