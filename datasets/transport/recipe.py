"""Derive the tables of the transport package that come from raw source files.

    python datasets/transport/recipe.py --sources FOLDER

FOLDER holds ``transport/`` and ``unit_processes/``. The recipe writes ``freight_uk.csv``,
``travel_uk.csv`` and ``train_us.csv`` next to itself and prints the sha256 of every file it
reads; ``freight.csv`` and ``vehicles.csv`` are typed by hand and never touched.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
from collections.abc import Iterable
from pathlib import Path

HERE = Path(__file__).resolve().parent
COLUMNS = (
    "quantity", "subject", "location", "value", "unit", "year", "basis", "gsd",
    "minimum", "maximum", "source", "locator", "note",
)  # fmt: skip

FREIGHT = "transport/defra_factors_2025_v2/category_freighting_goods.csv"
TRAVEL = "transport/defra_factors_2025_v2/category_business_travel_land.csv"
BIOGENIC = "transport/defra_factors_2025_v2/out_of_scope.csv"
USLCI = "unit_processes/uslci_fy21q3_exchanges_flat.csv"

# Our product: first part of the row id, and the spread between operators that it stands for
CLASSES = {
    "freight-air": ("27_317_3159_14", "1.3"),
    "freight-road-truck": ("27_304_3136_14", "1.35"),
    "freight-road-truck-16t": ("27_304_3114_14", "1.3"),
    "freight-road-truck-7t": ("27_304_3110_14", "1.3"),
    "freight-road-truck-refrigerated": ("27_306_3136_14", "1.35"),
    "freight-road-truck-small": ("27_304_3116_14", "1.5"),
    "freight-sea-bulk": ("27_320_3221_14", "1.6"),
    "freight-sea-container": ("27_320_3235_14", "1.35"),
    "freight-sea-reefer": ("27_320_3243_14", "1.6"),
    "freight-sea-tanker": ("27_319_3197_14", "1.6"),
    "freight-van": ("27_303_3102_14", "1.6"),
}
# Last part of the row id: our quantity, and the spread where it is not the operators'
GASES = {"2": ("freight_co2", ""), "3": ("freight_ch4_co2e", "2.5"), "4": ("freight_n2o_co2e", "2")}
TRAVEL_CLASSES = {
    "passenger-bus": ("25_314_3143_11", "1.6"),
    "passenger-car-diesel": ("25_301_3069_4", "1.35"),
    "passenger-car-petrol": ("25_301_3070_4", "1.35"),
}
TRAVEL_GASES = {
    "2": ("travel_co2", ""),
    "3": ("travel_ch4_co2e", "2.5"),
    "4": ("travel_n2o_co2e", "2"),
}
TRAVEL_NOTE = "United Kingdom 2025, taken for the world; tank to wheel."
NOTE = "United Kingdom 2025, taken for the world; tank to wheel, empty runs included."
BLEND_ROWS = {"diesel-blend": "99_604_1011_15_2", "petrol-blend": "99_604_1017_15_2"}
TRAIN = "17482"
# Flow of the train: our quantity, unit, spread, note
TRAIN_FLOWS = {
    "Diesel, at refinery": (
        "freight_diesel",
        "L/(t*km)",
        "1.4",
        "North America, heavy trains; lighter trains elsewhere use up to twice as much.",
    ),
    "Methane": ("freight_ch4", "kg/(t*km)", "2", ""),
    "Nitrous oxide": (
        "freight_n2o",
        "kg/(t*km)",
        "2",
        "2 kg/TJ, near the 3 of British trains; the IPCC default for locomotives is 28.6.",
    ),
}

Row = dict[str, str]


def main() -> None:
    """Read the command line, and write the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sources", type=Path, required=True, help="folder of the raw files")
    folder: Path = parser.parse_args().sources
    for file in (FREIGHT, TRAVEL, BIOGENIC, USLCI):
        print(hashlib.sha256((folder / file).read_bytes()).hexdigest(), file)
    freight = classes(folder / FREIGHT, CLASSES, GASES, "kg/(t*km)", NOTE)
    write("freight_uk.csv", [*freight, *blends(folder / BIOGENIC)])
    travel = classes(folder / TRAVEL, TRAVEL_CLASSES, TRAVEL_GASES, "kg/km", TRAVEL_NOTE)
    write("travel_uk.csv", travel)
    write("train_us.csv", train(folder / USLCI))


def classes(
    path: Path,
    products: dict[str, tuple[str, str]],
    gases: dict[str, tuple[str, str]],
    unit: str,
    note: str,
) -> list[Row]:
    """Return CO2, and CH4 and N2O as CO2e, per unit of the classes that we use."""
    printed = {row["ID"]: row for row in rows(path)}
    figures = []
    for product, (code, spread) in products.items():
        for gas, (quantity, own_spread) in gases.items():
            row = printed[f"{code}_{gas}"]
            names = (row["Level 2"], row["Level 3"], row["Level 4"], row["Column Text"])
            figures.append(
                figure(
                    quantity,
                    product,
                    row["GHG Conversion Factor 2025"],
                    unit,
                    gsd=own_spread or spread,
                    source="desnz_2025",
                    locator=f"row {row['ID']}: {', '.join(part.strip() for part in names if part)}"
                    f", {row['GHG/Unit']}",
                    note=note,
                )
            )
    return figures


def blends(path: Path) -> Iterable[Row]:
    """Return the biogenic CO2 of a tonne of each fuel as sold in the United Kingdom."""
    printed = {row["ID"]: row for row in rows(path)}
    for subject, code in BLEND_ROWS.items():
        yield figure(
            "biogenic_co2",
            subject,
            printed[code]["GHG Conversion Factor 2025"],
            "kg/t",
            gsd="1.1",
            source="desnz_2025",
            locator=f"row {code}: {printed[code]['Level 3']}, outside of scopes",
            note="The road factors count the fossil CO2 of this blend only.",
        )


def train(path: Path) -> Iterable[Row]:
    """Return what a diesel train of North America burns and emits per tonne-kilometre."""
    for row in rows(path):
        if row["ds"] == TRAIN and row["flow"] in TRAIN_FLOWS:
            quantity, unit, gsd, note = TRAIN_FLOWS[row["flow"]]
            yield figure(
                quantity,
                "freight-rail-diesel",
                row["value"],
                unit,
                gsd=gsd,
                year="2008",
                source="uslci_fy21q3",
                locator=f"dataset {TRAIN} '{row['name']}', '{row['flow']}'",
                note=note,
            )


def figure(quantity: str, subject: str, value: str, unit: str, **cells: str) -> Row:
    """Return a row of a figures table."""
    row = dict.fromkeys(COLUMNS, "")
    row |= {"location": "GLO", "year": "2025", "basis": "literature"}
    return row | {"quantity": quantity, "subject": subject, "value": value, "unit": unit} | cells


def rows(path: Path) -> Iterable[Row]:
    """Return the rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def write(name: str, figures: Iterable[Row]) -> None:
    """Write a table, sorted by key."""
    ordered = sorted(figures, key=lambda row: (row["quantity"], row["subject"], row["location"]))
    with (HERE / name).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(ordered)


if __name__ == "__main__":
    main()
