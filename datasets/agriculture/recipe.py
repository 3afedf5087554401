"""Derive the table of the agriculture package that comes from a raw source file.

    python datasets/agriculture/recipe.py --sources FOLDER

FOLDER holds ``agriculture/``. The recipe writes ``nutrient_use.csv`` next to itself and prints
the sha256 of every file it reads. The other tables are typed and never touched.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import lzma
import tarfile
from collections.abc import Iterable, Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
COLUMNS = (
    "quantity", "subject", "location", "value", "unit", "year", "basis", "gsd",
    "minimum", "maximum", "source", "locator", "note",
)  # fmt: skip
ARCHIVE = "agriculture/ohi_food_pressures.tar.xz"
NUTRIENTS = "ohi_food_pressures/crop/nutrient/data/FAOSTAT_2017_nutrient_agri_use.csv"
AREAS = "agriculture/fabio_v1/Regions_ISO3-FAO.csv"
USES = {"3102": "nitrogen_use", "3103": "phosphate_use", "3104": "potash_use"}
# FAO area codes that the area table lacks, and China with Hong Kong, Macao and Taiwan
AREA_CODES = {"272": "RS", "273": "ME", "276": "SD", "351": "", "41": "CN"}

Row = dict[str, str]


def main() -> None:
    """Read the command line, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sources", type=Path, required=True, help="folder of the raw files")
    folder: Path = parser.parse_args().sources
    for file in (ARCHIVE, AREAS):
        print(hashlib.sha256((folder / file).read_bytes()).hexdigest(), file)
    codes = area_codes(folder / AREAS)
    write("nutrient_use.csv", nutrient_use(member(folder / ARCHIVE, NUTRIENTS), codes))


def member(path: Path, name: str) -> str:
    """Return the text of one file of a compressed archive."""
    with tarfile.open(fileobj=io.BytesIO(lzma.decompress(path.read_bytes()))) as archive:
        stream = archive.extractfile(name)
        assert stream is not None
        return stream.read().decode("utf-8-sig", errors="replace")


def area_codes(path: Path) -> dict[str, str]:
    """Return alpha-2 codes by FAO area code."""
    places = (HERE.parent / "geography" / "locations.csv").read_text(encoding="utf-8")
    by_iso3 = {row["iso3"]: row["location"] for row in csv.DictReader(io.StringIO(places))}
    rows = csv.DictReader(io.StringIO(path.read_text(encoding="latin-1")), delimiter=";")
    known = {row["Country.Code"]: by_iso3.get(row["ISO3"], "") for row in rows}
    return known | AREA_CODES


def nutrient_use(text: str, codes: dict[str, str]) -> Iterator[Row]:
    """Return national use of nutrients, the weights of fertilizer averages."""
    for row in csv.DictReader(io.StringIO(text)):
        location = codes.get(row["Area Code"], "")
        if row["Item Code"] not in USES or not location or float(row["Value"]) <= 0:
            continue
        yield dict.fromkeys(COLUMNS, "") | {
            "quantity": USES[row["Item Code"]],
            "location": location,
            "value": row["Value"],
            "unit": "t",
            "year": "2017",
            "basis": "statistics",
            "gsd": "1.1",
            "source": "faostat_nutrients_2017",
            "locator": f"item {row['Item Code']}, area {row['Area Code']}, Agricultural Use, 2017",
        }


def write(name: str, figures: Iterable[Row]) -> None:
    """Write a table, sorted by key."""
    ordered = sorted(figures, key=lambda row: (row["quantity"], row["subject"], row["location"]))
    with (HERE / name).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(ordered)


if __name__ == "__main__":
    main()
