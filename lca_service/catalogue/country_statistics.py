"""Series of countries over time: from tables to observations, or every fault in them.

Any package may have tables of the kinds ``country_indicators`` and ``country_series``, so that a
country adds its own figures under the same rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from lca_service.catalogue.country_rows import (
    indicator_faults,
    indicator_of,
    observation_of,
    row_faults,
)
from lca_service.catalogue.datapackage import Package, Row, Table
from lca_service.catalogue.nomenclature import Nomenclature
from lca_service.domain.country import CountryIndicator, Observation, Role
from lca_service.domain.provenance import Source
from lca_service.errors import DataFault

Series = tuple[Observation, ...]


@dataclass(frozen=True)
class CountryStatistics:
    """Indicators by code, and series by (indicator, country), by year."""

    indicators: Mapping[str, CountryIndicator]
    series: Mapping[tuple[str, str], Series]

    @cached_property
    def by_country(self) -> Mapping[str, Mapping[str, Series]]:
        """Series by country and indicator, both sorted."""
        found: dict[str, dict[str, Series]] = {}
        for (indicator, place), series in sorted(self.series.items(), key=lambda each: each[0]):
            found.setdefault(place, {})[indicator] = series
        return dict(sorted(found.items()))

    def of_role(self, role: Role) -> tuple[CountryIndicator, ...]:
        """Return the indicators of a role, by code."""
        return tuple(each for _, each in sorted(self.indicators.items()) if each.role is role)


def read_country_statistics(
    packages: Sequence[Package], names: Nomenclature, sources: Mapping[str, Source]
) -> tuple[CountryStatistics, list[DataFault]]:
    """Read the series of all packages; faults are collected, not raised."""
    indicators, faults = _read_indicators(packages, sources)
    listed = {row["indicator"] for _, _, row in _rows(packages, "country_indicators")}
    series: dict[tuple[str, str], dict[int, Observation]] = {}
    for table, line, row in _rows(packages, "country_series"):
        found = list(row_faults(row, indicators, names, sources))
        if row["indicator"] not in listed:
            found.insert(0, _unknown_indicator(row))
        faults += [_fault(table, line, *each) for each in found]
        if found or row["indicator"] not in indicators:  # told where the indicator stands
            continue
        seen = observation_of(row, indicators[row["indicator"]], table.licence)
        years = series.setdefault((row["indicator"], row["location"]), {})
        if seen.year in years:
            detail = f"{row['indicator']} of {row['location']} in {seen.year} stands twice"
            faults.append(_fault(table, line, "year", "duplicate_observation", detail))
        years[seen.year] = seen
    ordered = {key: tuple(years[year] for year in sorted(years)) for key, years in series.items()}
    return CountryStatistics(indicators, ordered), faults


def _read_indicators(
    packages: Iterable[Package], sources: Mapping[str, Source]
) -> tuple[dict[str, CountryIndicator], list[DataFault]]:
    found: dict[str, CountryIndicator] = {}
    faults: list[DataFault] = []
    for table, line, row in _rows(packages, "country_indicators"):
        wrong = list(indicator_faults(row, found, sources))
        faults += [_fault(table, line, *each) for each in wrong]
        if not wrong:
            found[row["indicator"]] = indicator_of(row)
    return found, faults


def _unknown_indicator(row: Row) -> tuple[str, str, str]:
    detail = f"{row['indicator']!r} is in no table of indicators"
    return "indicator", "unknown_indicator", detail


def _rows(packages: Iterable[Package], kind: str) -> Iterator[tuple[Table, int, Row]]:
    for package in packages:
        for table in package.of_kind(kind):
            for line, row in table.rows():
                yield table, line, row


def _fault(table: Table, line: int, column: str, code: str, detail: str) -> DataFault:
    return DataFault(table.file, f"row {line} {column}", code, detail)
