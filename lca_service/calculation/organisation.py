"""The footprint of an organisation: what its sites do, added up by scope, category and site.

An amount that no activity gives is not zero: it is left out of sums, and of what it would be
alone there is no value. An amount that is given and unknown makes every sum of it unknown.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from lca_service.calculation.scopes import CO2_BIOGENIC, Split

TOTAL = "climate_change.total"
WITHDRAWAL, CONSUMPTION, SCARCITY = "water.withdrawal", "water.consumption", "water.scarcity_aware"
INDICATORS = (TOTAL, WITHDRAWAL, CONSUMPTION, SCARCITY)

NO_DATA = "no activity data given"
FUEL_AND_ENERGY = 3  # category of what comes before scopes 1 and 2
CATEGORIES = range(1, 16)

WATER_SOURCES = ("surface_water", "groundwater", "produced_water")
THIRD_PARTY, NOT_NAMED = "third_party_water", "source_not_named"

_CARBON = (TOTAL, CO2_BIOGENIC)
_WATER = (WITHDRAWAL, CONSUMPTION, SCARCITY)


@dataclass(frozen=True)
class Quantity:
    """An amount; None, with a reason, where there is none."""

    value: float | None
    reason: str = ""


def added(quantities: Iterable[Quantity]) -> Quantity:
    """Return the sum of what is given; unknown if anything given is unknown.

    Examples
    --------
    >>> added([Quantity(1.0), Quantity(None, NO_DATA), Quantity(2.0)])
    Quantity(value=3.0, reason='')
    >>> added([])
    Quantity(value=None, reason='no activity data given')
    """
    given = [each for each in quantities if each.reason != NO_DATA]
    if not given:
        return Quantity(None, NO_DATA)
    unknown = [each.reason for each in given if each.value is None]
    if unknown:
        return Quantity(None, "; ".join(sorted(set(unknown))))
    return Quantity(math.fsum(each.value for each in given if each.value is not None))


@dataclass(frozen=True)
class Entry:
    """One activity of a site, computed.

    ``by_location`` and ``by_market`` are its amounts with electricity of the grid, and with
    that of contracts and residual mixes. ``third_party`` is the water [m3] that it buys.
    """

    site: str
    activity: str
    scope: int
    category: int | None
    flow: str
    water_source: str
    third_party: float | None
    by_location: Split
    by_market: Split


@dataclass(frozen=True)
class Row:
    """The amounts of a scope or category, by measure; a scope of None is all of them."""

    scope: int | None
    category: int | None
    by_location: Mapping[str, Quantity]
    by_market: Mapping[str, Quantity]


def parts(entry: Entry) -> Iterator[Row]:
    """Yield what an activity brings to its own scope, and to category 3 of scope 3."""
    yield Row(entry.scope, entry.category, *_carbon(entry, "own"))
    if entry.scope < 3 and not entry.flow:
        yield Row(3, FUEL_AND_ENERGY, *_carbon(entry, "upstream"))


def by_scope(entries: Iterable[Entry]) -> tuple[Row, ...]:
    """Return the scopes, the fifteen categories of scope 3, and all of them together."""
    found = [part for entry in entries for part in parts(entry)]
    rows = [_sum([each for each in found if each.scope == scope], scope) for scope in (1, 2, 3)]
    rows += [
        _sum([each for each in found if each.category == number], 3, number)
        for number in CATEGORIES
    ]
    return (*rows, _sum(found, None))


@dataclass(frozen=True)
class Water:
    """The water of a site [m3] and its scarcity [m3 world-eq], and that of its supply chain.

    Parameters
    ----------
    withdrawal
        By source, and of them all under an empty name.
    consumption, scarcity
        Of the site's own flows.
    discharge
        What is withdrawn and not consumed, where the site gives both.
    supply_by_location, supply_by_market
        Of everything that is bought, by indicator.
    """

    withdrawal: Mapping[str, Quantity]
    consumption: Quantity
    scarcity: Quantity
    discharge: Quantity
    supply_by_location: Mapping[str, Quantity]
    supply_by_market: Mapping[str, Quantity]


def water_of_site(entries: Sequence[Entry]) -> Water:
    """Return the water of the activities of one site."""
    withdrawn = [each for each in entries if _is_own(each, "water-withdrawn-")]
    consumed = [each for each in entries if _is_own(each, "water-consumed-")]
    bought = [Quantity(each.third_party) for each in entries if each.third_party is not None]
    by_source = {
        name: added(_own(each, WITHDRAWAL) for each in withdrawn if each.water_source == source)
        for name, source in (*((each, each) for each in WATER_SOURCES), (NOT_NAMED, ""))
    }
    by_source[THIRD_PARTY] = added(bought)
    withdrawal = added(by_source.values())
    consumption = added(_own(each, CONSUMPTION) for each in consumed)
    rest = [each for each in entries if not _is_own(each, "water-")]
    return Water(
        withdrawal={**by_source, "": withdrawal},
        consumption=consumption,
        scarcity=added(_own(each, SCARCITY) for each in consumed),
        discharge=_discharge(withdrawal, consumption),
        supply_by_location=_whole([each.by_location for each in rest]),
        supply_by_market=_whole([each.by_market for each in rest]),
    )


def water_of_all(sites: Sequence[Water]) -> Water:
    """Return the water of several sites together."""
    names = sites[0].withdrawal
    return Water(
        withdrawal={name: added(each.withdrawal[name] for each in sites) for name in names},
        consumption=added(each.consumption for each in sites),
        scarcity=added(each.scarcity for each in sites),
        discharge=added(each.discharge for each in sites),
        supply_by_location={
            name: added(each.supply_by_location[name] for each in sites) for name in _WATER
        },
        supply_by_market={
            name: added(each.supply_by_market[name] for each in sites) for name in _WATER
        },
    )


def _is_own(entry: Entry, flow: str) -> bool:
    return entry.scope == 1 and entry.flow.startswith(flow)


def _discharge(withdrawal: Quantity, consumption: Quantity) -> Quantity:
    if withdrawal.reason == consumption.reason == NO_DATA:
        return Quantity(None, NO_DATA)
    if withdrawal.value is None or consumption.value is None:
        return Quantity(
            None, "needs the withdrawal and the consumption of each site that has either"
        )
    if consumption.value > withdrawal.value:
        return Quantity(None, "more water is consumed than withdrawn")
    return Quantity(withdrawal.value - consumption.value)


def _carbon(entry: Entry, name: str) -> tuple[Mapping[str, Quantity], Mapping[str, Quantity]]:
    location, market = (
        {measure: _quantity(split, name, measure) for measure in _CARBON}
        for split in (entry.by_location, entry.by_market)
    )
    return location, market


def _quantity(split: Split, name: str, measure: str) -> Quantity:
    value = (split.own if name == "own" else split.upstream)[measure]
    return Quantity(value, "" if value is not None else split.reasons[measure])


def _own(entry: Entry, measure: str) -> Quantity:
    return _quantity(entry.by_location, "own", measure)


def _whole(splits: Sequence[Split]) -> Mapping[str, Quantity]:
    return {
        measure: added(
            _quantity(split, name, measure) for split in splits for name in ("own", "upstream")
        )
        for measure in _WATER
    }


def _sum(rows: Sequence[Row], scope: int | None, category: int | None = None) -> Row:
    location = {name: added(each.by_location[name] for each in rows) for name in _CARBON}
    market = {name: added(each.by_market[name] for each in rows) for name in _CARBON}
    return Row(scope, category, location, market)
