"""From what the engine answers to JSON."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any

from api.contracts import instruments, is_supplied
from api.guardrails import guardrails
from api.scenarios import scenarios
from api.schemas import answer
from api.schemas.request import FootprintRequest
from api.translate.questions import input_sha256
from lca_service.calculation.contributions import CategoryContributions
from lca_service.calculation.coverage import Coverage, FlowAmount
from lca_service.calculation.footprint import Footprint, IndicatorResult
from lca_service.calculation.lines import LineResult
from lca_service.calculation.uncertainty import Uncertainty
from lca_service.calculation.upstream import Branch
from lca_service.domain.method import ImpactCategory
from lca_service.domain.quality import Quality
from lca_service.engine import Engine


def manifest(value: Mapping[str, Any], engine: Engine) -> answer.ManifestAnswer:
    """Return what reproduces the answer to a request."""
    return answer.ManifestAnswer(
        input_sha256=input_sha256(value),
        data_release=engine.catalogue.release,
        data_hash=engine.catalogue.data_hash,
        engine=engine.version,
    )


def from_footprint(
    result: Footprint,
    request: FootprintRequest,
    engine: Engine,
    manifest: answer.ManifestAnswer,
    drawn: Uncertainty | None = None,
    on_grid: Footprint | None = None,
) -> answer.FootprintAnswer:
    """Return the answer of a footprint, with its distributions where they were asked for.

    ``on_grid`` is the footprint with the grid's electricity in place of contracts.
    """
    indicators = [
        _indicator(
            each, engine, drawn, None if on_grid is None else on_grid.indicators[place].value
        )
        for place, each in enumerate(result.indicators)
    ]
    return answer.FootprintAnswer(
        name=request.name,
        declared_unit=request.declared_unit,
        location=request.location,
        indicators=indicators,
        uncertainty=_sampling(drawn),
        lines=[line_answer(each, engine) for each in result.lines],
        warnings=[
            *(
                answer.WarningAnswer(code=each.code, pointer=each.pointer, detail=each.detail)
                for each in result.notices
            ),
            *guardrails(request, indicators),
        ],
        statement=_statement(result, request, engine),
        sources=[
            answer.SourceAnswer(id=source.code, citation=source.citation, licence=licence)
            for source, licence in result.sources
        ],
        manifest=manifest,
    )


def from_contributions(
    results: Iterable[CategoryContributions],
    request: FootprintRequest,
    by: str,
    engine: Engine,
    manifest: answer.ManifestAnswer,
) -> answer.ContributionsAnswer:
    """Return the answer of a contribution analysis."""
    return answer.ContributionsAnswer(
        name=request.name,
        by=by,
        indicators=[
            answer.IndicatorContributionsAnswer(
                id=each.category.indicator,
                unit=each.category.unit,
                value=each.value,
                reason=each.reason or None,
                method=method(each.category, engine),
                contributions=[
                    answer.ContributionAnswer(id=part.id, value=part.value, share=part.share)
                    for part in each.contributions
                ],
                tree=[from_branch(branch) for branch in each.tree],
                sankey=None
                if each.sankey is None
                else answer.SankeyAnswer.model_validate(dataclasses.asdict(each.sankey)),
            )
            for each in results
        ],
        manifest=manifest,
    )


def from_branch(branch: Branch) -> answer.BranchAnswer:
    """Return a branch of an upstream tree, with those below it."""
    return answer.BranchAnswer(
        id=branch.id,
        activity=branch.activity,
        amount=branch.amount,
        unit=branch.unit,
        value=branch.value,
        direct=branch.direct,
        children=[from_branch(child) for child in branch.children],
    )


def _sampling(drawn: Uncertainty | None) -> answer.SamplingAnswer | None:
    if drawn is None:
        return None
    return answer.SamplingAnswer(
        samples=drawn.sampling.samples,
        seed=drawn.sampling.seed,
        used=drawn.n_used,
        **dataclasses.asdict(drawn.report),
    )


def _distribution(
    result: IndicatorResult, engine: Engine, drawn: Uncertainty | None
) -> answer.DistributionAnswer | None:
    if drawn is None or result.value is None:
        return None
    found = drawn.distributions.get(engine.catalogue.categories.index(result.category))
    return None if found is None else answer.DistributionAnswer(**dataclasses.asdict(found))


def _statement(
    result: Footprint, request: FootprintRequest, engine: Engine
) -> answer.StatementAnswer:
    """Return the statement, with what the request says of contracts and of a template."""
    found = answer.StatementAnswer.model_validate(result.statement, from_attributes=True)
    said: dict[str, str] = {}
    if contracts := instruments(request):
        named = "; ".join(contracts)
        said["electricity"] = f"by contract ({named}), the grid's beside it; {found.electricity}"
    said["scenarios"] = scenarios(request, engine, found.scenarios)
    return found.model_copy(update=said)


def _indicator(
    result: IndicatorResult, engine: Engine, drawn: Uncertainty | None, on_grid: float | None
) -> answer.IndicatorAnswer:
    return answer.IndicatorAnswer(
        id=result.category.indicator,
        name=result.category.name,
        value=result.value,
        unit=result.category.unit,
        reason=result.reason or None,
        with_grid_electricity=on_grid,
        method=method(result.category, engine),
        by_stage=None if result.by_stage is None else dict(result.by_stage),
        by_line=None if result.by_line is None else dict(result.by_line),
        by_edition=dict(result.by_edition),
        uncertainty=_distribution(result, engine, drawn),
        coverage=_coverage(result.coverage),
    )


def method(category: ImpactCategory, engine: Engine) -> answer.MethodAnswer:
    """Return the method edition of an impact category."""
    found = engine.catalogue.methods_by_id[category.method]
    return answer.MethodAnswer(id=found.id, version=found.version)


def _coverage(coverage: Coverage) -> answer.CoverageAnswer:
    return answer.CoverageAnswer(
        own_share=coverage.own_share,
        relinked_share=coverage.relinked_share,
        average_share=coverage.average_share,
        foreground_share=coverage.foreground_share,
        quality=quality(coverage.quality),
        measured_share=coverage.measured_share,
        literature_share=coverage.literature_share,
        estimated_share=coverage.estimated_share,
        substituted_factor_share=coverage.substituted_factor_share,
        partial=coverage.is_partial,
        left_out=[_flow(each) for each in coverage.left_out],
        uncharacterized=[_flow(each) for each in coverage.uncharacterized],
    )


def quality(mean: Quality | None) -> answer.QualityAnswer | None:
    """Return a pedigree with its rating; None where nothing is rated."""
    if mean is None:
        return None
    return answer.QualityAnswer(**dataclasses.asdict(mean), rating=mean.rating)


def _flow(amount: FlowAmount) -> answer.FlowAmountAnswer:
    return answer.FlowAmountAnswer(flow=amount.flow, amount=amount.amount, unit=amount.unit)


def line_answer(result: LineResult, engine: Engine) -> answer.LineAnswer:
    """Return how a line was understood."""
    match = result.match
    by_contract = is_supplied(result.pointer)
    return answer.LineAnswer(
        id=result.id,
        pointer=result.pointer,
        matched=None
        if match is None
        else answer.MatchAnswer(
            activity=engine.catalogue.activities[match.activity_index].id,
            product=match.product,
            location=match.location,
            asked=match.asked,
            ladder=list(match.ladder),
        ),
        status="contract" if by_contract else result.status,
        source="; ".join(source.title for source in result.sources) or None,
        licence=" AND ".join(result.licences) or None,
        without_parameters=None
        if result.without_parameters is None or by_contract
        else dict(result.without_parameters),
    )
