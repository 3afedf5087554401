"""Derive the tables of the forest products package that come from raw source files.

    python datasets/forest_products/recipe.py --sources FOLDER

FOLDER holds ``agriculture/`` and ``unit_processes/``. The recipe writes ``statistics.csv``
(FAOSTAT) and ``uslci.csv`` (public domain) next to itself and prints the sha256 of every file
it reads; ``mills.csv`` is typed by hand and never touched.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
COLUMNS = (
    "quantity", "subject", "location", "value", "unit", "year", "basis", "gsd",
    "minimum", "maximum", "source", "locator", "note",
)  # fmt: skip
FOREST = "agriculture/gcamfaostat/inst/extdata/aglu/FAO/GCAMFAOSTAT_ForProdTrade.csv"
FAO_CODES = "agriculture/fabio_v1/Regions_ISO3-FAO.csv"
USLCI = "unit_processes/uslci_fy21q3_exchanges_flat.csv"
YEARS = tuple(str(year) for year in range(2018, 2023))
# Our subject: FAO item code, unit
ITEMS = {
    "paper-and-board": ("1876", "t"),
    "roundwood": ("1865", "m3"),
    "sawnwood": ("1872", "m3"),
    "wood-panels": ("1873", "m3"),
    "wood-pulp": ("1875", "t"),
}
# A country below this makes its paper in one or two mills: its ratios are chance
LEAST_PAPER = 5000.0
MOST_PULP = 1.6  # t of pulp per t of paper; above it the pulp goes to other uses than paper
EXTRA_PLACES = {"41": "CN", "351": "CN", "272": "RS", "206": "SD", "276": "SD", "277": "SS"}

Row = dict[str, str]
# Datasets of USLCI
RECYCLED_BOX = "45539"
MDF = "25141"
KRAFT, SACK, BOARD, BOX, PANEL = "41952", "44077", "45377", "45593", "26571"
FUELS = {KRAFT: "43129", SACK: "43198"}
CHEMICALS = {
    "hydrogen-peroxide": "Hydrogen peroxide, at plant",
    "lime": "Quicklime, at plant",
    "methanol": "Methanol, at plant, kg",
    "oxygen": "Oxygen, liquid, at plant",
    "sodium-chlorate": "Sodium chlorate, at plant",
    "sodium-hydroxide": "Sodium hydroxide, production mix, at plant",
    "sulphuric-acid": "Sulfuric acid, at plant",
}
IN_MILL = ", combusted in industrial boiler, at pulp and paper mill (EXCL.)"
BURNT = {
    "natural-gas": (f"Natural gas{IN_MILL}", "m3/kg"),
    "heavy-fuel-oil": (f"RFO{IN_MILL}", "L/kg"),
    "hard-coal": (f"Bituminous coal{IN_MILL}", "kg/kg"),
}
# Flow names of the panel and of the box
RESIN = "Urea formaldehyde, UF, resin, neat, 65% solids"
MDF_FUEL = "Wood fuel, MDF, purchased, combusted in industrial boiler"
LINER = "Containerboard, average production, at mill"


@dataclass(frozen=True)
class Wanted:
    """One figure of a USLCI process, per kilogram of its product."""

    quantity: str
    subject: str
    dataset: str
    flow: str
    unit: str
    gsd: str = "1.5"
    location: str = "GLO"
    note: str = "North America, about 2006 to 2010."


def wanted() -> Iterator[Wanted]:
    """Yield the figures that are read from USLCI."""
    for product, flow in CHEMICALS.items():
        yield Wanted(
            "chemical_input", f"pulp-kraft-bleached-{product}", KRAFT, flow, "kg/kg", "1.6"
        )
    for subject, dataset in (("pulp-kraft-bleached", KRAFT), ("kraftliner", SACK)):
        for fuel, (flow, unit) in BURNT.items():
            yield Wanted(
                f"mill_fuel_{fuel.replace('-', '_')}",
                subject,
                FUELS[dataset],
                flow,
                unit,
                gsd="1.4",
                location="US",
                note="About 2006; fuel oil and coal have lost much ground to gas since.",
            )
        yield Wanted("recovery_methane", subject, FUELS[dataset], "Methane", "kg/kg", "2.5")
        yield Wanted("recovery_n2o", subject, FUELS[dataset], "Nitrous oxide", "kg/kg", "2.5")
    yield Wanted(
        "recovered_paper_input", "kraftliner", SACK, "Old corrugated containers", "kg/kg", "1.3"
    )
    yield Wanted("starch_input", "copy-paper", "44595", "Starch, at plant", "kg/kg", "1.4")
    yield Wanted(
        "recovered_paper_input", "testliner", BOARD, "Old corrugated containers", "kg/kg", "1.05"
    )
    yield Wanted("starch_input", "corrugated-box", BOX, "Maize starch, at plant", "kg/kg", "1.3")
    yield Wanted(
        "box_gas",
        "corrugated-box",
        RECYCLED_BOX,
        "Natural gas, production mixture, to energy use",
        "m3/kg",
        gsd="1.3",
    )
    yield Wanted(
        "paper_input",
        "corrugated-box",
        BOX,
        LINER,
        "kg/kg",
        gsd="1.05",
        note="North America; FEFCO reports about 1.1 too. The rest are trimmings, recycled.",
    )
    for board, dataset in (("particle-board", PANEL), ("fibreboard-mdf", MDF)):
        yield from panel(board, dataset)
    yield Wanted("panel_wood_fuel", "fibreboard-mdf", MDF, MDF_FUEL, "kg/m3")


def panel(board: str, dataset: str) -> Iterator[Wanted]:
    """Yield what a cubic metre of a board takes."""
    gas = "Natural gas, combusted in industrial boiler"
    yield Wanted("panel_electricity", board, dataset, "Electricity, at grid", "kWh/m3", "1.3")
    yield Wanted("panel_gas", board, dataset, gas, "m3/m3")
    yield Wanted(
        "panel_resin",
        board,
        dataset,
        RESIN,
        "kg/m3",
        gsd="1.3",
        note="North America; resin as delivered, 65 % solids.",
    )
    yield Wanted(
        "panel_water", board, dataset, "Water", "L/m3", "1.8", note="Printed in kg. North America."
    )


def main() -> None:
    """Read the command line, and write both tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sources", type=Path, required=True, help="folder of the raw files")
    folder: Path = parser.parse_args().sources
    for file in (FOREST, FAO_CODES, USLCI):
        print(hashlib.sha256((folder / file).read_bytes()).hexdigest(), file)
    write("statistics.csv", statistics(folder))
    write("uslci.csv", uslci(folder / USLCI))


