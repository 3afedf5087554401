"""Derive the table of cement kilns from the GNR and GCAM files.

    python datasets/minerals/recipe.py --sources FOLDER

The recipe writes ``kilns.csv`` next to itself and prints the sha256 of every file it reads;
the other tables are typed by hand.
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
GNR = "industry/cement_additional_data_GNR.csv"
RATIOS = "industry/cement_clinker_ratios.csv"
GCAM = "industry/gcam_ssp2_cement_final_energy_by_tech_fuel.csv"

# Regions that repeat another region's or the world's figures (JPN, NEU, REF, SSA) are left out.
GNR_PLACES = {
    "CAZ": ["CA", "053"],
    "CHA": ["CN"],
    "EUR": ["150"],
    "IND": ["IN"],
    "LAM": ["419"],
    "MEA": ["015", "145"],
    "OAS": ["142"],
    "USA": ["US"],
    "World": ["GLO"],
}
# The file gives each region under one of its countries; the United States have a source of
# their own, China and Korea are placeholders.
RATIO_PLACES = {
    "AU": ["053"],
    "BD": ["142"],
    "CA": ["CA"],
    "CH": ["CH"],
    "CO": ["419"],
    "DZ": ["015"],
    "FR": ["150"],
    "IN": ["IN"],
    "JP": ["JP"],
    "QA": ["145"],
    "RU": ["143", "RU"],
    "TR": ["TR"],
    "World": ["GLO"],
    "ZA": ["202"],
}
GCAM_PLACES = {
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
    "European Free Trade Association": ["CH"],
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
}
FUELS = {
    "delivered coal": "hard-coal",
    "refined liquids industrial": "petroleum-coke",
    "wholesale gas": "natural-gas",
}
KILNS = {
    "Production volume share, dry, with preheater and precalciner": (
        "Thermal energy consumption, dry kiln, with preheater, with precalciner"
    ),
    "Production volume share, dry, with preheater, without precalciner": (
        "Thermal energy consumption, dry kiln, with preheater, without precalciner"
    ),
    "Production volume share, dry, without preheater": (
        "Thermal energy consumption, dry kiln, without preheater"
    ),
    "Production volume share, semi-wet kiln type": "Thermal energy consumption, semi-wet kiln",
    "Production volume share, wet kiln type": "Thermal energy consumption, wet kiln",
}


def read(path: Path) -> list[dict[str, str]]:
    """Rows of a file, with its sha256 printed."""
    print(hashlib.sha256(path.read_bytes()).hexdigest(), path.name)
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def gnr(rows: list[dict[str, str]]) -> list[list[str]]:
    """Kiln energy, fuel shares and electricity by GNR region, the newest year to 2018."""
    latest: dict[tuple[str, str], tuple[int, float]] = {}
    for row in rows:
        key = (row["region"], row["variables"])
        year = int(row["year"])
        if year <= 2018 and year >= latest.get(key, (0, 0.0))[0]:
            latest[key] = (year, float(row["value"]))
    out = []
    for region, places in GNR_PLACES.items():
        figures = {name: value for (place, name), (_, value) in latest.items() if place == region}
        shares = {share: figures.get(share, 0.0) for share in KILNS}
        energy = sum(part * figures[KILNS[name]] for name, part in shares.items() if part > 0)
        energy /= sum(shares.values())
        fuels = {fuel: figures[f"Share {fuel} fuel"] for fuel in ("biomass", "fossil", "waste")}
        total = sum(fuels.values())
        where = f"region {region}, 2017"
        kilns = (latest[region, KILNS[name]][0] for name, part in shares.items() if part > 0)
        years = ", ".join(str(year) for year in sorted(set(kilns)))
        for place in places:
            out.append(
                [
                    "kiln_energy",
                    "clinker",
                    place,
                    f"{energy:.0f}",
                    "MJ/t",
                    years,
                    "derived",
                    "1.06",
                    "",
                    "",
                    "gnr_premise",
                    f"region {region}, {years}",
                    "Energy by kiln type weighted with the types' shares of production.",
                ]
            )
            out.append(
                [
                    "electricity_demand",
                    "cement",
                    place,
                    f"{figures['Power consumption']:.1f}",
                    "kWh/t",
                    "2017",
                    "statistics",
                    "1.06",
                    "",
                    "",
                    "gnr_premise",
                    where + ", Power consumption",
                    "",
                ]
            )
            out += [
                [
                    "kiln_fuel_share",
                    fuel,
                    place,
                    f"{part / total:.4f}",
                    "dimensionless",
                    "2017",
                    "statistics",
                    "1.2",
                    "",
                    "",
                    "gnr_premise",
                    where + f", Share {fuel} fuel",
                    "Divided by the sum of the three shares.",
                ]
                for fuel, part in fuels.items()
            ]
    return out


def ratios(rows: list[dict[str, str]]) -> list[list[str]]:
    """Clinker ratios by GNR region, 2020."""
    return [
        [
            "clinker_ratio",
            "cement",
            place,
            row["value"],
            "dimensionless",
            "2020",
            "statistics",
            "1.05",
            "",
            "",
            "premise_clinker",
            f"region {row['region']}, 2020",
            "Projected by the file from GNR data of earlier years.",
        ]
        for row in rows
        if row["year"] == "2020"
        for place in RATIO_PLACES.get(row["region"], [])
    ]


def gcam(rows: list[dict[str, str]]) -> list[list[str]]:
    """Split of the fossil fuels of cement kilns by region, 2021."""
    used: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for row in rows:
        if row["Year"] == "2021" and row["input"] in FUELS:
            used[row["region"]][FUELS[row["input"]]] += float(row["value"])
            used["World"][FUELS[row["input"]]] += float(row["value"])
    out = []
    for region, places in {**GCAM_PLACES, "World": ["GLO"]}.items():
        total = sum(used[region].values())
        for place in places:
            out += [
                [
                    "kiln_fossil_share",
                    fuel,
                    place,
                    f"{used[region][fuel] / total:.4f}",
                    "dimensionless",
                    "2021",
                    "derived",
                    "1.3",
                    "",
                    "",
                    "gcam_ssp2_cement",
                    f"region {region}, 2021",
                    "Refined liquids are read as petroleum coke.",
                ]
                for fuel in FUELS.values()
            ]
    return out


def main() -> None:
    """Write kilns.csv."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sources", type=Path, required=True)
    folder = parser.parse_args().sources
    rows = gnr(read(folder / GNR)) + ratios(read(folder / RATIOS)) + gcam(read(folder / GCAM))
    with (HERE / "kilns.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(FIELDS)
        writer.writerows(sorted(rows))


if __name__ == "__main__":
    main()
