"""Hotspots of value chains."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from api.charts.of_category import of_hotspots
from api.charts.reply import FILES, WantedDep, reply_again
from api.dependencies import EngineDep, ReleasesDep, conditional
from api.examples import SECTOR, example
from api.negotiate import preferred_language
from api.policy.hotspots import ask_hotspots, list_sectors
from api.schemas.catalogue import Page
from api.schemas.hotspots import HotspotsAnswer, SectorAnswer
from api.schemas.language import Language

router = APIRouter(tags=["hotspots"])

LanguageQuery = Annotated[
    Language | None,
    Query(description="Else as Accept-Language says.", openapi_examples=example("en")),
]


@router.get("/v1/hotspots", response_model=Page[SectorAnswer], operation_id="list_hotspots")
def get_sectors(request: Request, engine: EngineDep, language: LanguageQuery = None) -> Response:
    """List the sectors whose value chains are shipped, and their products."""
    chosen = language or preferred_language(request.headers.get("accept-language", ""))
    items = list_sectors(chosen)
    return conditional(
        request, engine, Page[SectorAnswer](items=items, total=len(items)), also=chosen
    )


@router.get(
    "/v1/hotspots/{sector_id}",
    response_model=HotspotsAnswer,
    responses=FILES,
    operation_id="get_hotspots",
)
def get_hotspots(
    sector_id: Annotated[str, Path(max_length=40, openapi_examples=example(SECTOR))],
    request: Request,
    releases: ReleasesDep,
    product: Annotated[
        str,
        Query(
            max_length=40,
            description="Of the sector; else its first.",
            openapi_examples=example("rice"),
        ),
    ] = "",
    countries: Annotated[
        str,
        Query(
            max_length=400,
            description="Codes with commas; else those of the sector.",
            openapi_examples=example("IN,KE,VN"),
        ),
    ] = "",
    indicators: Annotated[
        str,
        Query(
            max_length=400,
            description="Codes with commas; else climate, water consumption and scarcity.",
            openapi_examples=example("climate_change.total,water.consumption"),
        ),
    ] = "",
    *,
    wanted: WantedDep,
) -> Response:
    """Return the hotspots of a product's value chain, what addresses them, and an agenda."""
    answer = ask_hotspots(
        sector_id, product, _codes(countries), _codes(indicators), releases, wanted.language
    )
    return reply_again(
        request, wanted, answer, lambda: of_hotspots(answer, wanted.language), "hotspots"
    )


def _codes(text: str) -> list[str]:
    return [each.strip() for each in text.split(",") if each.strip()]
