"""Derive ``factors.csv`` of AWARE 2.0 from the published workbook.

Run ``python methods/aware_2_0/recipe.py --sources FOLDER``. The other tables are typed.
"""

import argparse
import csv
import hashlib
from pathlib import Path

import openpyxl

HERE = Path(__file__).parent
LOCATIONS = HERE.parents[1] / "datasets/geography/locations.csv"
RAW = Path("water_scarcity/AWARE20_Countries_and_Regions.xlsx")
SHA256 = "e81a43690eac8423733aa0aedae5477e16e4ecdda38e307c692bc0df08f7d328"
FIELDS = ["indicator", "flow", "location", "value", "unit", "source", "locator", "note"]

SCARCITY = "water.scarcity_aware"
WITH_RESERVOIR = "water.scarcity_aware_with_reservoir"
# Sheet suffix of each flow, and the indicators that count the flow.
FLOWS = {
    "water-consumed-agricultural": ("agri", [SCARCITY, WITH_RESERVOIR]),
    "water-consumed-non-agricultural": ("nonagri", [SCARCITY, WITH_RESERVOIR]),
    "water-consumed-unspecified": ("unspecified", [SCARCITY, WITH_RESERVOIR]),
    "water-evaporated-reservoir": ("nonagri", [WITH_RESERVOIR]),
}
# The entry keyed by ISO alpha-2 leaves out a part that ISO 3166-1 includes (Northern Cyprus, part
# of Western Sahara, Somaliland, Crimea): the entry with the United Nations' borders is taken.
WHOLE = {"CY": "CYP", "EH": "ESH", "SO": "SOM", "UA": "UKR"}
# Names of UN M49 regions that the workbook writes differently.
REGION_NAMES = {
    "Asia, UN Region": "Asia",
    "Europe, UN Region": "Europe",
    "South-Eastern Asia": "South-eastern Asia",
}

Row = dict[str, str]


def workbook(sources: Path) -> openpyxl.Workbook:
    """Workbook of the published factors, after checking its sha256."""
    found = hashlib.sha256((sources / RAW).read_bytes()).hexdigest()
    print(f"{RAW}: sha256 {found}")
    if found != SHA256:
        raise SystemExit(f"{RAW} is not the file this recipe was written for ({SHA256})")
    return openpyxl.load_workbook(sources / RAW, read_only=True, data_only=True)


def locations() -> dict[str, Row]:
    """Location rows of the geography package by their code."""
    with LOCATIONS.open(encoding="utf-8", newline="") as file:
        return {row["location"]: row for row in csv.DictReader(file)}


def sheet_rows(book: openpyxl.Workbook, sheet: str) -> list[Row]:
    """Rows of one sheet as text by column name, with the sheet's row number."""
    header, *body = book[sheet].iter_rows(values_only=True)
    names = [str(name) for name in header]
    return [
        {"row": str(number), **{n: str(v) for n, v in zip(names, cells, strict=True)}}
        for number, cells in enumerate(body, start=2)
        if cells[0] is not None
    ]


def location_of(row: Row, known: dict[str, Row], regions: dict[str, str]) -> str | None:
    """Location code that one row of the workbook stands for, if any."""
    code, name = row["ecoinvent_shortname"], row["ecoinvent_country_name"]
    if row["GLAM_ISO3"] in WHOLE.values() and code == "NotDefined":
        return next(alpha2 for alpha2, iso3 in WHOLE.items() if iso3 == row["GLAM_ISO3"])
    if row["ecoinvent_collection"] in ("un-regions", "un-subregions"):
        return regions[REGION_NAMES.get(name, name)]
    if row["ecoinvent_collection"] == "countries" and code in known and code not in WHOLE:
        return code
    return None


def annual(book: openpyxl.Workbook, kind: str, known: dict[str, Row]) -> dict[str, tuple[str, str]]:
    """Annual factor and its locator by location, for one kind of use; undefined ones left out."""
    regions = {row["name"]: code for code, row in known.items() if row["iso3"] == ""}
    found: dict[str, tuple[str, str]] = {}
    for row in sheet_rows(book, f"CFs_{kind}"):
        location = location_of(row, known, regions)
        if location is None or row["Annual"] in ("NotDefined", "None"):
            continue
        if location in found:
            raise SystemExit(f"{location} stands twice in CFs_{kind}")
        found[location] = row["Annual"], f"sheet CFs_{kind}, row {row['row']}, column Annual"
    world = sheet_rows(book, f"CFs_add_{kind}")[0]
    if world["Region"] != "GLO":
        raise SystemExit(f"first row of CFs_add_{kind} is {world['Region']}, not GLO")
    found["GLO"] = world["annual"], f"sheet CFs_add_{kind}, row {world['row']}, column annual"
    return found


def factors(book: openpyxl.Workbook) -> list[Row]:
    """Factor rows of every flow, sorted by their key."""
    known = locations()
    rows = [
        {
            "indicator": indicator,
            "flow": flow,
            "location": location,
            "value": value,
            "unit": "m3 world-eq/m3",
            "source": "seitfudem_2025",
            "locator": locator,
            "note": "Entry with United Nations borders." if location in WHOLE else "",
        }
        for flow, (kind, indicators) in FLOWS.items()
        for location, (value, locator) in annual(book, kind, known).items()
        for indicator in indicators
    ]
    return sorted(rows, key=lambda row: (row["indicator"], row["flow"], row["location"]))


def main() -> None:
    """Write ``factors.csv`` next to this file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sources", type=Path, required=True)
    rows = factors(workbook(parser.parse_args().sources))
    with (HERE / "factors.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, FIELDS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(f"factors.csv: {len(rows)} rows, {len({row['location'] for row in rows})} locations")


if __name__ == "__main__":
    main()
