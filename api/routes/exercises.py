"""Exercises: the course, a variant of one, attempts at it, and its solution."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from api.dependencies import BodyDep, BookDep, ReleasesDep, as_json, entity_tag, unless_known
from api.examples import ATTEMPT_BODY, EXERCISE, RELEASE, example
from api.exercises.attempt import grade_attempt, read_attempt
from api.exercises.book import Book
from api.exercises.dealt import Dealt
from api.exercises.sheet import sheet, solution, summary
from api.keep import choose_release
from api.limits import name_release
from api.negotiate import MEDIA_TYPES, accepted, preferred_language
from api.read import read_json
from api.schemas.exercises import (
    AttemptAnswer,
    AttemptRequest,
    ExerciseAnswer,
    ExerciseList,
    Explain,
    Level,
    SolutionAnswer,
)
from api.schemas.language import Language
from lca_service.errors import StudyError
from lca_service.releases import Releases

router = APIRouter(tags=["exercises"])

ExerciseId = Annotated[str, Path(max_length=100, openapi_examples=example(EXERCISE))]
SheetFormat = Literal["json", "pdf"]
LanguageQuery = Annotated[
    Language | None,
    Query(description="Else as the Accept-Language header says.", openapi_examples=example("fr")),
]
SheetFormatQuery = Annotated[
    SheetFormat | None,
    Query(
        alias="format",
        description="Else as the Accept header says: JSON, or PDF to print.",
        openapi_examples=example("json"),
    ),
]
ExplainQuery = Annotated[
    Explain,
    Query(
        description="`full` shows the matrices of the studies as well.",
        openapi_examples=example("full"),
    ),
]


def deal_variant(
    exercise_id: ExerciseId,
    request: Request,
    releases: ReleasesDep,
    book: BookDep,
    country: Annotated[
        str, Query(max_length=100, description="Any place.", openapi_examples=example("KE"))
    ],
    seed: Annotated[
        int,
        Query(ge=0, le=2**31 - 1, description="Which variant.", openapi_examples=example(7)),
    ] = 0,
    data_release: Annotated[
        str,
        Query(max_length=100, description="Else the open one.", openapi_examples=example(RELEASE)),
    ] = "",
) -> Dealt:
    """Return the variant that a request names; the response names its data release."""
    return _deal(exercise_id, country, seed, data_release, request, releases, book)


DealtDep = Annotated[Dealt, Depends(deal_variant)]


@router.get("/v1/exercises", response_model=ExerciseList, operation_id="list_exercises")
def list_exercises(
    request: Request,
    book: BookDep,
    language: LanguageQuery = None,
    level: Annotated[Level | None, Query(openapi_examples=example("beginner"))] = None,
    topic: Annotated[
        str,
        Query(
            max_length=100, description="A word of theirs.", openapi_examples=example("electricity")
        ),
    ] = "",
) -> Response:
    """List the exercises in the order of the course."""
    spoken = language_of(request, language)
    items = [
        summary(each, spoken)
        for each in book.exercises.values()
        if level in (None, each.level) and (not topic or topic in each.topics)
    ]
    content = ExerciseList(items=items, total=len(items)).model_dump_json().encode()
    return _spoken(request, content, spoken)


@router.get(
    "/v1/exercises/{exercise_id}",
    response_model=ExerciseAnswer,
    responses={200: {"content": {"application/pdf": {}}}},
    operation_id="get_exercise",
)
def get_exercise(
    dealt: DealtDep,
    request: Request,
    language: LanguageQuery = None,
    wanted: SheetFormatQuery = None,
) -> Response:
    """Return a variant of an exercise as a learner gets it, or as a worksheet to print."""
    spoken = language_of(request, language)
    return sheet_response(request, dealt, spoken, wanted)


@router.post(
    "/v1/exercises/{exercise_id}/attempts",
    response_model=AttemptAnswer,
    openapi_extra=ATTEMPT_BODY,
    operation_id="post_attempt",
)
def post_attempt(
    exercise_id: ExerciseId, body: BodyDep, request: Request, releases: ReleasesDep, book: BookDep
) -> Response:
    """Grade answers: right, within tolerance, or wrong with the mistake that leads there."""
    asked = read_attempt(AttemptRequest, read_json(body))
    pin = asked.data_release or ""
    dealt = _deal(exercise_id, asked.country, asked.seed, pin, request, releases, book)
    return as_json(grade_attempt(dealt, asked.answers, asked.language, attempt=asked.attempt))


@router.get(
    "/v1/exercises/{exercise_id}/solution",
    response_model=SolutionAnswer,
    responses={200: {"content": {"application/pdf": {}}}},
    operation_id="get_solution",
)
def get_solution(
    dealt: DealtDep,
    request: Request,
    language: LanguageQuery = None,
    explain: ExplainQuery = "steps",
    wanted: SheetFormatQuery = None,
) -> Response:
    """Return the derivation of every answer, what usual mistakes lead to, and how to discuss it."""
    return solution_response(request, dealt, language_of(request, language), explain, wanted)


def language_of(request: Request, asked: Language | None) -> Language:
    """Return the language that a request asks for."""
    return asked or preferred_language(request.headers.get("accept-language", ""))


def sheet_response(
    request: Request,
    dealt: Dealt,
    language: Language,
    wanted: SheetFormat | None,
    *,
    nickname: str = "",
) -> Response:
    """Return a variant as a learner gets it, in the form that is wanted.

    One with a nickname is not told the seed, by which anybody can read the solution.
    """
    if _form(request, wanted) == "pdf":
        from api.exports.worksheet import as_worksheet  # typst: 34 MB that few requests need

        return _pdf(request, as_worksheet(dealt, language, nickname=nickname), dealt, language, "")
    content = sheet(dealt, language)
    if nickname:
        content = content.model_copy(update={"seed": None})
    return _spoken(request, content.model_dump_json().encode(), language)


def solution_response(
    request: Request,
    dealt: Dealt,
    language: Language,
    explain: Explain,
    wanted: SheetFormat | None,
) -> Response:
    """Return the solution of a variant in the form that is wanted."""
    if _form(request, wanted) == "pdf":
        from api.exports.worksheet import as_solution

        return _pdf(request, as_solution(dealt, language, explain), dealt, language, "-solution")
    content = solution(dealt, language, explain).model_dump_json().encode()
    return _spoken(request, content, language)


def _deal(
    exercise_id: str,
    country: str,
    seed: int,
    pin: str,
    request: Request,
    releases: Releases,
    book: Book,
) -> Dealt:
    engine, faults = choose_release({"data_release": pin} if pin else {}, releases)
    if faults:
        raise StudyError(faults)
    name_release(request, engine.catalogue.release)
    return book.deal(exercise_id, engine, country, seed)


def _form(request: Request, wanted: SheetFormat | None) -> str:
    return wanted or accepted(request.headers.get("accept", ""), ("json", "pdf"))


def _spoken(request: Request, content: bytes, language: Language) -> Response:
    headers = {"Content-Language": language, "Vary": "Accept, Accept-Language"}
    return unless_known(request, entity_tag(content), lambda: content, also=headers)


def _pdf(
    request: Request, content: bytes, dealt: Dealt, language: Language, ending: str
) -> Response:
    name = f"{dealt.exercise.id}-{dealt.country}{ending}-{language}.pdf"
    return unless_known(
        request,
        entity_tag(content),
        lambda: content,
        media_type=MEDIA_TYPES["pdf"],
        also={
            "Content-Language": language,
            "Content-Disposition": f'attachment; filename="{name}"',
            "Vary": "Accept, Accept-Language",
        },
    )
