"""The gates of ISO 14044 before a comparison is shown to the public.

ISO 14044:2006, clauses 4.2.3.7 (comparisons between systems), 4.4.5 (impact assessment for
comparative assertions), 5.3 (report) and 6.3 (critical review by panel). Two of them no service
can meet: a review, and impact categories beyond climate and water.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal

from api.comparisons import Option, ask_comparison, posed_comparison
from api.parse import parsed
from api.schemas import comparisons as shapes
from api.store.footprints import Kept
from lca_service.calculation.comparison import Verdict
from lca_service.calculation.footprint import IndicatorResult
from lca_service.engine import Engine
from lca_service.errors import Fault, StudyError
from lca_service.releases import Releases

_OLDEST = 15  # years that the newest figures of a chain may be older than the release
_APART = 1.0  # points of the pedigree that two options may differ by

_Met = Literal["met", "not_met", "cannot_tell"]


def ask_claim(
    value: Mapping[str, Any],
    releases: Releases,
    find: Callable[[str], Kept],
    *,
    max_lines: int,
) -> shapes.ClaimAnswer:
    """Return the conditions of a claim with what speaks for each.

    Raises
    ------
    StudyError
        With every fault of the request.
    SamplesMissing
        If the samples are not built.
    """
    asked = parsed(shapes.ClaimRequest, value)
    fields = shapes.ComparisonRequest.model_fields
    own = {name: each for name, each in value.items() if name in fields}
    own["indicators"] = list(dict.fromkeys([*asked.indicators, asked.indicator]))
    names = [each.name for each in asked.options]
    faults = [
        Fault(f"/{field}", "unknown_option", f"no option {name!r}", "", tuple(names))
        for field, name in (("first", asked.first), ("second", asked.second))
        if name not in names
    ]
    if asked.first == asked.second:
        faults.append(Fault("/second", "unknown_option", "a claim is of two options"))
    _, engine, options = posed_comparison(own, releases, find, max_lines=max_lines)
    if faults:
        raise StudyError(faults)
    comparison = ask_comparison(own, releases, find, max_lines=max_lines)
    pair = [next(each for each in options if each.name == name)
            for name in (asked.first, asked.second)]  # fmt: skip
    conditions = list(_conditions(asked, pair, comparison, engine))
    return shapes.ClaimAnswer(
        statement=asked.statement,
        first=asked.first,
        second=asked.second,
        indicator=asked.indicator,
        may_be_published=all(each.verdict == "met" for each in conditions),
        conditions=conditions,
        left=[each.id for each in conditions if each.verdict != "met"],
        comparison=comparison,
    )


def _conditions(
    asked: shapes.ClaimRequest,
    pair: list[Option],
    comparison: shapes.ComparisonAnswer,
    engine: Engine,
) -> Iterator[shapes.ConditionAnswer]:
    results = [_result(each, asked.indicator, engine) for each in pair]
    yield _met("same_function", "4.2.3.7", f"both: {comparison.function}; the same amount")
    yield _boundary(pair)
    yield _met("same_method", "4.2.3.7", f"{asked.indicator} by one edition: {_method(comparison)}")
    yield _met("same_release", "4.2.3.6.2", f"data release {comparison.manifest.data_release}")
    yield _age(pair, engine)
    yield _quality(results)
    yield _complete(results)
    yield _met("no_offsets", "4.2.3.3", "offsets and credits are refused in every request")
    yield _met("same_electricity", "4.2.3.7", "the grid of each place; contracts are refused")
    yield from _verdict(asked, comparison)
    yield _condition(
        "critical_review", "6.3", "not_met", "no panel of interested parties has reviewed it"
    )
    yield _condition(
        "comprehensive_categories",
        "4.4.5",
        "not_met",
        "climate and water alone are no comprehensive set of impact categories",
    )


def _condition(name: str, clause: str, verdict: _Met, evidence: str) -> shapes.ConditionAnswer:
    return shapes.ConditionAnswer(id=name, clause=clause, verdict=verdict, evidence=evidence)


def _met(name: str, clause: str, evidence: str) -> shapes.ConditionAnswer:
    return _condition(name, clause, "met", evidence)


def _result(option: Option, indicator: str, engine: Engine) -> IndicatorResult:
    found = engine.footprint(option.study).indicators
    return next(each for each in found if each.category.indicator == indicator)


def _method(comparison: shapes.ComparisonAnswer) -> str:
    return ", ".join(dict.fromkeys(each.method.id for each in comparison.indicators))


def _boundary(pair: list[Option]) -> shapes.ConditionAnswer:
    """Return whether both bills have lines in the same life cycle stages."""
    stages = [
        {each.stage.value for each in option.study.lines}
        | {each.stage.value for each in option.study.emissions}
        for option in pair
    ]
    differ = sorted(stages[0] ^ stages[1])
    evidence = f"both: {', '.join(sorted(stages[0]))}"
    if differ:
        evidence = f"only one of them has: {', '.join(differ)}"
    return _condition("same_boundary", "4.2.3.7", "not_met" if differ else "met", evidence)


def _age(pair: list[Option], engine: Engine) -> shapes.ConditionAnswer:
    """Return whether the figures behind both are of a like age, and not too old."""
    newest: list[int] = []
    for option in pair:
        periods = [engine.catalogue.periods[each] for each in engine.bought(option.study)]
        known = [each[1] for each in periods if each is not None]
        if not known:
            return _condition("data_age", "4.2.3.6.2", "cannot_tell", "no figure has a year")
        newest.append(min(known))
    evidence = f"newest figures of the oldest chains: {newest[0]} and {newest[1]}"
    is_old = min(newest) < engine.catalogue.year - _OLDEST
    return _condition("data_age", "4.2.3.6.2", "not_met" if is_old else "met", evidence)


def _quality(results: list[IndicatorResult]) -> shapes.ConditionAnswer:
    rated = [each.coverage.quality for each in results]
    if rated[0] is None or rated[1] is None:
        return _condition("data_quality", "4.2.3.6.2", "cannot_tell", "not everything is rated")
    one, other = rated[0].rating, rated[1].rating
    evidence = f"mean pedigree {one:.2f} and {other:.2f} (1 is best)"
    is_like = abs(one - other) <= _APART
    return _condition("data_quality", "4.2.3.6.2", "met" if is_like else "not_met", evidence)


def _complete(results: list[IndicatorResult]) -> shapes.ConditionAnswer:
    unknown = [each.reason for each in results if each.value is None]
    partial = any(each.coverage.is_partial for each in results)
    evidence = "no flow of either is left out"
    if unknown:
        evidence = unknown[0]
    elif partial:
        evidence = "flows without a factor, or left out, stand in the coverage of one"
    verdict: _Met = "not_met" if unknown or partial else "met"
    return _condition("completeness", "4.3.3.4", verdict, evidence)


def _verdict(
    asked: shapes.ClaimRequest, comparison: shapes.ComparisonAnswer
) -> Iterator[shapes.ConditionAnswer]:
    """Yield whether samples, relevance and other allocations bear the claim."""
    found = next(each for each in comparison.indicators if each.id == asked.indicator)
    both = {asked.first, asked.second}
    pairs = [each for each in found.pairs if {each.first, each.second} == both]
    if not pairs:
        for name in ("uncertainty", "relevance", "alternative_allocation"):
            yield _condition(name, "4.4.5", "cannot_tell", found.reason or "not compared")
        return
    (pair,) = pairs
    is_first = pair.first == asked.first
    lower = pair.probability_lower if is_first else 1.0 - pair.probability_lower
    wanted = Verdict.LOWER if is_first else Verdict.HIGHER
    evidence = f"lower in {100 * lower:.1f} % of {comparison.samples} paired samples; adjusted "
    evidence += f"probability of the opposite {pair.adjusted:.3g}"
    is_sure = lower > 0.5 and pair.adjusted <= 0.05
    yield _condition("uncertainty", "4.4.5", "met" if is_sure else "not_met", evidence)
    relative = "unknown" if pair.relative is None else f"{100 * abs(pair.relative):.1f} %"
    evidence = f"the values differ by {relative}, threshold {100 * comparison.relevance:g} %"
    yield _condition("relevance", "4.5.3", "met" if pair.is_relevant else "not_met", evidence)
    allocation: dict[str, _Met] = {
        "keeps_sign": "met",
        "turns_round": "not_met",
        "not_tested": "cannot_tell",
    }
    evidence = {
        "keeps_sign": "the alternatives that were given keep the sign",
        "turns_round": "an alternative allocation turns the sign round",
        "not_tested": "no alternative allocation was given",
    }[pair.allocation]
    yield _condition("alternative_allocation", "4.3.4.2", allocation[pair.allocation], evidence)
    is_borne = pair.verdict is wanted
    evidence = f"the comparison says: {pair.first} is {pair.verdict.value} beside {pair.second}"
    yield _condition("verdict", "4.4.5", "met" if is_borne else "not_met", evidence)
