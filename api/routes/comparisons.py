"""Comparisons of products that fulfil one function."""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter, Request, Response

from api.comparisons import ask_comparison
from api.dependencies import BodyDep, ReleasesDep, SettingsDep, StoreDep, as_json
from api.examples import COMPARISON_BODY
from api.keep import find_footprint
from api.limits import name_release
from api.read import read_json
from api.schemas.comparisons import ComparisonAnswer

router = APIRouter(tags=["comparisons"])


@router.post(
    "/v1/comparisons",
    response_model=ComparisonAnswer,
    openapi_extra=COMPARISON_BODY,
    operation_id="post_comparison",
)
def post_comparison(
    body: BodyDep,
    request: Request,
    releases: ReleasesDep,
    store: StoreDep,
    settings: SettingsDep,
) -> Response:
    """Compare 2 to 50 products two by two: lower, higher, or not distinguishable."""
    find = partial(find_footprint, releases=releases, store=store)
    answer = ask_comparison(read_json(body), releases, find, max_lines=settings.max_lines)
    name_release(request, answer.manifest.data_release)
    return as_json(answer)
