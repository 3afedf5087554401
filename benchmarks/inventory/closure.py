"""The closure page: our inventory times activity data, beside national totals."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from statistics import median

import numpy as np

from lca_service.catalogue.providers import Providers
from lca_service.engine import Engine
from lca_service.units import factor

WITHIN = 1.5  # the factor that closure is expected to hold to

_CAUSES = Path(__file__).with_name("closure_causes.csv")
_STACKS = ("bioenergy", "coal", "gas", "geothermal", "oil")
_FEWEST_TONNES = 1e-9
_INTRODUCTION = """\
# Closure

Our inventory times activity data beside national totals, for data release {release}: do processes
add up to what countries report? Written by `make pages`; a test compares this page with the data.
Expected: within a factor {within}. Nothing is fitted. The totals stand in
[datasets/closure](../datasets/closure/README.md), typed from memory and to be confirmed.

- **power**: generation by technology times the CO2 of each plant's own chimney, without upstream,
  beside the power industry of EDGAR, which has public heat and plants of industry on top: ours is
  expected lower where much heat is made with power. Shared input: none.
- **irrigation**: production of every crop times its blue water over the irrigation efficiency,
  beside AQUASTAT withdrawals. Shared input: efficiencies draw on AQUASTAT areas; crops that we do
  not have, fodder and leaching are missing in ours.
- **nitrogen**: area of every crop times the fertilizer rate, beside the national use of
  fertilizer nitrogen (FAOSTAT). Shared input: none; rates are of the survey of 2017.
- **paddies**: production of paddy times its methane, beside national inventories. Shared input:
  both use IPCC factors, ours by region, theirs often national.
- **enteric**: animals times the IPCC factor of the region, beside national inventories. Shared
  input: stocks of FAOSTAT are often the inventory's. Goats, camels and horses are not in ours.
"""


@dataclass(frozen=True)
class Row:
    """A country's total of ours and of theirs, in one unit; ours None where unknown."""

    part: str
    location: str
    ours: float | None
    theirs: float
    unit: str

    @property
    def ratio(self) -> float | None:
        """Ours / theirs."""
        return None if self.ours is None else self.ours / self.theirs

    @property
    def is_inside(self) -> bool:
        """Whether ours lies within the expected factor of theirs."""
        return self.ratio is not None and 1 / WITHIN <= self.ratio <= WITHIN


class Totals:
    """National totals of an engine's release."""

    def __init__(self, engine: Engine) -> None:
        self._catalogue = engine.catalogue
        self._background = engine.background

    @cached_property
    def _providers(self) -> Providers:
        return self._catalogue.providers

    def figure(self, quantity: str, subject: str, location: str, unit: str) -> float | None:
        """Return a figure at the nearest rung of a place, in a unit."""
        for rung in self._catalogue.nomenclature.ladders[location]:
            position = self._catalogue.figure_positions.get((quantity, subject, rung))
            if position is not None:
                found = self._catalogue.figures[position][0]
                return found.value * factor(found.unit, unit)
        return None

    def own(self, quantity: str, subject: str, location: str, unit: str) -> float:
        """Return a figure of the place itself; zero where there is none."""
        position = self._catalogue.figure_positions.get((quantity, subject, location))
        if position is None:
            return 0.0
        found = self._catalogue.figures[position][0]
        return found.value * factor(found.unit, unit)

    def direct(self, product: str, location: str, flow: str) -> float:
        """Return what the activity that makes a product at a place itself emits, per unit."""
        position = self._providers.domestic.get(product, {}).get(location)
        if position is None:
            return 0.0
        regional = self._catalogue.nomenclature.flows[flow].is_regional
        row = self._catalogue.flow_row_positions[flow, location if regional else ""]
        return float(self._background.biosphere[row, position])

    @cached_property
    def crops(self) -> list[str]:
        """Products that take irrigation water: they have blue water of their own."""
        keys = self._catalogue.figure_positions
        return sorted({subject for quantity, subject, _ in keys if quantity == "blue_water"})

    def power(self, place: str) -> float:
        """Return the CO2 of the power plants of a country [Mt]."""
        return (
            sum(
                self.own("generation", tech, place, "kWh")
                * self.direct(f"electricity-{tech}", place, "co2-fossil")
                for tech in _STACKS
            )
            / 1e9
        )

    def irrigation(self, place: str) -> float:
        """Return the water withdrawn for the crops of a country [km3]."""
        return (
            sum(
                self.own("production", crop, place, "kg")
                * self.direct(crop, place, "water-withdrawn-agricultural")
                for crop in self.crops
            )
            / 1e9
        )

    def nitrogen(self, place: str) -> float:
        """Return the fertilizer nitrogen of the crops of a country [kt]."""
        total = 0.0
        for crop in self.crops:
            grown = self.own("yield", crop, place, "kg/ha")
            rate = self.figure("nitrogen_applied", crop, place, "kg/ha")
            if grown > _FEWEST_TONNES and rate is not None:
                total += self.own("production", crop, place, "kg") / grown * rate
        return total / 1e6

    def paddies(self, place: str) -> float:
        """Return the methane of the paddies of a country [kt]."""
        made = self.own("production", "rice-paddy", place, "kg")
        return made * self.direct("rice-paddy", place, "ch4-biogenic") / 1e6

    def enteric(self, place: str) -> float:
        """Return the enteric methane of cattle, buffaloes in milk, sheep and pigs [kt]."""

        def herd(stock: str, animal: str, heads: float = 1.0) -> float:
            each = self.figure("enteric_methane", animal, place, "kg/piece/year") or 0.0
            return self.own("stock", stock, place, "piece") * heads * each

        followers = self.figure("followers_per_cow", "dairy-cattle", place, "dimensionless") or 0.0
        return (
            herd("dairy-cattle", "dairy-cattle")
            + herd("dairy-cattle", "beef-cattle", followers)
            + herd("beef-cattle", "beef-cattle")
            + herd("dairy-buffalo", "dairy-buffalo", 1 + followers / 2)
            + herd("sheep", "sheep")
            + herd("pigs", "pigs")
        ) / 1e6


