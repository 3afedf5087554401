"""Derive the big tables of this package from the raw files.

Run as ``python datasets/crop_statistics/recipe.py --sources FOLDER``. FOLDER holds
``agriculture/``. Writes yields.csv, production.csv, water.csv, fertilizers.csv,
cotton_out_turns.csv, prices.csv and irrigation_efficiency.csv next to itself; the other
tables are typed by hand.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import hashlib
import io
import tarfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
YIELD_GAPS = "agriculture/yields_mueller_2012.csv"
MERGED = "agriculture/crops_by_country.csv"
PRODUCTION = "agriculture/gcamfaostat/inst/extdata/aglu/FAO/GCAMFAOSTAT_ProdPrice.csv.gz"
ARCHIVE = "agriculture/ohi_food_pressures.tar.xz"
PRODUCTION_2017 = "ohi_food_pressures/crop/farm/data/FAOSTAT_crop_production_2010_2017.csv"
COTTON_2017 = "ohi_food_pressures/crop/farm/data/FAOSTAT_cotton_seed_vs_lint_5-11-2022.csv"
MAPPED_AREAS = "ohi_food_pressures/crop/farm/data/harvested_area_tbl.csv"
GRAZED = "ohi_food_pressures/animal_farm/disturbance/data/grazing_ruminant_feed_intake.csv"
FODDER = "agriculture/gcamfaostat/inst/extdata/aglu/FAO/GCAMFAOSTAT_FodderProdArea.csv.gz"
FERTILIZERS = "ohi_food_pressures/crop/nutrient/data/fubc_2017_rates.csv"
WATER = "agriculture/fabio_v1/water_data.csv"
FAO_CODES = "agriculture/fabio_v1/Regions_ISO3-FAO.csv"

COLUMNS = (
    "quantity", "subject", "location", "value", "unit", "year", "basis", "gsd", "minimum",
    "maximum", "source", "locator", "note",
)  # fmt: skip


@dataclass(frozen=True)
class Crop:
    """How the raw files name a crop, and between which yields it is believed."""

    item: int  # FAO
    water: str = ""  # water file; empty: no figure
    gap: str = ""  # columns of the gap file
    merged: str = ""  # merged table
    nutrients: str = ""  # fertilizer file; empty: typed
    maps: tuple[str, ...] = ()  # crop maps, for crops whose area is their harvested area
    lowest: float = 0.0  # t/ha
    highest: float = 1000.0  # t/ha


OTHER = "Oth Cereals"
OIL = "Oth Oilseeds"
ROOTS = "Roots/Tubers"
CROPS = {
    "seed-cotton": Crop(328, "Cotton", "cotton", "Cotton", "Fiber Crops", lowest=0.2, highest=7),
    "rice-paddy": Crop(27, "Rice", "rice", "Rice", "Rice", highest=11),
    "wheat-grain": Crop(15, "Wheat", "wheat", "Wheat", "Wheat", highest=11),
    "maize-grain": Crop(56, "Maize", "maize", "Maize", "Maize", highest=14),
    "barley-grain": Crop(44, "Barely", "barley", "Barley", OTHER, lowest=0.3, highest=10),
    "cassava": Crop(125, "Cassava", "cassava", "Cassava", ROOTS, lowest=2, highest=40),
    "groundnut": Crop(242, "Ground nut", "groundnut", "Ground nut", OIL, lowest=0.3, highest=6),
    "millet-grain": Crop(79, "Millet", "millet", "", OTHER, lowest=0.2, highest=4),
    "oil-palm-fruit": Crop(254, "Oil palm", "oilpalm", "", "Oil Palm", lowest=1.5, highest=28),
    "potato": Crop(116, "Potato", "potato", "Potato", ROOTS, lowest=3, highest=52),
    "rapeseed": Crop(270, "Rapeseed", "rapeseed", "Rapeseed", OIL, lowest=0.4, highest=5),
    "rye-grain": Crop(71, "Rye", "rye", "", OTHER, lowest=0.5, highest=7.5),
    "sorghum-grain": Crop(83, "Sorghum", "sorghum", "Sorghum", OTHER, lowest=0.2, highest=7),
    "soybean": Crop(236, "Soybean", "soybean", "Soybean", "Soybeans", lowest=0.4, highest=4.5),
    "sugar-beet": Crop(157, "Sugarbeet", "sugarbeet", "", "Sugar Crops", lowest=15, highest=100),
    "sugar-cane": Crop(
        156, "Sugarcane", "sugarcane", "Sugarcane", "Sugar Crops", lowest=15, highest=130
    ),
    "sunflower-seed": Crop(267, "Sunflower", "sunflower", "", "", lowest=0.3, highest=3.6),
    "banana": Crop(486, "Banana", nutrients="Fruits", maps=("bana",), lowest=3, highest=65),
    "cocoa-beans": Crop(661, "Cocoa", maps=("coco",), lowest=0.1, highest=1.2),
    "coconut": Crop(249, "Coconuts", maps=("cnut",), lowest=1, highest=12),
    "coffee-green": Crop(656, "Coffee", maps=("acof", "rcof"), lowest=0.1, highest=2.8),
    "plantain": Crop(489, "Plantains", nutrients="Fruits", maps=("plnt",), lowest=3, highest=22),
    "tea-leaves-made": Crop(667, "Tea", maps=("teas",), lowest=0.4, highest=3.5),
    "sesame-seed": Crop(289, "sesame seed", nutrients=OIL),
    "tobacco-leaf": Crop(826, "Tobacco"),
    "sweet-potato": Crop(122, "Sweet potatoes", nutrients=ROOTS),
    "yam": Crop(137, "Yams", nutrients=ROOTS),
    "oats-grain": Crop(75, "Oats", nutrients=OTHER),
    "pulses-dry": Crop(176, "Beans, dry"),
    "chickpea": Crop(191, "Chik-peas"),
    "tomato": Crop(388, "Tomatoes", nutrients="Vegetables"),
    "onion": Crop(403, "Onions", nutrients="Vegetables"),
    "cabbage": Crop(358, "Cabbages", nutrients="Vegetables"),
    "orange": Crop(490, "Oranges", nutrients="Fruits"),
    "apple": Crop(515, "Appels", nutrients="Fruits"),
    "mango": Crop(571, "Mangoes", nutrients="Fruits"),
    "grape": Crop(560, "Grapes", nutrients="Fruits"),
    "jute-fibre": Crop(780, "Jute"),
    "flax-fibre": Crop(773, "Flax fibre and tow", nutrients="Fiber Crops"),
    "natural-rubber-latex": Crop(836, "Natural rubber"),
    "grass-grazed": Crop(0, nutrients="Grassland"),
}
# Item codes under which the newer file weighs something else: green leaf for made tea,
# flax straw for fibre
OLDER_ONLY = {"tea-leaves-made", "flax-fibre"}
# Groups of the fertilizer table that hold several of our crops
GROUPS = {
    "Fiber Crops": "all fibre crops together",
    OTHER: "all cereals but wheat, rice and maize together",
    OIL: "all oilseeds but soybean and oil palm together",
    "Sugar Crops": "sugar cane and beet together",
    ROOTS: "all roots and tubers together",
    "Fruits": "all fruit together",
    "Vegetables": "all vegetables together",
    "Grassland": "all fertilized grassland, grazed and cut",
}  # fmt: skip
NUTRIENTS = {
    "N": "nitrogen_applied", "P2O5": "phosphate_applied", "K2O": "potash_applied",
}  # fmt: skip
YIELD_YEARS = [str(year) for year in range(2014, 2019)]
MEAN_YEARS = [str(year) for year in range(2018, 2023)]
# A yield stands at its ceiling when it exceeds the attainable yield of the source, which
# therefore hides it; with more such years than this the series is not used.
MOST_CAPPED_YEARS = 2
# Rates of the fertilizer table that its crop areas cannot carry
REJECTED_RATES = {
    ("Belarus", "maize-grain"),
    ("Brazil", "potato"),  # led by cassava, which gets little
    ("India", "potato"),
    ("China", "grass-grazed"),  # of sown grassland, a small part of the range
}
FERTILIZER_PLACES = {
    "EU-27": "150", "Iran": "IR", "New-Zealand": "NZ", "ROW": "GLO", "Russia": "RU", "USA": "US",
}  # fmt: skip
# Ratios of requirement to withdrawal closer than this are one mean, filled in by FAO
SAME_RATIO = 0.0004
LEAST_COUNTRIES = 3
# Hectares below which a mapped area says nothing about a yield
LEAST_AREA = 1000
ALFALFA = "Alfalfa for forage and silage"
FODDER_YEAR = "2010"
FORMER_AREAS = {"186": ("RS", "Serbia and Montenegro"), "206": ("SD", "Sudan before 2011")}


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
    """Return a value with at most six significant digits.

    >>> number(0.1 + 0.2)
    '0.3'
    """
    text = f"{value:.6g}"
    return f"{float(text):.0f}" if "e+" in text else text


def write(name: str, figures: Iterable[Figure]) -> None:
    """Write a figures table, sorted by key."""
    rows = sorted(figures, key=lambda each: (each.quantity, each.subject, each.location))
    keys = {(row.quantity, row.subject, row.location) for row in rows}
    if len(keys) != len(rows):
        raise ValueError(f"{name}: a key stands twice")
    with (HERE / name).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(COLUMNS)
        for row in rows:
            writer.writerow(
                [row.quantity, row.subject, row.location, number(row.value), row.unit,
                 row.year, row.basis, row.gsd, "", "", row.source, row.locator, row.note]
            )  # fmt: skip
    print(f"{name}: {len(rows)} rows")


def read(path: Path, *, encoding: str = "utf-8-sig", delimiter: str = ",") -> list[dict[str, str]]:
    """Return the rows of a CSV file, comment lines left out."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding=encoding, newline="") as stream:
        lines = (line for line in stream if not line.startswith("#"))
        return list(csv.DictReader(lines, delimiter=delimiter))


