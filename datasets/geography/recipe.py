"""Derive ``locations.csv`` from the public country-code table.

Run ``python datasets/geography/recipe.py --sources FOLDER``. The hand-typed tables of this package
(``aliases.csv``, ``retired.csv``, ``sources.csv``) are never written here.
"""

import argparse
import csv
import hashlib
from pathlib import Path

HERE = Path(__file__).parent
RAW = Path("geography/country_codes/data/country-codes.csv")
SHA256 = "67b009b529330b0a6043551189f43faa785c9c3cc0011ad2bdb4eac876356c43"
FIELDS = ["location", "name", "kind", "parent", "iso3", "m49", "note"]

# The display names of the source that are too short or too terse to stand alone.
NAMES = {
    "BA": "Bosnia and Herzegovina",
    "CC": "Cocos (Keeling) Islands",
    "CD": "Democratic Republic of the Congo",
    "CG": "Congo",
    "CI": "Côte d'Ivoire",
    "CV": "Cabo Verde",
    "FM": "Micronesia (Federated States of)",
    "GB": "United Kingdom",
    "UM": "United States Minor Outlying Islands",
    "US": "United States",
    "VC": "Saint Vincent and the Grenadines",
    "VI": "United States Virgin Islands",
}
NOTES = {
    "AQ": "No UN M49 region contains Antarctica: its next rung is the world.",
    "TW": "ISO 3166-1 code, numeric 158; not in the UN M49 list, placed with Eastern Asia.",
}
WORLD = {"location": "GLO", "name": "World", "kind": "world", "m49": "001"}
KOSOVO = {
    "location": "XK",
    "name": "Kosovo",
    "kind": "country",
    "parent": "039",
    "iso3": "XKX",
    "note": "User-assigned code, not in ISO 3166-1 or UN M49; placed with Southern Europe.",
}
RUNGS = [("Intermediate Region", "intermediate"), ("Sub-region", "subregion"), ("Region", "region")]


def raw_rows(sources: Path) -> list[dict[str, str]]:
    """Rows of the country-code table, after checking its sha256."""
    content = (sources / RAW).read_bytes()
    found = hashlib.sha256(content).hexdigest()
    print(f"{RAW}: sha256 {found}")
    if found != SHA256:
        raise SystemExit(f"{RAW} is not the file this recipe was written for ({SHA256})")
    return list(csv.DictReader(content.decode("utf-8-sig").splitlines()))


def m49(code: str) -> str:
    """UN M49 code with its three digits; an absent code stays absent."""
    return code.zfill(3) if code else ""


def ladder(row: dict[str, str]) -> list[tuple[str, str, str]]:
    """(code, name, kind) of every rung above one country, nearest first, world excluded."""
    return [
        (m49(row[f"{rung} Code"]), row[f"{rung} Name"], kind)
        for rung, kind in RUNGS
        if row[f"{rung} Code"]
    ]


def country(row: dict[str, str]) -> dict[str, str]:
    """Location row of one country."""
    code = row["ISO3166-1-Alpha-2"]
    name = row["CLDR display name"].replace(" & ", " and ").replace("St. ", "Saint ")
    rungs = ladder(row)
    return {
        "location": code,
        "name": NAMES.get(code, name),
        "kind": "country",
        "parent": rungs[0][0] if rungs else "GLO",
        "iso3": row["ISO3166-1-Alpha-3"],
        "m49": "" if code == "TW" else m49(row["M49"]),
        "note": NOTES.get(code, ""),
    }


def regions(row: dict[str, str]) -> list[dict[str, str]]:
    """Location rows of every rung above one country."""
    rungs = ladder(row)
    parents = [*(code for code, _, _ in rungs), "GLO"][1:]
    return [
        {"location": code, "name": name, "kind": kind, "parent": parent, "m49": code}
        for (code, name, kind), parent in zip(rungs, parents, strict=True)
    ]


def locations(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Every location once, sorted by its code."""
    table = {"GLO": WORLD, "XK": KOSOVO}
    for row in rows:
        for location in [country(row), *regions(row)]:
            earlier = table.setdefault(location["location"], location)
            if earlier != location:
                raise SystemExit(f"two different rows for {location['location']}")
    return [table[code] for code in sorted(table)]


def main() -> None:
    """Write ``locations.csv`` next to this file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sources", type=Path, required=True)
    rows = locations(raw_rows(parser.parse_args().sources))
    with (HERE / "locations.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, FIELDS, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(f"locations.csv: {len(rows)} rows")


if __name__ == "__main__":
    main()
