"""Derive the tables of the textiles package that come from raw source files.

    python datasets/textiles/recipe.py --sources FOLDER

FOLDER holds ``textile/`` and ``unit_processes/``. The recipe writes ``ecobalyse.csv`` (MIT),
``carbonfact.csv`` (CC BY-SA 4.0) and ``chemicals.csv`` (public domain) next to itself and
prints the sha256 of every file it reads; ``mills.csv`` is typed by hand and never touched.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

HERE = Path(__file__).resolve().parent
COLUMNS = (
    "quantity", "subject", "location", "value", "unit", "year", "basis", "gsd",
    "minimum", "maximum", "source", "locator", "note",
)  # fmt: skip

ECOBALYSE = "textile/ecobalyse_process_parameters.csv"
CARBONFACT = "textile/carbonfact_exchanges_flat.csv"
USLCI = "unit_processes/uslci_fy21q3_exchanges_flat.csv"

Row = dict[str, str]

FACTORY = "Mean of the best European mills (BAT reference document, 2016-2018) raised by half."
KNIT = "Machine, air, climate and light; published values run from 0.2 to 4.7 kWh/kg."
WASHING = "Délavage chimique, procédé majorant, traitement inefficace des eaux usées"
# Our subject: name in the Ecobalyse file, spread of energy, note
STEPS = {
    "spinning-ring": ("Filature conventionnelle (40 Nm)", "1.4", "Yarn of 250 dtex."),
    "spinning-open-end": ("Filature non conventionnelle (40 Nm)", "1.4", "Yarn of 250 dtex."),
    "knitting-circular": ("Tricotage circulaire", "1.8", KNIT),
    "knitting-flat": ("Tricotage rectiligne", "1.8", KNIT),
    "knitting-fully-fashioned": ("Tricotage fully-fashioned", "1.8", KNIT),
    "washing-denim": (WASHING, "1.6", FACTORY),
    "weaving": ("Tissage (40Nm et 250 g/m2)", "1.4", "Yarn of 250 dtex, fabric of 250 g/m2."),
    "scouring": ("Dégraissage", "1.5", FACTORY),
    "bleaching": ("Blanchiment", "1.5", FACTORY),
    "desizing": ("Désencollage", "1.5", FACTORY),
    "dyeing-continuous": ("Teinture en continu", "1.5", FACTORY),
    "finishing": ("Apprêts chimiques", "1.5", FACTORY),
}
# Range of the losses, for those steps that have one
LOSSES = {
    "spinning-ring": ("0.08", "0.2", "Carded; combed yarn loses 0.17 to 0.19 (Carbonfact)."),
    "spinning-open-end": ("0.08", "0.18", ""),
    "knitting-circular": ("0.02", "0.05", ""),
    "knitting-flat": ("0.02", "0.06", ""),
    "knitting-fully-fashioned": ("0.002", "0.02", ""),
    "weaving": ("0.04", "0.09", ""),
}


@dataclass(frozen=True)
class Exchange:
    """One exchange of a Carbonfact inventory, and the figure that it becomes."""

    activity: str
    name: str
    quantity: str
    subject: str
    unit: str
    gsd: str
    note: str = ""
    total: bool = False  # the inventory lists it more than once


def jet(kind: str, subject: str) -> Iterable[Exchange]:
    """Return the exchanges of reactive dyeing of cellulosic fabric in a jet."""
    activity = f"Fabric dyeing, Exhaust, {kind}, Reactive, Cellulosic Fibers, Medium Shade"
    return dyeing(activity, subject)


def dyeing(activity: str, subject: str) -> Iterable[Exchange]:
    """Return energy, water and dyestuff of a dyeing inventory."""
    return (
        Exchange(
            activity,
            "market group for electricity, low voltage",
            "process_electricity",
            subject,
            "kWh/kg",
            "1.5",
        ),
        Exchange(
            activity,
            "Heat, for textile processes, production mix",
            "process_heat",
            subject,
            "MJ/kg",
            "1.4",
            "Heat delivered.",
        ),
        Exchange(
            activity,
            "market group for tap water",
            "process_water",
            subject,
            "L/kg",
            "1.4",
            "Printed in kg, at 1 kg/L.",
        ),
        Exchange(
            activity,
            "Azo reactive dyes, from monochlorotriazine production",
            "dyestuff_input",
            subject,
            "kg/kg",
            "1.5",
        ),
        Exchange(
            activity,
            "market for non-ionic surfactant",
            "surfactant_input",
            subject,
            "kg/kg",
            "1.8",
            "Wetting, levelling and sequestering agents that the inventory takes as surfactant.",
            total=True,
        ),
    )


def disperse(kind: str, subject: str) -> Iterable[Exchange]:
    """Return the exchanges of disperse dyeing of synthetic fabric in a jet."""
    activity = f"Fabric dyeing, Exhaust, {kind}, Disperse, Synthetic Fibers, Medium Shade"
    dye = "Azo disperse dyes, from diazotization-coupling production"
    return (
        replace(each, name=dye) if each.name == DYE else each for each in dyeing(activity, subject)
    )


def melt(fibre: str, subject: str) -> Iterable[Exchange]:
    """Return electricity and heat of melt spinning of drawn or textured filament."""
    activity = f"Spinning to filament, {fibre}, Melt Spinning (FDY/DTY)"
    return (
        Exchange(activity, POWER, "process_electricity", subject, "kWh/kg", "1.5"),
        Exchange(activity, HEAT, "process_heat", subject, "MJ/kg", "1.5", "Heat delivered."),
    )


def woven(yarn: str) -> str:
    """Return the name of the inventory of weaving a yarn."""
    return f"weaving, {yarn} service, Fabric, Weaved production, at plant service, Fabric, Weaved"


POWER = "market group for electricity, medium voltage"
POLYESTER = "Polyester (PET, PBT, PTT, PLA etc)"
OIL = "market for lubricating oil"
INDIGO = "Yarn dyeing, Continuous, Rope, Indigo, Cellulosic Fibers, Medium Shade"
NONWOVEN = "Fabric production, nonwoven, polypropylene, meltblown"
HAND = "hand washing, powder detergent"
WATER_JET = (
    "weaving, generic water-jet service, Fabric,Weaved water-jet loom production mix, "
    "at plant service, Fabric,Weaved water-jet loom"
)
DYE = "Azo reactive dyes, from monochlorotriazine production"
SIZING = "Fabric sizing, natural fibers"
WEAVING = woven("200 dtex-180 denier-30/1 ne-50 nm")
HEAT = "Heat, for textile processes, production mix"
MIX_NOTE = "Stands for the places that have no row of their own."
SALT = "market for sodium sulfate, anhydrite"
SODA = "market for soda ash, light"
DETERGENT = "powder detergent"

EXCHANGES = (
    *jet("Airflow jet", "jet-airflow"),
    *jet("Softflow jet", "jet-softflow"),
    *jet("Conventional jet", "jet-conventional"),
    *disperse("Airflow jet", "disperse-airflow"),
    *disperse("Softflow jet", "disperse-softflow"),
    *disperse("Conventional jet", "disperse-conventional"),
    *melt(POLYESTER, "polyester-filament"),
    *melt("Polyamides (Nylon 6, Nylon 6.6, PA 11, PA 12,…)", "nylon-filament"),
    Exchange(
        f"Spinning to filament, {POLYESTER}, Melt Spinning (POY)",
        HEAT, "process_heat", "polyester-fibre", "MJ/kg", "1.5",
        "Heat delivered; of filament, taken for staple.",
    ),
    Exchange(
        f"Spinning to filament, {POLYESTER}, Melt Spinning (FDY/DTY)",
        OIL, "lubricant_input", "fibre-spinning", "kg/kg", "1.5", "Spin finish and oil.",
    ),
    Exchange(
        "Spinning to filament, Elastane (Spandex/Lycra), Dry Spinning",
        POWER, "process_electricity", "elastane", "kWh/kg", "1.6",
    ),
    Exchange(
        "Spinning to filament, MMCF (Rayon, Viscose, Lyocell), Wet Spinning",
        POWER, "process_electricity", "viscose-fibre", "kWh/kg", "1.5",
    ),
    Exchange(
        f"Spinning to yarn, {POLYESTER}, 200 dtex, Ring Spinning",
        POWER, "process_electricity", "polyester-yarn", "kWh/kg", "1.4", "Yarn of 200 dtex.",
    ),
    Exchange(
        "Spinning to yarn, MMCF (Rayon, Viscose, Lyocell), 200 dtex, Ring Spinning",
        POWER, "process_electricity", "viscose-yarn", "kWh/kg", "1.5", "Yarn of 200 dtex.",
    ),
    Exchange(
        "Spinning to yarn, Acrylic, Modacrylic, PAN (Polyacrylonitrile), 200 dtex, Ring Spinning",
        POWER, "process_electricity", "acrylic-yarn", "kWh/kg", "1.5", "Yarn of 200 dtex.",
    ),
    Exchange(
        woven("120 dtex-108 denier-49/1 ne-83 nm"),
        POWER, "process_electricity", "weaving-fine", "kWh/kg", "1.4", "Yarn of 120 dtex.",
    ),
    Exchange(
        woven("370 dtex-333 denier-16/1 ne-27 nm"),
        POWER, "process_electricity", "weaving-coarse", "kWh/kg", "1.4", "Yarn of 370 dtex.",
    ),
    Exchange(NONWOVEN, POWER, "process_electricity", "nonwoven-polypropylene", "kWh/kg", "1.5"),
    Exchange(
        NONWOVEN, HEAT, "process_heat", "nonwoven-polypropylene", "MJ/kg", "1.5", "Heat delivered.",
    ),
    Exchange(NONWOVEN, OIL, "lubricant_input", "nonwoven-polypropylene", "kg/kg", "1.5"),
    Exchange(
        "Spinning to yarn, Worsted Wool, 200 dtex, Ring Spinning",
        POWER, "process_electricity", "wool-yarn", "kWh/kg", "1.5", "Yarn of 200 dtex.",
    ),
    Exchange(
        "Spinning to yarn, Worsted Wool, 200 dtex, Ring Spinning",
        OIL, "lubricant_input", "wool-yarn", "kg/kg", "1.5",
    ),
    Exchange(
        "Spinning to yarn, Cotton Combed - Knitting, 120 dtex, Ring Spinning",
        POWER, "process_electricity", "spinning-ring-fine", "kWh/kg", "1.4", "Yarn of 120 dtex.",
    ),
    Exchange(
        "Spinning to yarn, Cotton Combed - Knitting, 370 dtex, Ring Spinning",
        POWER, "process_electricity", "spinning-ring-coarse", "kWh/kg", "1.4", "Yarn of 370 dtex.",
    ),
    Exchange(
        WATER_JET, POWER, "process_electricity", "weaving-filament", "kWh/kg", "1.5",
        "Water-jet looms; sizing is left to the yarn.",
    ),
    Exchange("Circular Knitting, 200 dtex", OIL, "lubricant_input", "knitting", "kg/kg", "1.5"),
    Exchange(WEAVING, OIL, "lubricant_input", "weaving", "kg/kg", "1.5"),
    Exchange(
        INDIGO, "market group for electricity, low voltage",
        "process_electricity", "dyeing-indigo", "kWh/kg", "1.5",
    ),
    Exchange(INDIGO, HEAT, "process_heat", "dyeing-indigo", "MJ/kg", "1.5", "Heat delivered."),
    Exchange(
        INDIGO, "market group for tap water", "process_water", "dyeing-indigo", "L/kg", "1.5",
        "Printed in kg, at 1 kg/L.",
    ),
    Exchange(
        INDIGO, "Anthraquinone vat dyes, from alkali fusion production",
        "dyestuff_input", "dyeing-indigo", "kg/kg", "1.5", "Stands for indigo.",
    ),
    Exchange(
        INDIGO, "market for non-ionic surfactant",
        "surfactant_input", "dyeing-indigo", "kg/kg", "1.8",
    ),
    Exchange(
        INDIGO, "market for sodium hydroxide, without water, in 50% solution state",
        "sodium_hydroxide_input", "dyeing-indigo", "kg/kg", "1.8", "As 100 % sodium hydroxide.",
    ),
    Exchange(
        HAND, "market for tap water", "process_water", "hand-washing-home", "L/kg", "2",
        "Printed in kg, at 1 kg/L; buckets and rinsing at the tap take several times more.",
    ),
    Exchange(HAND, "powder detergent", "detergent_input", "hand-washing-home", "kg/kg", "1.5"),
    Exchange(
        "Fabric dyeing, Exhaust, Airflow jet, Reactive, Cellulosic Fibers, Medium Shade",
        SALT, "salt_input", "jet-airflow", "kg/kg", "1.5",
    ),
    Exchange(
        "Fabric dyeing, Exhaust, Conventional jet, Reactive, Cellulosic Fibers, Medium Shade",
        SALT, "salt_input", "jet-conventional", "kg/kg", "1.5",
    ),
    Exchange(
        "Fabric dyeing, Exhaust, Softflow jet, Reactive, Cellulosic Fibers, Medium Shade",
        SODA, "soda_input", "jet-softflow", "kg/kg", "1.5",
    ),
    *(
        exchange
        for exchange in dyeing(
            "Fabric dyeing, Continuous, Pad steam, Reactive, Cellulosic Fibers, Medium Shade",
            "pad-steam",
        )
        if exchange.quantity in ("process_water", "dyestuff_input", "surfactant_input")
    ),
    Exchange(WEAVING, SIZING, "sizing_input", "weaving", "kg/kg", "1.2"),
    Exchange(
        SIZING, "market group for electricity, medium voltage",
        "process_electricity", "sizing", "kWh/kg", "1.5",
    ),
    Exchange(SIZING, HEAT, "process_heat", "sizing", "MJ/kg", "1.5", "Heat delivered."),
    Exchange(
        SIZING, "market for tap water", "process_water", "sizing", "L/kg", "1.5",
        "Printed in kg, at 1 kg/L.",
    ),
    Exchange(SIZING, "market for maize starch ", "starch_input", "sizing", "kg/kg", "1.3"),
    Exchange(SIZING, "Water", "process_water_consumed", "sizing", "m3/kg", "1.5"),
    Exchange(
        DYE, "market group for electricity, low voltage",
        "process_electricity", "dyestuff", "kWh/kg", "1.8",
    ),
    Exchange(DYE, HEAT, "process_heat", "dyestuff", "MJ/kg", "1.8", "Heat delivered."),
    Exchange(
        DETERGENT, "market group for electricity, medium voltage",
        "process_electricity", "detergent", "kWh/kg", "1.5",
    ),
    Exchange(
        HEAT, "heat production, natural gas, at industrial furnace >100kW",
        "textile_heat_share", "natural-gas", "dimensionless", "1.3", MIX_NOTE,
    ),
    Exchange(
        HEAT, "heat production, at hard coal industrial furnace 1-10MW",
        "textile_heat_share", "hard-coal", "dimensionless", "1.3", MIX_NOTE,
    ),
    Exchange(
        HEAT, "heat production, light fuel oil, at industrial furnace 1MW",
        "textile_heat_share", "diesel", "dimensionless", "1.3", MIX_NOTE,
    ),
)  # fmt: skip

# USLCI dataset: our subject, spread, note
CHEMICALS = {
    "95461": ("salt", "1.5", "Mined or brine salt, North America."),
    "95358": ("soda-ash", "1.6", "From trona, North America; the Solvay process emits more."),
}
# Flow: our quantity and unit
INPUTS = {
    "Electricity, at grid": ("upstream_electricity", "kWh/kg"),
    "Bituminous coal, combusted in industrial boiler": ("upstream_coal", "kg/kg"),
    "Natural gas, combusted in industrial boiler": ("upstream_gas", "m3/kg"),
    "Diesel, combusted in industrial equipment": ("upstream_diesel", "L/kg"),
    "Carbon dioxide": ("process_co2", "kg/kg"),
}


def main() -> None:
    """Read the command line, and write the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sources", type=Path, required=True, help="folder of the raw files")
    folder: Path = parser.parse_args().sources
    for file in (ECOBALYSE, CARBONFACT, USLCI):
        print(hashlib.sha256((folder / file).read_bytes()).hexdigest(), file)
    write("ecobalyse.csv", ecobalyse(rows(folder / ECOBALYSE)))
    write("carbonfact.csv", carbonfact(rows(folder / CARBONFACT)))
    write("chemicals.csv", chemicals(rows(folder / USLCI)))


