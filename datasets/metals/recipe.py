"""Derive the routes of steel by region from the GCAM file.

    python datasets/metals/recipe.py --sources FOLDER

The recipe writes ``routes.csv`` next to itself and prints the sha256 of the file it reads; the
other tables are typed by hand.
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
GCAM = "industry/gcam_ssp2_iron_steel_production_by_tech.csv"
# A region of GCAM stands at the country that dominates it or at the M49 region it covers best.
PLACES = {
    "Africa_Eastern": ["014"],
    "Africa_Northern": ["015"],
    "Africa_Southern": ["018"],
    "Africa_Western": ["011"],
    "Argentina": ["AR"],
    "Australia_NZ": ["053"],
    "Brazil": ["BR"],
    "Canada": ["CA"],
    "Central America and Caribbean": ["013", "029"],
    "Central Asia": ["143"],
    "China": ["CN"],
    "Colombia": ["CO"],
    "EU-12": ["151"],
    "EU-15": ["150"],
    "Europe_Non_EU": ["TR"],
    "European Free Trade Association": ["CH", "NO"],
    "India": ["IN"],
    "Indonesia": ["ID"],
    "Japan": ["JP"],
    "Mexico": ["MX"],
    "Middle East": ["145", "IR"],
    "Pakistan": ["PK"],
    "Russia": ["RU"],
    "South Africa": ["ZA"],
    "South America_Northern": ["VE"],
    "South America_Southern": ["005"],
    "South Asia": ["034"],
    "South Korea": ["KR"],
    "Southeast Asia": ["035"],
    "Taiwan": ["TW"],
    "USA": ["US"],
    "Ukraine": ["UA"],
    "World": ["GLO"],
}
ROUTES = {
    "BLASTFUR": "blast-furnace",
    "EAF with scrap": "electric-arc",
    "EAF with DRI": "direct-reduced",
}


def shares(path: Path) -> list[list[str]]:
    """Shares of the routes in the crude steel of 2021, by region."""
    print(hashlib.sha256(path.read_bytes()).hexdigest(), path.name)
    made: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    with path.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["Year"] == "2021":
                for region in (row["region"], "World"):
                    made[region][ROUTES[row["subsector"]]] += float(row["value"])
    return [
        [
            "steel_route_share",
            route,
            place,
            f"{100 * made[region][route] / total:.2f}",
            "percent",
            "2021",
            "derived",
            "1.15",
            "",
            "",
            "gcam_ssp2_steel",
            f"region {region}, 2021",
            "",
        ]
        for region, places in PLACES.items()
        if (total := sum(made[region].values()))
        for place in places
        for route in ROUTES.values()
    ]


def main() -> None:
    """Write routes.csv."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sources", type=Path, required=True)
    rows = shares(parser.parse_args().sources / GCAM)
    with (HERE / "routes.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(FIELDS)
        writer.writerows(sorted(rows))


if __name__ == "__main__":
    main()