def read_archived(sources: Path, name: str) -> str:
    """Return the text of one file of the archive."""
    with tarfile.open(sources / ARCHIVE, "r:xz") as archive:
        stream = archive.extractfile(name)
        if stream is None:
            raise FileNotFoundError(name)
        return stream.read().decode("utf-8-sig", errors="replace")


class Geography:
    """Locations by name, ISO 3166-1 alpha-3 code and FAO area code."""

    def __init__(self, sources: Path) -> None:
        rows = read(HERE.parent / "geography" / "locations.csv")
        self.alpha2 = {row["iso3"]: row["location"] for row in rows if row["iso3"]}
        self.names = {row["name"]: row["location"] for row in rows}
        self._parents = {row["location"]: row["parent"] for row in rows}
        for row in read(HERE.parent / "geography" / "aliases.csv"):
            self.names[row["alias"]] = row["location"]
        codes = read(sources / FAO_CODES, encoding="latin-1", delimiter=";")
        self.fao = {
            row["Country.Code"]: self.alpha2[row["ISO3"]]
            for row in codes if row["ISO3"] in self.alpha2
        }  # fmt: skip
        self.names |= {
            "Cote d'Ivoire": "CI",
            "Democratic Republic of Congo": "CD",
            "Micronesia (country)": "FM",
        }
        self.fao |= {"41": "CN", "351": "CN", "276": "SD", "277": "SS", "272": "RS", "206": "SD"}

    def above(self, location: str) -> Iterator[str]:
        """Yield the rungs above a location, the world last."""
        while parent := self._parents.get(location):
            yield parent
            location = parent

    def find(self, name: str) -> str | None:
        """Return the location of a name."""
        return self.names.get(name)


