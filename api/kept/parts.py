"""What a kept footprint is made of."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from typing import Literal

from api.ask import ask_contributions
from api.faults import checked
from api.keep import ANY_LENGTH, answer_of, request_of
from api.kept.indicators import require_indicator
from api.schemas import kept as shapes
from api.schemas.answer import (
    ContributionAnswer,
    ContributionsAnswer,
    IndicatorAnswer,
    IndicatorContributionsAnswer,
)
from api.store.footprints import Kept
from api.translate.answers import from_branch
from api.translate.questions import to_study
from lca_service.calculation.contributions import OTHER, By
from lca_service.calculation.upstream import LargestBranches
from lca_service.engine import Engine
from lca_service.errors import Fault, StudyError, UnknownName

Of = Literal["line", "stage", "activity", "flow", "location"]

_CUT_OFF = 0.001  # share of the score below which a branch is not followed


def contributions(
    kept: Kept, engine: Engine, by: Of, limit: int, depth: int = 0
) -> shapes.KeptContributionsAnswer:
    """Return the parts of every indicator: of the answer itself, or of its supply chain.

    With a ``depth`` above 0 also their upstream trees, of so many levels and ``limit`` branches.
    """
    parts: Iterator[shapes.PartsAnswer]
    if by == "line" or by == "stage":
        parts = (_own_parts(each, by, limit) for each in answer_of(kept).indicators)
    else:
        found = _analysed(kept, engine, by=by, limit=limit)
        parts = (
            shapes.PartsAnswer(**each.model_dump(exclude={"tree", "sankey"}))
            for each in found.indicators
        )
    if depth:
        trees = {
            each.id: _grown(kept, engine, each, depth=depth, nodes=limit, cut_off=_CUT_OFF)
            for each in answer_of(kept).indicators
        }
        parts = (
            each.model_copy(update={"tree": list(map(from_branch, trees[each.id].branches))})
            for each in parts
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
    require_indicator(indicator, answer)
    found = next(each for each in answer.indicators if each.id == indicator)
    grown = _grown(kept, engine, found, depth=depth, nodes=nodes, cut_off=cut_off, branch=branch)
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
    require_indicator(indicator, answer_of(kept))
    found = _indicator(_analysed(kept, engine, nodes=nodes), indicator)
    return shapes.KeptSankeyAnswer(
        footprint=kept.id,
        indicator=indicator,
        unit=found.unit,
        value=found.value,
        reason=found.reason,
        sankey=found.sankey,
    )


def _grown(
    kept: Kept,
    engine: Engine,
    found: IndicatorAnswer,
    *,
    depth: int,
    nodes: int,
    cut_off: float,
    branch: Sequence[str] = (),
) -> LargestBranches:
    """Return the largest branches of an indicator's tree; none where its value is unknown."""
    if found.value is None:
        return LargestBranches((), 0, 0)
    request = checked(request_of(kept), engine, max_lines=ANY_LENGTH)
    keys = [each.key for each in engine.catalogue.categories]
    try:
        return engine.upstream_tree(
            to_study(request),
            keys.index((found.method.id, found.id)),
            total=found.value,
            branch=branch,
            depth=depth,
            nodes=nodes,
            cut_off=cut_off,
        )
    except UnknownName as error:
        fault = Fault("/branch", error.code, str(error), error.hint, error.nearest)
        raise StudyError([fault]) from error


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
        max_lines=ANY_LENGTH,
    )


def _indicator(found: ContributionsAnswer, indicator: str) -> IndicatorContributionsAnswer:
    return next(each for each in found.indicators if each.id == indicator)
