"""Hotspots of a value chain: where it weighs, what addresses it, and what to begin with.

The three steps of the seeds of the One Planet network and UNEP for value chains: (a) stages,
countries and indicators as a matrix, (b) actions that exist, (c) a common agenda.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress

import numpy as np
from numpy.typing import NDArray

from api.policy.sectors import ChainProduct, PublishedShare, Sector, find_sector, sectors
from api.policy.shipped import shipped_measures
from api.policy.sources import sources_of
from api.policy.worked import ask_worked
from api.schemas import hotspots as shapes
from api.schemas.language import Language
from api.schemas.measures import PublishedAnswer
from api.translate.answers import manifest, method
from lca_service.calculation.coverage import inventory, reason_unknown
from lca_service.calculation.unfold import unfold
from lca_service.domain.method import ImpactCategory
from lca_service.engine import Engine
from lca_service.errors import Fault, NoProvider, StudyError, UnknownName
from lca_service.releases import Releases
from lca_service.units import factor

Array = NDArray[np.float64]

DEFAULT = ("climate_change.total", "water.consumption", "water.scarcity_aware")
_HOTSPOT = 0.25  # share of the whole from which a step is one
_BEST = 0.1  # quantile of the places that potentials are measured from
_LISTED = 10
_PLACES = "electricity-low-voltage"  # places with a grid of their own


def ask_hotspots(
    sector_id: str,
    product_id: str,
    countries: Sequence[str],
    indicators: Sequence[str],
    releases: Releases,
    language: Language,
) -> shapes.HotspotsAnswer:
    """Return the hotspots of a product of a sector in some countries.

    Raises
    ------
    UnknownName
        If there is no such sector or product.
    StudyError
        With every country or indicator that is not known.
    """
    engine = releases.current
    sector = find_sector(sector_id)
    product = sector.product(product_id)
    places = list(dict.fromkeys(countries)) or sector.countries
    rows = _rows(places, indicators or DEFAULT, engine)
    unfolded = _unfolded(sector_id, product.id, places, engine)
    best = _best(sector_id, product.id, engine)
    answers = [
        _indicator(
            category,
            row,
            sector,
            unfolded,
            best,
            engine,
            _reason(product, places, category, engine),
        )
        for row in rows
        for category in [engine.catalogue.categories[row]]
    ]
    effects = _effects(releases)
    addressed = [
        shapes.AddressedAnswer(
            step=step.id,
            measures=[
                shapes.EffectAnswer(
                    measure=name,
                    title=shipped_measures()[name].title[language],
                    relative={each: effects[name].get(each) for each in indicators or DEFAULT},
                )
                for name, steps in sector.measures.items()
                if step.id in steps
            ],
            actions=[
                {"name": each.name, "source": each.source}
                for each in sector.actions
                if step.id in each.steps
            ],
        )
        for step in sector.steps
    ]
    asked = {"sector": sector_id, "product": product.id, "countries": places, "rows": rows}
    return shapes.HotspotsAnswer(
        sector=sector_id,
        title=sector.title[language],
        product=shapes.TitledAnswer(id=product.id, title=product.title[language]),
        declared_unit=f"{product.declared_unit.amount:g} {product.declared_unit.unit}",
        note=product.note,
        steps=[
            shapes.StepAnswer(id=each.id, title=each.title[language], stage=each.stage.value)
            for each in sector.steps
        ],
        countries=places,
        indicators=answers,
        addressed=addressed,
        agenda=_agenda(answers, addressed),
        published=[
            _beside(each, sector_id, engine)
            for each in sector.published
            if each.product == product.id
        ],
        sources=sources_of(
            (
                found[0]
                for place in places
                for part in product.chain.parts
                if (found := engine.catalogue.providers.find(part.product, place))
            ),
            engine,
        ),
        manifest=manifest(asked, engine),
    )


def _rows(places: Sequence[str], indicators: Sequence[str], engine: Engine) -> list[int]:
    catalogue = engine.catalogue
    faults = [
        Fault("/countries", "unknown_location", f"unknown location {place!r}")
        for place in places
        if place not in catalogue.nomenclature.ladders
    ]
    known = catalogue.default_categories
    faults += [
        Fault("/indicators", "unknown_indicator", f"unknown indicator {each!r}", "", tuple(known))
        for each in indicators
        if each not in known
    ]
    if faults:
        raise StudyError(faults)
    return [known[each] for each in indicators]


def _unfolded(
    sector_id: str, product_id: str, places: Sequence[str], engine: Engine
) -> dict[str, Mapping[str, Array]]:
    """Return the steps by country; StudyError with every country where nobody makes a product."""
    found: dict[str, Mapping[str, Array]] = {}
    faults: list[Fault] = []
    for place in places:
        try:
            found[place] = _steps_at(sector_id, product_id, place, engine)
        except NoProvider as error:
            faults.append(Fault("/countries", "no_provider", str(error)))
    if faults:
        raise StudyError(faults)
    return found


def _reason(
    product: ChainProduct, places: Sequence[str], category: ImpactCategory, engine: Engine
) -> str:
    """Return why the value of a category is unknown at the first place where it is."""
    catalogue = engine.catalogue
    for place in places:
        demand: dict[int, float] = {}
        for part in product.chain.parts:
            provider = catalogue.providers.find(part.product, place)
            assert provider is not None, "what nobody makes has been refused"
            unit = catalogue.nomenclature.products[part.product].unit
            amount = part.amount * factor(part.unit, unit)
            demand[provider[0]] = demand.get(provider[0], 0.0) + amount
        flows = inventory(catalogue, engine.background, demand, {})
        if reason := reason_unknown(category, flows, catalogue):
            return f"{place}: {reason}"
    return ""


def _steps_at(sector_id: str, product_id: str, place: str, engine: Engine) -> Mapping[str, Array]:
    product = find_sector(sector_id).product(product_id)
    return unfold(product.chain, place, engine.catalogue, engine.background)


_best_known: dict[tuple[str, str, str], tuple[Mapping[str, Array], int]] = {}
_effects_known: dict[str, Mapping[str, Mapping[str, float | None]]] = {}


def _best(sector_id: str, product_id: str, engine: Engine) -> tuple[Mapping[str, Array], int]:
    """Return the 10th percentile of each step over countries, and how many there are.

    It is remembered by release: hundreds of countries take half a second.
    """
    key = engine.catalogue.data_hash, sector_id, product_id
    if key not in _best_known:
        found: list[Mapping[str, Array]] = []
        for place in engine.catalogue.providers.domestic.get(_PLACES, {}):
            if len(place) != 2:  # a region, not a country
                continue
            with suppress(NoProvider):
                found.append(_steps_at(sector_id, product_id, place, engine))
        zero = np.zeros(len(engine.catalogue.categories))
        best = {
            step: np.quantile([each.get(step, zero) for each in found], _BEST, axis=0)
            for step in {step for each in found for step in each}
        }
        _best_known[key] = best, len(found)
    return _best_known[key]


def _effects(releases: Releases) -> Mapping[str, Mapping[str, float | None]]:
    """Return what each worked measure changes of a unit, by indicator; remembered by release."""
    key = releases.current.catalogue.data_hash
    if key not in _effects_known:
        found: dict[str, Mapping[str, float | None]] = {}
        for name in shipped_measures():
            found[name] = {}
            with suppress(StudyError, UnknownName):  # of a release without its products
                answer = ask_worked(name, {}, releases, max_lines=100)
                found[name] = {each.id: each.relative for each in answer.indicators}
        _effects_known[key] = found
    return _effects_known[key]


def _indicator(
    category: ImpactCategory,
    row: int,
    sector: Sector,
    found: Mapping[str, Mapping[str, Array]],
    best: tuple[Mapping[str, Array], int],
    engine: Engine,
    reason: str,
) -> shapes.HotspotIndicatorAnswer:
    cells: list[shapes.CellAnswer] = []
    totals: dict[str, float | None] = {}
    for place, steps in () if reason else found.items():
        total = float(sum(scores[row] for scores in steps.values()))
        totals[place] = total
        for step in sector.steps:
            value = float(steps[step.id][row]) if step.id in steps else 0.0
            least = float(best[0][step.id][row]) if step.id in best[0] else 0.0
            cells.append(
                shapes.CellAnswer(
                    step=step.id,
                    country=place,
                    value=value,
                    share=value / total if total else None,
                    potential=max(value - least, 0.0),
                )
            )
    largest = {
        place: max(each.value or 0.0 for each in cells if each.country == place) for place in totals
    }
    spots = [
        shapes.HotspotAnswer(
            step=each.step,
            country=each.country,
            value=each.value or 0.0,
            share=each.share,
            potential=each.potential or 0.0,
            is_hotspot=each.share >= _HOTSPOT or each.value == largest[each.country],
        )
        for each in cells
        if each.share is not None
    ]
    return shapes.HotspotIndicatorAnswer(
        id=category.indicator,
        unit=category.unit,
        method=method(category, engine),
        reason=reason or None,
        cells=cells,
        totals=totals,
        by_share=sorted(spots, key=lambda each: -each.share)[:_LISTED],
        by_potential=sorted(spots, key=lambda each: -each.potential)[:_LISTED],
        n_places=best[1],
    )


def _agenda(
    answers: Sequence[shapes.HotspotIndicatorAnswer],
    addressed: Sequence[shapes.AddressedAnswer],
) -> list[shapes.PriorityAnswer]:
    """Return the steps that are a hotspot anywhere, those with most to win first."""
    found: list[shapes.PriorityAnswer] = []
    for answer in answers:
        for each in addressed:
            cells = [cell for cell in answer.cells if cell.step == each.step]
            shares = [cell.share or 0.0 for cell in cells]
            gains = [
                (cell.potential or 0.0) / total
                for cell in cells
                if (total := answer.totals[cell.country])
            ]
            spots = [cell.country for cell in cells if (cell.share or 0.0) >= _HOTSPOT]
            if spots:
                found.append(
                    shapes.PriorityAnswer(
                        rank=0,
                        step=each.step,
                        indicator=answer.id,
                        mean_share=float(np.mean(shares)),
                        mean_potential=float(np.mean(gains)) if gains else 0.0,
                        countries=spots,
                        measures=each.measures,
                        actions=each.actions,
                    )
                )
    found.sort(key=lambda each: (-each.mean_potential, -each.mean_share, each.step))
    return [each.model_copy(update={"rank": n}) for n, each in enumerate(found, start=1)]


def _beside(published: PublishedShare, sector_id: str, engine: Engine) -> PublishedAnswer:
    """Return a published share with ours beside it."""
    row = engine.catalogue.default_categories[published.indicator]
    steps = _steps_at(sector_id, published.product, published.country, engine)
    whole = sum(
        float(scores[row]) for step, scores in steps.items() if step not in published.without
    )
    part = sum(float(steps[step][row]) for step in published.steps if step in steps)
    ours = part / whole if whole else None
    return PublishedAnswer(
        what=f"Share of {', '.join(published.steps)} of {published.product} in {published.country}"
        + (f", without {', '.join(published.without)}" if published.without else ""),
        citation=published.citation,
        locator=published.locator,
        value=published.value,
        minimum=published.minimum,
        maximum=published.maximum,
        unit="1",
        ours=ours,
        ratio=None if ours is None else ours / published.value,
        why=published.why,
    )


def list_sectors(language: Language) -> list[shapes.SectorAnswer]:
    """Return the sectors with their products."""
    return [
        shapes.SectorAnswer(
            id=name,
            title=each.title[language],
            products=[
                shapes.TitledAnswer(id=product.id, title=product.title[language])
                for product in each.products
            ],
        )
        for name, each in sectors().items()
    ]