def rows(path: Path, *, encoding: str = "utf-8-sig", delimiter: str = ",") -> list[Row]:
    """Return the rows of a CSV file, comment lines left out."""
    with path.open(encoding=encoding, newline="") as stream:
        lines = (line for line in stream if not line.startswith("#"))
        return list(csv.DictReader(lines, delimiter=delimiter))


def places(folder: Path) -> dict[str, str]:
    """Return our location of every FAO area code."""
    table = rows(HERE.parent / "geography" / "locations.csv")
    alpha2 = {row["iso3"]: row["location"] for row in table if row["iso3"]}
    codes = rows(folder / FAO_CODES, encoding="latin-1", delimiter=";")
    found = {row["Country.Code"]: alpha2[row["ISO3"]] for row in codes if row["ISO3"] in alpha2}
    return found | EXTRA_PLACES


Flows = Mapping[tuple[str, str, str], float]  # location, item, element -> mean of the years


def read_flows(folder: Path) -> dict[tuple[str, str, str], float]:
    """Return the mean of the years of every place, item and element."""
    where = places(folder)
    sums: defaultdict[tuple[str, str, str], float] = defaultdict(float)
    for row in rows(folder / FOREST):
        place = where.get(row["area_code"])
        values = [float(row[year]) for year in YEARS if row[year]]
        if place and values:
            sums[place, row["item_code"], row["element"]] += sum(values) / len(values)
    return sums


def statistics(folder: Path) -> Iterator[Row]:
    """Yield production and export, and what they say about the fibre of a country's paper."""
    flows = read_flows(folder)
    countries = sorted({place for place, _, _ in flows})
    for subject, (code, unit) in ITEMS.items():
        for element, quantity in (("Production", "production"), ("Export", "export")):
            if quantity == "export" and subject != "wood-pulp":
                continue
            found = {place: flows.get((place, code, element), 0.0) for place in countries}
            yield fao(
                quantity,
                subject,
                "GLO",
                sum(found.values()),
                unit,
                f"sum of item {code}, {element}",
            )
            for place, value in found.items():
                if value > 0:
                    yield fao(quantity, subject, place, value, unit, f"item {code}, {element}")
    yield from wood_trade(flows, countries)
    yield from pulp_use(flows, countries)