def production(sources: Path, geography: Geography) -> Iterator[Figure]:
    """Yield crop production: five-year means, else 2017, and their world sum."""
    items = {str(crop.item): subject for subject, crop in CROPS.items()}
    rows: dict[tuple[str, str], Figure] = {}
    text = read_archived(sources, PRODUCTION_2017)
    for row in csv.DictReader(io.StringIO(text)):
        place = geography.fao.get(row["Area Code"])
        subject = items.get(row["Item Code"])
        if row["Area Code"] == "351" or not (place and subject and row["Year"] == "2017"):
            continue
        if row["Element"] == "Production" and row["Value"] and float(row["Value"]) > 0:
            rows[subject, place] = Figure(
                "production", subject, place, float(row["Value"]), "t", "2017", "statistics",
                "faostat_2017", f"{row['Area']}, {row['Item']}, Production, 2017", "1.1",
            )  # fmt: skip
    for row in read(sources / PRODUCTION):
        place = geography.fao.get(row["area_code"])
        subject = items.get(row["item_code"])
        if not (place and subject) or row["element"] != "Production" or subject in OLDER_ONLY:
            continue
        values = [float(row[year]) for year in MEAN_YEARS if row[year] not in ("", "NA")]
        if len(values) == len(MEAN_YEARS) and sum(values) > 0:
            rows[subject, place] = Figure(
                "production", subject, place, sum(values) / len(values), "t", "2018-2022",
                "statistics", "faostat_gcam",
                f"{row['area']}, {row['item']}, Production, mean of 2018 to 2022", "1.05",
            )  # fmt: skip
    totals: dict[str, float] = defaultdict(float)
    for figure in rows.values():
        totals[figure.subject] += figure.value
    yield from rows.values()
    for subject, total in totals.items():
        yield Figure(
            "production", subject, "GLO", total, "t", "2018-2022", "derived", "faostat_gcam",
            f"sum of the countries of production.csv, {subject}", "1.05",
        )  # fmt: skip


