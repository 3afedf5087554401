"""What a kept footprint is made of, rests on and depends on."""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Iterator, Sequence
from typing import Literal

from api.ask import ask_contributions
from api.faults import checked
from api.keep import answer_of, request_of
from api.schemas import kept as shapes
from api.schemas.answer import (
    ContributionAnswer,
    ContributionsAnswer,
    FootprintAnswer,
    IndicatorAnswer,
    IndicatorContributionsAnswer,
)
from api.schemas.request import SamplingRequest
from api.schemas.whatif import MeasureNextAnswer, NarrowingAnswer, SamplesAnswer
from api.store.footprints import Kept
from api.translate.answers import from_branch
from api.translate.questions import to_study
from lca_service.calculation.contributions import OTHER, By
from lca_service.calculation.uncertainty import Samples, narrowings
from lca_service.calculation.upstream import LargestBranches
from lca_service.catalogue.nomenclature import nearest_names
from lca_service.domain.study import Sampling
from lca_service.engine import Engine
from lca_service.errors import Fault, StudyError, UnknownName

Of = Literal["line", "stage", "activity", "flow", "location"]

_MOST_LINES = 1_000_000  # it was accepted when it was kept


def contributions(kept: Kept, engine: Engine, by: Of, limit: int) -> shapes.KeptContributionsAnswer:
    """Return the parts of every indicator: of the answer itself, or of its supply chain."""
    parts: Iterator[shapes.PartsAnswer]
    if by == "line" or by == "stage":
        parts = (_own_parts(each, by, limit) for each in answer_of(kept).indicators)
    else:
        found = _analysed(kept, engine, by=by, limit=limit)
        parts = (
            shapes.PartsAnswer(**each.model_dump(exclude={"tree", "sankey"}))
            for each in found.indicators
        )
    return shapes.KeptContributionsAnswer(footprint=kept.id, by=by, indicators=list(parts))


def tree(
    kept: Kept,
    engine: Engine,
    indicator: str,
    *,
    depth: int,
    nodes: int,
    cut_off: float,
    branch: Sequence[str] = (),
) -> shapes.TreeAnswer:
    """Return the upstream tree of an indicator, of its largest branches.

    Parameters
    ----------
    depth
        Levels below the lines, or below the branch.
    nodes
        Most branches; the smallest are left out, and counted.
    cut_off
        Share of the score [-] below which a branch is left out, and counted.
    branch
        Ids from a line down, where only what is below it is wanted.
    """
    answer = answer_of(kept)
    _known(indicator, answer)
    found = next(each for each in answer.indicators if each.id == indicator)
    grown = LargestBranches((), 0, 0)
    if found.value is not None:
        request = checked(request_of(kept), engine, max_lines=_MOST_LINES)
        keys = [each.key for each in engine.catalogue.categories]
        try:
            grown = engine.upstream_tree(
                to_study(request),
                keys.index((found.method.id, indicator)),
                total=found.value,
                branch=branch,
                depth=depth,
                nodes=nodes,
                cut_off=cut_off,
            )
        except UnknownName as error:
            fault = Fault("/branch", error.code, str(error), error.hint, error.nearest)
            raise StudyError([fault]) from error
    return shapes.TreeAnswer(
        footprint=kept.id,
        indicator=indicator,
        unit=found.unit,
        value=found.value,
        reason=found.reason,
        branch=list(branch),
        nodes=grown.n_shown,
        cut=grown.n_cut,
        tree=[from_branch(each) for each in grown.branches],
    )


def sankey(kept: Kept, engine: Engine, indicator: str, *, nodes: int) -> shapes.KeptSankeyAnswer:
    """Return the Sankey diagram of an indicator."""
    _known(indicator, answer_of(kept))
    found = _indicator(_analysed(kept, engine, nodes=nodes), indicator)
    return shapes.KeptSankeyAnswer(
        footprint=kept.id,
        indicator=indicator,
        unit=found.unit,
        value=found.value,
        reason=found.reason,
        sankey=found.sankey,
    )


def measure_next(
    kept: Kept, engine: Engine, indicator: str, sampling: SamplingRequest
) -> MeasureNextAnswer:
    """Return the lines, those first that narrow the interval most; raises as `samples`."""
    row, drawn, used = _sampled(kept, engine, indicator, sampling)
    return MeasureNextAnswer(
        footprint=kept.id,
        indicator=indicator,
        samples=used.samples,
        seed=used.seed,
        lines=[NarrowingAnswer(**vars(each)) for each in narrowings(drawn, row)],
    )


def samples(kept: Kept, engine: Engine, indicator: str, sampling: SamplingRequest) -> SamplesAnswer:
    """Return the samples of an indicator.

    Raises
    ------
    SamplesMissing
        If they are not built.
    """
    row, drawn, used = _sampled(kept, engine, indicator, sampling)
    return SamplesAnswer(
        footprint=kept.id,
        indicator=indicator,
        unit=engine.catalogue.categories[row].unit,
        seed=used.seed,
        values=drawn.scores[:, drawn.rows.index(row)].sum(axis=0).tolist(),
    )


