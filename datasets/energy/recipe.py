"""Derive the big tables of the energy package from the raw source files.

    python datasets/energy/recipe.py --sources FOLDER

FOLDER holds ``electricity/`` and ``unit_processes/``. The recipe writes the derived
tables next to itself and prints the sha256 of every file it reads; tables typed by hand
(``fuels.csv``, ``power.csv``, ...) are read at most, never written.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
COLUMNS = (
    "quantity", "subject", "location", "value", "unit", "year", "basis", "gsd",
    "minimum", "maximum", "source", "locator", "note",
)  # fmt: skip

MIX = "electricity/codecarbon_global_energy_mix.json"
SERIES = "electricity/electricity_mix_bp_ember_2022.csv"
PLANTS = "electricity/coal_power_emissions_2012_v1.csv"
COOLING = "electricity/macknick_water_m3_per_MWh_gcam.csv"
USLCI = "unit_processes/uslci_fy21q3_exchanges_flat.csv"

# Our technology: key of the mix file, column of the series file
TECHNOLOGIES = {
    "bioenergy": ("biofuel_TWh", "Electricity from bioenergy (TWh)"),
    "coal": ("coal_TWh", "Electricity from coal (TWh)"),
    "gas": ("gas_TWh", "Electricity from gas (TWh)"),
    "geothermal": (
        "other_renewable_exc_biofuel_TWh",
        "Electricity from other renewables excluding bioenergy (TWh)",
    ),
    "hydro": ("hydroelectricity_TWh", "Electricity from hydro (TWh)"),
    "nuclear": ("nuclear_TWh", "Electricity from nuclear (TWh)"),
    "oil": ("oil_TWh", "Electricity from oil (TWh)"),
    "solar": ("solar_TWh", "Electricity from solar (TWh)"),
    "wind": ("wind_TWh", "Electricity from wind (TWh)"),
}
# Names of the series file that differ from the names of the mix file
SERIES_NAMES = {"FRO": "Faeroe Islands"}
# Systems with no line to a neighbour, absent from the series file
ISOLATED = {
    "BM": "Bermuda has no line to another country",
    "EH": "no figure; trade with Morocco is not known and left out",
    "GI": "Gibraltar's network is not connected to Spain's",
    "SH": "islands without a line",
    "TL": "Timor-Leste has no line to Indonesia",
}
# Coal figures typed in power.csv from a newer national statistic
NEWER_COAL = frozenset({"CN"})
MINIMUM_ELECTRICITY_ONLY_SHARE = 0.05

# Macknick rows that we use: file (fuel, technology) and our technology
COOLED = {
    ("biomass", "biomass (conv)"): "bioenergy",
    ("coal", "coal (conv pul)"): "coal",
    ("gas", "gas (CC)"): "gas",
    ("hydro", "hydro"): "hydro",
    ("nuclear", "Gen_II_LWR"): "nuclear",
    ("refined liquids", "refined liquids (steam/CT)"): "oil",
    ("solar", "PV"): "solar",
}

# USLCI: (dataset, flow, inputGroup or outputGroup) to (quantity, subject)
USLCI_FIGURES = {
    (95324, "Electricity, at grid"): ("upstream_electricity", "hard-coal"),
    (95324, "Diesel, combusted in industrial boiler"): ("upstream_diesel", "hard-coal"),
    (95324, "Gasoline, combusted in equipment"): ("upstream_petrol", "hard-coal"),
    (95324, "Residual fuel oil, combusted in industrial boiler"): (
        "upstream_heavy_fuel_oil", "hard-coal"),
    (95324, "Natural gas, combusted in industrial boiler"): ("upstream_gas", "hard-coal"),
    (95324, "Bituminous coal, combusted in industrial boiler"): ("upstream_coal", "hard-coal"),
    (95309, "Electricity, at grid"): ("upstream_electricity", "lignite"),
    (95309, "Diesel, combusted in industrial boiler"): ("upstream_diesel", "lignite"),
    (95309, "Gasoline, combusted in equipment"): ("upstream_petrol", "lignite"),
    (95309, "Residual fuel oil, combusted in industrial boiler"): (
        "upstream_heavy_fuel_oil", "lignite"),
    (95309, "Natural gas, combusted in industrial boiler"): ("upstream_gas", "lignite"),
    (95309, "Methane"): ("upstream_methane", "lignite"),
    (95957, "Electricity, at grid"): ("upstream_electricity", "crude-oil"),
    (95957, "Diesel, combusted in industrial boiler"): ("upstream_diesel", "crude-oil"),
    (95957, "Gasoline, combusted in equipment"): ("upstream_petrol", "crude-oil"),
    (95957, "Residual fuel oil, combusted in industrial boiler"): (
        "upstream_heavy_fuel_oil", "crude-oil"),
    (95957, "Natural gas, combusted in industrial boiler"): ("upstream_gas", "crude-oil"),
    (67802, "Crude oil, extracted"): ("crude_oil_input", "refinery"),
    (67802, "Electricity, at grid"): ("upstream_electricity", "refinery"),
    (67802, "Residual fuel oil, combusted in industrial boiler"): (
        "upstream_heavy_fuel_oil", "refinery"),
    (67802, "Natural gas, combusted in industrial boiler"): ("upstream_gas", "refinery"),
    (67802, "Liquefied petroleum gas, combusted in industrial boiler"): (
        "upstream_lpg", "refinery"),
    (67802, "Methane"): ("upstream_methane", "refinery"),
    (67802, "Carbon dioxide"): ("upstream_co2", "refinery"),
    (96057, "Carbon dioxide"): ("upstream_co2", "gas-extraction"),
    (95939, "Carbon dioxide"): ("upstream_co2", "gas-processing"),
    (95939, "Electricity, at grid"): ("upstream_electricity", "gas-processing"),
    (95939, "Diesel, combusted in industrial equipment"): ("upstream_diesel", "gas-processing"),
    (16285, "Natural gas, combusted in industrial equipment, 1.357 m3/kg, 52.13 MJ/kg"): (
        "upstream_gas", "gas-pipeline"),
    (91762, "Diesel, combusted in industrial boiler"): ("upstream_diesel", "nuclear-fuel"),
    (91762, "Natural gas, combusted in industrial boiler"): ("upstream_gas", "nuclear-fuel"),
    (91762, "Bituminous coal, combusted in industrial boiler"): (
        "upstream_coal", "nuclear-fuel"),
    (91762, "Carbon dioxide"): ("upstream_co2", "nuclear-fuel"),
    (80081, "Carbon dioxide"): ("process_co2", "aluminium"),
    (80081, "Alumina, at plant"): ("alumina_input", "aluminium"),
    (80081, "Anode, at plant"): ("anode_input", "aluminium"),
    (89236, "Carbon dioxide"): ("process_co2", "anode"),
    (89236, "Electricity, at grid"): ("upstream_electricity", "anode"),
    (89236, "Natural gas, combusted in industrial boiler"): ("upstream_gas", "anode"),
    (89236, "Residual fuel oil, combusted in industrial boiler"): (
        "upstream_heavy_fuel_oil", "anode"),
    (89282, "Natural gas, combusted in industrial boiler"): ("upstream_gas", "alumina"),
    (89282, "Residual fuel oil, combusted in industrial boiler"): (
        "upstream_heavy_fuel_oil", "alumina"),
    (89282, "Electricity, alumina refining regions"): ("upstream_electricity", "alumina"),
}  # fmt: skip
# What a dataset's amounts are per, when its reference flow is not 1 kg of the product
USLCI_PER = {80081: "t", 16285: "t*km"}
# 67802 lists the inputs of 1 kg of all refinery products together (mass allocation)
USLCI_NOTES = {
    67802: "per kg of all refinery products together, so by mass",
    96057: "conventional onshore well taken for all gas",
    95957: "the source's methane is replaced by the world mean (see upstream_methane)",
    95324: "the source's methane is replaced by figures per country (see mine_methane)",
}


@dataclass(frozen=True)
class Figure:
    """One row of a figures table."""

    quantity: str
    subject: str
    location: str
    value: float
    unit: str
    year: str
    basis: str
    source: str
    locator: str
    gsd: str = ""
    note: str = ""


def number(value: float) -> str:
    """Return a value with at most eight significant digits.

    >>> number(0.1 + 0.2)
    '0.3'
    """
    text = f"{value:.8g}"
    return f"{float(text):.12f}".rstrip("0").rstrip(".") if "e" in text else text


def write(name: str, figures: Iterable[Figure]) -> int:
    """Write a figures table, sorted by key; return the number of rows."""
    rows = sorted(figures, key=lambda each: (each.quantity, each.subject, each.location))
    with (HERE / name).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(COLUMNS)
        for row in rows:
            writer.writerow(
                [row.quantity, row.subject, row.location, number(row.value), row.unit,
                 row.year, row.basis, row.gsd, "", "", row.source, row.locator, row.note]
            )  # fmt: skip
    print(f"{name}: {len(rows)} rows")
    return len(rows)


def read(path: Path, *, skip: int = 0) -> list[dict[str, str]]:
    """Return the rows of a CSV file, after `skip` comment lines."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        for _ in range(skip):
            next(stream)
        return list(csv.DictReader(stream))


