"""Offers judged by criteria: pass, fail or cannot tell, with points for those that do not fail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.parse import parsed, pointer
from api.policy.bills import Asked, Find, checked_bill, find_product
from api.policy.criteria_sets import find_set, said
from api.policy.sources import sources_of
from api.schemas import criteria as shapes
from api.schemas.answer import IntervalAnswer
from api.schemas.language import Language
from api.schemas.request import FootprintRequest
from api.translate.answers import manifest
from api.translate.questions import input_sha256, to_study
from lca_service.calculation.comparison import probability_lower, summarize
from lca_service.calculation.criteria import (
    CONFIDENCE,
    Judgement,
    award,
    compile_award,
    judge,
    overall,
    probability_met,
)
from lca_service.calculation.footprint import Footprint
from lca_service.calculation.uncertainty import Samples
from lca_service.catalogue.compiled_formulas import evaluate
from lca_service.catalogue.formulas import FormulaError
from lca_service.domain.study import Study
from lca_service.engine import Engine
from lca_service.errors import Fault, StudyError, UnitMismatch
from lca_service.releases import Releases
from lca_service.units import factor

Array = NDArray[np.float64]

_RULE = (
    f"An indicator passes if at least {CONFIDENCE:g} of the paired samples meet the threshold, "
    f"fails if at most {1 - CONFIDENCE:.2g} do, and cannot be told in between. What an offer "
    "gives is taken as it is; what it does not give cannot be told. An offer has the worst "
    "verdict of its required criteria."
)


@dataclass(frozen=True)
class _Offer:
    """An offer with what is computed of it."""

    asked: shapes.OfferRequest
    request: FootprintRequest
    study: Study
    found: Footprint
    drawn: Samples
    cost: float | None


def ask_tender(
    set_id: str | None,
    value: Mapping[str, Any],
    releases: Releases,
    find: Find,
    language: Language,
    *,
    max_lines: int,
) -> shapes.TenderAnswer:
    """Return offers judged by a shipped set, or by criteria of one's own.

    Raises
    ------
    StudyError
        With every fault of the request.
    UnknownName
        If there is no such set.
    SamplesMissing
        If the samples are not built.
    """
    asked = parsed(shapes.TenderRequest, value)
    if (asked.criteria is None) == (set_id is None):
        detail = "criteria are those of a shipped set, or of the request"
        raise StudyError([Fault("/criteria", "criteria_or_set", detail, "give exactly one")])
    chosen = asked.criteria if set_id is None else find_set(set_id)
    assert chosen is not None
    engine = releases.current
    faults = _set_faults(chosen, engine)
    offers = _offers(asked, chosen, engine, find, faults, max_lines=max_lines)
    judged = [
        shapes.OfferAnswer(
            name=each.asked.name,
            verdict=Judgement.CANNOT_TELL,
            criteria=[_judged(criterion, each, language) for criterion in chosen.criteria],
            life_cycle_cost=each.cost,
            currency=None if each.asked.cost is None else each.asked.cost.currency,
            points=None,
            points_interval=None,
            points_by={},
            rank=None,
            tied_with=[],
            reason=None,
        )
        for each in offers
    ]
    for answer in judged:
        answer.verdict = overall([each.verdict for each in answer.criteria if each.required])
    _award(chosen, offers, judged)
    return shapes.TenderAnswer(
        id=set_id,
        title=said(chosen.title, language),
        offers=judged,
        rule=_RULE,
        not_covered=chosen.not_covered,
        samples=asked.uncertainty.samples,
        seed=asked.uncertainty.seed,
        sources=sources_of((p for each in offers for p in engine.bought(each.study)), engine),
        manifest=manifest(value, engine),
    )


def _set_faults(chosen: shapes.CriteriaRequest, engine: Engine) -> list[Fault]:
    """Return what is wrong with a set: names that are not known, or fields that are missing."""
    known = engine.catalogue.default_categories
    faults: list[Fault] = []
    entries: list[tuple[str, shapes.CriterionRequest | shapes.AwardRequest]] = [
        *((f"/criteria/criteria/{n}", each) for n, each in enumerate(chosen.criteria)),
        *((f"/criteria/award/{n}", each) for n, each in enumerate(chosen.award)),
    ]
    for where, each in entries:
        if each.of == "indicator" and each.indicator not in known:
            detail = f"unknown indicator {each.indicator!r}"
            at = f"{where}/indicator"
            faults.append(Fault(at, "unknown_indicator", detail, "", tuple(known)))
        if isinstance(each, shapes.AwardRequest):
            faults += _formula_faults(each.formula, f"{where}/formula")
        elif each.of == "attribute" and not each.attribute:
            detail = "a criterion of an attribute names it"
            faults.append(Fault(f"{where}/attribute", "missing_field", detail))
    return faults


def _formula_faults(formula: str, where: str) -> list[Fault]:
    try:
        names = dict.fromkeys(("value", "best", "weight"), np.ones(1))
        evaluate(compile_award(formula), names)
    except (
        FormulaError,
        SyntaxError,
        NameError,
        TypeError,
        ValueError,
        ArithmeticError,
        RecursionError,
        MemoryError,
    ) as error:
        return [Fault(where, "bad_formula", str(error), "over value, best and weight")]
    return []


def _offers(
    asked: shapes.TenderRequest,
    chosen: shapes.CriteriaRequest,
    engine: Engine,
    find: Find,
    faults: list[Fault],
    *,
    max_lines: int,
) -> list[_Offer]:
    """Return the offers with their footprints; StudyError with every fault of any."""
    entries: list[shapes.CriterionRequest | shapes.AwardRequest]
    entries = [*chosen.criteria, *chosen.award]
    indicators = list(dict.fromkeys(each.indicator for each in entries if each.indicator))
    known = engine.catalogue.default_categories
    every = Asked([each for each in indicators if each in known], asked.uncertainty, max_lines)
    found: list[tuple[shapes.OfferRequest, FootprintRequest, Study, float | None]] = []
    for place, offer in enumerate(asked.offers):
        where = pointer(["offers", place])
        if offer.name in [each.name for each in asked.offers[:place]]:
            detail = f"another offer is called {offer.name!r}"
            faults.append(Fault(f"{where}/name", "duplicate_id", detail))
        try:
            product = find_product(offer.product, engine, find, f"{where}/product")
            request = checked_bill(product.request, engine, every, product.where)
            cost = _cost(offer, request, where)
        except StudyError as error:
            faults += error.faults
            continue
        study = to_study(request, input_sha256(product.request))
        found.append((offer, request, study, cost))
    faults += _other_units([each for _, each, _, _ in found])
    if faults:
        raise StudyError(list(dict.fromkeys(faults)))
    return [
        _Offer(offer, request, study, engine.footprint(study), engine.samples(study), cost)
        for offer, request, study, cost in found
    ]


def _other_units(requests: Sequence[FootprintRequest]) -> list[Fault]:
    """Return a fault per offer that is not of the same amount as the first."""
    faults: list[Fault] = []
    for place, each in enumerate(requests):
        unit, first = each.declared_unit, requests[0].declared_unit
        if (unit.amount, unit.unit) != (first.amount, first.unit):
            detail = f"{unit.amount:g} {unit.unit} is not {first.amount:g} {first.unit}"
            hint = "offer the same amount of function"
            where = pointer(["offers", place, "product"])
            faults.append(Fault(where, "different_function", detail, hint))
    return faults


def _cost(offer: shapes.OfferRequest, request: FootprintRequest, where: str) -> float | None:
    """Return the purchase and what the lines with a price cost over the life."""
    if offer.cost is None:
        return None
    lines = {each.id or f"line-{n}": each for n, each in enumerate(request.bom, start=1)}
    total, faults = offer.cost.purchase, []
    for name, price in offer.cost.prices.items():
        at = f"{where}{pointer(['cost', 'prices', name])}"
        if name not in lines:
            detail = f"the bill has no line {name!r}"
            faults.append(Fault(at, "unknown_line", detail, "", tuple(lines)))
            continue
        try:
            line = lines[name]
            total += line.amount * factor(line.unit, price.unit) * price.price
        except UnitMismatch as error:
            faults.append(Fault(f"{at}/unit", "unit_mismatch", str(error)))
    if faults:
        raise StudyError(faults)
    return total


def _samples_of(offer: _Offer, indicator: str) -> tuple[Array, float | None, str]:
    """Return the samples of an indicator, its value, and why it is unknown."""
    result = next(x for x in offer.found.indicators if x.category.indicator == indicator)
    rows = [each.category.indicator for each in offer.found.indicators]
    place = rows.index(indicator)
    if result.value is None:
        return np.empty(0), None, result.reason
    return offer.drawn.scores[:, place].sum(axis=0), result.value, ""


def _judged(
    criterion: shapes.CriterionRequest, offer: _Offer, language: Language
) -> shapes.JudgedAnswer:
    answer = shapes.JudgedAnswer(
        id=criterion.id,
        title=said(criterion.title, language),
        verdict=Judgement.CANNOT_TELL,
        required=criterion.required,
        value=None,
        interval=None,
        threshold=criterion.threshold,
        comparison=criterion.comparison,
        unit=criterion.unit,
        probability_met=None,
        evidence="",
        basis=criterion.basis,
        source=criterion.source,
    )
    samples = np.empty(0)
    if criterion.of == "indicator" and criterion.indicator is not None:
        samples, answer.value, answer.evidence = _samples_of(offer, criterion.indicator)
        if criterion.stage is not None and answer.value is not None:
            samples, answer.value = _of_stage(criterion, offer)
        answer.evidence = answer.evidence or f"footprint, {criterion.indicator}, paired samples"
    elif criterion.of == "cost":
        answer.value, answer.evidence = offer.cost, "life cycle cost as offered"
        if offer.cost is None:
            answer.evidence = "evidence missing: the offer has no cost"
    else:
        given = offer.asked.attributes.get(criterion.attribute or "")
        answer.value = None if given is None else float(given)
        answer.evidence = f"given by the offer: {criterion.attribute}"
        if given is None:
            answer.evidence = f"evidence missing: the offer does not give {criterion.attribute}"
    if answer.value is None:
        return answer
    values = samples if samples.size else np.array([answer.value])
    answer.probability_met = probability_met(values, criterion.threshold, criterion.comparison)
    answer.verdict = judge(answer.probability_met)
    if samples.size:
        answer.interval = IntervalAnswer(**vars(summarize(samples)))
    return answer


def _of_stage(criterion: shapes.CriterionRequest, offer: _Offer) -> tuple[Array, float]:
    """Return the samples and the value of a stage alone."""
    names = [each.category.indicator for each in offer.found.indicators]
    place = names.index(criterion.indicator or "")
    stages = {each.id: each.stage for each in offer.study.lines}
    stages |= {each.id: each.stage for each in offer.study.emissions}
    own = [n for n, name in enumerate(offer.drawn.ids) if stages[name] == criterion.stage]
    by_stage = offer.found.indicators[place].by_stage or {}
    return offer.drawn.scores[own, place].sum(axis=0), by_stage.get(criterion.stage or "", 0.0)


def _award(
    chosen: shapes.CriteriaRequest,
    offers: Sequence[_Offer],
    judged: Sequence[shapes.OfferAnswer],
) -> None:
    """Give points and ranks to the offers that do not fail and whose quantities are known."""
    if not chosen.award:
        return
    eligible: list[int] = []
    for place, (offer, answer) in enumerate(zip(offers, judged, strict=True)):
        if answer.verdict is Judgement.FAIL:
            answer.reason = "a required criterion fails"
            continue
        missing = [
            each.indicator or "cost" for each in chosen.award if _quantity(each, offer) is None
        ]
        if missing:
            answer.reason = f"not known: {', '.join(missing)}"
            continue
        eligible.append(place)
    if not eligible:
        return
    n_samples = min(offers[place].drawn.scores.shape[2] for place in eligible)
    totals = {place: np.zeros(n_samples) for place in eligible}
    for each in chosen.award:
        values = [
            np.broadcast_to(_quantity(each, offers[place]), (n_samples,))  # type: ignore[arg-type]
            if each.of == "cost"
            else np.asarray(_quantity(each, offers[place]))[:n_samples]
            for place in eligible
        ]
        for place, points in zip(eligible, award(each.formula, values, each.weight), strict=True):
            totals[place] += points
            judged[place].points_by[each.indicator or "cost"] = float(np.median(points))
    for place in [each for each in eligible if not np.isfinite(totals[each]).all()]:
        judged[place].reason = "the award formula gives no number"
        judged[place].points_by = {}
        eligible.remove(place)
    order = sorted(eligible, key=lambda place: (-float(np.median(totals[place])), place))
    for rank, place in enumerate(order, start=1):
        answer = judged[place]
        answer.points = float(np.median(totals[place]))
        answer.points_interval = IntervalAnswer(**vars(summarize(totals[place])))
        answer.rank = rank
        answer.tied_with = [
            judged[other].name
            for other in order
            if other != place
            and 1 - CONFIDENCE
            < probability_lower(np.stack([totals[place], totals[other]]), 0, 1)
            < CONFIDENCE
        ]


def _quantity(each: shapes.AwardRequest, offer: _Offer) -> Array | float | None:
    if each.of == "cost":
        return offer.cost
    samples, value, _ = _samples_of(offer, each.indicator or "")
    return None if value is None else samples