def cotton(sources: Path, geography: Geography) -> list[Figure]:
    """Return out-turns of the gin and the production of lint and cottonseed, 2017.

    Countries whose lint and cottonseed exceed their seed cotton are left out of the
    out-turns; the world's are those of the countries kept.
    """
    table: dict[str, dict[str, float]] = defaultdict(dict)
    text = read_archived(sources, COTTON_2017)
    for row in csv.DictReader(io.StringIO(text)):
        place = geography.fao.get(row["Area Code (FAO)"])
        if place and row["Value"] and row["Element"] == "Production":
            table[place][row["Item"]] = float(row["Value"])
    figures: list[Figure] = []
    sums: dict[str, float] = defaultdict(float)
    products = {"lint": "Cotton lint", "cottonseed": "Cottonseed"}
    totals: dict[str, float] = defaultdict(float)
    for place, values in table.items():
        for name, item in products.items():
            amount = values.get(item, 0.0)
            if amount > 0:
                subject = "cotton-lint" if name == "lint" else "cottonseed"
                totals[subject] += amount
                figures.append(
                    Figure(
                        "production", subject, place, amount, "t", "2017", "statistics",
                        "faostat_cotton_2017", f"{place}, {item}, Production, 2017", "1.1",
                    )
                )  # fmt: skip
        seed_cotton = values.get("Seed cotton", 0.0)
        lint, seed = values.get("Cotton lint", 0.0), values.get("Cottonseed", 0.0)
        is_whole = seed_cotton > 0 and 0.75 * seed_cotton <= lint + seed <= 1.005 * seed_cotton
        is_usual = seed_cotton > 0 and 0.28 <= lint / seed_cotton <= 0.46
        if not (is_whole and is_usual and seed_cotton >= 1000):
            continue
        sums["Cotton lint"] += lint
        sums["Cottonseed"] += seed
        sums["Seed cotton"] += seed_cotton
        for quantity, item, amount in (
            ("lint_out_turn", "Cotton lint", lint),
            ("cottonseed_out_turn", "Cottonseed", seed),
        ):
            figures.append(
                Figure(
                    quantity, "seed-cotton", place, amount / seed_cotton, "dimensionless", "2017",
                    "derived", "faostat_cotton_2017", f"{place}, {item} / Seed cotton, 2017",
                    "1.05",
                )
            )  # fmt: skip
    for quantity, item in (("lint_out_turn", "Cotton lint"), ("cottonseed_out_turn", "Cottonseed")):
        figures.append(
            Figure(
                quantity, "seed-cotton", "GLO", sums[item] / sums["Seed cotton"], "dimensionless",
                "2017", "derived", "faostat_cotton_2017",
                f"{item} / Seed cotton, sums over the countries of cotton_out_turns.csv", "1.03",
            )
        )  # fmt: skip
    for subject, total in totals.items():
        figures.append(
            Figure(
                "production", subject, "GLO", total, "t", "2017", "derived", "faostat_cotton_2017",
                f"sum of the countries, {subject}", "1.05",
            )
        )  # fmt: skip
    return figures