class Geography:
    """ISO codes and the ladder, from the geography package."""

    def __init__(self) -> None:
        rows = read(HERE.parent / "geography" / "locations.csv")
        self._parents = {row["location"]: row["parent"] for row in rows}
        self.alpha2 = {row["iso3"]: row["location"] for row in rows if row["iso3"]}
        self.countries = {row["location"] for row in rows if row["kind"] == "country"}

    def above(self, location: str) -> Iterator[str]:
        """Yield the rungs above a location, the world last."""
        while parent := self._parents.get(location):
            yield parent
            location = parent


def generation(sources: Path, geography: Geography) -> Iterator[Figure]:
    """Yield the generation of every country by technology, and in total."""
    mix = json.loads((sources / MIX).read_text(encoding="utf-8"))
    for iso3, row in sorted(mix.items()):
        values = {tech: float(row[keys[0]] or 0.0) for tech, keys in TECHNOLOGIES.items()}
        total = float(row["total_TWh"])
        if abs(sum(values.values()) - total) > 0.005 * total + 0.006:
            raise ValueError(f"{iso3}: technologies sum to {sum(values.values())}, not {total}")
        if total == 0:
            continue
        note = "EIA net generation" if iso3 == "USA" else ""
        for tech, value in [*values.items(), ("total", total)]:
            key = TECHNOLOGIES[tech][0] if tech in TECHNOLOGIES else "total_TWh"
            yield Figure(
                "generation", tech, geography.alpha2[iso3], value, "TWh", str(row["year"]),
                "statistics", "ember_owid_mix", f"{iso3}.{key}", "1.02", note,
            )  # fmt: skip
    kosovo = [row for row in read(sources / SERIES) if row["Entity"] == "Kosovo"]
    last = max(kosovo, key=lambda row: int(row["Year"]))
    columns = {tech: keys[1] for tech, keys in TECHNOLOGIES.items()}
    columns["total"] = "Electricity generation (TWh)"
    for tech, column in columns.items():
        yield Figure(
            "generation", tech, "XK", float(last[column]), "TWh", last["Year"], "statistics",
            "ember_owid_series", f"Kosovo, {last['Year']}, {column}", "1.02",
        )  # fmt: skip


