"""Derive material intensities of buildings from the Material Intensity database.

``python datasets/buildings/recipe.py --sources FOLDER`` writes ``intensities.csv``: medians
over the residential records that print a material, by structure and region.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import math
from pathlib import Path

import pandas as pd

FILE = "buildings/material_intensity_db/data/buildings.csv"
SHA256 = "200ec5057053269e4a4efa5332422a23d6ddc589411bd08ec732878440ca112f"
LEAST_RECORDS = 5  # for a median
LEAST_SHARE = 1 / 3  # of the records of a structure and region that print the material

STRUCTURES = {"C": "concrete-frame", "M": "masonry", "T": "timber-frame", "S": "steel-frame"}
RESIDENTIAL = {"RS", "RM", "RU"}
REGIONS = {
    "OECD_EU15": "150",
    "OECD_EFTA": "150",
    "OECD_EU12-H": "150",
    "ASIA_CHN": "030",
    "OECD_JPN": "030",
    "OECD_KOR": "030",
    "ASIA_TWN": "030",
    "ASIA_IND": "034",
    "ASIA_IDN": "035",
    "ASIA_OAS-L": "035",
    "ASIA_OAS-M": "035",
    "OECD_CAN": "021",
    "OECD_USA": "021",
    "LAM_LAM-M": "419",
    "LAM_BRA": "419",
}
MATERIALS = {
    "concrete": "concrete",
    "steel": "steel",
    "wood": "wood",
    "brick": "brick",
    "mortar": "mortar_plaster",
    "gypsum-board": "plaster_board_gypsum",
    "glass": "glass",
    "aluminium": "aluminum",
    "ceramics": "ceramics",
    "insulation": "insulation",
    "bitumen": "bitumen",
    "plastics": "polymers",
}
COLUMNS = "quantity,subject,location,value,unit,year,basis,gsd,minimum,maximum,source,locator,note"


def read_records(path: Path) -> pd.DataFrame:
    """Return the records, with concrete made whole and like materials summed."""
    if hashlib.sha256(path.read_bytes()).hexdigest() != SHA256:
        raise SystemExit(f"{path} is not the file that this recipe was written for")
    records = pd.read_csv(path, encoding="latin-1", low_memory=False)
    number = records[
        ["concrete", "cement", "aggregates", "mineral_wool", "insulation_unspecified",
         "polystyrene", "plastics", "PVC"]
    ].apply(pd.to_numeric, errors="coerce")  # fmt: skip
    poured = number["cement"] + number["aggregates"]
    records["concrete"] = number["concrete"].fillna(poured)
    insulation = ["mineral_wool", "insulation_unspecified", "polystyrene"]
    records["insulation"] = number[insulation].sum(axis=1, min_count=1)
    records["polymers"] = number[["plastics", "PVC"]].sum(axis=1, min_count=1)
    records["place"] = records["R5_32"].map(REGIONS)
    return records


def rows(records: pd.DataFrame) -> list[dict[str, object]]:
    """Return a figure per structure, material and region, and one of the world."""
    found: list[dict[str, object]] = []
    for letter, structure in STRUCTURES.items():
        of_structure = records[records["structure"] == letter]
        if letter != "S":  # steel frames are printed for offices and industry more than homes
            of_structure = of_structure[of_structure["function"].isin(RESIDENTIAL)]
        places = [("GLO", of_structure), *of_structure.groupby("place")]
        for place, group in places:
            for material, column in MATERIALS.items():
                values = pd.to_numeric(group[column], errors="coerce").dropna()
                values = values[values > 0]
                if len(values) < LEAST_RECORDS or len(values) < LEAST_SHARE * len(group):
                    continue
                found.append(figure(structure, material, str(place), values, len(group)))
    return sorted(found, key=lambda row: (row["subject"], row["location"]))


def figure(
    structure: str, material: str, place: str, values: pd.Series, n_records: int
) -> dict[str, object]:
    """Return the row of a median; its spread is that between buildings."""
    spread = math.exp(values.map(math.log).std())
    return {
        "quantity": "material_intensity",
        "subject": f"{structure}-{material}",
        "location": place,
        "value": f"{values.median():.4g}",
        "unit": "kg/m2",
        "year": "2018",
        "basis": "derived",
        "gsd": f"{min(max(spread, 1.2), 5):.2f}",
        "minimum": "",
        "maximum": "",
        "source": "heeren_fishman_2019",
        "locator": f"buildings.csv, median of {len(values)} of {n_records} records",
        "note": "Per m2 of gross floor area; spread between buildings.",
    }


def main() -> None:
    """Write the table beside this file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sources", type=Path, required=True, help="folder of the raw files")
    given = parser.parse_args()
    table = rows(read_records(given.sources / FILE))
    target = Path(__file__).with_name("intensities.csv")
    with target.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS.split(","), lineterminator="\n")
        writer.writeheader()
        writer.writerows(table)


if __name__ == "__main__":
    main()
