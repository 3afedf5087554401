"""Classes: a trainer opens one, learners join by nickname and work, the trainer reads along."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, FastAPI, Header, Path, Query, Request, Response
from sse_starlette.sse import EventSourceResponse

from api.classes.gradebook import as_csv, as_workbook, gradebook
from api.classes.learners import find_learner, join_class, whose_solution
from api.classes.opening import (
    Assignment,
    Closed,
    NotAllowed,
    find_class,
    language_of,
    open_class,
    require_trainer,
)
from api.classes.progress import position_of, progress
from api.classes.work import (
    assigned,
    attempt_in_class,
    class_answer,
    deal_in_class,
    open_solution,
    require_assigned,
)
from api.dependencies import BodyDep, BookDep, ClassesDep, ReleasesDep, as_json
from api.examples import (
    ANSWERS_BODY,
    CLASS_BODY,
    CLASS_ID,
    CLASS_KEY,
    EXERCISE,
    JOIN_BODY,
    LEARNER,
    LEARNER_KEY,
    example,
)
from api.limits import name_release
from api.negotiate import MEDIA_TYPES, accepted
from api.problems import problem
from api.read import read_json
from api.routes.exercises import (
    ExplainQuery,
    LanguageQuery,
    SheetFormatQuery,
    sheet_response,
    solution_response,
)
from api.schemas.classes import (
    AssignedList,
    ClassAnswer,
    ClassAttemptAnswer,
    GradebookAnswer,
    JoinedAnswer,
    OpenedClassAnswer,
)
from api.schemas.exercises import ExerciseAnswer, SolutionAnswer
from api.store.classes import KeptClass, Learner

router = APIRouter(tags=["classes"])

ClassId = Annotated[str, Path(max_length=100, openapi_examples=example(CLASS_ID))]
ExerciseId = Annotated[str, Path(max_length=100, openapi_examples=example(EXERCISE))]


def _key(whose: str, shown: str) -> object:
    return Header(
        alias="Class-Key", max_length=200, description=whose, openapi_examples=example(shown)
    )


TrainerKey = Annotated[str, _key("The trainer's.", CLASS_KEY)]
LearnerKey = Annotated[str, _key("The learner's.", LEARNER_KEY)]


def get_class(
    class_id: ClassId,
    request: Request,
    book: BookDep,
    releases: ReleasesDep,
    store: ClassesDep,
) -> KeptClass:
    """Return the class that the address names; the response names its data release."""
    kept = find_class(class_id, book, releases.current, store)
    name_release(request, releases.of_hash(kept.data_hash).catalogue.release)
    return kept


ClassDep = Annotated[KeptClass, Depends(get_class)]


def get_trained(kept: ClassDep, key: TrainerKey = "") -> KeptClass:
    """Return the class, for its trainer alone."""
    require_trainer(kept, key)
    return kept


def get_learner(kept: ClassDep, store: ClassesDep, key: LearnerKey = "") -> Learner:
    """Return the learner of a key."""
    return find_learner(kept, key, store)


TrainedDep = Annotated[KeptClass, Depends(get_trained)]
LearnerDep = Annotated[Learner, Depends(get_learner)]


@router.post(
    "/v1/classes",
    response_model=OpenedClassAnswer,
    openapi_extra=CLASS_BODY,
    operation_id="post_class",
)
def post_class(body: BodyDep, book: BookDep, releases: ReleasesDep, store: ClassesDep) -> Response:
    """Open a class; the answer has its join code, and the trainer's key."""
    made = open_class(read_json(body), book, releases.current, store)
    response = as_json(made)
    response.headers["Content-Location"] = f"/v1/classes/{made.id}"
    return response


@router.post(
    "/v1/classes:join",
    response_model=JoinedAnswer,
    openapi_extra=JOIN_BODY,
    operation_id="join_class",
)
def post_learner(
    body: BodyDep, book: BookDep, releases: ReleasesDep, store: ClassesDep
) -> Response:
    """Join a class by its code, under a nickname; the answer has the learner's key."""
    joined = join_class(read_json(body), book, releases, store)
    return Response(joined.model_dump_json(by_alias=True), media_type="application/json")


@router.get("/v1/classes/{class_id}", response_model=ClassAnswer, operation_id="get_class")
def get_class_answer(kept: TrainedDep, releases: ReleasesDep, store: ClassesDep) -> Response:
    """Return a class with its learners, for its trainer."""
    return as_json(class_answer(kept, releases.of_hash(kept.data_hash), store))


@router.get(
    "/v1/classes/{class_id}/exercises",
    response_model=AssignedList,
    operation_id="list_class_exercises",
)
def list_class_exercises(
    kept: ClassDep, learner: LearnerDep, book: BookDep, store: ClassesDep
) -> Response:
    """List the exercises of a learner, and how far it has come."""
    return as_json(assigned(kept, learner, book, store))


@router.get(
    "/v1/classes/{class_id}/exercises/{exercise_id}",
    response_model=ExerciseAnswer,
    responses={200: {"content": {"application/pdf": {}}}},
    operation_id="get_class_exercise",
)
def get_class_exercise(
    kept: ClassDep,
    exercise_id: ExerciseId,
    learner: LearnerDep,
    request: Request,
    book: BookDep,
    releases: ReleasesDep,
    language: LanguageQuery = None,
    wanted: SheetFormatQuery = None,
) -> Response:
    """Return an exercise as this learner alone gets it, or as a worksheet to print."""
    dealt = deal_in_class(kept, learner, exercise_id, book, releases)
    spoken = language or language_of(kept)
    return sheet_response(request, dealt, spoken, wanted, nickname=learner.nickname)