def net_imports(sources: Path, geography: Geography) -> Iterator[Figure]:
    """Yield the net imports of every country that has generation."""
    mix = json.loads((sources / MIX).read_text(encoding="utf-8"))
    names = {SERIES_NAMES.get(iso3, row["country_name"]): geography.alpha2[iso3]
             for iso3, row in mix.items() if float(row["total_TWh"])}  # fmt: skip
    names["Kosovo"] = "XK"
    column = "Net imports (TWh)"
    newest: dict[str, dict[str, str]] = {}
    for row in read(sources / SERIES):
        code = names.get(row["Entity"])
        if code and row[column]:
            kept = newest.get(code)
            if kept is None or int(row["Year"]) > int(kept["Year"]):
                newest[code] = row
    for code, row in newest.items():
        yield Figure(
            "net_imports", "electricity", code, float(row[column]), "TWh", row["Year"],
            "statistics", "ember_owid_series", f"{row['Entity']}, {row['Year']}, {column}", "1.05",
        )  # fmt: skip
    for code in sorted(set(names.values()) - set(newest)):
        why = ISOLATED.get(code, "no figure; taken as an island system")
        yield Figure(
            "net_imports", "electricity", code, 0.0, "TWh", "2021", "estimated",
            "package_estimates", "net imports of systems absent from the series", "1.5", why,
        )  # fmt: skip


