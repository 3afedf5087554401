"""Derive composition and treatment of municipal waste by country from the World Bank's file.

Run: python datasets/waste/recipe.py --sources FOLDER
FOLDER/waste/country_level_data.csv is the country file of What a Waste 2.0.
"""

import argparse
import csv
import hashlib
from collections import defaultdict
from pathlib import Path

HERE = Path(__file__).parent
FIELDS = (
    "quantity", "subject", "location", "value", "unit", "year", "basis", "gsd",
    "minimum", "maximum", "source", "locator", "note",
)  # fmt: skip
FRACTIONS = {
    "food": "food_organic_waste",
    "glass": "glass",
    "green": "yard_garden_green_waste",
    "metal": "metal",
    "other": "other",
    "paper": "paper_cardboard",
    "plastic": "plastic",
    "rubber-leather": "rubber_leather",
    "wood": "wood",
}
POORER = ("LIC", "LMC")
PRINTED_ENOUGH = 40.0  # percent of the waste whose way is printed
COMPOSITION_ENOUGH = 70.0  # percent of the waste that is named, without "other" above the rest
WEIGHT = "total_msw_total_msw_generated_tons_year"


def number(row: dict[str, str], column: str) -> float:
    """Return a printed percentage; what is not printed is nothing of that kind."""
    return float(row[column] or 0)


def composition(row: dict[str, str]) -> dict[str, float] | None:
    """Return the shares of the fractions, or nothing where the row is not usable."""
    parts = {
        part: number(row, f"composition_{column}_percent") for part, column in FRACTIONS.items()
    }
    total = sum(parts.values())
    usable = (
        total >= COMPOSITION_ENOUGH
        and min(parts["food"], parts["paper"], parts["plastic"]) > 0
        and parts["other"] < 2 * parts["food"]
    )
    return {part: value / total for part, value in parts.items()} if usable else None


def treatment(row: dict[str, str]) -> dict[str, float] | None:
    """Return the shares of the treatments, or nothing where less than 40 % is printed."""

    def printed(column: str) -> float:
        return number(row, f"waste_treatment_{column}_percent")

    poorer = row["income_id"] in POORER
    unspecified = printed("landfill_unspecified")
    parts = {
        "composting": printed("compost") + printed("anaerobic_digestion"),
        "incineration": printed("incineration"),
        "landfill-managed": printed("sanitary_landfill_landfill_gas_system")
        + printed("controlled_landfill")
        + (0 if poorer else unspecified),
        "open-dump": printed("open_dump")
        + printed("waterways_marine")
        + (unspecified if poorer else 0),
        "sorting": printed("recycling"),
    }
    if sum(parts.values()) < PRINTED_ENOUGH:
        return None
    if poorer:
        parts["open-dump"] += printed("unaccounted_for") + printed("other")
    if parts["landfill-managed"] + parts["open-dump"] + parts["incineration"] <= 0:
        return None
    total = sum(parts.values())
    return {part: value / total for part, value in parts.items()}


def ancestors(places: dict[str, dict[str, str]], location: str) -> list[str]:
    """Return the regions above a country, up to the world."""
    found: list[str] = []
    while places[location]["parent"]:
        location = places[location]["parent"]
        found.append(location)
    return found


def figures(
    quantity: str,
    by_country: dict[str, dict[str, float]],
    weights: dict[str, float],
    places: dict[str, dict[str, str]],
    note: str,
) -> list[dict[str, str]]:
    """Return rows for each country, and tonnage-weighted means for the regions above them."""
    members: dict[str, list[str]] = defaultdict(list)
    for country in by_country:
        for region in ancestors(places, country):
            members[region].append(country)
    rows = []
    for country, shares in by_country.items():
        locator = f"row {places[country]['iso3']}"
        rows += [
            row(quantity, part, country, share, "1.3", locator, note)
            for part, share in shares.items()
        ]
    for region, countries in members.items():
        total = sum(weights[country] for country in countries)
        locator = f"mean of {len(countries)} rows by tonnes of waste"
        for part in by_country[countries[0]]:
            mean = sum(by_country[c][part] * weights[c] for c in countries) / total
            rows.append(row(quantity, part, region, mean, "1.5", locator, note))
    return rows


def row(
    quantity: str, part: str, location: str, share: float, gsd: str, locator: str, note: str
) -> dict[str, str]:
    """Return one figure."""
    return {
        "quantity": quantity,
        "subject": part,
        "location": location,
        "value": f"{share:.6f}".rstrip("0").rstrip(".") or "0",
        "unit": "dimensionless",
        "year": "2016",
        "basis": "derived",
        "gsd": gsd,
        "minimum": "",
        "maximum": "",
        "source": "world_bank_waw2",
        "locator": locator,
        "note": note,
    }


def tonnes(place: dict[str, str], printed: str) -> dict[str, str]:
    """Return a country's municipal waste as printed."""
    return row("municipal_waste", "", place["location"], 0, "1.3", f"row {place['iso3']}", "") | {
        "value": f"{float(printed):.10g}",
        "unit": "t/year",
        "basis": "statistics",
    }


def read(path: Path) -> list[dict[str, str]]:
    """Read a CSV file, and print its sha256."""
    print(hashlib.sha256(path.read_bytes()).hexdigest(), path.name)
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def main() -> None:
    """Write municipal_waste.csv."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sources", type=Path, required=True)
    folder = parser.parse_args().sources
    places = {row["location"]: row for row in read(HERE.parent / "geography" / "locations.csv")}
    code = {row["iso3"]: row["location"] for row in places.values() if row["iso3"]} | {"XKX": "XK"}
    printed = {
        code[row["iso3c"]]: row
        for row in read(folder / "waste" / "country_level_data.csv")
        if row["iso3c"] in code
    }
    weights = {country: float(row[WEIGHT] or 0) for country, row in printed.items()}
    mixes = {c: mix for c, row in sorted(printed.items()) if (mix := composition(row))}
    ways = {c: way for c, row in sorted(printed.items()) if (way := treatment(row))}
    rows = figures("waste_fraction", mixes, weights, places, "Brought to a sum of 1.")
    rows += figures(
        "waste_way",
        ways,
        weights,
        places,
        "Brought to a sum of 1; what is unaccounted for, and landfill of no stated kind, counts "
        "as dumped in low and lower-middle income countries.",
    )
    rows += [
        tonnes(places[country], row[WEIGHT]) for country, row in printed.items() if row[WEIGHT]
    ]
    rows.sort(key=lambda row: (row["quantity"], row["subject"], row["location"]))
    with (HERE / "municipal_waste.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, FIELDS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(f"{len(mixes)} compositions, {len(ways)} treatments, {len(rows)} figures")


if __name__ == "__main__":
    main()
