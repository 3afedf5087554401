"""Derive shares of electricity generation by country: today, 2000 to 2021, projected to 2030.

    python datasets/energy/recipe_mixes.py --sources FOLDER

Today's shares come from ``generation.csv`` and the own use in ``power.csv`` beside this file.
"""

import argparse
import csv
import hashlib
from pathlib import Path

HERE = Path(__file__).resolve().parent
COLUMNS = (
    "quantity", "subject", "location", "value", "unit", "year", "basis", "gsd",
    "minimum", "maximum", "source", "locator", "note",
)  # fmt: skip
SERIES = "electricity/electricity_mix_bp_ember_2022.csv"
PROJECTION = "electricity/electricity_mixes.csv"
TECHNOLOGIES = {
    "bioenergy": "Electricity from bioenergy (TWh)",
    "coal": "Electricity from coal (TWh)",
    "gas": "Electricity from gas (TWh)",
    "geothermal": "Electricity from other renewables excluding bioenergy (TWh)",
    "hydro": "Electricity from hydro (TWh)",
    "nuclear": "Electricity from nuclear (TWh)",
    "oil": "Electricity from oil (TWh)",
    "solar": "Electricity from solar (TWh)",
    "wind": "Electricity from wind (TWh)",
}
PROJECTED = {
    "bioenergy": ("Biomass", "Waste", "Biogas CCS", "Biomass CCS", "Wood CCS"),
    "coal": ("Coal", "Lignite", "Coal CCS"),
    "gas": ("Gas", "Gas CCGT", "Gas CHP", "Gas CCS"),
    "geothermal": ("Geothermal",),
    "hydro": ("Hydro", "Hydro, reservoir"),
    "nuclear": ("Nuclear",),
    "oil": ("Oil",),
    "solar": ("Solar", "Solar, thermal"),
    "wind": ("Wind", "Wind, offshore"),
}
YEARS = range(2000, 2022)  # before 2000 the series has no country's demand beside its generation
EMBER_ONLY = "Electricity demand (TWh)"  # a column that the other source of the file lacks
# Names of the series that the table of locations writes otherwise
NAMES = {
    "Bolivia": "BO", "Brunei": "BN", "Cape Verde": "CV", "Congo": "CG", "Cote d'Ivoire": "CI",
    "Czechia": "CZ", "Democratic Republic of Congo": "CD", "Eswatini": "SZ",
    "Faeroe Islands": "FO", "Hong Kong": "HK", "Iran": "IR", "Kosovo": "XK",
    "Laos": "LA", "Moldova": "MD", "North Korea": "KP",
    "North Macedonia": "MK", "Palestine": "PS", "Reunion": "RE", "Russia": "RU",
    "Sao Tome and Principe": "ST", "South Korea": "KR", "Syria": "SY",
    "Taiwan": "TW", "Tanzania": "TZ", "Turkey": "TR", "United Kingdom": "GB",
    "United States": "US", "Venezuela": "VE", "Vietnam": "VN",
}  # fmt: skip

Row = dict[str, str]


def rows(path: Path, delimiter: str = ",") -> list[Row]:
    """Read a CSV file."""
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter=delimiter))


def shares(amounts: dict[str, float], **cells: str) -> list[Row]:
    """Return the share of each technology in the whole."""
    total = sum(amounts.values())
    return [
        dict.fromkeys(COLUMNS, "")
        | {"subject": tech, "value": f"{amount / total:.6f}".rstrip("0").rstrip(".") or "0"}
        | {"unit": "dimensionless", "basis": "derived"}
        | cells
        for tech, amount in amounts.items()
    ]


def today() -> list[Row]:
    """Return the shares of net generation of each country."""
    own = {(row["location"], row["subject"]): float(row["value"])
           for row in rows(HERE / "power.csv") if row["quantity"] == "own_use"}  # fmt: skip
    mixes: dict[str, dict[str, float]] = {}
    years: dict[str, str] = {}
    for row in rows(HERE / "generation.csv"):
        if row["subject"] in TECHNOLOGIES:
            world = own["GLO", row["subject"]]
            used = own.get((row["location"], row["subject"]), world)
            net = max(float(row["value"]), 0.0) * (1 - used)
            mixes.setdefault(row["location"], {})[row["subject"]] = net
            years[row["location"]] = row["year"]
    found = []
    for location, mix in mixes.items():
        if sum(mix.values()) > 0:
            found += shares(
                mix,
                quantity="generation_share",
                location=location,
                year=years[location],
                gsd="1.05",
                source="ember_owid_mix",
                locator="generation less own use of each technology over their sum",
                note="The default of a mix that users give.",
            )
    return found


def past(path: Path, locations: dict[str, str]) -> list[Row]:
    """Return the shares of generation of each country in each past year."""
    found = []
    for row in rows(path):
        code = NAMES.get(row["Entity"]) or locations.get(row["Entity"])
        year = row["Year"]
        if not code or int(year) not in YEARS or not row[EMBER_ONLY]:
            continue
        mix = {tech: max(float(row[column] or 0), 0.0) for tech, column in TECHNOLOGIES.items()}
        if sum(mix.values()) > 0:
            found += shares(
                mix,
                quantity=f"generation_share_{year}",
                location=code,
                year=year,
                gsd="1.1",
                source="ember_owid_series",
                locator=f"row {row['Entity']}, {year}",
                note="Generation over its sum.",
            )
    return found


def projected(path: Path, known: set[str], year: str) -> list[Row]:
    """Return the shares of generation of each country as projected to a year."""
    found = []
    for row in rows(path, ";"):
        if row["year"] != year or row["country"] not in known:
            continue
        mix = {tech: sum(max(float(row[c] or 0), 0.0) for c in columns)
               for tech, columns in PROJECTED.items()}  # fmt: skip
        if sum(mix.values()) > 0.9:
            found += shares(
                mix,
                quantity=f"generation_share_{year}",
                location=row["country"],
                year=year,
                gsd="1.5",
                source="carculator_mixes",
                locator=f"row {row['country']}, {year}: columns of the technology over all",
                note="A projection; the file names no scenario. Capture is left out.",
            )
    return found


def main() -> None:
    """Write mixes.csv, mixes_by_year.csv and projection.csv."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sources", type=Path, required=True)
    folder: Path = parser.parse_args().sources
    for file in (SERIES, PROJECTION):
        print(hashlib.sha256((folder / file).read_bytes()).hexdigest(), file)
    places = rows(HERE.parent / "geography" / "locations.csv")
    names = {row["name"]: row["location"] for row in places if row["kind"] == "country"}
    write("mixes.csv", today())
    write("mixes_by_year.csv", past(folder / SERIES, names))
    write("projection.csv", projected(folder / PROJECTION, set(names.values()), "2030"))


def write(name: str, figures: list[Row]) -> None:
    """Write a table of figures in the order of its keys."""
    figures.sort(key=lambda row: (row["quantity"], row["subject"], row["location"]))
    with (HERE / name).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(figures)
    print(len(figures), "figures", name)


if __name__ == "__main__":
    main()