def yields(sources: Path, geography: Geography, grown: set[tuple[str, str]]) -> Iterator[Figure]:
    """Yield crop yields per harvested hectare of the countries that grow the crop.

    The gap file gives attainable yield and gap; their difference is FAOSTAT's yield, unless
    it exceeds the attainable one (gap 0). Then its newest year stands alone, if that is below
    the ceiling, else the FAOSTAT yield of 2014 of the merged table. Typed yields win.
    """
    typed = {(row["subject"], row["location"]) for row in read(HERE / "typed_yields.csv")}
    series: dict[tuple[str, str], list[tuple[float, bool]]] = defaultdict(list)
    entities: dict[str, str] = {}
    for row in read(sources / YIELD_GAPS):
        place = geography.find(row["Entity"])
        if place is None or row["Year"] not in YIELD_YEARS:
            continue
        entities[place] = row["Entity"]
        for subject, crop in CROPS.items():
            if not crop.gap:
                continue
            top, gap = row[f"{crop.gap}_attainable"], row[gap_column(crop.gap)]
            if top and gap and float(top) > float(gap):
                series[subject, place].append((float(top) - float(gap), float(gap) == 0))
    chosen: dict[tuple[str, str], Figure] = {}
    for (subject, place), values in series.items():
        capped = sum(is_capped for _, is_capped in values)
        if len(values) < len(YIELD_YEARS):
            continue
        name = CROPS[subject].gap
        if capped > MOST_CAPPED_YEARS:
            newest, is_capped = values[-1]
            if not is_capped:
                chosen[subject, place] = Figure(
                    "yield", subject, place, newest, "t/ha", YIELD_YEARS[-1], "derived",
                    "owid_yield_gaps",
                    f"{entities[place]}, {name}_attainable - {gap_column(name)}, {YIELD_YEARS[-1]}",
                    "1.12", "one year, the earlier ones stand at the source's ceiling",
                )  # fmt: skip
            continue
        mean = sum(value for value, _ in values) / len(values)
        note = f"{capped} of 5 years at the source's ceiling, so slightly low" if capped else ""
        if len({round(value, 2) for value, _ in values}) == 1:
            note = "the same in all five years, so imputed"
        gsd = "1.2" if "imputed" in note else "1.12" if capped else "1.06"
        chosen[subject, place] = Figure(
            "yield", subject, place, mean, "t/ha", "2014-2018", "derived", "owid_yield_gaps",
            f"{entities[place]}, {name}_attainable - {gap_column(name)}, mean of 2014 to 2018",
            gsd, note,
        )  # fmt: skip
    crops = {crop.merged: subject for subject, crop in CROPS.items() if crop.merged}
    for row in read(sources / MERGED):
        subject, place = crops.get(row["crop"], ""), geography.alpha2.get(row["iso3"], "")
        if row["yield_src"] == "FAOSTAT2014 via OWID" and (subject, place) not in chosen:
            chosen[subject, place] = Figure(
                "yield", subject, place, float(row["yield_t_ha"]), "t/ha", "2014", "statistics",
                "faostat_yields_2014", f"{row['iso3']}, {row['crop']}, yield_t_ha", "1.12",
            )  # fmt: skip
    for key, figure in chosen.items():
        crop = CROPS[figure.subject]
        if key in grown and key not in typed and crop.lowest <= figure.value <= crop.highest:
            yield figure


