"""Derive the tables of the agriculture package that rest on raw source files.

    python datasets/agriculture/recipe.py --sources FOLDER

FOLDER holds ``agriculture/``. The recipe writes ``nutrient_use.csv`` and
``land_use_change.csv`` next to itself and prints the sha256 of every file it reads. The other
tables are typed and never touched.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import lzma
import tarfile
from collections.abc import Iterable, Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
COLUMNS = (
    "quantity", "subject", "location", "value", "unit", "year", "basis", "gsd",
    "minimum", "maximum", "source", "locator", "note",
)  # fmt: skip
ARCHIVE = "agriculture/ohi_food_pressures.tar.xz"
NUTRIENTS = "ohi_food_pressures/crop/nutrient/data/FAOSTAT_2017_nutrient_agri_use.csv"
AREAS = "agriculture/fabio_v1/Regions_ISO3-FAO.csv"
LAND = "agriculture/gcamfaostat/inst/extdata/aglu/FAO/GCAMFAOSTAT_LandCover.csv"
USES = {"3102": "nitrogen_use", "3103": "phosphate_use", "3104": "potash_use"}
# FAO area codes that the area table lacks, and China with Hong Kong, Macao and Taiwan
AREA_CODES = {"272": "RS", "273": "ME", "276": "SD", "351": "", "41": "CN"}

# Years over which the loss of carbon is spread
YEARS = 20

Row = dict[str, str]


def main() -> None:
    """Read the command line, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sources", type=Path, required=True, help="folder of the raw files")
    folder: Path = parser.parse_args().sources
    for file in (ARCHIVE, AREAS, LAND):
        print(hashlib.sha256((folder / file).read_bytes()).hexdigest(), file)
    codes = area_codes(folder / AREAS)
    write("nutrient_use.csv", nutrient_use(member(folder / ARCHIVE, NUTRIENTS), codes))
    write("land_use_change.csv", land_use_change(arable_growth(folder / LAND, codes)))


def member(path: Path, name: str) -> str:
    """Return the text of one file of a compressed archive."""
    with tarfile.open(fileobj=io.BytesIO(lzma.decompress(path.read_bytes()))) as archive:
        stream = archive.extractfile(name)
        assert stream is not None
        return stream.read().decode("utf-8-sig", errors="replace")


def area_codes(path: Path) -> dict[str, str]:
    """Return alpha-2 codes by FAO area code."""
    places = (HERE.parent / "geography" / "locations.csv").read_text(encoding="utf-8")
    by_iso3 = {row["iso3"]: row["location"] for row in csv.DictReader(io.StringIO(places))}
    rows = csv.DictReader(io.StringIO(path.read_text(encoding="latin-1")), delimiter=";")
    known = {row["Country.Code"]: by_iso3.get(row["ISO3"], "") for row in rows}
    return known | AREA_CODES


def nutrient_use(text: str, codes: dict[str, str]) -> Iterator[Row]:
    """Return national use of nutrients, the weights of fertilizer averages."""
    for row in csv.DictReader(io.StringIO(text)):
        location = codes.get(row["Area Code"], "")
        if row["Item Code"] not in USES or not location or float(row["Value"]) <= 0:
            continue
        yield dict.fromkeys(COLUMNS, "") | {
            "quantity": USES[row["Item Code"]],
            "location": location,
            "value": row["Value"],
            "unit": "t",
            "year": "2017",
            "basis": "statistics",
            "gsd": "1.1",
            "source": "faostat_nutrients_2017",
            "locator": f"item {row['Item Code']}, area {row['Area Code']}, Agricultural Use, 2017",
        }


def arable_growth(path: Path, codes: dict[str, str]) -> dict[str, float]:
    """Return the growth of arable land from 2000 to 2020, in thousand hectares."""
    lines = path.read_text(encoding="utf-8").splitlines()
    rows = csv.DictReader(line for line in lines if not line.startswith("#"))
    return {
        codes[row["area_code"]]: float(row["2020"]) - float(row["2000"])
        for row in rows
        if row["item"] == "Arable land" and codes.get(row["area_code"])
        if row["2000"] not in ("", "NA") and row["2020"] not in ("", "NA")
    }


