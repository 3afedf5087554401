"""Every fault of what an organisation says it did, in one reply."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pydantic import BaseModel

from api.contracts import contract_faults
from api.faults import as_list, has_form, readable, readable_methods
from api.parse import MOST_FAULTS, parse_as, pointer
from api.schemas import organisation as shapes
from api.schemas.request import Code, ContractRequest, LineRequest, Name, ParameterRequest
from api.translate.organisations import Buy, Site, activity_id, by_location, sites_of, to_study
from lca_service.calculation.borders import GRID, HEAT, is_burnt
from lca_service.catalogue.resolve import resolve_location
from lca_service.domain.location import WORLD
from lca_service.engine import Engine
from lca_service.errors import Fault, StudyError, UnitMismatch, UnknownName
from lca_service.units import factor

_LONGEST_DAYS = 366
_UNREADABLE = ""  # a place that is told of as a fault of form
_PARTS: dict[str, type[BaseModel]] = {
    "activities": shapes.ActivityRequest,
    "base_year": shapes.BaseYearRequest,
    "contract": ContractRequest,
    "parameters": ParameterRequest,
    "period": shapes.PeriodRequest,
    "revenue": shapes.RevenueRequest,
    "sites": shapes.SiteRequest,
}
# Caused by what cannot be read, or told with the names of the request
_TOLD_HERE = {"empty_bill", "duplicate_id"}


def checked_organisation(
    value: Mapping[str, Any], engine: Engine, *, max_lines: int, also: Sequence[Fault] = ()
) -> shapes.OrganisationRequest:
    """Return the typed request, or raise the faults of its form and of its content together."""
    count = sum(len(as_list(each.get("activities"))) for each in _objects(value.get("sites")))
    if count > max_lines or len(as_list(value.get("sites"))) > max_lines:
        detail = f"{count} activities; at most {max_lines} are allowed, and as many sites"
        raise StudyError([*also, Fault("/sites", "too_many_lines", detail, "group activities")])
    request, faults = parse_as(shapes.OrganisationRequest, value, _PARTS)
    sites = list(_readable_sites(value)) if request is None else sites_of(request)
    found = [*also, *faults, *_frame_faults(value), *_site_faults(value, sites)]
    for site in sites:
        for index, activity in site.activities:
            found += _activity_faults(activity, pointer([*site.path, index]), engine)
    found += _content_faults(sites, readable_methods(value), engine)
    if found or request is None:
        raise StudyError(found[:MOST_FAULTS])
    return request


def _objects(entries: Any) -> list[Mapping[str, Any]]:
    return [each for each in as_list(entries) if isinstance(each, dict)]


def _readable_sites(value: Mapping[str, Any]) -> Iterator[Site]:
    """Yield what can be read of the sites of a request that has faults of form."""
    for place, each in enumerate(as_list(value.get("sites"))):
        if isinstance(each, dict):
            yield Site(
                place,
                each["id"] if has_form(each.get("id"), Name) else "",
                each["location"] if has_form(each.get("location"), Code) else _UNREADABLE,
                1.0,
                tuple(readable(each.get("activities"), shapes.ActivityRequest)),
            )


def _frame_faults(value: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield what is wrong with the period and with the unit of the base year."""
    for _, period in readable([value.get("period")], shapes.PeriodRequest):
        days = (period.end - period.start).days + 1
        if not 1 <= days <= _LONGEST_DAYS:
            detail = f"the period has {days} days: give 1 to {_LONGEST_DAYS}, both ends counted"
            yield Fault("/period/end", "bad_period", detail)
    for _, base in readable([value.get("base_year")], shapes.BaseYearRequest):
        try:
            factor(base.unit, "kg")
        except UnitMismatch as error:
            yield Fault("/base_year/unit", "unit_mismatch", str(error), "", ("kg", "t"))


def _site_faults(value: Mapping[str, Any], sites: Iterable[Site]) -> Iterator[Fault]:
    """Yield shares that the consolidation lacks or has no use for, and ids used twice."""
    is_by_share = value.get("consolidation") == "equity_share"
    for place, each in enumerate(as_list(value.get("sites"))):
        has_share = isinstance(each, dict) and each.get("share") is not None
        if is_by_share and not has_share:
            detail = "consolidation by equity share needs the share in every site"
            yield Fault(f"/sites/{place}/share", "missing_field", detail)
        if has_share and value.get("consolidation") in ("operational_control", "financial_control"):
            detail = "under control all of a site counts: a share is for equity_share only"
            yield Fault(f"/sites/{place}/share", "bad_consolidation", detail)
    taken: set[str] = set()
    for site in sites:
        if site.id and site.id in taken:
            detail = f"the id {site.id!r} is used twice"
            yield Fault(f"/sites/{site.place}/id", "duplicate_id", detail, "give each its own id")
        taken.add(site.id)
        names: set[str] = set()
        for index, activity in site.activities:
            name = activity_id(index, activity)
            if name in names:
                where = pointer([*site.path, index, "id"])
                detail = f"the site has two activities {name!r}"
                yield Fault(where, "duplicate_id", detail, "give each its own id")
            names.add(name)


