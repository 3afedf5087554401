"""What a kept footprint is made of, rests on and depends on."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.dependencies import (
    BodyDep,
    ReleasesDep,
    SettingsDep,
    StoreDep,
    as_json,
    entity_tag,
    tagged,
    unless_known,
)
from api.examples import BRANCH, CLIMATE, WHATIF_BODY, example
from api.keep import find_footprint
from api.kept import draws, grounds, parts, passports
from api.kept.whatif import ask_variants
from api.read import read_json
from api.routes.footprints import FootprintId, KeptDep
from api.schemas import kept as shapes
from api.schemas.request import FootprintRequest, SamplingRequest
from api.schemas.whatif import MeasureNextAnswer, SamplesAnswer, WhatIfAnswer

router = APIRouter(tags=["kept footprints"])

SampleCount = Annotated[
    int, Query(ge=2, le=10_000, description="Of the inventory.", openapi_examples=example(32))
]
Seed = Annotated[
    int, Query(ge=0, le=2**63 - 1, description="Of the samples.", openapi_examples=example(0))
]
Indicator = Annotated[str, Query(max_length=100, openapi_examples=example(CLIMATE))]


@router.get(
    "/v1/footprints/{footprint_id}/request",
    response_model=FootprintRequest,
    operation_id="get_footprint_request",
)
def get_request(kept: KeptDep, request: Request) -> Response:
    """Return the request of a footprint as it was sent."""
    return unless_known(request, entity_tag(kept.request), lambda: kept.request)


@router.get(
    "/v1/footprints/{footprint_id}/contributions",
    response_model=shapes.KeptContributionsAnswer,
    operation_id="get_footprint_contributions",
)
def get_contributions(
    kept: KeptDep,
    request: Request,
    releases: ReleasesDep,
    by: Annotated[
        parts.Of, Query(description="What the parts are.", openapi_examples=example("line"))
    ] = "line",
    limit: Annotated[
        int,
        Query(
            ge=1,
            le=1000,
            description="Most parts; the rest is other.",
            openapi_examples=example(20),
        ),
    ] = 50,
    depth: Annotated[
        int,
        Query(
            ge=0,
            le=8,
            description="Levels of the upstream trees; 0 leaves them out.",
            openapi_examples=example(2),
        ),
    ] = 0,
) -> Response:
    """Tell what a footprint is made of: lines, stages, activities, flows or locations."""
    engine = releases.of_hash(kept.data_hash)
    return tagged(request, parts.contributions(kept, engine, by, limit, depth))


@router.get(
    "/v1/footprints/{footprint_id}/tree",
    response_model=shapes.TreeAnswer,
    operation_id="get_footprint_tree",
)
def get_tree(
    kept: KeptDep,
    request: Request,
    releases: ReleasesDep,
    indicator: Indicator = CLIMATE,
    depth: Annotated[
        int, Query(ge=1, le=8, description="Levels.", openapi_examples=example(3))
    ] = 3,
    nodes: Annotated[
        int,
        Query(
            ge=1,
            le=1000,
            description="Most branches; the largest are shown.",
            openapi_examples=example(20),
        ),
    ] = 50,
    cut_off: Annotated[
        float,
        Query(
            ge=0,
            le=1,
            description="Share of the score below which a branch is left out.",
            openapi_examples=example(0.01),
        ),
    ] = 0.001,
    branch: Annotated[
        list[str] | None,
        Query(
            max_length=50,
            description="Ids from a line down, repeated: only what is below that branch.",
            openapi_examples=example(BRANCH),
        ),
    ] = None,
) -> Response:
    """Return the upstream tree of one indicator, or what is below one of its branches."""
    engine = releases.of_hash(kept.data_hash)
    return tagged(
        request,
        parts.tree(
            kept,
            engine,
            indicator,
            depth=depth,
            nodes=nodes,
            cut_off=cut_off,
            branch=branch or (),
        ),
    )


@router.get(
    "/v1/footprints/{footprint_id}/sankey",
    response_model=shapes.KeptSankeyAnswer,
    operation_id="get_footprint_sankey",
)
def get_sankey(
    kept: KeptDep,
    request: Request,
    releases: ReleasesDep,
    indicator: Indicator = CLIMATE,
    nodes: Annotated[
        int, Query(ge=1, le=200, description="Most activities.", openapi_examples=example(20))
    ] = 30,
) -> Response:
    """Return the Sankey diagram of one indicator: nodes and links."""
    engine = releases.of_hash(kept.data_hash)
    return tagged(request, parts.sankey(kept, engine, indicator, nodes=nodes))


@router.get(
    "/v1/footprints/{footprint_id}/samples",
    response_model=SamplesAnswer,
    operation_id="get_footprint_samples",
)
def get_samples(
    kept: KeptDep,
    releases: ReleasesDep,
    indicator: Indicator = CLIMATE,
    samples: SampleCount = 1000,
    seed: Seed = 0,
) -> Response:
    """Return the samples of one indicator: those the request asked for, else as asked here."""
    sampling = SamplingRequest(samples=samples, seed=seed)
    return as_json(draws.samples(kept, releases.of_hash(kept.data_hash), indicator, sampling))


@router.get(
    "/v1/footprints/{footprint_id}/measure-next",
    response_model=MeasureNextAnswer,
    operation_id="get_measure_next",
)
def get_measure_next(
    kept: KeptDep,
    releases: ReleasesDep,
    indicator: Indicator = CLIMATE,
    samples: SampleCount = 1000,
    seed: Seed = 0,
) -> Response:
    """Tell which line to measure next: by how far the interval would narrow."""
    sampling = SamplingRequest(samples=samples, seed=seed)
    return as_json(draws.measure_next(kept, releases.of_hash(kept.data_hash), indicator, sampling))


@router.post(
    "/v1/footprints/{footprint_id}:whatif",
    response_model=WhatIfAnswer,
    openapi_extra=WHATIF_BODY,
    operation_id="post_whatif",
)
def post_whatif(
    kept: KeptDep,
    body: BodyDep,
    releases: ReleasesDep,
    settings: SettingsDep,
) -> Response:
    """Compute variants of a footprint: other amounts, places, suppliers, parameters, lines."""
    value = read_json(body)
    engine = releases.of_hash(kept.data_hash)
    return as_json(ask_variants(kept, value, engine, max_lines=settings.max_lines))


@router.get(
    "/v1/footprints/{footprint_id}/coverage",
    response_model=shapes.KeptCoverageAnswer,
    operation_id="get_footprint_coverage",
)
def get_footprint_coverage(kept: KeptDep, request: Request) -> Response:
    """Tell what a footprint covers: flows without a factor, lines served by the ladder."""
    return tagged(request, grounds.coverage(kept))


@router.get(
    "/v1/footprints/{footprint_id}/quality",
    response_model=shapes.KeptQualityAnswer,
    operation_id="get_footprint_quality",
)
def get_quality(kept: KeptDep, request: Request) -> Response:
    """Return the pedigree, the data quality rating and the share of primary data."""
    return tagged(request, grounds.quality(kept))


@router.get(
    "/v1/footprints/{footprint_id}/manifest",
    response_model=shapes.PassportAnswer,
    operation_id="get_footprint_manifest",
)
def get_manifest(kept: KeptDep, request: Request) -> Response:
    """Return the passport: everything that the footprint depends on, and whom to name."""
    return tagged(request, grounds.passport(kept))


@router.post(
    "/v1/footprints/{footprint_id}:recompute",
    response_model=shapes.RecomputedAnswer,
    operation_id="recompute_footprint",
)
def recompute(kept: KeptDep, releases: ReleasesDep) -> Response:
    """Compute a footprint again from its request and its data, and compare every bit."""
    return as_json(passports.recompute(kept, releases))


@router.get(
    "/v1/footprints/{footprint_id}/diff/{other_id}",
    response_model=shapes.DifferenceAnswer,
    operation_id="get_footprint_difference",
)
def get_difference(
    footprint_id: FootprintId, other_id: FootprintId, releases: ReleasesDep, store: StoreDep
) -> Response:
    """Split the change to another footprint into input, method, data and engine."""
    before, after = (find_footprint(each, releases, store) for each in (footprint_id, other_id))
    return as_json(passports.difference(before, after, releases))
