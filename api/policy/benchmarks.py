"""Benchmarks: how a category's footprint is spread, its classes, and where a product stands."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.categories import find_template
from api.keep import choose_release
from api.parse import parsed
from api.policy.bills import Asked, Find, checked_bill, find_product
from api.policy.sources import sources_of
from api.schemas import benchmarks as shapes
from api.schemas.request import SamplingRequest
from api.translate.answers import manifest, method
from api.translate.questions import input_sha256, to_study
from lca_service.calculation.benchmark import (
    CLASSES,
    class_of,
    percentile_of,
    percentiles,
    spread,
    thresholds,
)
from lca_service.calculation.coverage import inventory, reason_unknown
from lca_service.calculation.uncertainty import require_samples
from lca_service.catalogue.product_bills import DrawnLine, expand_draws
from lca_service.catalogue.product_templates import Amount, Choice, ProductTemplate
from lca_service.domain.study import Sampling
from lca_service.engine import Engine
from lca_service.errors import Fault, StudyError
from lca_service.releases import Releases
from lca_service.solver.sampling import triangular
from lca_service.solver.streams import stream, uniforms
from lca_service.units import factor

Array = NDArray[np.float64]

DEFAULT = ("climate_change.total", "water.consumption")
_PLACES = "electricity-low-voltage"  # places with a grid of their own
_RULE = (
    "Every place and technology weighs the same. Parameters that are not fixed are drawn from a "
    "triangular distribution over their usual range with the default as its mode, the inventory "
    "from its sample bank. A class has a fifth of the distribution: A is at most its 20th "
    "percentile, B its 40th, C its 60th, D its 80th, E is above."
)


@dataclass(frozen=True)
class Drawn:
    """The scores of a category, shape (n_places, n_technologies, n_categories, n_samples)."""

    places: tuple[str, ...]
    technologies: tuple[str, ...]
    rows: tuple[int, ...]
    reasons: tuple[str, ...]
    scores: Array
    bought: frozenset[int]


@dataclass(frozen=True)
class _Question:
    """What is asked of a category; the key of what is remembered."""

    category: str
    places: tuple[str, ...]
    rows: tuple[int, ...]
    fixed: tuple[str, ...]
    sampling: Sampling


def ask_benchmark(
    category: str,
    indicators: Sequence[str],
    countries: Sequence[str],
    fixed: Sequence[str] | None,
    sampling: SamplingRequest,
    engine: Engine,
) -> shapes.BenchmarkAnswer:
    """Return the distribution of a category.

    Raises
    ------
    UnknownName
        If there is no such category.
    StudyError
        With every place, indicator or parameter that is not known.
    SamplesMissing
        If the samples are not built.
    """
    template = find_template(category, engine)
    question = _question(template, indicators, countries, fixed, sampling, engine)
    return _benchmark(question, template, engine)


def _benchmark(
    question: _Question, template: ProductTemplate, engine: Engine
) -> shapes.BenchmarkAnswer:
    drawn = _drawn(question, engine)
    return shapes.BenchmarkAnswer(
        category=template.id,
        title=template.title,
        declared_unit=f"{template.declared_unit.amount:g} {template.declared_unit.unit}",
        left_out=template.left_out,
        places=list(drawn.places),
        technologies=list(drawn.technologies),
        fixed=list(question.fixed),
        indicators=[_indicator(drawn, place, engine) for place in range(len(drawn.rows))],
        rule=_RULE,
        samples=question.sampling.samples,
        seed=question.sampling.seed,
        sources=sources_of(drawn.bought, engine),
        manifest=manifest(_plain(question), engine),
    )


def ask_rating(
    category: str,
    value: Mapping[str, Any],
    releases: Releases,
    find: Find,
    *,
    max_lines: int,
) -> tuple[shapes.RatingAnswer, shapes.BenchmarkAnswer]:
    """Return where a product stands in its category, and that; raises as `ask_benchmark`."""
    asked = parsed(shapes.RatingRequest, value)
    engine, _ = choose_release({}, releases)
    template = find_template(category, engine)
    question = _question(
        template, asked.indicators, asked.countries, asked.fixed, asked.uncertainty, engine
    )
    product = find_product(asked.product, engine, find)
    ids = [engine.catalogue.categories[row].indicator for row in question.rows]
    every = Asked(ids, asked.uncertainty, max_lines)
    request = checked_bill(product.request, engine, every, product.where)
    unit, own = template.declared_unit, request.declared_unit
    if (own.amount, own.unit) != (unit.amount, unit.unit):
        detail = (
            f"the product is {own.amount:g} {own.unit}, the category {unit.amount:g} {unit.unit}"
        )
        fault = Fault("/product", "different_function", detail, "compare the same amount")
        raise StudyError([fault])
    study = to_study(request, input_sha256(product.request))
    drawn = _drawn(question, engine)
    found, samples = engine.footprint(study), engine.samples(study)
    indicators: list[shapes.RatedIndicatorAnswer] = []
    for place, row in enumerate(question.rows):
        result = found.indicators[place]
        reason = drawn.reasons[place] or result.reason or None
        answer = shapes.RatedIndicatorAnswer(
            id=result.category.indicator,
            unit=result.category.unit,
            value=result.value,
            percentile=None,
            grade=None,
            probabilities=None,
            grades=[],
            reason=reason,
        )
        indicators.append(answer)
        if reason is not None or result.value is None:
            continue
        whole = _finite(drawn.scores[:, :, place])
        limits = thresholds(whole)
        own_samples = samples.scores[:, samples.rows.index(row)].sum(axis=0)
        grades = [class_of(each, limits) for each in own_samples.tolist()]
        answer.percentile = percentile_of(result.value, whole)
        answer.grade = class_of(result.value, limits)  # type: ignore[assignment]
        answer.probabilities = {each: grades.count(each) / len(grades) for each in CLASSES}
        answer.grades = _grades(limits)
    rating = shapes.RatingAnswer(
        category=category,
        name=request.name,
        indicators=indicators,
        rule=_RULE,
        samples=asked.uncertainty.samples,
        seed=asked.uncertainty.seed,
        manifest=manifest(value, engine),
    )
    return rating, _benchmark(question, template, engine)


def _question(
    template: ProductTemplate,
    indicators: Sequence[str],
    countries: Sequence[str],
    fixed: Sequence[str] | None,
    sampling: SamplingRequest,
    engine: Engine,
) -> _Question:
    """Return what is asked; StudyError with every name that is not known."""
    catalogue = engine.catalogue
    known = catalogue.default_categories
    asked = list(dict.fromkeys(indicators or DEFAULT))
    faults = [
        Fault("/indicators", "unknown_indicator", f"unknown indicator {each!r}", "", tuple(known))
        for each in asked
        if each not in known
    ]
    faults += [
        Fault("/countries", "unknown_location", f"unknown location {place!r}")
        for place in countries
        if place not in catalogue.nomenclature.ladders
    ]
    amounts = [name for name, each in template.parameters.items() if isinstance(each, Amount)]
    held = _of_mass(template) if fixed is None else list(fixed)
    faults += [
        Fault("/fixed", "unknown_parameter", f"no amount {name!r}", "", tuple(amounts))
        for name in held
        if name not in amounts
    ]
    if faults:
        raise StudyError(faults)
    places = tuple(dict.fromkeys(countries)) or tuple(
        sorted(each for each in catalogue.providers.domestic.get(_PLACES, {}) if len(each) == 2)
    )
    return _Question(
        template.id,
        places,
        tuple(known[each] for each in asked),
        tuple(sorted(held)),
        Sampling(sampling.samples, sampling.seed),
    )


def _of_mass(template: ProductTemplate) -> list[str]:
    """Return the amounts that the mass of a declared unit is made of: they are the function."""
    if not template.declared_unit.mass:
        return []
    names = {
        n.id for n in ast.walk(ast.parse(template.declared_unit.mass)) if isinstance(n, ast.Name)
    }
    return [name for name in template.parameters if name in names]


def _plain(question: _Question) -> dict[str, Any]:
    found = {name: each for name, each in vars(question).items() if name != "sampling"}
    return found | vars(question.sampling)


_remembered: dict[tuple[str, _Question], Drawn] = {}
_MOST_REMEMBERED = 32


def _drawn(question: _Question, engine: Engine) -> Drawn:
    """Return the scores of a category, remembered by release and question."""
    key = engine.catalogue.data_hash, question
    if key not in _remembered:
        found = _compute(question, engine)
        while len(_remembered) >= _MOST_REMEMBERED:
            _remembered.pop(next(iter(_remembered)), None)
        _remembered[key] = found
    return _remembered[key]


def _compute(question: _Question, engine: Engine) -> Drawn:
    catalogue, sampling = engine.catalogue, question.sampling
    bank = engine.sample_bank(sampling.seed)
    require_samples(catalogue, bank, sampling)
    template = catalogue.product_templates[question.category]
    technologies = list(_technologies(template))
    bills = [
        expand_draws(template, choices, _draws(template, question, choices), sampling.samples)
        for _, choices in technologies
    ]
    columns = [bank.categories.index(row) for row in question.rows]
    shape = len(question.places), len(bills), len(columns), sampling.samples
    scores = np.zeros(shape)
    reasons = [""] * len(columns)
    every: set[int] = set()
    for n, place in enumerate(question.places):
        for t, bill in enumerate(bills):
            bought = [_provider(line, place, engine) for line in bill]
            amounts = np.stack(
                [line.amounts * scale for line, (_, scale) in zip(bill, bought, strict=True)]
            )
            positions = [position for position, _ in bought]
            every |= set(positions)
            multipliers = bank.read(positions, sampling.samples)[:, columns]
            scores[n, t] = np.einsum("lcs,ls->cs", multipliers, amounts)
            demand = {p: float(a[0]) for p, a in zip(positions, amounts, strict=True)}
            flows = inventory(catalogue, engine.background, demand, {})
            for c, row in enumerate(question.rows):
                reason = reason_unknown(catalogue.categories[row], flows, catalogue)
                reasons[c] = reasons[c] or (reason and f"{place}: {reason}")
    names = tuple(name for name, _ in technologies)
    return Drawn(question.places, names, question.rows, tuple(reasons), scores, frozenset(every))


def _technologies(template: ProductTemplate) -> list[tuple[str, dict[str, str]]]:
    """Return every combination of a template's choices, with a name."""
    choices = {
        n: list(each.of) for n, each in template.parameters.items() if isinstance(each, Choice)
    }
    found = [dict(zip(choices, each, strict=True)) for each in itertools.product(*choices.values())]
    return [(", ".join(each.values()) or "as it is", each) for each in found]


