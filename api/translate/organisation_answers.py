"""From what was computed for an organisation to JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from api.schemas import organisation_answer as shapes
from api.schemas.answer import ManifestAnswer, SourceAnswer, WarningAnswer
from api.schemas.organisation import ActivityRequest, OrganisationRequest
from api.translate.answers import line_answer, method
from api.translate.gri import disclosures
from api.translate.organisation_statement import CATEGORY_NAMES, STRESS, statement
from api.translate.organisations import Site, activity_id, key, market_status
from lca_service.calculation.footprint import Footprint
from lca_service.calculation.organisation import (
    CONSUMPTION,
    FUEL_AND_ENERGY,
    SCARCITY,
    TOTAL,
    WITHDRAWAL,
    Entry,
    Quantity,
    Row,
    Water,
    added,
    by_scope,
    parts,
    water_of_all,
    water_of_site,
)
from lca_service.calculation.scopes import CO2_BIOGENIC
from lca_service.engine import Engine

_SCOPE_NAMES = {
    1: "Direct emissions",
    2: "Purchased electricity, heat and steam",
    3: "Upstream and downstream",
    None: "Scopes 1, 2 and 3",
}
_CO2 = "kg CO2"


@dataclass(frozen=True)
class Computed:
    """The activities, and the footprints of all of them by location and by market."""

    entries: Sequence[Entry]
    located: Footprint
    marketed: Footprint

    def of_site(self, site: Site) -> list[Entry]:
        """Return the activities of a site."""
        return [each for each in self.entries if each.site == site.id]

    @property
    def units(self) -> Mapping[str, str]:
        """Units of the measures."""
        found = {each.category.indicator: each.category.unit for each in self.located.indicators}
        return {**found, CO2_BIOGENIC: _CO2}


def from_organisation(
    request: OrganisationRequest,
    sites: Sequence[Site],
    computed: Computed,
    engine: Engine,
    manifest: ManifestAnswer,
) -> shapes.OrganisationAnswer:
    """Return the answer."""
    units = computed.units
    rows = by_scope(computed.entries)
    waters = {site.id: water_of_site(computed.of_site(site)) for site in sites}
    emissions = [_emissions(row, units) for row in rows]
    water = _water(water_of_all(list(waters.values())), units)
    intensities = list(_intensities(request, rows, units))
    return shapes.OrganisationAnswer(
        name=request.name,
        start=request.period.start,
        end=request.period.end,
        consolidation=request.consolidation,
        methods={
            each.category.indicator: method(each.category, engine)
            for each in computed.located.indicators
        },
        emissions=emissions,
        water=water,
        intensities=intensities,
        gri=disclosures(emissions, water, intensities, request.base_year),
        sites=[
            _site(site, asked.name, computed, waters[site.id], engine)
            for site, asked in zip(sites, request.sites, strict=True)
        ],
        activities=list(_activities(sites, computed, engine)),
        warnings=list(_warnings(sites, computed, rows)),
        statement=statement(request, computed.located),
        sources=[
            SourceAnswer(id=source.code, citation=source.citation, licence=licence)
            for source, licence in dict.fromkeys(
                (*computed.located.sources, *computed.marketed.sources)
            )
        ],
        manifest=manifest,
    )


def _site(
    site: Site, name: str, computed: Computed, water: Water, engine: Engine
) -> shapes.SiteAnswer:
    units = computed.units
    categories = [each.category for each in computed.located.indicators]
    (row,) = (
        engine.catalogue.categories.index(each) for each in categories if each.indicator == SCARCITY
    )
    factors = engine.factors_at(row, site.location)
    return shapes.SiteAnswer(
        id=site.id,
        name=name,
        location=site.location,
        share=site.share,
        emissions=[_emissions(each, units) for each in by_scope(computed.of_site(site))],
        water=_water(water, units),
        scarcity_factors=[
            shapes.FactorAnswer(
                flow=flow, value=each.value, unit=f"{units[SCARCITY]}/m3", rung=each.rung
            )
            for flow, each in factors.items()
        ],
    )


def _activities(
    sites: Iterable[Site], computed: Computed, engine: Engine
) -> Iterator[shapes.ActivityEmissionsAnswer]:
    lines = {each.id: each for each in computed.located.lines}
    entries = {each.activity: each for each in computed.entries}
    for site in sites:
        for index, activity in site.activities:
            name, entry = activity_id(index, activity), entries[key(site, index)]
            yield shapes.ActivityEmissionsAnswer(
                site=site.id,
                id=name,
                scope=activity.scope,
                category=activity.category,
                line=line_answer(lines[key(site, index)], engine).model_copy(update={"id": name}),
                market=_market(site, activity, engine),
                emissions=[_emissions(part, computed.units) for part in parts(entry)],
            )


def _market(site: Site, activity: ActivityRequest, engine: Engine) -> shapes.MarketAnswer | None:
    status = market_status(activity, activity.location or site.location, engine)
    if status is None:
        return None
    contract = activity.contract
    return shapes.MarketAnswer(status=status, instrument=contract.instrument if contract else None)


def _emissions(row: Row, units: Mapping[str, str]) -> shapes.EmissionsAnswer:
    name = _SCOPE_NAMES[row.scope] if row.category is None else CATEGORY_NAMES[row.category]
    return shapes.EmissionsAnswer(
        scope="total" if row.scope is None else str(row.scope),
        category=row.category,
        name=name,
        location_based=_quantity(row.by_location[TOTAL], units[TOTAL]),
        market_based=_quantity(row.by_market[TOTAL], units[TOTAL]),
        biogenic_co2_location_based=_quantity(row.by_location[CO2_BIOGENIC], _CO2),
        biogenic_co2_market_based=_quantity(row.by_market[CO2_BIOGENIC], _CO2),
    )


def _quantity(found: Quantity, unit: str) -> shapes.QuantityAnswer:
    return shapes.QuantityAnswer(value=found.value, unit=unit, reason=found.reason or None)


def _water(water: Water, units: Mapping[str, str]) -> shapes.WaterAnswer:
    m3, scarce = units[CONSUMPTION], units[SCARCITY]

    def supply(found: Mapping[str, Quantity]) -> shapes.SupplyWaterAnswer:
        return shapes.SupplyWaterAnswer(
            withdrawal=_quantity(found[WITHDRAWAL], m3),
            consumption=_quantity(found[CONSUMPTION], m3),
            scarcity=_quantity(found[SCARCITY], scarce),
        )

    return shapes.WaterAnswer(
        withdrawal=_quantity(water.withdrawal[""], m3),
        withdrawal_by_source={
            name: _quantity(each, m3) for name, each in water.withdrawal.items() if name
        },
        consumption=_quantity(water.consumption, m3),
        discharge=_quantity(water.discharge, m3),
        scarcity=_quantity(water.scarcity, scarce),
        areas_with_water_stress=_quantity(Quantity(None, STRESS), m3),
        supply_chain_location_based=supply(water.supply_by_location),
        supply_chain_market_based=supply(water.supply_by_market),
    )


def _intensities(
    request: OrganisationRequest, rows: Sequence[Row], units: Mapping[str, str]
) -> Iterator[shapes.IntensityAnswer]:
    per: dict[str, float] = {}
    if request.employees is not None:
        per["employee"] = request.employees
    if request.revenue is not None:
        per[request.revenue.currency] = request.revenue.amount
    whole = {row.scope: row for row in rows if row.category is None}
    for name, amount in per.items():
        for of, scopes in (("scope_1_and_2", (1, 2)), ("total", (None,))):
            found = [whole[scope] for scope in scopes]
            location = added(each.by_location[TOTAL] for each in found)
            market = added(each.by_market[TOTAL] for each in found)
            unit = f"{units[TOTAL]}/{name}"
            yield shapes.IntensityAnswer(
                of=of,
                per=name,
                location_based=_quantity(_over(location, amount), unit),
                market_based=_quantity(_over(market, amount), unit),
            )


def _over(found: Quantity, amount: float) -> Quantity:
    return found if found.value is None else Quantity(found.value / amount)


def _warnings(
    sites: Sequence[Site], computed: Computed, rows: Sequence[Row]
) -> Iterator[WarningAnswer]:
    """Yield what a reader should know of the sites, then of single activities."""
    for site in sites:
        given = {activity.scope for _, activity in site.activities}
        for scope in (1, 2):
            if scope not in given:
                detail = f"site {site.id!r} has no activity of scope {scope}: it is not zero"
                yield WarningAnswer(
                    code="scope_without_data", pointer=f"/sites/{site.place}", detail=detail
                )
        for index, activity in site.activities:
            if activity.category == FUEL_AND_ENERGY:
                detail = "what comes before scopes 1 and 2 is computed: is this counted twice?"
                where = f"/sites/{site.place}/activities/{index}/category"
                yield WarningAnswer(code="category_3_given", pointer=where, detail=detail)
    missing = [str(row.category) for row in rows if row.category and _is_missing(row)]
    if missing:
        detail = (
            f"no activity data for scope 3 categories {', '.join(missing)}: not zero, not known"
        )
        yield WarningAnswer(code="categories_without_data", pointer="/sites", detail=detail)
    for each in computed.marketed.indicators:
        left = ", ".join(flow.flow for flow in each.coverage.left_out)
        if left:
            detail = f"{each.category.indicator} leaves out the effect of {left}: it is partial"
            yield WarningAnswer(code="partial", pointer="", detail=detail)
    notices = dict.fromkeys((*computed.located.notices, *computed.marketed.notices))
    for notice in notices:
        if notice.code != "no_mass":
            yield WarningAnswer(code=notice.code, pointer=notice.pointer, detail=notice.detail)


def _is_missing(row: Row) -> bool:
    return row.by_location[TOTAL] == added([])