# Part: the quantity of the national total, its unit, and how many countries are compared
PARTS: Mapping[str, tuple[str, str, int]] = {
    "power": ("inventory_power_co2", "Mt", 30),
    "irrigation": ("inventory_irrigation_withdrawal", "km3", 20),
    "nitrogen": ("nitrogen_use", "kt", 20),
    "paddies": ("inventory_paddy_methane", "kt", 10),
    "enteric": ("inventory_enteric_methane", "kt", 20),
}


def rows(engine: Engine) -> list[Row]:
    """Return every comparison, the largest country of each part first."""
    totals = Totals(engine)
    places = engine.catalogue.nomenclature.locations
    found: list[Row] = []
    for part, (quantity, unit, least) in PARTS.items():
        ours: Callable[[str], float] = getattr(totals, part)
        theirs = {
            place: totals.own(quantity, "", place, unit)
            for key, _, place in engine.catalogue.figure_positions
            if key == quantity and places[place].is_country
        }
        largest = sorted(theirs, key=lambda place: -theirs[place])
        taken = largest[:least] if part == "nitrogen" else largest
        for place in taken:
            value = ours(place)
            found.append(Row(part, place, value or None, theirs[place], unit))
    return found


def page(engine: Engine) -> str:
    """Return the whole page as Markdown text."""
    found = rows(engine)
    lines = [_INTRODUCTION.format(release=engine.catalogue.release, within=WITHIN)]
    lines += ["| part | countries | within the factor | median ratio |", "|---|---|---|---|"]
    for part in PARTS:
        of_part = [row for row in found if row.part == part]
        inside = sum(row.is_inside for row in of_part)
        ratios = [row.ratio for row in of_part if row.ratio is not None]
        lines.append(f"| {part} | {len(of_part)} | {inside} | {median(ratios):.2f} |")
    for part in PARTS:
        lines += ["", *_table(engine, part, [row for row in found if row.part == part])]
    return "\n".join([*lines, ""])


def read_causes() -> dict[tuple[str, str], str]:
    """Return what was found out about misses, by part and location (or none for the part)."""
    with _CAUSES.open(encoding="utf-8", newline="") as stream:
        return {(row["part"], row["location"]): row["cause"] for row in csv.DictReader(stream)}


def _table(engine: Engine, part: str, found: list[Row]) -> Iterator[str]:
    causes = read_causes()
    names = engine.catalogue.nomenclature.locations
    yield f"## {part.capitalize()} [{PARTS[part][1]}]"
    yield ""
    if cause := causes.get((part, "")):
        yield cause
        yield ""
    yield "| country | ours | theirs | ratio | within | remark |"
    yield "|---|---|---|---|---|---|"
    for row in found:
        ours = "not computed" if row.ours is None else _digits(row.ours)
        ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
        inside = "yes" if row.is_inside else "no"
        yield (
            f"| {names[row.location].name} | {ours} | {_digits(row.theirs)} | {ratio} | {inside} "
            f"| {causes.get((part, row.location), '')} |"
        )


def _digits(value: float) -> str:
    return np.format_float_positional(value, precision=3, fractional=False, trim="-")
