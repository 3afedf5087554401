"""Derive the series of this package from the raw files.

Run as ``python datasets/countries/recipe.py --sources FOLDER``. FOLDER holds ``policy/``. Writes
territorial_carbon.csv, consumption_carbon.csv, material_footprint.csv, income.csv,
population.csv, human_development.csv and gdp.csv next to itself; indicators.csv and
sources.csv are typed by hand. A raw file whose sha256 is not that of sources.csv is refused.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass, fields
from pathlib import Path

HERE = Path(__file__).parent
HDR = "policy/hdr/HDR23-24_Composite_indices_complete_time_series.csv"
TERRITORIAL = "policy/gcb2019/data/territorial-emissions.csv"
CONSUMPTION = "policy/gcb2019/data/consumption-emissions.csv"
GDP = "policy/wb_gdp/data/gdp.csv"
FIRST_YEAR = 1990
# What the files call a country where it is no ISO 3166-1 alpha-3 code
OTHER_CODES = {"XKX": "XK"}


@dataclass(frozen=True)
class Column:
    """A series of the Human Development Report: its columns are ``name_year``."""

    name: str
    indicator: str
    unit: str
    basis: str


MATERIAL = Column("mf", "material_footprint", "t/person", "derived")
INCOME = Column("gnipc", "gross_national_income", "2017 PPP $/person", "statistics")
PEOPLE = Column("pop_total", "population", "million", "statistics")
HUMAN = (
    Column("hdi", "human_development_index", "dimensionless", "derived"),
    Column("le", "life_expectancy", "year", "statistics"),
)


@dataclass(frozen=True, order=True)
class Row:
    """One row of a series."""

    indicator: str
    location: str
    year: int
    value: str
    unit: str
    basis: str
    source: str
    locator: str
    note: str = ""


def number(text: str) -> str:
    """Return a number with at most six significant digits.

    >>> number("38952.38027"), number("1665534908497.84")
    ('38952.4', '1665530000000')
    """
    short = f"{float(text):.6g}"
    return f"{float(short):.0f}" if "e+" in short else short


def checked(sources: Path, name: str) -> Path:
    """Return the path of a raw file; ValueError if it is not the one of sources.csv."""
    found = hashlib.sha256((sources / name).read_bytes()).hexdigest()
    with (HERE / "sources.csv").open(encoding="utf-8", newline="") as stream:
        known = {row["file"]: row["sha256"] for row in csv.DictReader(stream)}
    if known.get(Path(name).name) != found:
        raise ValueError(f"{name} has sha256 {found}, and sources.csv another")
    return sources / name


def read(path: Path, *, encoding: str = "utf-8-sig") -> list[dict[str, str]]:
    """Return the rows of a CSV file."""
    with path.open(encoding=encoding, newline="") as stream:
        return list(csv.DictReader(stream))


def alpha2() -> dict[str, str]:
    """Return the countries of the geography package by alpha-3 code."""
    rows = read(HERE.parent / "geography" / "locations.csv")
    return {row["iso3"]: row["location"] for row in rows if row["iso3"]} | OTHER_CODES


def human_development(
    rows: Iterable[dict[str, str]], codes: dict[str, str], column: Column
) -> Iterator[Row]:
    """Yield a series of the Human Development Report; regions and groups are left out."""
    for row in rows:
        place = codes.get(row["iso3"])
        for name, value in row.items():
            head, _, year = name.rpartition("_")
            if place and head == column.name and value and int(year) >= FIRST_YEAR:
                yield Row(
                    column.indicator, place, int(year), number(value), column.unit,
                    column.basis, "undp_hdr_2024", f"{row['iso3']}, {name}",
                )  # fmt: skip


def carbon(
    rows: Iterable[dict[str, str]], codes: dict[str, str], *, indicator: str, column: str,
    basis: str, source: str,
) -> Iterator[Row]:  # fmt: skip
    """Yield a series of the Global Carbon Budget; a zero of the file is a missing value."""
    for row in rows:
        place, year = codes.get(row["Code"]), int(row["Year"])
        if place and year >= FIRST_YEAR and row[column] and float(row[column]) > 0:
            origin = f" ({row['Source']})" if "Source" in row else ""
            yield Row(
                indicator, place, year, number(row[column]), "MtC", basis, source,
                f"{row['Code']}, {year}{origin}",
            )  # fmt: skip


def domestic_product(rows: Iterable[dict[str, str]], codes: dict[str, str]) -> Iterator[Row]:
    """Yield gross domestic product at current prices."""
    for row in rows:
        place, year = codes.get(row["Country Code"]), int(row["Year"])
        if place and year >= FIRST_YEAR and row["Value"]:
            yield Row(
                "gross_domestic_product", place, year, number(row["Value"]), "current US$",
                "statistics", "world_bank_gdp", f"{row['Country Code']}, {year}",
            )  # fmt: skip


def write(name: str, rows: Iterable[Row]) -> None:
    """Write a table, sorted by key."""
    found = sorted(rows)
    with (HERE / name).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow([field.name for field in fields(Row)])
        writer.writerows(astuple(row) for row in found)
    print(f"{name}: {len(found)} rows of {len({row.location for row in found})} countries")


def main() -> None:
    """Write the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sources", type=Path, required=True)
    sources: Path = parser.parse_args().sources
    codes = alpha2()
    hdr = read(checked(sources, HDR), encoding="latin-1")
    for row in hdr:  # the byte order mark, read as latin-1, stands before the first name
        row["iso3"] = row.pop("ï»¿iso3")
    write("material_footprint.csv", human_development(hdr, codes, MATERIAL))
    write("income.csv", human_development(hdr, codes, INCOME))
    write("population.csv", human_development(hdr, codes, PEOPLE))
    write(
        "human_development.csv",
        (row for column in HUMAN for row in human_development(hdr, codes, column)),
    )
    territorial = carbon(
        read(checked(sources, TERRITORIAL)), codes, indicator="territorial_co2",
        column="Emissions", basis="statistics", source="gcb_2019_territorial",
    )  # fmt: skip
    write("territorial_carbon.csv", territorial)
    consumption = carbon(
        read(checked(sources, CONSUMPTION)), codes, indicator="consumption_co2",
        column="Consumption-Emissions", basis="derived", source="gcb_2019_consumption",
    )  # fmt: skip
    write("consumption_carbon.csv", consumption)
    write("gdp.csv", domestic_product(read(checked(sources, GDP)), codes))


if __name__ == "__main__":
    main()