def gap_column(name: str) -> str:
    """Return the column of the yield gap; that of soybean has a plural."""
    return "soybeans_yield_gap" if name == "soybean" else f"{name}_yield_gap"


def permanent_yields(sources: Path, geography: Geography) -> Iterator[Figure]:
    """Yield yields of permanent crops: FAOSTAT production over the area of crop maps, 2010.

    A permanent crop stands on its land all year, so that the physical area of the maps, which
    are fitted to FAOSTAT's harvested area of 2009 to 2011, is the harvested one. Crops sown
    and harvested within a year are never treated so.
    """
    areas: dict[tuple[str, str], float] = defaultdict(float)
    for row in csv.DictReader(io.StringIO(read_archived(sources, MAPPED_AREAS))):
        if row["prod_system"] == "A" and row["harvested_area"] not in ("", "NA"):
            name = row["split_rest_names"]
            areas[name, geography.alpha2.get(row["iso3c"], "")] += float(row["harvested_area"])
    items = {str(crop.item): subject for subject, crop in CROPS.items() if crop.maps}
    for row in csv.DictReader(io.StringIO(read_archived(sources, PRODUCTION_2017))):
        place, subject = geography.fao.get(row["Area Code"]), items.get(row["Item Code"])
        is_meant = row["Year"] == "2010" and row["Element"] == "Production" and row["Value"]
        if not (place and subject and is_meant) or row["Area Code"] == "351":
            continue
        crop = CROPS[subject]
        area = sum(areas[name, place] for name in crop.maps)
        if area < LEAST_AREA or not crop.lowest <= float(row["Value"]) / area <= crop.highest:
            continue
        yield Figure(
            "yield", subject, place, float(row["Value"]) / area, "t/ha", "2010", "derived",
            "spam_2010", f"{row['Area']}, {row['Item']}, Production 2010 / area of "
            f"{' and '.join(crop.maps)}, system A", "1.2",
            "permanent crop, so physical area is harvested area",
        )  # fmt: skip


def grass(sources: Path, geography: Geography) -> Iterator[Figure]:
    """Yield the dry matter that ruminants graze, by country."""
    table: dict[str, float] = defaultdict(float)
    for row in csv.DictReader(io.StringIO(read_archived(sources, GRAZED))):
        place = geography.alpha2.get(row["iso3c"])
        if place and row["kg_dm"] not in ("", "NA"):
            table[place] += float(row["kg_dm"])
    for place, amount in table.items():
        if amount > 0:
            yield Figure(
                "production", "grass-grazed", place, amount / 1e6, "kt", "2017", "derived",
                "halpern_2022", f"{place}, kg_dm, sum over animals, systems and products", "1.4",
                "dry matter",
            )  # fmt: skip
    yield Figure(
        "production", "grass-grazed", "GLO", sum(table.values()) / 1e6, "kt", "2017", "derived",
        "halpern_2022", "kg_dm, sum of the countries", "1.3", "dry matter",
    )  # fmt: skip