def coal_plants(sources: Path, geography: Geography) -> Iterator[Figure]:
    """Yield CO2 and net efficiency of coal power, generation-weighted.

    Identical rows are units of equal size (with them the file reproduces national
    generation, without them it has 40 % less), so all are kept. Rows of combined heat and
    power carry the heat's fuel; a country's electricity-only units therefore stand for its
    electricity, unless they make less than 5 % of it.
    """
    everywhere: dict[str, list[list[float]]] = defaultdict(lambda: [[0.0] * 3, [0.0] * 3])
    for row in read(sources / PLANTS):
        sums = [
            float(row["NET_ELECTRICITY_GENERATION_MWH"]),
            float(row["FUEL_INPUT_LHV_MJ"]),
            float(row["PLANT_EMISSION_CO2_KG"]),
        ]
        is_chp = row["CHP_PLANT"].upper() == "TRUE"
        country = row["ISO2"]
        for place in (country, *geography.above(country)):
            for column in range(3):
                everywhere[place][is_chp][column] += sums[column]
    for place, (only, chp) in sorted(everywhere.items()):
        if place in NEWER_COAL:
            continue
        is_enough = only[0] >= MINIMUM_ELECTRICITY_ONLY_SHARE * (only[0] + chp[0])
        power, fuel, co2 = only if is_enough else [a + b for a, b in zip(only, chp, strict=True)]
        kind = "electricity-only units" if is_enough else "all units, heat not allocated"
        if place not in geography.countries:
            gsd = "1.12"
        elif not is_enough:
            gsd = "1.2"
        else:
            gsd = "1.06" if power > 1e6 else "1.12"
        note = f"{kind}, {power / 1e6:.3g} of {(only[0] + chp[0]) / 1e6:.3g} TWh"
        common = ("2012", "derived", "oberschelp_2019", f"rows of {place}, weighted by generation")
        if place not in geography.countries:
            common = (*common[:3], f"rows of the countries in {place}, weighted by generation")
        yield Figure("direct_co2", "coal", place, co2 / power, "g/kWh", *common, gsd, note)
        yield Figure(
            "net_efficiency", "coal", place, power * 3600 / fuel, "dimensionless", *common,
            gsd, note,
        )  # fmt: skip


def cooling_water(sources: Path) -> Iterator[Figure]:
    """Yield operational water by technology and cooling system."""
    for row in read(sources / COOLING, skip=1):
        tech = COOLED.get((row["fuel"], row["technology"]))
        if tech is None:
            continue
        system = row["cooling_system"].replace(" ", "-").replace("_", "-")
        subject = tech if system == "none" else f"{tech}-{system}"
        locator = f"{row['fuel']}, {row['technology']}, {row['cooling_system']}"
        pairs = [("water_consumption", "consumption"), ("water_withdrawal", "withdrawal")]
        if tech == "hydro":
            pairs = [("reservoir_evaporation", "consumption")]
        for quantity, column in pairs:
            note = ""
            if tech == "hydro":
                note = "One gross value from US reservoirs; run-of-river plants evaporate far less."
            yield Figure(
                quantity, subject, "GLO", float(row[f"{column}_m3_MWh"]), "m3/MWh", "2012",
                "literature", "macknick_2012", locator, "3" if tech == "hydro" else "1.3", note,
            )  # fmt: skip


