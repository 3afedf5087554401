"""Comparisons of products that fulfil one function."""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter, Request, Response

from api.charts.of_comparison import of_claim, of_comparison
from api.charts.reply import FILES, WantedDep, reply
from api.claims import ask_claim
from api.comparisons import ask_comparison
from api.dependencies import BodyDep, ReleasesDep, SettingsDep, StoreDep
from api.examples import CLAIM_BODY, COMPARISON_BODY
from api.keep import find_footprint
from api.limits import name_release
from api.read import read_json
from api.schemas.comparisons import ClaimAnswer, ComparisonAnswer

router = APIRouter(tags=["comparisons"])


@router.post(
    "/v1/comparisons",
    response_model=ComparisonAnswer,
    responses=FILES,
    openapi_extra=COMPARISON_BODY,
    operation_id="post_comparison",
)
def post_comparison(
    body: BodyDep,
    request: Request,
    releases: ReleasesDep,
    store: StoreDep,
    settings: SettingsDep,
    wanted: WantedDep,
) -> Response:
    """Compare 2 to 50 products two by two: lower, higher, or not distinguishable."""
    find = partial(find_footprint, releases=releases, store=store)
    answer = ask_comparison(read_json(body), releases, find, max_lines=settings.max_lines)
    name_release(request, answer.manifest.data_release)
    return reply(wanted, answer, lambda: of_comparison(answer, wanted.language), "comparison")


@router.post(
    "/v1/comparisons:check-claim",
    response_model=ClaimAnswer,
    responses=FILES,
    openapi_extra=CLAIM_BODY,
    operation_id="check_claim",
)
def check_claim(
    body: BodyDep,
    request: Request,
    releases: ReleasesDep,
    store: StoreDep,
    settings: SettingsDep,
    wanted: WantedDep,
) -> Response:
    """List what ISO 14044 asks of a comparison before the public sees it."""
    find = partial(find_footprint, releases=releases, store=store)
    answer = ask_claim(read_json(body), releases, find, max_lines=settings.max_lines)
    name_release(request, answer.comparison.manifest.data_release)
    return reply(wanted, answer, lambda: of_claim(answer, wanted.language), "claim")