def ecobalyse(table: list[Row]) -> Iterable[Row]:
    """Return energy and losses of the steps that we use."""
    printed = {row["name_fr"]: row for row in table}
    for subject, (name, gsd, note) in STEPS.items():
        row = printed[name]
        common = {"source": "ecobalyse", "locator": f"row '{name}'", "year": "2023"}
        energy = {"note": note, "gsd": gsd} | common
        unit = f"MJ/{row['unit']}"
        yield figure("process_electricity", subject, row["electricity_MJ_per_unit"], unit, **energy)
        if float(row["heat_MJ_per_unit"]):
            yield figure("process_heat", subject, row["heat_MJ_per_unit"], unit, **energy)
        if subject in LOSSES:
            low, high, note_of_loss = LOSSES[subject]
            yield figure(
                "loss", subject, row["waste_fraction"], "dimensionless",
                minimum=low, maximum=high,
                note=f"Lost share of the input. {note_of_loss}".strip(), **common,
            )  # fmt: skip


def carbonfact(table: list[Row]) -> Iterable[Row]:
    """Return the chosen exchanges; each has one amount in its inventory, or is summed."""
    for wanted in EXCHANGES:
        found = [
            row["amount"]
            for row in table
            if (row["activity"], row["name"]) == (wanted.activity, wanted.name)
            and row["type"] != "production"
        ]
        if wanted.total:
            found = [f"{sum(map(float, found)):.6g}"]
        (value,) = set(found)
        yield figure(
            wanted.quantity, wanted.subject, value, wanted.unit,
            gsd=wanted.gsd, year="2025", note=wanted.note, source="carbonfact_2026",
            locator=f"'{wanted.activity}', exchange '{wanted.name.strip()}'"
            + (" (sum)" if wanted.total else ""),
        )  # fmt: skip


def chemicals(table: list[Row]) -> Iterable[Row]:
    """Return the energy and the carbonate CO2 of salt and soda ash."""
    for row in table:
        if row["ds"] in CHEMICALS and row["flow"] in INPUTS:
            subject, gsd, note = CHEMICALS[row["ds"]]
            quantity, unit = INPUTS[row["flow"]]
            yield figure(
                quantity, subject, row["value"], unit, gsd=gsd, year="2010", note=note,
                source="uslci_fy21q3",
                locator=f"dataset {row['ds']} '{row['name']}', '{row['flow']}'",
            )  # fmt: skip


def figure(quantity: str, subject: str, value: str, unit: str, **cells: str) -> Row:
    """Return a row of a figures table."""
    row = dict.fromkeys(COLUMNS, "")
    row |= {"location": "GLO", "basis": "literature"}
    return row | {"quantity": quantity, "subject": subject, "value": value, "unit": unit} | cells


def rows(path: Path) -> list[Row]:
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