def _sampled(
    kept: Kept, engine: Engine, indicator: str, sampling: SamplingRequest
) -> tuple[int, Samples, Sampling]:
    """Return the row of an indicator, and its samples: those that the request asked for, if any."""
    answer = answer_of(kept)
    _known(indicator, answer)
    request = checked(request_of(kept), engine, max_lines=_MOST_LINES)
    if request.uncertainty is None:
        request = request.model_copy(update={"uncertainty": sampling})
    study = to_study(request, kept.input_sha256)
    assert study.sampling is not None
    drawn = engine.samples(study)
    wanted = next(each for each in answer.indicators if each.id == indicator)
    categories = engine.catalogue.categories
    for row in drawn.rows:
        found = categories[row].indicator, categories[row].method
        if found == (indicator, wanted.method.id) and wanted.value is not None:
            return row, drawn, study.sampling
    detail = f"{indicator} is not sampled: its value is unknown, or its method not the default"
    raise StudyError([Fault("/indicator", "not_sampled", detail)])


def coverage(kept: Kept) -> shapes.KeptCoverageAnswer:
    """Return what a footprint covers, and what it does not."""
    answer = answer_of(kept)
    return shapes.KeptCoverageAnswer(
        footprint=kept.id,
        served_by_the_ladder=[
            shapes.LineCoverageAnswer(
                line=line.id,
                asked=line.matched.asked,
                location=line.matched.location,
                ladder=line.matched.ladder,
            )
            for line in answer.lines
            if line.matched is not None and line.matched.location != line.matched.asked
        ],
        indicators=[
            shapes.BasisAnswer(
                id=each.id,
                own_share=each.coverage.own_share,
                relinked_share=each.coverage.relinked_share,
                average_share=each.coverage.average_share,
                foreground_share=each.coverage.foreground_share,
                measured_share=each.coverage.measured_share,
                literature_share=each.coverage.literature_share,
                estimated_share=each.coverage.estimated_share,
                partial=each.coverage.partial,
                left_out=[flow.flow for flow in each.coverage.left_out],
                uncharacterized=[flow.flow for flow in each.coverage.uncharacterized],
            )
            for each in answer.indicators
        ],
    )


def quality(kept: Kept) -> shapes.KeptQualityAnswer:
    """Return the pedigree and the rating of every indicator."""
    return shapes.KeptQualityAnswer(
        footprint=kept.id,
        indicators=[
            shapes.IndicatorQualityAnswer(
                id=each.id,
                quality=each.coverage.quality,
                primary_data_share=each.coverage.foreground_share,
            )
            for each in answer_of(kept).indicators
        ],
    )


def passport(kept: Kept) -> shapes.PassportAnswer:
    """Return everything that a footprint depends on."""
    answer = answer_of(kept)
    drawn = answer.uncertainty
    return shapes.PassportAnswer(
        **answer.manifest.model_dump(),
        footprint=kept.id,
        created=kept.created,
        answer_sha256=hashlib.sha256(kept.answer).hexdigest(),
        methods={each.id: each.method for each in answer.indicators},
        seed=None if drawn is None else drawn.seed,
        samples=None if drawn is None else drawn.samples,
        ladders={line.id: line.matched.ladder for line in answer.lines if line.matched is not None},
        licences=sorted({source.licence for source in answer.sources}),
        attribution=[
            shapes.AttributionAnswer(
                source=source.id,
                licence=source.licence,
                text=f"{source.citation} Licence: {source.licence}. Changed: figures were "
                "taken from it and computed with.",
            )
            for source in answer.sources
        ],
    )


def _own_parts(result: IndicatorAnswer, by: Of, limit: int) -> shapes.PartsAnswer:
    parts = (result.by_line if by == "line" else result.by_stage) or {}
    shown = heapq.nsmallest(limit, parts.items(), key=lambda part: -abs(part[1]))
    if len(shown) < len(parts):
        shown.append((OTHER, sum(parts.values()) - sum(value for _, value in shown)))
    return shapes.PartsAnswer(
        id=result.id,
        unit=result.unit,
        value=result.value,
        reason=result.reason,
        method=result.method,
        contributions=[
            ContributionAnswer(
                id=name, value=value, share=value / result.value if result.value else None
            )
            for name, value in shown
        ],
    )


def _analysed(
    kept: Kept,
    engine: Engine,
    *,
    by: By = "activity",
    limit: int = 50,
    nodes: int = 0,
) -> ContributionsAnswer:
    return ask_contributions(
        request_of(kept),
        engine,
        by=by,
        depth=0,
        limit=limit,
        nodes=nodes,
        max_lines=_MOST_LINES,
    )


def _known(indicator: str, answer: FootprintAnswer) -> None:
    known = [each.id for each in answer.indicators]
    if indicator not in known:
        detail = f"the footprint has no indicator {indicator!r}"
        nearest = nearest_names(indicator, known)
        raise StudyError([Fault("/indicator", "unknown_indicator", detail, "", nearest)])


def _indicator(found: ContributionsAnswer, indicator: str) -> IndicatorContributionsAnswer:
    return next(each for each in found.indicators if each.id == indicator)