def uslci(sources: Path) -> Iterator[Figure]:
    """Yield the exchanges of unit processes that the fuel and material chains use."""
    found: dict[tuple[int, str], dict[str, str]] = {}
    numbers = {key[0] for key in USLCI_FIGURES}
    for row in read(sources / USLCI):
        key = (int(row["ds"]), row["flow"])
        is_reference = row["outputGroup"].split(".")[0] == "0"
        if key[0] in numbers and key in USLCI_FIGURES and not is_reference:
            if key in found:
                raise ValueError(f"{key} stands twice")
            found[key] = row
    for key, (quantity, subject) in USLCI_FIGURES.items():
        row = found[key]
        unit = row["unit"].replace("l", "L") if row["unit"] == "l" else row["unit"]
        per = USLCI_PER.get(key[0], "kg")
        yield Figure(
            quantity, subject, "GLO", float(row["value"]), f"({unit})/({per})", "2010",
            "literature", "uslci_fy21q3", f"dataset {key[0]} {row['name']!r}, {key[1]!r}",
            "1.3", f"North America; {USLCI_NOTES.get(key[0], 'no better open source')}",
        )  # fmt: skip


def regional(geography: Geography) -> Iterator[Figure]:
    """Yield regional sums of grid losses and the world's cooling shares.

    Losses and consumption are added over the countries of ``grid_losses.csv``; the cooling
    shares of the world are those of ``cooling.csv`` weighted by each country's generation.
    """
    sums: dict[tuple[str, str], float] = defaultdict(float)
    for row in read(HERE / "grid_losses.csv"):
        for place in geography.above(row["location"]):
            sums[row["quantity"], place] += float(row["value"])
    for (quantity, place), total in sums.items():
        yield Figure(
            quantity, "electricity", place, total, "TWh", "2021", "derived", "eia_international",
            f"sum over the countries of grid_losses.csv in {place}", "1.2",
        )  # fmt: skip
    shares = {
        (row["subject"], row["location"]): float(row["value"]) for row in read(HERE / "cooling.csv")
    }
    output = {
        (row["subject"], row["location"]): float(row["value"])
        for row in read(HERE / "generation.csv")
    }
    weighted: dict[str, float] = defaultdict(float)
    weights: dict[str, float] = defaultdict(float)
    for subject in {key[0] for key in shares}:
        tech = subject.split("-", 1)[0]
        for (each, country), energy in output.items():
            if each != tech:
                continue
            for place in (country, *geography.above(country)):
                if (subject, place) in shares:
                    weighted[subject] += energy * shares[subject, place]
                    weights[subject] += energy
                    break
    for subject in weighted:
        yield Figure(
            "cooling_share", subject, "GLO", weighted[subject] / weights[subject],
            "dimensionless", "2015", "derived", "gcam_cooling",
            f"cooling.csv weighted by generation of {subject.split('-', 1)[0]}", "1.3",
        )  # fmt: skip


def main() -> None:
    """Write every derived table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sources", type=Path, required=True)
    sources: Path = parser.parse_args().sources
    for name in (MIX, SERIES, PLANTS, COOLING, USLCI):
        print(hashlib.sha256((sources / name).read_bytes()).hexdigest(), name)
    geography = Geography()
    write("generation.csv", generation(sources, geography))
    write("net_imports.csv", net_imports(sources, geography))
    write("coal_plants.csv", coal_plants(sources, geography))
    write("cooling_water.csv", cooling_water(sources))
    write("uslci.csv", uslci(sources))
    write("regional.csv", regional(geography))


if __name__ == "__main__":
    main()
