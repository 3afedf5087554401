"""A product under a scenario, beside what it is."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.keep import choose_release
from api.parse import parsed
from api.policy.bills import Asked, Find, bills_of, find_product
from api.policy.patches import described, is_of_bill, to_patches, uptake_of
from api.policy.sources import sources_of
from api.schemas import scenarios as shapes
from api.schemas.answer import IntervalAnswer
from api.translate.answers import manifest, method
from lca_service.calculation.assessed import Assessed, Bill, Parts
from lca_service.calculation.comparison import probability_lower, summarize
from lca_service.calculation.scenario import MOST_UPDATED
from lca_service.domain.scenario import Patch
from lca_service.domain.study import Sampling
from lca_service.engine import Engine
from lca_service.errors import Fault, StudyError
from lca_service.releases import Releases

Array = NDArray[np.float64]
Uptakes = Mapping[str, float]
FindPatches = Callable[[shapes.ScenarioReference], list[shapes.PatchRequest]]

_NO_YEAR = 0


@dataclasses.dataclass(frozen=True)
class Posed:
    """A product and a scenario, ready to be computed.

    ``of_inventory`` are the patches of the inventory, ``places`` those of the bill as it is.
    """

    name: str
    bills: Sequence[Bill]
    places: tuple[str, ...]
    patches: Sequence[shapes.PatchRequest]
    of_inventory: Sequence[Patch]
    engine: Engine

    @property
    def standing(self) -> dict[str, float]:
        """The uptakes of the patches that are in force without the scenario as well."""
        return {each.id: 1.0 for each in self.of_inventory if each.is_standing}

    @cached_property
    def assessed(self) -> Assessed:
        """The product under the patches."""
        return self.engine.assess(self.engine.scenario(self.of_inventory), self.bills)

    def uptakes(self, year: int) -> dict[str, float]:
        """Return the uptake of every patch in a year [-]."""
        own = {each.id: uptake_of(each.uptake).at(year) for each in self.patches}
        return own | self.standing


def pose(
    product: shapes.ProductRequest,
    patches: Sequence[shapes.PatchRequest],
    engine: Engine,
    find: Find,
    asked: Asked,
    also: Sequence[Fault] = (),
    *,
    baseline: Sequence[shapes.PatchRequest] = (),
) -> Posed:
    """Return a product under patches; StudyError with every fault of either.

    ``baseline`` are patches that are in force without the others as well.
    """
    before, unready = to_patches(baseline, engine.catalogue, "/baseline")
    after, wrong = to_patches(patches, engine.catalogue, "/patches")
    of_inventory = [dataclasses.replace(each, is_standing=True) for each in before] + after
    faults = [*also, *unready, *wrong, *_same_ids(patches), *_of_bills(baseline)]
    found: Posed | None = None
    try:
        engine.scenario(of_inventory)
    except StudyError as error:
        faults += error.faults
    try:
        request, bills = bills_of(find_product(product, engine, find), patches, engine, asked)
        lines = (each.location for each in request.bom if each.location)
        places = tuple(dict.fromkeys([request.location, *lines]))
        found = Posed(request.name, bills, places, patches, of_inventory, engine)
    except StudyError as error:
        faults += error.faults
    if faults or found is None:
        raise StudyError(list(dict.fromkeys(faults)))
    return found


def _of_bills(baseline: Sequence[shapes.PatchRequest]) -> list[Fault]:
    detail = "patch {!r}: a bill is what it is without the scenario"
    return [
        Fault(f"/baseline/{place}", "bad_value", detail.format(each.id), "change the bill itself")
        for place, each in enumerate(baseline)
        if is_of_bill(each)
    ]


def chosen_patches(
    scenario: shapes.ScenarioReference | None,
    patches: Sequence[shapes.PatchRequest],
    find_patches: FindPatches,
) -> tuple[Sequence[shapes.PatchRequest], list[Fault]]:
    """Return the patches of a kept scenario, or those given; and a fault if both are."""
    if scenario is None:
        return patches, []
    detail = "the patches are those of a kept scenario, or these"
    fault = Fault("/patches", "scenario_or_patches", detail, "leave one out")
    return find_patches(scenario), [fault] if patches else []


def _same_ids(patches: Sequence[shapes.PatchRequest]) -> list[Fault]:
    ids = [each.id for each in patches]
    return [
        Fault(
            f"/patches/{place}/id",
            "duplicate_id",
            f"patch {name!r}: another patch has this id",
            "give each its own",
        )
        for place, name in enumerate(ids)
        if name in ids[:place]
    ]


def ask_scenario(
    value: Mapping[str, Any],
    releases: Releases,
    find: Find,
    find_patches: FindPatches,
    *,
    max_lines: int,
) -> shapes.EvaluationAnswer:
    """Return a product under a scenario.

    ``find`` returns a kept footprint by id, ``find_patches`` the patches of a kept scenario.

    Raises
    ------
    StudyError
        With every fault of the request.
    SamplesMissing
        If distributions are asked for and the samples are not built.
    """
    asked = parsed(shapes.EvaluationRequest, value)
    pin = {} if asked.data_release is None else {"data_release": asked.data_release}
    engine, also = choose_release(pin, releases)
    patches, twice = chosen_patches(asked.scenario, asked.patches, find_patches)
    also = [*also, *twice]
    every = Asked(asked.indicators, asked.uncertainty, max_lines)
    posed = pose(asked.product, patches, engine, find, every, also, baseline=asked.baseline)
    years = sorted(set(asked.years)) or [_NO_YEAR]
    before = dict.fromkeys([each.id for each in patches], 0.0) | posed.standing
    after = posed.uptakes(years[-1])
    drawn: tuple[Array, Array] | None = None
    if asked.uncertainty is not None:
        sampling = Sampling(asked.uncertainty.samples, asked.uncertainty.seed)
        samples = engine.scenario_samples(posed.assessed, sampling)
        drawn = (
            posed.assessed.samples(before, samples),
            posed.assessed.samples(after, samples),
        )
    indicators = _indicators(posed, before, after, years, drawn)
    n_changed = len(posed.assessed.scenario.changes.activities)
    return shapes.EvaluationAnswer(
        name=posed.name,
        patches=described(patches, posed.of_inventory),
        indicators=indicators,
        solved_by="release"
        if not n_changed
        else ("low_rank_update" if n_changed <= MOST_UPDATED else "new_solve"),
        samples=None
        if drawn is None
        else int(np.isfinite(np.concatenate(drawn)).all(axis=0).sum()),
        seed=None if asked.uncertainty is None else asked.uncertainty.seed,
        sources=sources_of(
            (*posed.assessed.products, *posed.assessed.scenario.changes.products), engine
        ),
        manifest=manifest(value, engine),
    )


def _indicators(
    posed: Posed,
    before: Uptakes,
    after: Uptakes,
    years: Sequence[int],
    drawn: tuple[Array, Array] | None,
) -> list[shapes.ScenarioIndicatorAnswer]:
    assessed = posed.assessed
    values = assessed.values(before), assessed.values(after)
    parts = assessed.parts(before), assessed.parts(after)
    path = [(year, posed.uptakes(year)) for year in years if year != _NO_YEAR]
    by_year = [(year, uptakes, assessed.values(uptakes)) for year, uptakes in path]
    sampled = sampled_rows(assessed, posed.engine) if drawn is not None else []
    found: list[shapes.ScenarioIndicatorAnswer] = []
    for place, (category, row) in enumerate(zip(assessed.categories, assessed.rows, strict=True)):
        reason = assessed.reasons[place] or None
        one, other = (float(each[place]) for each in values)
        answer = shapes.ScenarioIndicatorAnswer(
            id=category.indicator,
            unit=category.unit,
            method=method(category, posed.engine),
            baseline=one,
            scenario=other,
            change=other - one,
            relative=(other - one) / abs(one) if one else None,
            reason=reason,
            by_stage=_beside(parts, "by_stage", place),
            by_line=_beside(parts, "by_line", place),
            distribution=None,
            probability_lower=None,
            path=[
                shapes.YearAnswer(year=year, value=float(scores[place]), uptakes=uptakes)
                for year, uptakes, scores in by_year
            ],
        )
        if reason is not None:
            for name in ("baseline", "scenario", "change", "relative", "by_stage", "by_line"):
                setattr(answer, name, None)
            answer.path = []
        elif drawn is not None and row in sampled:
            of = sampled.index(row)
            is_used = np.isfinite(drawn[0][of]) & np.isfinite(drawn[1][of])
            pair = np.stack([drawn[1][of][is_used], drawn[0][of][is_used]])
            answer.distribution = IntervalAnswer(**vars(summarize(pair[0] - pair[1])))
            answer.probability_lower = probability_lower(pair, 0, 1)
        found.append(answer)
    return found


def sampled_rows(assessed: Assessed, engine: Engine) -> list[int]:
    """Return the rows of the categories of which there are samples, in their order."""
    default = set(engine.catalogue.default_categories.values())
    return [row for row in assessed.rows if row in default]


def _beside(parts: tuple[Parts, Parts], name: str, place: int) -> dict[str, shapes.BesideAnswer]:
    one, other = (getattr(each, name) for each in parts)
    return {
        key: shapes.BesideAnswer(
            baseline=one[key][place] if key in one else 0.0,
            scenario=other[key][place] if key in other else 0.0,
        )
        for key in dict.fromkeys([*one, *other])
    }