def hay(sources: Path, geography: Geography) -> Iterator[Figure]:
    """Yield hay of alfalfa: FAOSTAT's area times the typed yield of dry hay.

    The production of the file is green weight in most countries, so it is not used.
    """
    dry = {
        row["location"]: float(row["value"])
        for row in read(HERE / "typed_yields.csv") if row["subject"] == "alfalfa-hay"
    }  # fmt: skip
    total = 0.0
    for row in read(sources / FODDER):
        place = geography.fao.get(row["area_code"])
        is_area = row["item"] == ALFALFA and row["element"] == "Area harvested"
        if not (is_area and place in dry) or not float(row[FODDER_YEAR] or 0) > 0:
            continue
        amount = float(row[FODDER_YEAR]) * dry[place]
        total += amount
        yield Figure(
            "production", "alfalfa-hay", place, amount, "kt", FODDER_YEAR, "derived",
            "faostat_fodder", f"{row['area']}, {ALFALFA}, area {row[FODDER_YEAR]} kha", "1.4",
            "area times the typed yield of dry hay",
        )  # fmt: skip
    yield Figure(
        "production", "alfalfa-hay", "GLO", total, "kt", FODDER_YEAR, "derived",
        "faostat_fodder", f"sum of the countries, {ALFALFA}", "1.4",
    )  # fmt: skip


def water(sources: Path, geography: Geography) -> Iterator[Figure]:
    """Yield blue and green water; a crop with neither is not grown there."""
    subjects = {crop.water: subject for subject, crop in CROPS.items() if crop.water}
    pairs: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    for row in read(sources / WATER, encoding="latin-1"):
        if row["Product"] in subjects and row["Value"] not in ("", "NA"):
            pairs[row["FAO.code"], row["Product"]][row["Water"]] = float(row["Value"])
    for (code, product), values in pairs.items():
        place, former = FORMER_AREAS.get(code, (geography.fao.get(code), ""))
        place = "GLO" if code == "999" else place
        if place is None or sum(values.values()) == 0:
            continue
        for colour, value in values.items():
            if colour in ("blue", "green"):
                yield Figure(
                    f"{colour}_water", subjects[product], place, value, "m3/t", "1996-2005",
                    "literature", "mekonnen_hoekstra_2011",
                    f"FAO.code {code}, Product {product}, Water {colour}", "1.25",
                    f"of {former}" if former else "",
                )  # fmt: skip


def fertilizers(sources: Path, geography: Geography) -> Iterator[Figure]:
    """Yield nutrients per hectare: 27 countries, EU-27 at Europe, the rest of the world at GLO."""
    rows = list(csv.reader(io.StringIO(read_archived(sources, FERTILIZERS))))
    header = rows[2]
    country = ""
    rates: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    for row in rows[3:]:
        country = row[0].strip() or country
        for subject, crop in CROPS.items():
            column = crop.nutrients
            if not column:
                continue
            text = row[header.index(column)].replace(",", "")
            if row[1] in NUTRIENTS and text not in ("", "#DIV/0!") and country != "World":
                rates[country, subject][row[1]] = float(text)
    for (name, subject), values in rates.items():
        place = FERTILIZER_PLACES.get(name) or geography.find(name)
        if place is None:
            raise KeyError(name)
        is_absent = sum(values.values()) == 0 or len(values) < len(NUTRIENTS)
        if is_absent or (name, subject) in REJECTED_RATES:
            continue
        note = {
            "150": "EU-27 taken for Europe",
            "GLO": "rest of the world: all countries without a row",
        }
        parts = [note.get(place, "")]
        group = GROUPS.get(CROPS[subject].nutrients, "")
        if group:
            parts.append(group)
        for nutrient, value in values.items():
            yield Figure(
                NUTRIENTS[nutrient], subject, place, value, "kg/ha", "2017", "statistics",
                "ifa_fubc_2017", f"{name}, {nutrient}, {CROPS[subject].nutrients}",
                "1.5" if place == "GLO" or (group and subject != "seed-cotton")
                else "1.3" if place == "150" else "1.15",
                "; ".join(part for part in parts if part),
            )  # fmt: skip