def _draws(
    template: ProductTemplate, question: _Question, choices: Mapping[str, str]
) -> dict[str, Array]:
    """Return drawn amounts, each over its usual range; the same for every place."""
    found: dict[str, Array] = {}
    sampling = question.sampling
    for name, each in template.parameters.items():
        if not isinstance(each, Amount) or name in question.fixed:
            continue
        case = each.cases.get(choices.get(each.depends_on, ""), each)
        if not case.minimum < case.maximum:
            continue
        key = stream("benchmark", template.id, name)
        chance = uniforms([key], seed=sampling.seed, first=0, count=sampling.samples)[0]
        found[name] = triangular(
            np.array(case.minimum), np.array(case.value), np.array(case.maximum), chance
        )
    return found


def _provider(line: DrawnLine, place: str, engine: Engine) -> tuple[int, float]:
    """Return who makes the product of a line, and the units of its own in one of the line's."""
    found = engine.catalogue.providers.find(line.product, line.location or place)
    if found is None:
        detail = f"nobody makes {line.product} at {place} or above it"
        raise StudyError([Fault("/countries", "no_provider", detail)])
    return found[0], factor(line.unit, engine.catalogue.nomenclature.products[line.product].unit)


def _indicator(drawn: Drawn, place: int, engine: Engine) -> shapes.BenchmarkIndicatorAnswer:
    category = engine.catalogue.categories[drawn.rows[place]]
    answer = shapes.BenchmarkIndicatorAnswer(
        id=category.indicator,
        unit=category.unit,
        method=method(category, engine),
        reason=drawn.reasons[place] or None,
        mean=None,
        percentiles=None,
        grades=[],
        by_place=[],
        by_technology=[],
        variance=None,
    )
    if answer.reason is not None:
        return answer
    scores = drawn.scores[:, :, place]
    whole = _finite(scores)
    answer.mean = float(whole.mean())
    answer.percentiles = percentiles(whole)
    answer.grades = _grades(thresholds(whole))
    answer.by_place = sorted(
        (_group(name, scores[n]) for n, name in enumerate(drawn.places)),
        key=lambda each: (each.p50, each.id),
    )
    answer.by_technology = [_group(name, scores[:, n]) for n, name in enumerate(drawn.technologies)]
    if np.isfinite(scores).all() and (found := spread(scores)) is not None:
        answer.variance = shapes.SpreadAnswer(**vars(found))
    return answer


def _group(name: str, scores: Array) -> shapes.GroupAnswer:
    low, middle, high = np.percentile(_finite(scores), (10, 50, 90)).tolist()
    return shapes.GroupAnswer(id=name, p10=low, p50=middle, p90=high)


def _finite(scores: Array) -> Array:
    """Return the samples that have a solution."""
    return np.asarray(scores[np.isfinite(scores)])


def _grades(limits: Sequence[float]) -> list[shapes.GradeAnswer]:
    return [
        shapes.GradeAnswer(grade=grade, at_most=limit)  # type: ignore[arg-type]
        for grade, limit in zip(CLASSES, [*limits, None], strict=True)
    ]
