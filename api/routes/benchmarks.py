"""Benchmarks of product categories."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from api.charts.of_category import of_benchmark, of_rating
from api.charts.reply import FILES, WantedDep, reply, reply_again
from api.dependencies import (
    BodyDep,
    EngineDep,
    ReleasesDep,
    SettingsDep,
    StoreDep,
)
from api.examples import CATEGORY, RATING_BODY, example
from api.keep import find_footprint
from api.limits import name_release
from api.policy.benchmarks import ask_benchmark, ask_rating
from api.read import read_json
from api.schemas.benchmarks import BenchmarkAnswer, RatingAnswer
from api.schemas.request import SamplingRequest

router = APIRouter(tags=["benchmarks"])

CategoryId = Annotated[str, Path(max_length=100, openapi_examples=example(CATEGORY))]


def _codes(description: str, shown: str) -> object:
    return Query(max_length=2000, description=description, openapi_examples=example(shown))


@router.get(
    "/v1/benchmarks/{category_id}",
    response_model=BenchmarkAnswer,
    responses=FILES,
    operation_id="get_benchmark",
)
def get_benchmark(
    category_id: CategoryId,
    request: Request,
    engine: EngineDep,
    indicators: Annotated[
        str, _codes("Codes with commas; else climate and water.", "climate_change.total")
    ] = "",
    countries: Annotated[
        str, _codes("Codes with commas; else every country with a grid.", "BD,IN,CN,TR")
    ] = "",
    fixed: Annotated[
        str | None,
        _codes("Parameters at their default; else those of the mass.", "mass"),
    ] = None,
    samples: Annotated[
        int,
        Query(ge=2, le=1000, description="Of each place.", openapi_examples=example(32)),
    ] = 256,
    seed: Annotated[
        int, Query(ge=0, le=2**63 - 1, description="Of the draws.", openapi_examples=example(0))
    ] = 0,
    *,
    wanted: WantedDep,
) -> Response:
    """Return how a category's footprint is spread over places and technologies, with classes."""
    answer = ask_benchmark(
        category_id,
        _split(indicators),
        _split(countries),
        None if fixed is None else _split(fixed),
        SamplingRequest(samples=samples, seed=seed),
        engine,
    )
    return reply_again(
        request, wanted, answer, lambda: of_benchmark(answer, wanted.language), "benchmark"
    )


@router.post(
    "/v1/benchmarks/{category_id}:rate",
    response_model=RatingAnswer,
    responses=FILES,
    openapi_extra=RATING_BODY,
    operation_id="rate_product",
)
def rate_product(
    category_id: CategoryId,
    body: BodyDep,
    request: Request,
    releases: ReleasesDep,
    store: StoreDep,
    settings: SettingsDep,
    wanted: WantedDep,
) -> Response:
    """Return where a product stands in its category: percentile, class, and how sure that is."""
    answer, category = ask_rating(
        category_id,
        read_json(body),
        releases,
        partial(find_footprint, releases=releases, store=store),
        max_lines=settings.max_lines,
    )
    name_release(request, answer.manifest.data_release)
    return reply(wanted, answer, lambda: of_rating(answer, category, wanted.language), "rating")


def _split(text: str) -> list[str]:
    return [each.strip() for each in text.split(",") if each.strip()]