@router.post(
    "/v1/classes/{class_id}/exercises/{exercise_id}/attempts",
    response_model=ClassAttemptAnswer,
    openapi_extra=ANSWERS_BODY,
    operation_id="post_class_attempt",
)
def post_class_attempt(
    kept: ClassDep,
    exercise_id: ExerciseId,
    learner: LearnerDep,
    body: BodyDep,
    book: BookDep,
    releases: ReleasesDep,
    store: ClassesDep,
) -> Response:
    """Grade answers and keep them; each attempt gives one hint further."""
    dealt = deal_in_class(kept, learner, exercise_id, book, releases)
    return as_json(attempt_in_class(read_json(body), kept, learner, dealt, store))


@router.get(
    "/v1/classes/{class_id}/exercises/{exercise_id}/solution",
    response_model=SolutionAnswer,
    responses={200: {"content": {"application/pdf": {}}}},
    operation_id="get_class_solution",
)
def get_class_solution(
    kept: ClassDep,
    exercise_id: ExerciseId,
    request: Request,
    book: BookDep,
    releases: ReleasesDep,
    store: ClassesDep,
    key: Annotated[
        str, _key("The trainer's; or a learner's, once the solution is open.", CLASS_KEY)
    ] = "",
    nickname: Annotated[
        str,
        Query(
            max_length=40,
            description="Whose variant, for the trainer.",
            openapi_examples=example(LEARNER),
        ),
    ] = "",
    language: LanguageQuery = None,
    explain: ExplainQuery = "steps",
    wanted: SheetFormatQuery = None,
) -> Response:
    """Return the solution of a learner's variant: to the trainer; to the learner once opened."""
    learner = whose_solution(kept, exercise_id, key, nickname, store)
    dealt = deal_in_class(kept, learner, exercise_id, book, releases)
    spoken = language or language_of(kept)
    return solution_response(request, dealt, spoken, explain, wanted)


@router.post(
    "/v1/classes/{class_id}/exercises/{exercise_id}/solution:open",
    response_model=ClassAnswer,
    operation_id="open_class_solution",
)
def post_opened(
    kept: TrainedDep, exercise_id: ExerciseId, releases: ReleasesDep, store: ClassesDep
) -> Response:
    """Let learners read the solutions of their variants of an exercise."""
    require_assigned(kept, exercise_id)
    opened = open_solution(kept, exercise_id, store)
    return as_json(class_answer(opened, releases.of_hash(kept.data_hash), store))


@router.get(
    "/v1/classes/{class_id}/gradebook",
    response_model=GradebookAnswer,
    responses={200: {"content": {MEDIA_TYPES[each].split(";")[0]: {} for each in ("csv", "xlsx")}}},
    operation_id="get_gradebook",
)
def get_gradebook(
    kept: TrainedDep,
    request: Request,
    book: BookDep,
    store: ClassesDep,
    wanted: Annotated[
        Literal["json", "csv", "xlsx"] | None,
        Query(
            alias="format",
            description="Else as the Accept header says: JSON, CSV or a workbook (XLSX).",
            openapi_examples=example("json"),
        ),
    ] = None,
) -> Response:
    """Return who has done what, and what the class gets wrong."""
    found = gradebook(kept, Assignment.of(kept).exercises, book, store)
    chosen = wanted or accepted(request.headers.get("accept", ""), ("json", "csv", "xlsx"))
    if chosen == "json":
        return as_json(found)
    content = as_csv(found) if chosen == "csv" else as_workbook(found, kept.created)
    headers = {"Content-Disposition": f'attachment; filename="gradebook-{kept.id}.{chosen}"'}
    return Response(content, 200, headers, media_type=MEDIA_TYPES[chosen])


@router.get(
    "/v1/classes/{class_id}/events",
    response_class=EventSourceResponse,
    responses={200: {"content": {"text/event-stream": {}}}},
    operation_id="get_class_events",
)
def get_events(
    kept: TrainedDep,
    store: ClassesDep,
    follow: Annotated[
        bool,
        Query(
            description="Whether to wait for what is still to come.",
            openapi_examples=example(False),
        ),
    ] = True,
    last_event_id: Annotated[
        str,
        Header(
            max_length=100,
            description="Behind which to go on.",
            openapi_examples=example("1-0"),
        ),
    ] = "",
) -> Response:
    """Return who joins and what is attempted as server-sent events, until the class is closed."""
    after = position_of(last_event_id)
    return EventSourceResponse(progress(kept.id, store, after, follow=follow), ping=15)


@router.post("/v1/classes/{class_id}:close", response_model=ClassAnswer, operation_id="close_class")
def post_closed(kept: TrainedDep, releases: ReleasesDep, store: ClassesDep) -> Response:
    """Close a class: nobody joins or attempts any more; what was done can still be read."""
    store.change(kept.id, is_closed=True)
    closed = store.get(kept.id)
    return as_json(class_answer(closed, releases.of_hash(kept.data_hash), store))


@router.delete(
    "/v1/classes/{class_id}",
    status_code=204,
    response_class=Response,
    operation_id="delete_class",
)
def delete_class(kept: TrainedDep, store: ClassesDep) -> Response:
    """Remove a class with its learners and all that they did."""
    store.remove(kept.id)
    return Response(status_code=204)


def register_classes(app: FastAPI) -> None:
    """Answer what a class refuses with problems."""
    app.add_exception_handler(NotAllowed, _not_allowed)
    app.add_exception_handler(Closed, _closed)


def _not_allowed(request: Request, error: Exception) -> Response:
    is_known = isinstance(error, NotAllowed) and error.is_known
    headers = None if is_known else {"WWW-Authenticate": "Class-Key"}
    status = 403 if is_known else 401
    return problem(status, str(error), instance=request.url.path, headers=headers)


def _closed(request: Request, error: Exception) -> Response:
    return problem(409, str(error), instance=request.url.path)