def prices(sources: Path) -> Iterator[Figure]:
    """Yield world producer prices: value over production, 2018 to 2022.

    A country whose value is the same in all five years was filled in and is left out.
    """
    items = {
        str(crop.item): subject for subject, crop in CROPS.items() if subject not in OLDER_ONLY
    }
    table: dict[tuple[str, str], dict[str, list[float]]] = defaultdict(dict)
    for row in read(sources / PRODUCTION):
        if row["item_code"] in items:
            values = [float(row[year]) for year in MEAN_YEARS if row[year] not in ("", "NA")]
            table[items[row["item_code"]], row["area_code"]][row["element"]] = values
    sums: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    for (subject, _), elements in table.items():
        worth, made = elements.get("Prod_Value", []), elements.get("Production", [])
        if len(worth) == len(made) == len(MEAN_YEARS):
            sums[subject][2] += sum(made)
            if len(set(worth)) > 1:
                sums[subject][0] += sum(worth)
                sums[subject][1] += sum(made)
    for subject, (value, amount, everything) in sums.items():
        yield Figure(
            "producer_price", subject, "GLO", value / amount, "USD/t", "2018-2022", "derived",
            "faostat_gcam",
            f"item {CROPS[subject].item}, Prod_Value / Production, 2018 to 2022", "1.15",
            f"countries with {100 * amount / everything:.0f} % of the production of the file",
        )  # fmt: skip


def irrigation(geography: Geography) -> Iterator[Figure]:
    """Yield irrigation efficiency: water required over water withdrawn.

    Ratios that countries share were filled in by FAO from a mean, so those countries have
    no row; they count in the sums of their regions.
    """
    table: dict[str, dict[str, float]] = defaultdict(dict)
    years: dict[str, str] = {}
    for row in read(HERE / "aquastat.csv"):
        table[row["location"]][row["quantity"]] = float(row["value"])
        years[row["location"]] = row["year"]
    pairs = {
        place: (values["irrigation_water_requirement"], values["irrigation_water_withdrawal"])
        for place, values in table.items()
    }
    ratios = {place: need / taken for place, (need, taken) in pairs.items()}
    sums: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    for place, (need, taken) in pairs.items():
        for region in geography.above(place):
            sums[region][0] += need
            sums[region][1] += taken
            sums[region][2] += 1
        shared = [
            other
            for other, ratio in ratios.items()
            if other != place and abs(ratio - ratios[place]) < SAME_RATIO
        ]
        if place == "GLO" or not shared:
            yield Figure(
                "irrigation_efficiency", "", place, ratios[place], "dimensionless",
                years[place], "derived", "aquastat_2012" if place == "GLO" else "aquastat",
                f"requirement / withdrawal of aquastat.csv, {place}", "1.25",
            )  # fmt: skip
    for region, (need, taken, count) in sums.items():
        if region != "GLO" and count >= LEAST_COUNTRIES:
            yield Figure(
                "irrigation_efficiency", "", region, need / taken, "dimensionless", "2012",
                "derived", "aquastat",
                f"requirement / withdrawal, sums of {count:.0f} countries of aquastat.csv", "1.4",
            )  # fmt: skip


def main() -> None:
    """Write every derived table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sources", type=Path, required=True)
    sources: Path = parser.parse_args().sources
    for name in (YIELD_GAPS, MERGED, PRODUCTION, ARCHIVE, WATER, FAO_CODES):
        print(hashlib.sha256((sources / name).read_bytes()).hexdigest(), name)
    geography = Geography(sources)
    gins = cotton(sources, geography)
    made = [*production(sources, geography), *(row for row in gins if row.quantity == "production")]
    grown = {(row.subject, row.location) for row in made if row.location != "GLO"}
    made += hay(sources, geography)
    made += grass(sources, geography)
    write("production.csv", made)
    write("cotton_out_turns.csv", (row for row in gins if row.quantity != "production"))
    typed = {(row["subject"], row["location"]) for row in read(HERE / "typed_yields.csv")}
    permanent = permanent_yields(sources, geography)
    write(
        "yields.csv",
        [
            *yields(sources, geography, grown),
            *(row for row in permanent if (row.subject, row.location) not in typed),
        ],
    )
    write("water.csv", water(sources, geography))
    write("fertilizers.csv", fertilizers(sources, geography))
    write("prices.csv", prices(sources))
    write("irrigation_efficiency.csv", irrigation(geography))


if __name__ == "__main__":
    main()