def land_use_change(growth: dict[str, float]) -> Iterator[Row]:
    """Return the CO2 of forest cleared for a crop, per hectare grown and year.

    Of the land a crop has gained since 2000, that part counts as forest which the net loss of
    forest is of the gain of all cropland (at most the whole). The gain of cropland is that of
    arable land, or of the crops of the table together where they gained more. Carbon of
    biomass only, 20 years linear; soil and grassland are left out. Zero where the crop
    gained nothing or the forest lost nothing.
    """
    with (HERE / "land_use.csv").open(encoding="utf-8") as stream:
        table = {
            (row["quantity"], row["subject"], row["location"]): float(row["value"])
            for row in csv.DictReader(stream)
        }
    pairs = [key[1:] for key in table if key[0] == "crop_area_2020"]
    gains: dict[str, float] = {}
    for crop, place in pairs:
        gain = table["crop_area_2020", crop, place] - table["crop_area_2000", crop, place]
        gains[place] = gains.get(place, 0.0) + max(gain, 0.0)
    losses: dict[tuple[str, str], float] = {}
    for crop, place in pairs:
        now = table["crop_area_2020", crop, place]
        gain = max(now - table["crop_area_2000", crop, place], 0.0)
        cleared = table["forest_area_2000", "", place] - table["forest_area_2020", "", place]
        part = 0.0
        if gain > 0 and cleared > 0:
            part = min(1.0, 1000 * cleared / max(gains[place], growth.get(place, 0.0)))
        carbon = 0.0
        if part > 0:
            carbon = table["forest_carbon", "", place] - table["crop_carbon", crop, "GLO"]
        losses[crop, place] = gain / now * part * carbon * 44 / 12 / YEARS
        known = (
            f"gain {gain:.0f} of {now:.0f} kha, forest share {part:.2f}, carbon {carbon:.0f} t/ha"
        )
        why = "biomass of forest only"
        if part == 0:
            why = "no gain" if gain == 0 else "no net loss of forest; grassland is left out"
        yield derived("luc_co2", crop, place, losses[crop, place], "t/(ha*year)", known, why)
        yield derived("luc_unassessed", crop, place, 0.0, "dimensionless", known, "assessed")
    areas = {pair: table["crop_area_2020", *pair] for pair in pairs}
    for name in (*sorted({crop for crop, _ in pairs}), ""):
        chosen = [pair for pair in pairs if name in ("", pair[0])]
        mean = sum(losses[pair] * areas[pair] for pair in chosen) / sum(areas[p] for p in chosen)
        known = "mean of the countries assessed, by area"
        note = "multiplied by the share assessed, so it counts nowhere else"
        yield derived("luc_co2", name, "GLO", mean, "t/(ha*year)", known, note)
        known = "every place without a row of its own"
        yield derived("luc_unassessed", name, "GLO", 1.0, "dimensionless", known, "not assessed")


def derived(
    quantity: str, subject: str, location: str, value: float, unit: str, locator: str, note: str
) -> Row:
    """Return a row of the table of land use change."""
    return dict.fromkeys(COLUMNS, "") | {
        "quantity": quantity,
        "subject": subject,
        "location": location,
        "value": f"{value:.4g}",
        "unit": unit,
        "year": "2000-2020",
        "basis": "derived",
        "gsd": "1.8" if quantity == "luc_co2" and value > 0 else "",
        "source": "faostat_land_cover",
        "locator": f"land_use.csv and arable land: {locator}",
        "note": note,
    }


def write(name: str, figures: Iterable[Row]) -> None:
    """Write a table, sorted by key."""
    ordered = sorted(figures, key=lambda row: (row["quantity"], row["subject"], row["location"]))
    with (HERE / name).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(ordered)


if __name__ == "__main__":
    main()
