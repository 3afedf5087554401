"""The footprint of an organisation: computed, answered, and not kept."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response

from api.dependencies import BodyDep, ReleasesDep, SettingsDep, as_json
from api.examples import ORGANISATION_BODY, example
from api.exports.organisation import organisation_csv, organisation_workbook
from api.keep import choose_release
from api.negotiate import MEDIA_TYPES, accepted
from api.organisation.ask import ask_organisation
from api.read import read_json
from api.schemas.organisation_answer import OrganisationAnswer

router = APIRouter(tags=["organisations"])


@router.post(
    "/v1/organisation-footprints",
    response_model=OrganisationAnswer,
    responses={200: {"content": {MEDIA_TYPES[each].split(";")[0]: {} for each in ("csv", "xlsx")}}},
    openapi_extra=ORGANISATION_BODY,
    operation_id="post_organisation_footprint",
)
def post_organisation_footprint(
    body: BodyDep,
    request: Request,
    releases: ReleasesDep,
    settings: SettingsDep,
    wanted: Annotated[
        Literal["json", "csv", "xlsx"] | None,
        Query(
            alias="format",
            description="Else as the Accept header says.",
            openapi_examples=example("json"),
        ),
    ] = None,
) -> Response:
    """Compute what sites emit and take in a period, by scope, with a table for reports."""
    chosen = wanted or accepted(request.headers.get("accept", ""), ("json", "csv", "xlsx"))
    value = read_json(body)
    engine, faults = choose_release(value, releases)
    answer = ask_organisation(value, engine, max_lines=settings.max_lines, faults=faults)
    if chosen == "json":
        return as_json(answer)
    content = organisation_csv(answer) if chosen == "csv" else organisation_workbook(answer)
    headers = {"Content-Disposition": f'attachment; filename="organisation-footprint.{chosen}"'}
    return Response(content, 200, headers, media_type=MEDIA_TYPES[chosen])