def wood_trade(flows: Flows, countries: list[str]) -> Iterator[Row]:
    """Yield the share of its industrial roundwood that a country imports."""
    code = ITEMS["roundwood"][0]

    def amount(place: str, element: str) -> float:
        return flows.get((place, code, element), 0.0)

    every = {"GLO": countries} | {place: [place] for place in countries}
    for place, members in every.items():
        imported = sum(amount(member, "Import") for member in members)
        made = sum(amount(member, "Production") for member in members)
        if imported > 0 and made > 0:
            yield fao(
                "roundwood_import_share", "", place, imported / (imported + made), "dimensionless",
                f"item {code}, Import / (Import + Production)",
            )  # fmt: skip


def pulp_use(flows: Flows, countries: list[str]) -> Iterator[Row]:
    """Yield domestic and imported wood pulp per tonne of paper made."""
    pulp, paper = ITEMS["wood-pulp"][0], ITEMS["paper-and-board"][0]

    def used(place: str) -> tuple[float, float, float]:
        made, sold, bought = (
            flows.get((place, pulp, element), 0.0) for element in ("Production", "Export", "Import")
        )
        domestic = max(made - sold, 0.0)
        # pulp that is imported and exported again is not used
        imported = bought if made > sold else max(bought - (sold - made), 0.0)
        return domestic, imported, flows.get((place, paper, "Production"), 0.0)

    every = {place: used(place) for place in countries}
    total = tuple(sum(each[position] for each in every.values()) for position in range(3))
    for place, (domestic, imported, made) in {"GLO": total, **every}.items():
        if (
            made < LEAST_PAPER
            or domestic + imported <= 0
            or (domestic + imported) / made > MOST_PULP
        ):
            continue
        for quantity, value, how in (
            ("wood_pulp_domestic", domestic, "(Production - Export)"),
            ("wood_pulp_imported", imported, "Import (less exports above production)"),
        ):
            yield fao(
                quantity, "paper-and-board", place, value / made, "t/t",
                f"item {pulp}, {how} / item {paper}, Production",
            )  # fmt: skip


def uslci(path: Path) -> Iterator[Row]:
    """Yield what USLCI processes take and emit per kilogram of what they make."""
    table: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows(path):
        table[row["ds"]].append(row)
    outputs = {fuel: of for of, fuel in FUELS.items()}
    for each in wanted():
        exchanges = table[each.dataset]
        owner = table[outputs.get(each.dataset, each.dataset)]
        made = float(next(row["value"] for row in owner if row["flow"] == row["name"]))
        found = [float(row["value"]) for row in exchanges if row["flow"] == each.flow]
        if not found:
            raise ValueError(f"{each.dataset}: no flow {each.flow}")
        name = f"dataset {each.dataset} '{exchanges[0]['name']}'"
        yield figure(
            each.quantity, each.subject, each.location, sum(found) / made, each.unit, year="2010",
            basis="derived", gsd=each.gsd, source="uslci_forest",
            locator=f"{name}, '{each.flow}' over the output",
            note=each.note,
        )  # fmt: skip


def fao(quantity: str, subject: str, place: str, value: float, unit: str, locator: str) -> Row:
    """Return a figure of FAOSTAT."""
    return figure(
        quantity, subject, place, value, unit, year="2018-2022",
        basis="derived" if place == "GLO" or " / " in locator else "statistics",
        gsd="1.2" if " / " in locator else "1.1", source="faostat_forestry",
        locator=f"{locator}, mean of 2018 to 2022", note="",
    )  # fmt: skip


def figure(
    quantity: str, subject: str, location: str, value: float, unit: str, *,
    year: str, basis: str, gsd: str, source: str, locator: str, note: str,
) -> Row:  # fmt: skip
    """Return one row of a figures table."""
    return {
        "quantity": quantity, "subject": subject, "location": location, "value": number(value),
        "unit": unit, "year": year, "basis": basis, "gsd": gsd, "minimum": "", "maximum": "",
        "source": source, "locator": locator, "note": note,
    }  # fmt: skip


def number(value: float) -> str:
    """Return a value with at most six significant digits."""
    text = f"{value:.6g}"
    return f"{float(text):.0f}" if "e+" in text else text


def write(name: str, figures: Iterator[Row]) -> None:
    """Write a figures table, sorted by key."""
    table = sorted(figures, key=lambda row: (row["quantity"], row["subject"], row["location"]))
    with (HERE / name).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(table)
    print(f"{name}: {len(table)} rows")


if __name__ == "__main__":
    main()