def _activity_faults(
    activity: shapes.ActivityRequest, where: str, engine: Engine
) -> Iterator[Fault]:
    if (activity.product is None) == (activity.flow is None):
        detail = "an activity buys or burns a product, or exchanges a flow with nature"
        hint = "give exactly one of 'product' and 'flow'"
        yield Fault(where, "product_or_flow", detail, hint)
    if activity.scope == 3 and activity.category is None:
        detail = "an activity of scope 3 needs its category, 1 to 15"
        yield Fault(f"{where}/category", "missing_field", detail)
    if activity.scope != 3 and activity.category is not None:
        detail = "only scope 3 has categories; what comes before scopes 1 and 2 is computed"
        yield Fault(f"{where}/category", "bad_category", detail)
    yield from _scope_faults(activity, where, engine)
    yield from _misplaced(activity, where)


def _scope_faults(activity: shapes.ActivityRequest, where: str, engine: Engine) -> Iterator[Fault]:
    """Yield a fault if what is bought or emitted cannot be of the scope."""
    if activity.scope == 2 and activity.flow is not None:
        detail = "scope 2 is electricity, heat and steam that are bought"
        hint = "what a site emits itself is scope 1"
        yield Fault(f"{where}/scope", "bad_scope", detail, hint)
    product = engine.catalogue.nomenclature.products.get(activity.product or "")
    if product is None:
        return
    if activity.scope == 1 and not is_burnt(product.code, product.category):
        detail = f"{product.code} is neither burnt nor driven by who buys it"
        hint = "name what burns, such as diesel-burned-in-boiler; what is bought is scope 3"
        yield Fault(f"{where}/scope", "bad_scope", detail, hint)
    if activity.scope == 2 and product.code not in (*GRID, *HEAT):
        detail = f"{product.code} is not energy that scope 2 knows"
        hint = "name the grid's electricity or heat; plants go into a contract"
        yield Fault(f"{where}/scope", "bad_scope", detail, hint, (*GRID, *HEAT))


def _misplaced(activity: shapes.ActivityRequest, where: str) -> Iterator[Fault]:
    """Yield fields that say nothing where they stand."""
    if activity.contract is not None:
        if activity.scope != 2:
            detail = "a contract belongs to purchased electricity, which is scope 2"
            yield Fault(f"{where}/contract", "bad_contract", detail)
        line = LineRequest(
            product=activity.product, amount=1.0, unit="kWh", contract=activity.contract
        )
        yield from contract_faults(line, where)
    if activity.parameters and (activity.flow is not None or activity.scope == 2):
        detail = "parameters belong to a process of scope 1 or 3; of scope 2 name a contract"
        yield Fault(f"{where}/parameters", "bad_parameter", detail)
    if activity.mix is not None and activity.flow is not None:
        yield Fault(f"{where}/mix", "bad_value", "a flow has no mix")
    is_withdrawn = activity.scope == 1 and (activity.flow or "").startswith("water-withdrawn-")
    if activity.water_source is not None and not is_withdrawn:
        detail = "a source belongs to a flow of scope 1 that says water-withdrawn"
        yield Fault(f"{where}/water_source", "bad_water_source", detail)


def _content_faults(
    sites: Sequence[Site], methods: Mapping[str, str], engine: Engine
) -> Iterator[Fault]:
    """Yield unknown names and places, and wrong units, of what can be read."""
    placed: list[Site] = []
    contracts: list[Site] = []  # at a place that is not known nobody can tell what they supply
    for site in sites:
        try:
            resolve_location(engine.catalogue, site.location)
            placed.append(site)
            contracts.append(replace(site, activities=tuple(_by_contract(site))))
        except UnknownName as error:
            placed.append(replace(site, location=WORLD))
            if site.location != _UNREADABLE:
                where = f"/sites/{site.place}/location"
                yield Fault(where, error.code, str(error), error.hint, error.nearest)
    yield from _study_faults(placed, by_location, methods, engine)
    for fault in _study_faults(contracts, lambda _, line: line, methods, engine):
        if any(part in fault.pointer for part in ("/contract/shares", "/contract/location")):
            yield fault


def _by_contract(site: Site) -> Iterator[tuple[int, shapes.ActivityRequest]]:
    for index, activity in site.activities:
        if activity.contract is not None and activity.product in GRID:
            yield index, activity


def _study_faults(
    sites: Sequence[Site], buy: Buy, methods: Mapping[str, str], engine: Engine
) -> list[Fault]:
    one = [replace(site, activities=tuple(_with_one(site))) for site in sites]
    try:
        engine.check(to_study(one, buy, methods))
    except StudyError as error:
        return [fault for fault in error.faults if fault.code not in _TOLD_HERE]
    return []


def _with_one(site: Site) -> Iterator[tuple[int, shapes.ActivityRequest]]:
    """Yield the activities that name either a product or a flow."""
    for index, activity in site.activities:
        if (activity.product is None) != (activity.flow is None):
            yield index, activity
