"""The rows of a sustainability report: GRI 303 (2018) and GRI 305 (2016), in our own words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from api.schemas.organisation import BaseYearRequest
from api.schemas.organisation_answer import (
    DisclosureAnswer,
    EmissionsAnswer,
    IntensityAnswer,
    QuantityAnswer,
    WaterAnswer,
)
from lca_service.units import factor

_SEA = "sea water is not inventoried: this service counts fresh water"
_NO_BASE = "no base year given"
_MARKET = "market-based"
_LOCATION = "location-based"
# The standards ask for tonnes and megalitres
_REPORTED = {
    "kg CO2e": ("t CO2e", 1e-3),
    "kg CO2": ("t CO2", 1e-3),
    "m3": ("ML", 1e-3),
}


def disclosures(
    emissions: Sequence[EmissionsAnswer],
    water: WaterAnswer,
    intensities: Sequence[IntensityAnswer],
    base: BaseYearRequest | None,
) -> list[DisclosureAnswer]:
    """Return the rows of a report, in the order of the standards and in their units."""
    scopes = {each.scope: each for each in emissions if each.category is None}
    categories = [each for each in emissions if each.category is not None]
    return [
        *_water(water),
        *_direct(scopes),
        *_indirect(scopes),
        *_value_chain(scopes["3"], categories),
        *_intensity(intensities),
        *_reduction(scopes, base),
        *_not_covered(),
    ]


def _row(
    disclosure: str, requirement: str, found: QuantityAnswer, note: str = ""
) -> DisclosureAnswer:
    unit, scale = _REPORTED.get(found.unit, (found.unit, 1.0))
    return DisclosureAnswer(
        disclosure=disclosure,
        requirement=requirement,
        value=None if found.value is None else found.value * scale,
        unit=unit,
        reason=found.reason,
        note=note,
    )


def _water(water: WaterAnswer) -> Iterator[DisclosureAnswer]:
    yield _row("303-3-a", "Water withdrawn, all areas", water.withdrawal, "fresh and tap water")
    for name, found in water.withdrawal_by_source.items():
        yield _row("303-3-a", f"Water withdrawn: {name.replace('_', ' ')}", found)
    unit = water.withdrawal.unit
    sea = QuantityAnswer(value=None, unit=unit, reason=_SEA)
    yield _row("303-3-a", "Water withdrawn: sea water", sea)
    stress = water.areas_with_water_stress
    yield _row("303-3-b", "Water withdrawn from areas with water stress", stress)
    note = "what is withdrawn and not consumed"
    yield _row("303-4-a", "Water discharged, all areas", water.discharge, note)
    yield _row("303-4-c", "Water discharged to areas with water stress", stress)
    yield _row("303-5-a", "Water consumed, all areas", water.consumption)
    yield _row("303-5-b", "Water consumed in areas with water stress", stress)
    note = "beyond GRI: water scarcity footprint (AWARE), not cubic metres"
    yield _row("303-5", "Scarcity of the water consumed", water.scarcity, note)


def _direct(scopes: Mapping[str, EmissionsAnswer]) -> Iterator[DisclosureAnswer]:
    first = scopes["1"]
    yield _row("305-1-a", "Gross direct (scope 1) emissions", first.location_based)
    found = first.biogenic_co2_location_based
    yield _row("305-1-c", "Biogenic CO2 of scope 1", found, "outside the scopes")


def _indirect(scopes: Mapping[str, EmissionsAnswer]) -> Iterator[DisclosureAnswer]:
    second = scopes["2"]
    wording = "Gross energy indirect (scope 2) emissions"
    yield _row("305-2-a", wording, second.location_based, _LOCATION)
    yield _row("305-2-b", wording, second.market_based, _MARKET)


def _value_chain(
    third: EmissionsAnswer, categories: Sequence[EmissionsAnswer]
) -> Iterator[DisclosureAnswer]:
    bases = ((_LOCATION, "location_based"), (_MARKET, "market_based"))
    for note, field in bases:
        wording = "Gross other indirect (scope 3) emissions"
        yield _row("305-3-a", wording, getattr(third, field), note)
    for note, field in bases:
        found = getattr(third, f"biogenic_co2_{field}")
        yield _row("305-3-c", "Biogenic CO2 of scope 3", found, f"outside the scopes; {note}")
    for each in categories:
        wording = f"Scope 3 category {each.category}: {each.name}"
        if each.location_based == each.market_based:
            yield _row("305-3-d", wording, each.location_based)
            continue
        for note, field in bases:
            yield _row("305-3-d", wording, getattr(each, field), note)


def _intensity(intensities: Sequence[IntensityAnswer]) -> Iterator[DisclosureAnswer]:
    if not intensities:
        reason = "neither employees nor revenue given"
        none = QuantityAnswer(value=None, unit="kg CO2e", reason=reason)
        yield _row("305-4-a", "Emissions intensity", none)
    for each in intensities:
        wording = f"Emissions intensity per {each.per}: {each.of.replace('_', ' ')}"
        yield _row("305-4-a", wording, each.location_based, _LOCATION)
        yield _row("305-4-a", wording, each.market_based, _MARKET)


def _reduction(
    scopes: Mapping[str, EmissionsAnswer], base: BaseYearRequest | None
) -> Iterator[DisclosureAnswer]:
    """Yield what is less than in the base year; a growth is negative."""
    for name, now in (
        ("scope_1", scopes["1"].location_based),
        ("scope_2_location_based", scopes["2"].location_based),
        ("scope_2_market_based", scopes["2"].market_based),
        ("scope_3", scopes["3"].location_based),
    ):
        wording = f"Reduction of {name.replace('_', ' ')}"
        before: float | None = None if base is None else getattr(base, name)
        found = QuantityAnswer(value=None, unit=now.unit, reason=now.reason or _NO_BASE)
        if base is None or before is None:
            found = found.model_copy(update={"reason": _NO_BASE})
        elif now.value is not None:
            less = before * factor(base.unit, "kg") - now.value
            found = QuantityAnswer(value=less, unit=now.unit)
        note = "" if base is None else f"against {base.year}; change of any cause, not of measures"
        if name == "scope_3":
            note = f"{note}; {_LOCATION}".removeprefix("; ")
        yield _row("305-5-a", wording, found, note)


def _not_covered() -> Iterator[DisclosureAnswer]:
    for disclosure, wording, unit in (
        ("305-6", "Emissions of ozone-depleting substances", "kg CFC-11e"),
        ("305-7", "Nitrogen and sulphur oxides and other air emissions", "kg"),
    ):
        reason = "not covered: this service inventories greenhouse gases and water"
        yield _row(disclosure, wording, QuantityAnswer(value=None, unit=unit, reason=reason))
