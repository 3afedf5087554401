"""Derive ``factors.csv`` of AWARE 1.2 from the published workbook.

Run ``python methods/aware_1_2/recipe.py --sources FOLDER``. The other tables are typed.
"""

import argparse
import csv
import hashlib
import unicodedata
from pathlib import Path

import openpyxl

HERE = Path(__file__).parent
GEOGRAPHY = HERE.parents[1] / "datasets/geography"
RAW = Path("water_scarcity/AWARE_country_regions_Corrected_online_20230113-1.xlsx")
SHA256 = "5ed027b7a4607d223e8f8fd55c6e8e61cd9577daccf43eaaf9eacd4b9c9f3842"
SHEET = "AWARE-annual"
FIELDS = ["indicator", "flow", "location", "value", "unit", "source", "locator", "note"]

SCARCITY = "water.scarcity_aware"
WITH_RESERVOIR = "water.scarcity_aware_with_reservoir"
# Column of each flow, and the indicators that count the flow.
FLOWS = {
    "water-consumed-agricultural": ("Agg_CF_irri", [SCARCITY, WITH_RESERVOIR]),
    "water-consumed-non-agricultural": ("Agg_CF_non_irri", [SCARCITY, WITH_RESERVOIR]),
    "water-consumed-unspecified": ("Agg_CF_unspecified", [SCARCITY, WITH_RESERVOIR]),
    "water-evaporated-reservoir": ("Agg_CF_non_irri", [WITH_RESERVOIR]),
}
# Row labels of the workbook that neither the location names nor the aliases know.
LABELS = {
    "Brunei": "BN",
    "Guinea Bissau": "GW",
    "Raunion": "RE",
}
# Region rows, in the borders of LCA practice; PS is the only country among them.
REGIONS = {
    "OCEANIA": "009",
    "PS": "PS",
    "RAF": "002",
    "RAS": "142",
    "RER": "150",
    "RLA": "419",
    "RNA": "021",
}
REGION_NOTE = "Region in the borders of LCA practice, close to the UN M49 region but not the same."
WORLD = {
    "World AGRI": "Agg_CF_irri",
    "World NON-AGRI": "Agg_CF_non_irri",
    "World, UNKNOWN": "Agg_CF_unspecified",
}

Row = dict[str, str]


def workbook(sources: Path) -> openpyxl.Workbook:
    """Workbook of the published factors, after checking its sha256."""
    found = hashlib.sha256((sources / RAW).read_bytes()).hexdigest()
    print(f"{RAW}: sha256 {found}")
    if found != SHA256:
        raise SystemExit(f"{RAW} is not the file this recipe was written for ({SHA256})")
    return openpyxl.load_workbook(sources / RAW, read_only=True, data_only=True)


def table(name: str) -> list[Row]:
    """Rows of one table of the geography package."""
    with (GEOGRAPHY / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def plain(name: str) -> str:
    """Name without accents and in lower case, for matching."""
    letters = unicodedata.normalize("NFKD", name)
    return "".join(c for c in letters if not unicodedata.combining(c)).lower()


def codes() -> dict[str, str]:
    """Location code by plain name: countries, then aliases, then the labels above."""
    named = {
        plain(row["name"]): row["location"]
        for row in table("locations.csv")
        if row["kind"] == "country"
    }
    named |= {plain(row["alias"]): row["location"] for row in table("aliases.csv")}
    return named | {plain(label): code for label, code in LABELS.items()}


Factor = tuple[str, str, float, str, str]


def entries(book: openpyxl.Workbook) -> list[Factor]:
    """(location, column, factor, locator, note) of every factor that the workbook defines.

    The factor lies between 0.1 and 100 by definition: a zero means that the sector consumes
    nothing there, so that no factor exists, and is left out.
    """
    header, *body = book[SHEET].iter_rows(values_only=True)
    columns = {str(name): index for index, name in enumerate(header) if name}
    named = codes()
    found: list[Factor] = []
    in_regions = False
    for number, cells in enumerate(body, start=2):
        label = str(cells[0] or "").strip()
        in_regions = in_regions or label == "REGIONS"
        if label in WORLD:
            found.append(("GLO", WORLD[label], float(cells[1]), f"row {number}, column B", ""))
            continue
        location = REGIONS.get(label) if in_regions else named.get(plain(label))
        if location is None and label and not in_regions:
            raise SystemExit(f"row {number}: no location for {label}")
        note = REGION_NOTE if in_regions and location != "PS" else ""
        found += [
            (location, column, float(cells[index]), f"row {number}, column {column}", note)
            for column, index in columns.items()
            if location and cells[index]
        ]
    return found


def annual(book: openpyxl.Workbook) -> list[Factor]:
    """Factors without the repetition of equal rows (the workbook lists VG twice)."""
    once: dict[tuple[str, str], Factor] = {}
    for factor in entries(book):
        earlier = once.setdefault(factor[:2], factor)
        if earlier[2] != factor[2]:
            raise SystemExit(f"{factor[:2]} stands twice with different values")
    return list(once.values())


def factors(book: openpyxl.Workbook) -> list[Row]:
    """Factor rows of every flow, sorted by their key."""
    rows = [
        {
            "indicator": indicator,
            "flow": flow,
            "location": location,
            "value": f"{value:.6g}",
            "unit": "m3 world-eq/m3",
            "source": "wulca_aware_1_2",
            "locator": f"sheet {SHEET}, {locator}",
            "note": note,
        }
        for flow, (wanted, indicators) in FLOWS.items()
        for location, column, value, locator, note in annual(book)
        for indicator in indicators
        if column == wanted
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
