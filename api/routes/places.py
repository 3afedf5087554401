"""Buildings and places."""

from __future__ import annotations

from fastapi import APIRouter, Response

from api.charts.of_places import of_building, of_consumption
from api.charts.reply import FILES, WantedDep, reply
from api.dependencies import BodyDep, EngineDep, SettingsDep
from api.examples import BUILDING_BODY, CONSUMPTION_BODY
from api.places.buildings import ask_building
from api.places.consumption import ask_consumption
from api.read import read_json
from api.schemas.places import BuildingAnswer, ConsumptionAnswer

router = APIRouter(tags=["places"])


@router.post(
    "/v1/buildings",
    response_model=BuildingAnswer,
    responses=FILES,
    openapi_extra=BUILDING_BODY,
    operation_id="post_building",
)
def post_building(
    body: BodyDep, engine: EngineDep, settings: SettingsDep, wanted: WantedDep
) -> Response:
    """Compute the common carbon metric of a building, and its water."""
    answer = ask_building(read_json(body), engine, max_lines=settings.max_lines)
    return reply(wanted, answer, lambda: of_building(answer, wanted.language), "building")


@router.post(
    "/v1/consumption-tables",
    response_model=ConsumptionAnswer,
    responses=FILES,
    openapi_extra=CONSUMPTION_BODY,
    operation_id="post_consumption_table",
)
def post_consumption_table(
    body: BodyDep, engine: EngineDep, settings: SettingsDep, wanted: WantedDep
) -> Response:
    """Compute what a city, or any place, consumes in a year."""
    answer = ask_consumption(read_json(body), engine, max_lines=settings.max_lines)
    return reply(wanted, answer, lambda: of_consumption(answer, wanted.language), "consumption")
