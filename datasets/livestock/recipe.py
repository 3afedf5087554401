"""Derive stocks and production of animals by country from FAOSTAT tables of the raw sources.

``python datasets/livestock/recipe.py --sources FOLDER`` writes ``herds.csv``.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import tarfile
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
ARCHIVE = "agriculture/ohi_food_pressures.tar.xz"
SHA256 = "443929a1b662046913e5ea8b7772de6a89be8a023ee4721905faa422fca7af65"
FOLDER = "ohi_food_pressures/animal_farm/ghg/data/"
PRODUCTION = "FAOSTAT_livestock_production_3-3-2021.csv"
COUNTS = "FAOSTAT_livestock_counts_3-3-2021.csv"
COLUMNS = "quantity,subject,location,value,unit,year,basis,gsd,minimum,maximum,source,locator,note"
SPELT = {
    "Bolivia (Plurinational State of)": "BO",
    "Brunei Darussalam": "BN",
    "China, mainland": "CN",
    "Congo": "CG",
    "Côte d'Ivoire": "CI",
    "Democratic People's Republic of Korea": "KP",
    "Iran (Islamic Republic of)": "IR",
    "Lao People's Democratic Republic": "LA",
    "Republic of Korea": "KR",
    "Republic of Moldova": "MD",
    "Russian Federation": "RU",
    "Syrian Arab Republic": "SY",
    "Turkey": "TR",
    "United Kingdom of Great Britain and Northern Ireland": "GB",
    "United Republic of Tanzania": "TZ",
    "United States of America": "US",
    "Venezuela (Bolivarian Republic of)": "VE",
    "Viet Nam": "VN",
}
# FAOSTAT item and element: our quantity, subject, unit and factor
TAKEN = {
    ("Milk, whole fresh cow", "Production"): ("production", "milk-raw", "t", 1),
    ("Milk, whole fresh cow", "Milk Animals"): ("stock", "dairy-cattle", "piece", 1),
    ("Milk, whole fresh buffalo", "Production"): ("production", "buffalo-milk", "t", 1),
    ("Milk, whole fresh buffalo", "Milk Animals"): ("stock", "dairy-buffalo", "piece", 1),
    ("Meat, cattle", "Production"): ("production", "beef-meat", "t", 1),
    ("Meat, pig", "Production"): ("production", "pork-meat", "t", 1),
    ("Meat, sheep", "Production"): ("production", "lamb-meat", "t", 1),
    ("Meat, chicken", "Production"): ("production", "poultry-meat", "t", 1),
    ("Eggs, hen, in shell", "Production"): ("production", "eggs", "t", 1),
    ("Eggs, hen, in shell", "Laying"): ("stock", "layers", "piece", 1000),
    ("Wool, greasy", "Production"): ("production", "wool-greasy", "t", 1),
    ("Cattle", "Stocks"): ("stock", "cattle", "piece", 1),
    ("Pigs", "Stocks"): ("stock", "pigs", "piece", 1),
    ("Sheep", "Stocks"): ("stock", "sheep", "piece", 1),
}
NEEDS = {  # a production is kept where the stock behind it is known as well
    "milk-raw": "dairy-cattle",
    "buffalo-milk": "dairy-buffalo",
    "beef-meat": "cattle",
    "pork-meat": "pigs",
    "lamb-meat": "sheep",
    "eggs": "layers",
    "wool-greasy": "sheep",
}
# Animals kept per tonne made in a year. Outside, live animals are traded or a figure is wrong.
PLAUSIBLE = {
    "milk-raw": (0.08, 8),
    "buffalo-milk": (0.2, 5),
    "beef-meat": (5, 90),
    "pork-meat": (3, 45),
    "lamb-meat": (15, 350),
    "eggs": (40, 400),
    "wool-greasy": (15, 350),
}
LEAST_TONNES = 500  # smaller herds are statistics of hobby and error


def read(archive: Path, name: str) -> list[dict[str, str]]:
    """Return the rows of a table in the archive."""
    with tarfile.open(archive) as tar:
        member = tar.extractfile(FOLDER + name)
        if member is None:
            raise SystemExit(f"{name} is not in {archive}")
        return list(csv.DictReader(io.StringIO(member.read().decode("utf-8-sig"))))


def countries() -> dict[str, str]:
    """Return location codes by FAOSTAT's names of areas."""
    with (HERE.parent / "geography" / "locations.csv").open(encoding="utf-8") as stream:
        return {
            row["name"]: row["location"] for row in csv.DictReader(stream) if row["iso3"]
        } | SPELT


def figures(archive: Path) -> dict[tuple[str, str, str], tuple[float, str, str]]:
    """Return value, unit and locator by quantity, subject and location."""
    codes = countries()
    found: dict[tuple[str, str, str], tuple[float, str, str]] = {}
    for name in (PRODUCTION, COUNTS):
        for row in read(archive, name):
            taken = TAKEN.get((row["Item"], row["Element"]))
            code = codes.get(row["Area"])
            if taken is None or code is None or not row["Value"] or float(row["Value"]) <= 0:
                continue
            quantity, subject, unit, factor = taken
            locator = f"{name}, {row['Area']}, {row['Item']}, {row['Element']}, {row['Year']}"
            found[quantity, subject, code] = (float(row["Value"]) * factor, unit, locator)
    return found


def kept(
    found: dict[tuple[str, str, str], tuple[float, str, str]],
) -> Iterator[tuple[tuple[str, str, str], tuple[float, str, str]]]:
    """Yield the figures that a process needs; stocks of beef cattle are what is not dairy."""
    for (quantity, subject, code), (value, unit, locator) in found.items():
        if quantity == "production":
            if value >= LEAST_TONNES and is_plausible(found, subject, code, value):
                yield (quantity, subject, code), (value, unit, locator)
        elif subject == "cattle":
            cows = found.get(("stock", "dairy-cattle", code), (0.0, "", ""))[0]
            others = max(value - 1.7 * cows, 0.25 * value)
            note = f"{locator}, less cows in milk and 0.7 followers each, at least 25 % of the herd"
            yield ("stock", "beef-cattle", code), (others, unit, note)
        else:
            yield (quantity, subject, code), (value, unit, locator)


def is_plausible(
    found: dict[tuple[str, str, str], tuple[float, str, str]],
    subject: str,
    code: str,
    tonnes: float,
) -> bool:
    """Return whether the stock behind a production is known and could make it."""
    if subject not in NEEDS:
        return True
    stock = found.get(("stock", NEEDS[subject], code))
    if stock is None:
        return False
    # wool is judged by the meat of the same sheep
    made = found.get(("production", "lamb-meat", code)) if subject == "wool-greasy" else None
    least, most = PLAUSIBLE[subject]
    return least <= stock[0] / (made[0] if made else tonnes) <= most


def main() -> None:
    """Write the table beside this file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sources", type=Path, required=True, help="folder of the raw files")
    archive = parser.parse_args().sources / ARCHIVE
    if hashlib.sha256(archive.read_bytes()).hexdigest() != SHA256:
        raise SystemExit(f"{archive} is not the file that this recipe was written for")
    with (HERE / "herds.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(COLUMNS.split(","))
        for (quantity, subject, code), (value, unit, locator) in sorted(kept(figures(archive))):
            basis = "derived" if subject == "beef-cattle" else "statistics"
            source = "faostat_livestock_2017"
            row = [quantity, subject, code, f"{value:.10g}", unit, "2017", basis]
            writer.writerow([*row, "", "", "", source, locator, ""])


if __name__ == "__main__":
    main()
