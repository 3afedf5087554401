"""Countries over time, beside the products."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from api import countries
from api.charts.of_countries import of_trends
from api.charts.reply import FILES, WantedDep, reply_again
from api.dependencies import EngineDep, conditional
from api.examples import COUNTRIES, COUNTRY, PRESSURE, example
from api.schemas.countries import CountryPage, TrendsAnswer

router = APIRouter(tags=["countries"])

Code = Annotated[str, Path(max_length=100, openapi_examples=example(COUNTRY))]
Start = Annotated[
    int | None,
    Query(ge=1500, le=2099, description="First year.", openapi_examples=example(2000)),
]
End = Annotated[
    int | None, Query(ge=1500, le=2099, description="Last year.", openapi_examples=example(2017))
]
Pressure = Annotated[
    list[str],
    Query(
        max_length=20,
        description="Pressures to show, several by naming it again; else all.",
        openapi_examples=example([PRESSURE]),
    ),
]


@router.get("/v1/countries", response_model=CountryPage, operation_id="list_countries")
def list_countries(request: Request, engine: EngineDep) -> Response:
    """List the countries that have series over time, and what these tell."""
    return conditional(request, engine, countries.list_countries(engine.catalogue))


@router.get(
    "/v1/countries/{code}/trends",
    response_model=TrendsAnswer,
    responses=FILES,
    operation_id="get_country_trends",
)
def get_country_trends(
    code: Code,
    request: Request,
    engine: EngineDep,
    start: Start = None,
    end: End = None,
    pressure: Pressure = [],  # noqa: B006
    *,
    wanted: WantedDep,
) -> Response:
    """Return a country's series, their growth, and the decoupling of pressures from income."""
    found = countries.find_country(code, engine.catalogue)
    answer = countries.ask_trends([found], engine, start=start, end=end, pressures=pressure)
    return reply_again(
        request, wanted, answer, lambda: of_trends(answer, wanted.language), "trends"
    )


@router.get("/v1/trends", response_model=TrendsAnswer, responses=FILES, operation_id="list_trends")
def list_trends(
    request: Request,
    engine: EngineDep,
    codes: Annotated[
        str,
        Query(
            alias="countries",
            max_length=1000,
            description="Codes with commas between them.",
            openapi_examples=example(COUNTRIES),
        ),
    ],
    start: Start = None,
    end: End = None,
    pressure: Pressure = [],  # noqa: B006
    *,
    wanted: WantedDep,
) -> Response:
    """Return the same of several countries, in the order of their names in the query."""
    named = [each for each in codes.split(",") if each.strip()]
    answer = countries.ask_trends(named, engine, start=start, end=end, pressures=pressure)
    return reply_again(
        request, wanted, answer, lambda: of_trends(answer, wanted.language), "trends"
    )
