"""The footprint of an organisation as comma-separated values and as a workbook."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, time

from api.exports.rows import elements, harmless, separated
from api.schemas.organisation_answer import (
    EmissionsAnswer,
    OrganisationAnswer,
    QuantityAnswer,
    WaterAnswer,
)

_HEAD = (
    "organisation",
    "site",
    "scope",
    "category",
    "name",
    "indicator",
    "basis",
    "value",
    "unit",
    "reason",
)
_BASES = ("location_based", "market_based")
_EMISSIONS = (
    "scope",
    "category",
    "name",
    "location-based",
    "market-based",
    "unit",
    "biogenic CO2, location-based",
    "biogenic CO2, market-based",
    "its unit",
    "why there is no value",
)

Cell = str | float | int | None


def organisation_csv(answer: OrganisationAnswer) -> bytes:
    """Return one number a row: of the organisation, then of every site."""
    return separated(_HEAD, _rows(answer))


def organisation_workbook(answer: OrganisationAnswer) -> bytes:
    """Return a workbook (XLSX) with figures as they stand in the JSON."""
    from api.exports.book import Book  # 0.1 s that few requests need

    file = io.BytesIO()
    # of the period's end, so that the same answer makes the same file
    book = Book(file, datetime.combine(answer.end, time()))
    book.sheet("Summary", _EMISSIONS, (_cells(each) for each in answer.emissions))
    book.sheet(
        "By site",
        ("site", *_EMISSIONS),
        ((site.id, *_cells(each)) for site in answer.sites for each in site.emissions),
    )
    book.sheet(
        "Water",
        ("site", "what", "value", "unit", "why there is no value"),
        (
            (site or "all", name, each.value, each.unit, each.reason)
            for site, water in _waters(answer)
            for name, _, each in _quantities(water)
        ),
    )
    book.sheet(
        "By activity",
        ("site", "activity", "status", "market-based by", "supplier", *_EMISSIONS),
        _activities(answer),
    )
    book.sheet(
        "GRI",
        ("disclosure", "requirement", "value", "unit", "why there is no value", "note"),
        (tuple(each.model_dump().values()) for each in answer.gri),
    )
    book.sheet(
        "Warnings",
        ("code", "where", "what"),
        ((each.code, each.pointer, each.detail) for each in answer.warnings),
    )
    book.sheet("Statement", ("element", "what it says"), _statement(answer))
    book.sheet(
        "Sources",
        ("id", "citation", "licence"),
        ((each.id, each.citation, each.licence) for each in answer.sources),
    )
    book.close()
    return file.getvalue()


def _rows(answer: OrganisationAnswer) -> Iterator[Sequence[str]]:
    name = harmless(answer.name)
    for site, rows in (("", answer.emissions), *((s.id, s.emissions) for s in answer.sites)):
        for row in rows:
            before = (name, harmless(site), row.scope, str(row.category or ""), row.name)
            for basis in _BASES:
                for indicator, field in (
                    ("climate_change.total", basis),
                    ("co2-biogenic", f"biogenic_co2_{basis}"),
                ):
                    yield (*before, indicator, basis, *_figure(getattr(row, field)))
    for site, water in _waters(answer):
        for indicator, basis, found in _quantities(water):
            yield (name, harmless(site), "", "", "Water", indicator, basis, *_figure(found))


def _waters(answer: OrganisationAnswer) -> Iterator[tuple[str, WaterAnswer]]:
    yield "", answer.water
    for site in answer.sites:
        yield site.id, site.water


def _quantities(water: WaterAnswer) -> Iterator[tuple[str, str, QuantityAnswer]]:
    """Yield the name of each quantity of water, and the kind of electricity it rests on."""
    for name in ("withdrawal", "consumption", "discharge", "scarcity", "areas_with_water_stress"):
        yield f"water.{name}", "", getattr(water, name)
    for source, found in water.withdrawal_by_source.items():
        yield f"water.withdrawal.{source}", "", found
    for basis in _BASES:
        supply = getattr(water, f"supply_chain_{basis}")
        for name in ("withdrawal", "consumption", "scarcity"):
            yield f"water.supply_chain.{name}", basis, getattr(supply, name)


def _figure(found: QuantityAnswer) -> tuple[str, str, str]:
    return "" if found.value is None else repr(found.value), found.unit, found.reason or ""


def _cells(row: EmissionsAnswer) -> Sequence[Cell]:
    biogenic = row.biogenic_co2_location_based
    return (
        row.scope,
        row.category,
        row.name,
        row.location_based.value,
        row.market_based.value,
        row.location_based.unit,
        biogenic.value,
        row.biogenic_co2_market_based.value,
        biogenic.unit,
        row.location_based.reason or row.market_based.reason,
    )


def _activities(answer: OrganisationAnswer) -> Iterable[Sequence[Cell]]:
    for each in answer.activities:
        found = each.line.matched
        for part in each.emissions:
            yield (
                each.site,
                each.id,
                each.line.status,
                each.market.status if each.market else None,
                found.activity if found else None,
                *_cells(part),
            )


def _statement(answer: OrganisationAnswer) -> Iterator[Sequence[Cell]]:
    yield from elements(answer.statement)
    yield from elements(answer.manifest)
