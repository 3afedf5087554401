"""Comparisons of products that fulfil one function."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.contracts import instruments
from api.faults import checked
from api.keep import choose_release
from api.parse import parsed, pointer
from api.policy.bills import find_product
from api.policy.sources import sources_of
from api.schemas import comparisons as shapes
from api.schemas.answer import IntervalAnswer
from api.schemas.request import FootprintRequest
from api.store.footprints import Kept
from api.translate.answers import manifest, method
from api.translate.questions import input_sha256, to_study
from lca_service.calculation.comparison import (
    CONFIDENCE,
    Pair,
    Scored,
    Verdict,
    compare,
    summarize,
)
from lca_service.calculation.footprint import IndicatorResult
from lca_service.calculation.uncertainty import Samples
from lca_service.domain.method import ImpactCategory
from lca_service.domain.study import Study
from lca_service.engine import Engine
from lca_service.errors import Fault, StudyError, UnitMismatch
from lca_service.releases import Releases
from lca_service.units import factor

Array = NDArray[np.float64]

_RULE = (
    "The first is lower (higher) if at least {confidence:g} of the paired samples say so after "
    "the adjustment of Holm over all pairs and indicators, the values differ by more than "
    "{relevance:g} of the larger one, and the alternatives that were given keep the sign; else "
    "the two are not distinguishable. Options share every draw of the inventory."
)
_NOT_MET = [
    "critical review by a panel of interested parties (ISO 14044, clause 6.3)",
    "a comprehensive set of impact categories (ISO 14044, clause 4.4.5): climate and water alone",
]


@dataclasses.dataclass(frozen=True)
class Option:
    """An option: its request and study, and those of its alternatives."""

    name: str
    request: FootprintRequest
    study: Study
    alternatives: tuple[Study, ...]


def ask_comparison(
    value: Mapping[str, Any],
    releases: Releases,
    find: Callable[[str], Kept],
    *,
    max_lines: int,
) -> shapes.ComparisonAnswer:
    """Return the verdicts on the options of a request, two by two.

    ``find`` returns a kept footprint by id.

    Raises
    ------
    StudyError
        With every fault of the request; if the options do not fulfil one function.
    SamplesMissing
        If the samples are not built.
    """
    asked, engine, options = posed_comparison(value, releases, find, max_lines=max_lines)
    drawn = [engine.samples(each.study) for each in options]
    is_used = np.all([each.is_used for each in drawn], axis=0)
    found = [engine.footprint(each.study) for each in options]
    others = [[engine.footprint(study) for study in each.alternatives] for each in options]
    indicators: list[shapes.ComparedIndicatorAnswer] = []
    scored: list[Scored] = []
    for place in range(len(asked.indicators)):
        results = [each.indicators[place] for each in found]
        row = engine.catalogue.categories.index(results[0].category)
        reason = _why_unknown(options, results, all(row in each.rows for each in drawn))
        indicators.append(_indicator(results[0].category, reason, engine))
        if reason is not None:
            continue
        samples = np.stack([_paired(each, row, is_used) for each in drawn])
        values = np.array([each.value for each in results], dtype=float)
        alternatives = [[one.indicators[place].value for one in each] for each in others]
        scored.append(Scored(values, samples, _signs(values, alternatives)))
    known = [each for each in indicators if each.reason is None]
    _fill(known, scored, [each.name for each in options], relevance=asked.relevance)
    return shapes.ComparisonAnswer(
        function=asked.options[0].function,
        declared_unit=options[0].request.declared_unit,
        indicators=indicators,
        trade_offs=_trade_offs(known),
        samples=int(is_used.sum()),
        seed=asked.uncertainty.seed,
        relevance=asked.relevance,
        rule=_RULE.format(confidence=CONFIDENCE, relevance=asked.relevance),
        not_met=_NOT_MET,
        sources=sources_of((p for each in options for p in engine.bought(each.study)), engine),
        manifest=manifest(value, engine),
    )


def posed_comparison(
    value: Mapping[str, Any],
    releases: Releases,
    find: Callable[[str], Kept],
    *,
    max_lines: int,
) -> tuple[shapes.ComparisonRequest, Engine, list[Option]]:
    """Return a comparison as it is asked, its engine, and its options; raises StudyError."""
    asked = parsed(shapes.ComparisonRequest, value)
    pin = {} if asked.data_release is None else {"data_release": asked.data_release}
    engine, faults = choose_release(pin, releases)
    return asked, engine, _options(asked, engine, find, list(faults), max_lines=max_lines)


def _why_unknown(
    options: Sequence[Option], results: Sequence[IndicatorResult], is_sampled: bool
) -> str | None:
    """Return why options cannot be compared under an indicator; None if they can."""
    unknown = [
        f"{option.name}: {each.reason}"
        for option, each in zip(options, results, strict=True)
        if each.value is None
    ]
    if not unknown and not is_sampled:
        unknown = ["samples are of default method editions only"]
    return "; ".join(unknown) or None


def _indicator(
    category: ImpactCategory, reason: str | None, engine: Engine
) -> shapes.ComparedIndicatorAnswer:
    """Return an indicator without its options and pairs."""
    return shapes.ComparedIndicatorAnswer(
        id=category.indicator,
        unit=category.unit,
        method=method(category, engine),
        options=[],
        pairs=[],
        reason=reason,
    )


def _fill(
    indicators: Sequence[shapes.ComparedIndicatorAnswer],
    scored: Sequence[Scored],
    names: Sequence[str],
    *,
    relevance: float,
) -> None:
    """Put options and pairs into the indicators under which all options have a value."""
    if not scored:
        return
    for answer, each, pairs in zip(
        indicators, scored, compare(scored, relevance=relevance), strict=True
    ):
        answer.options = [
            shapes.OptionResultAnswer(
                option=name,
                value=amount,
                distribution=IntervalAnswer(**vars(summarize(drawn))),
            )
            for name, amount, drawn in zip(names, each.values.tolist(), each.samples, strict=True)
        ]
        answer.pairs = [_pair(pair, names) for pair in pairs]


def _options(
    asked: shapes.ComparisonRequest,
    engine: Engine,
    find: Callable[[str], Kept],
    faults: list[Fault],
    *,
    max_lines: int,
) -> list[Option]:
    """Return the options with their studies; StudyError with every fault of any."""
    found: list[Option] = []
    for place, each in enumerate(asked.options):
        where = pointer(["options", place])
        if each.name in [other.name for other in asked.options[:place]]:
            detail = f"another option is called {each.name!r}"
            faults.append(Fault(f"{where}/name", "duplicate_id", detail))
        if _plain(each.function) != _plain(asked.options[0].function):
            detail = f"{each.function!r} is another function than {asked.options[0].function!r}"
            hint = "only what does the same can be compared; say it in the same words"
            faults.append(Fault(f"{where}/function", "different_function", detail, hint))
        try:
            own = find_product(each, engine, find, where)
            alternatives = [
                (f"{where}/alternatives/{n}/request", one.request)
                for n, one in enumerate(each.alternatives)
            ]
            request, *others = [
                _checked(value, asked, engine, at, max_lines)
                for at, value in ((own.where, own.request), *alternatives)
            ]
        except StudyError as error:
            faults += error.faults
            continue
        found.append(
            Option(
                name=each.name,
                request=request,
                # draws are those of the bill itself: an equal one has equal draws
                study=to_study(request, input_sha256(own.request)),
                alternatives=tuple(to_study(one) for one in others),
            )
        )
        faults += _unit_faults(request, found[0].request, own.where)
    if faults:
        raise StudyError(list(dict.fromkeys(faults)))
    return found


def _checked(
    value: Mapping[str, Any],
    asked: shapes.ComparisonRequest,
    engine: Engine,
    where: str,
    max_lines: int,
) -> FootprintRequest:
    """Return the request of an option for the indicators and samples of the comparison."""
    whole = {
        **{name: each for name, each in value.items() if name not in ("data_release", "methods")},
        "indicators": asked.indicators,
        "uncertainty": asked.uncertainty.model_dump(),
    }
    try:
        request = checked(whole, engine, max_lines=max_lines)
        engine.check(to_study(request))
    except StudyError as error:
        raise StudyError(
            [dataclasses.replace(each, pointer=_at(where, each.pointer)) for each in error.faults]
        ) from error
    if instruments(request):
        detail = "electricity by contract is not compared: every option has the grid's"
        raise StudyError([Fault(f"{where}/bom", "bad_contract", detail, "leave contracts out")])
    return request


def _at(where: str, at: str) -> str:
    """Return the place of a fault of an option: in its request, or in what all options share."""
    return at if at.startswith(("/indicators", "/uncertainty")) else f"{where}{at}"


def _unit_faults(one: FootprintRequest, first: FootprintRequest, where: str) -> list[Fault]:
    """Return a fault if two requests are not for the same amount of something."""
    unit, other = one.declared_unit, first.declared_unit
    try:
        amount = unit.amount * factor(unit.unit, other.unit)
    except UnitMismatch:
        amount = float("nan")
    if abs(amount - other.amount) <= 1e-9 * other.amount:
        return []
    detail = f"{unit.amount:g} {unit.unit} is not the {other.amount:g} {other.unit} of the first"
    hint = "compare the same amount of function"
    return [Fault(f"{where}/declared_unit", "different_function", detail, hint)]


def _plain(function: str) -> str:
    return " ".join(function.casefold().split())


def _paired(drawn: Samples, row: int, wanted: NDArray[np.bool_]) -> Array:
    """Return the samples of a score that all options have, shape (n_samples,)."""
    whole = np.full(len(drawn.is_used), np.nan)
    whole[drawn.is_used] = drawn.scores[:, drawn.rows.index(row)].sum(axis=0)
    return np.asarray(whole[wanted])


def _signs(
    values: Array, alternatives: Sequence[Sequence[float | None]]
) -> dict[tuple[int, int], bool]:
    """Return by pair whether each way to allocate keeps the sign; without one, no pair."""
    found: dict[tuple[int, int], bool] = {}
    for first in range(len(values)):
        for second in range(first + 1, len(values)):
            ones = [values[first], *(x for x in alternatives[first] if x is not None)]
            others = [values[second], *(x for x in alternatives[second] if x is not None)]
            if len(ones) + len(others) > 2:
                sign = np.sign(values[first] - values[second])
                found[first, second] = all(np.sign(a - b) == sign for a in ones for b in others)
    return found


def _pair(pair: Pair, names: Sequence[str]) -> shapes.PairAnswer:
    tested = {None: "not_tested", True: "keeps_sign", False: "turns_round"}
    return shapes.PairAnswer(
        first=names[pair.first],
        second=names[pair.second],
        difference=IntervalAnswer(**vars(pair.difference)),
        relative=pair.relative,
        probability_lower=pair.probability_lower,
        adjusted=pair.adjusted,
        is_relevant=pair.is_relevant,
        allocation=tested[pair.keeps_sign],  # type: ignore[arg-type]
        verdict=pair.verdict,
    )


def _trade_offs(
    indicators: Sequence[shapes.ComparedIndicatorAnswer],
) -> list[shapes.TradeOffAnswer]:
    """Return the pairs of which each option is lower under some indicator."""
    lower: dict[tuple[str, str], tuple[list[str], list[str]]] = {}
    for each in indicators:
        for pair in each.pairs:
            sides = lower.setdefault((pair.first, pair.second), ([], []))
            if pair.verdict is Verdict.LOWER:
                sides[0].append(each.id)
            elif pair.verdict is Verdict.HIGHER:
                sides[1].append(each.id)
    return [
        shapes.TradeOffAnswer(first=first, second=second, first_lower=ones, second_lower=others)
        for (first, second), (ones, others) in lower.items()
        if ones and others
    ]
