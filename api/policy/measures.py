"""What a measure saves: year by year, by patch, beside its target and under both supply models."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from api.keep import choose_release
from api.parse import parsed, pointer
from api.policy.bills import Asked, Find
from api.policy.patches import described
from api.policy.scenario import FindPatches, Posed, chosen_patches, pose, sampled_rows
from api.policy.sources import sources_of
from api.policy.supply import with_marginal_supply
from api.schemas import measures as shapes
from api.schemas.answer import IntervalAnswer
from api.schemas.scenarios import PatchRequest
from api.translate.answers import manifest, method
from lca_service.calculation.assessed import Assessed
from lca_service.calculation.comparison import summarize
from lca_service.calculation.measure import MOST_PATCHES, Plan, Points, savings, shapley
from lca_service.domain.study import Sampling
from lca_service.engine import Engine
from lca_service.errors import Fault, UnitMismatch
from lca_service.releases import Releases
from lca_service.units import factor

Array = NDArray[np.float64]
Electricity = Literal["average", "marginal"]
Materials = Literal["cut_off", "market_limited"]

_MOST_YEARS = 60
_ROUNDING = 1e-9
_NO_MARGIN = (
    "no plant of coal, gas or oil follows demand at {places}: their electricity stays average"
)


@dataclasses.dataclass(frozen=True)
class _Modelled:
    """A measure under one model of supply."""

    electricity: Electricity
    materials: Materials
    assessed: Assessed
    plan: Plan
    mixes: Mapping[str, Mapping[str, float]]
    reason: str | None

    @cached_property
    def saved(self) -> Array:
        """Savings by year and category, shape (n_years, n_categories)."""
        return savings(self.plan, self.assessed.values)


@dataclasses.dataclass(frozen=True)
class _Drawn:
    """Samples of savings by year and sampled category, shape (n_years, n_sampled, n_samples)."""

    saved: Array
    rows: Sequence[int]

    def of(self, row: int, years: slice) -> Array | None:
        """Return the samples of the saving of some years; None if the row is not sampled."""
        if row not in self.rows:
            return None
        found = self.saved[years, self.rows.index(row)].sum(axis=0)
        return np.asarray(found[np.isfinite(found)])


def ask_measure(
    value: Mapping[str, Any],
    releases: Releases,
    find: Find,
    find_patches: FindPatches,
    *,
    max_lines: int,
) -> shapes.MeasureAnswer:
    """Return what a measure saves.

    ``find`` returns a kept footprint by id, ``find_patches`` the patches of a kept scenario.

    Raises
    ------
    StudyError
        With every fault of the request.
    SamplesMissing
        If distributions are asked for and the samples are not built.
    """
    asked = parsed(shapes.MeasureRequest, value)
    pin = {} if asked.data_release is None else {"data_release": asked.data_release}
    engine, also = choose_release(pin, releases)
    patches, twice = chosen_patches(asked.scenario, asked.patches, find_patches)
    faults = [*also, *twice, *_form_faults(asked, patches), *_target_faults(asked, engine)]
    every = Asked(_indicators_of(asked), asked.uncertainty, max_lines)
    posed = pose(asked.product, patches, engine, find, every, faults, baseline=asked.baseline)
    used = _modelled(posed, asked, asked.supply.electricity, asked.supply.materials)
    other = _modelled(
        posed,
        asked,
        "average" if asked.supply.electricity == "marginal" else "marginal",
        "cut_off" if asked.supply.materials == "market_limited" else "market_limited",
    )
    drawn = None if asked.uncertainty is None else _drawn(used, asked, engine)
    indicators = _indicators(used, drawn, engine)
    return shapes.MeasureAnswer(
        name=asked.name,
        product=posed.name,
        patches=described(patches, posed.of_inventory),
        indicators=indicators,
        burden_shifted=[each.id for each in indicators if _costs_more(each, used.plan)],
        target=None if asked.target is None else _target(asked.target, used, drawn, engine),
        supply_models=[_model(used, is_used=True), _model(other, is_used=False)],
        rebound=asked.rebound,
        samples=None if drawn is None else int(np.isfinite(drawn.saved).all(axis=(0, 1)).sum()),
        seed=None if asked.uncertainty is None else asked.uncertainty.seed,
        sources=sources_of(
            (*used.assessed.products, *used.assessed.scenario.changes.products), engine
        ),
        manifest=manifest(value, engine),
    )


def _indicators_of(asked: shapes.MeasureRequest) -> list[str]:
    """Return the indicators that are asked for, and that of the target."""
    if not asked.indicators or asked.target is None:
        return list(asked.indicators)
    return list(dict.fromkeys([*asked.indicators, asked.target.indicator]))


def _form_faults(asked: shapes.MeasureRequest, patches: Sequence[PatchRequest]) -> list[Fault]:
    n_patches, names = len(patches), [each.id for each in patches]
    faults = [
        Fault(
            pointer(["rebound", name]),
            "unknown_patch",
            f"the measure has no patch {name!r}",
            "name one of its patches",
            tuple(names),
        )
        for name in asked.rebound
        if name not in names
    ]
    if not n_patches:
        detail = "a measure changes something: it has no patch"
        faults.append(Fault("/patches", "empty_measure", detail))
    if n_patches > MOST_PATCHES:
        detail = f"{n_patches} patches; the shares of at most {MOST_PATCHES} are told apart"
        faults.append(Fault("/patches", "too_many_patches", detail, "join some of them"))
    if not 0 <= asked.years.end - asked.years.start < _MOST_YEARS:
        detail = (
            f"{asked.years.start} to {asked.years.end} is no period of 1 to {_MOST_YEARS} years"
        )
        faults.append(Fault("/years", "bad_period", detail))
    return faults


def _target_faults(asked: shapes.MeasureRequest, engine: Engine) -> list[Fault]:
    target = asked.target
    if target is None:
        return []
    faults: list[Fault] = []
    row = engine.catalogue.default_categories.get(target.indicator)
    if (target.amount is None) == (target.share is None):
        detail = "a target is an amount with its unit, or a share"
        faults.append(Fault("/target", "amount_or_share", detail, "give exactly one"))
    if not asked.years.start <= target.by <= asked.years.end:
        detail = f"{target.by} is not between {asked.years.start} and {asked.years.end}"
        faults.append(Fault("/target/by", "bad_period", detail))
    if row is None:
        known = tuple(engine.catalogue.default_categories)
        detail = f"unknown indicator {target.indicator!r}"
        faults.append(Fault("/target/indicator", "unknown_indicator", detail, "", known))
    elif target.amount is not None:
        unit = _plain(engine.catalogue.categories[row].unit)
        try:
            factor(target.unit or unit, unit)
        except UnitMismatch as error:
            faults.append(Fault("/target/unit", "unit_mismatch", str(error), f"use {unit}"))
    return faults


def _plain(unit: str) -> str:
    """Return the unit of an indicator without what it counts, as kg of kg CO2e."""
    return unit.split(" ")[0]


def _modelled(
    posed: Posed, asked: shapes.MeasureRequest, electricity: Electricity, materials: Materials
) -> _Modelled:
    """Return a measure under a model of supply."""
    assessed, reason = posed.assessed, None
    mixes: Mapping[str, Mapping[str, float]] = {}
    standing = tuple(posed.standing)
    if electricity == "marginal":
        changed, mixes = with_marginal_supply(
            posed.of_inventory, posed.places, posed.engine.catalogue
        )
        if mixes:
            assessed = posed.engine.assess(posed.engine.scenario(changed), posed.bills)
            standing = tuple(each.id for each in changed if each.is_standing)
        without = [place for place in posed.places if place not in mixes]
        reason = _NO_MARGIN.format(places=", ".join(without)) if without else None
    years = tuple(range(asked.years.start, asked.years.end + 1))
    units = Points(
        {int(year): each for year, each in asked.units.items()}
        if isinstance(asked.units, dict)
        else {0: asked.units}
    )
    limits = {
        each.id: each.market_limited.factor
        for each in posed.patches
        if each.market_limited is not None and materials == "market_limited"
    }
    uptakes = {
        year: {
            name: uptake * limits.get(name, 1.0)
            for name, uptake in posed.uptakes(year).items()
            if name not in posed.standing
        }
        for year in years
    }
    plan = Plan(years, {y: units.at(y) for y in years}, uptakes, asked.rebound, standing)
    return _Modelled(electricity, materials, assessed, plan, mixes, reason)


def _drawn(used: _Modelled, asked: shapes.MeasureRequest, engine: Engine) -> _Drawn:
    assert asked.uncertainty is not None
    sampling = Sampling(asked.uncertainty.samples, asked.uncertainty.seed)
    samples = engine.scenario_samples(used.assessed, sampling)
    saved = savings(used.plan, lambda uptakes: used.assessed.samples(uptakes, samples))
    return _Drawn(saved, sampled_rows(used.assessed, engine))


def _indicators(
    used: _Modelled, drawn: _Drawn | None, engine: Engine
) -> list[shapes.MeasureIndicatorAnswer]:
    plan, assessed = used.plan, used.assessed
    shares = shapley(
        list(plan.uptakes[plan.years[0]]),
        lambda patches: savings(plan.of(patches), assessed.values).sum(axis=0),
    )
    before, after = assessed.values(plan.before), assessed.values(plan.at(plan.years[-1]))
    found: list[shapes.MeasureIndicatorAnswer] = []
    for place, (category, row) in enumerate(zip(assessed.categories, assessed.rows, strict=True)):
        answer = shapes.MeasureIndicatorAnswer(
            id=category.indicator,
            unit=category.unit,
            method=method(category, engine),
            reason=assessed.reasons[place] or None,
            unit_baseline=None,
            unit_scenario=None,
            relative=None,
            annual=None,
            cumulated=None,
            by_year=[],
            by_patch=None,
            probability_saving=None,
        )
        found.append(answer)
        if answer.reason is not None:
            continue
        one, other = float(before[place]), float(after[place])
        answer.unit_baseline, answer.unit_scenario = one, other
        answer.relative = (other - one) / abs(one) if one else None
        answer.annual = _saving(used, drawn, place, row, slice(-1, None))
        answer.cumulated = _saving(used, drawn, place, row, slice(None))
        answer.by_year = [
            shapes.YearSavingAnswer(
                **_saving(used, drawn, place, row, slice(index, index + 1)).model_dump(),
                year=year,
                units=plan.units[year],
                uptakes=dict(plan.uptakes[year]),
            )
            for index, year in enumerate(plan.years)
        ]
        answer.by_patch = {name: float(share[place]) for name, share in shares.items()}
        whole = None if drawn is None else drawn.of(row, slice(None))
        answer.probability_saving = None if whole is None else float((whole > 0).mean())
    return found


def _costs_more(found: shapes.MeasureIndicatorAnswer, plan: Plan) -> bool:
    """Tell whether a measure costs more of an indicator, by more than rounding."""
    if found.cumulated is None or found.unit_baseline is None:
        return False
    whole = abs(found.unit_baseline) * sum(plan.units.values())
    return found.cumulated.value < -_ROUNDING * whole


def _saving(
    used: _Modelled, drawn: _Drawn | None, place: int, row: int, years: slice
) -> shapes.SavingAnswer:
    samples = None if drawn is None else drawn.of(row, years)
    interval = None if samples is None else IntervalAnswer(**vars(summarize(samples)))
    return shapes.SavingAnswer(value=float(used.saved[years, place].sum()), interval=interval)


def _target(
    asked: shapes.TargetRequest, used: _Modelled, drawn: _Drawn | None, engine: Engine
) -> shapes.TargetAnswer:
    ids = [each.indicator for each in used.assessed.categories]
    place = ids.index(asked.indicator)
    category, row = used.assessed.categories[place], used.assessed.rows[place]
    last = used.plan.years.index(asked.by) + 1
    years = slice(last - 1, last) if asked.of == "annual" else slice(0, last)
    answer = shapes.TargetAnswer(
        indicator=asked.indicator,
        unit=category.unit,
        by=asked.by,
        of=asked.of,
        target=None,
        saving=None,
        gap=None,
        met=None,
        probability_met=None,
        reason=used.assessed.reasons[place] or None,
    )
    if answer.reason is not None:
        return answer
    if asked.amount is not None:
        unit = _plain(category.unit)
        target = asked.amount * factor(asked.unit or unit, unit)
    else:
        units = sum(used.plan.units[year] for year in used.plan.years[years])
        before = used.assessed.values(used.plan.before)[place]
        target = float((asked.share or 0.0) * units * before)
    saving = float(used.saved[years, place].sum())
    answer.target, answer.saving, answer.gap = target, saving, target - saving
    answer.met = saving >= target
    samples = None if drawn is None else drawn.of(row, years)
    answer.probability_met = None if samples is None else float((samples >= target).mean())
    return answer


def _model(modelled: _Modelled, *, is_used: bool) -> shapes.SupplyModelAnswer:
    assessed = modelled.assessed
    saved = modelled.saved.sum(axis=0)
    return shapes.SupplyModelAnswer(
        electricity=modelled.electricity,
        materials=modelled.materials,
        is_used=is_used,
        cumulated={
            category.indicator: None if assessed.reasons[place] else float(saved[place])
            for place, category in enumerate(assessed.categories)
        },
        mixes={place: dict(mix) for place, mix in modelled.mixes.items()},
        reason=modelled.reason,
    )
