"""The rows of countries' tables: what is wrong with one, and what it says."""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Iterator, Mapping

from lca_service.catalogue.datapackage import Row
from lca_service.catalogue.figures import finite
from lca_service.catalogue.nomenclature import Nomenclature
from lca_service.domain.country import CountryIndicator, Observation, Pillar, Role
from lca_service.domain.provenance import Basis, Source

CO2_PER_CARBON = 3.664  # Mt CO2 per MtC: the factor of the Global Carbon Budget
# What sources print other than the unit of the indicator, and its size in that unit
PRINTED = {("MtC", "Mt CO2"): CO2_PER_CARBON}

_NOT_NEGATIVE = {Role.PRESSURE, Role.ACTIVITY, Role.POPULATION}
_YEAR = re.compile(r"(1[5-9]|20)\d\d")
_FLAGS = {"true": True, "false": False}

Found = Iterator[tuple[str, str, str]]


def indicator_faults(row: Row, known: Container[str], sources: Mapping[str, Source]) -> Found:
    """Yield column, code and detail of what is wrong with an indicator."""
    yield from _empty(row, "indicator", "name", "unit", "definition")
    if row["indicator"] in known:
        yield "indicator", "duplicate_indicator", f"{row['indicator']!r} stands twice"
    yield from _not_among(row, "pillar", [each.value for each in Pillar])
    yield from _not_among(row, "role", [each.value for each in Role])
    yield from _not_among(row, "per_person", _FLAGS)
    yield from _source_faults(row, sources)


def indicator_of(row: Row) -> CountryIndicator:
    """Return the indicator of a row that has no fault."""
    return CountryIndicator(
        code=row["indicator"],
        name=row["name"],
        unit=row["unit"],
        pillar=Pillar(row["pillar"]),
        role=Role(row["role"]),
        is_per_person=_FLAGS[row["per_person"]],
        definition=row["definition"],
        source=row["source"],
        locator=row["locator"],
    )


def row_faults(
    row: Row,
    indicators: Mapping[str, CountryIndicator],
    names: Nomenclature,
    sources: Mapping[str, Source],
) -> Found:
    """Yield column, code and detail of what is wrong with a row of a series but its indicator."""
    place = names.locations.get(row["location"])
    if place is None or not place.is_country:
        detail = f"{row['location']!r} is no ISO 3166-1 alpha-2 code; see datasets/geography"
        yield "location", "unknown_location", detail
    if not _YEAR.fullmatch(row["year"] or ""):
        yield "year", "bad_year", f"{row['year']!r} is no year from 1500 to 2099"
    yield from _value_faults(row, indicators.get(row["indicator"]))
    yield from _not_among(row, "basis", [each.value for each in Basis])
    if row["basis"] == Basis.ESTIMATED and not row["note"]:
        yield "note", "unexplained_estimate", "an estimate says its reasoning in the note"
    yield from _source_faults(row, sources)


def observation_of(row: Row, indicator: CountryIndicator, licence: str) -> Observation:
    """Return the observation of a row that has no fault, in the unit of its indicator.

    Carbon is printed as such, and counted as CO2: MtC times 3.664.
    """
    printed = finite(row["value"])
    return Observation(
        year=int(row["year"]),
        value=printed * PRINTED.get((row["unit"], indicator.unit), 1.0),
        printed=printed,
        unit=row["unit"],
        basis=Basis(row["basis"]),
        source=row["source"],
        licence=licence,
        locator=row["locator"],
        note=row["note"] or "",
    )


def _value_faults(row: Row, indicator: CountryIndicator | None) -> Found:
    try:
        value = finite(row["value"] or "")
    except ValueError:
        yield "value", "bad_value", f"{row['value']!r} is no finite number; leave the row out"
        value = 0.0
    if indicator is None:
        return
    if value < 0 and indicator.role in _NOT_NEGATIVE:
        detail = f"{indicator.code} cannot be negative; write what the source prints"
        yield "value", "negative_value", detail
    allowed = [indicator.unit, *(unit for unit, of in PRINTED if of == indicator.unit)]
    yield from _not_among(row, "unit", allowed)


def _source_faults(row: Row, sources: Mapping[str, Source]) -> Found:
    yield from _empty(row, "source", "locator")
    source = sources.get(row["source"])
    if row["source"] and source is None:
        yield "source", "orphan_source", f"source {row['source']!r} is in no sources table"
    if source is not None and not source.may_be_shipped:
        detail = f"licence {source.licence!r} does not allow shipping its figures"
        yield "source", "forbidden_licence", detail


def _empty(row: Row, *columns: str) -> Found:
    for column in columns:
        if not (row[column] or "").strip():
            yield column, "missing_cell", f"the {column} is missing"


def _not_among(row: Row, column: str, allowed: Collection[str]) -> Found:
    if row[column] not in allowed:
        yield column, f"bad_{column}", f"{row[column]!r} is none of {', '.join(allowed)}"
