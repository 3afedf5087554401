"""A published result beside ours: the list of comparisons, and what the engine says to each."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import spsolve

from api.parse import parse_request
from api.read import read_json
from api.translate.questions import to_study
from lca_service.calculation.footprint import Footprint
from lca_service.calculation.lines import LineResult
from lca_service.catalogue.datapackage import Package, Row
from lca_service.domain.study import DeclaredUnit, Line, Stage, Study
from lca_service.engine import Engine
from lca_service.errors import LcaError, StudyError
from lca_service.units import factor

# Largest factor between ours and theirs that the median row of a sector is expected to have
EXPECTED = {
    "appliances": 2.0,
    "buildings": 2.0,
    "crops": 1.6,
    "electricity": 1.25,
    "food": 1.6,
    "freight": 1.6,
    "leather": 2.0,
    "materials": 1.25,
    "paper": 1.6,
    "textiles": 2.0,
}

_GWP_SETS = {"AR5": "ipcc_ar5_gwp100", "AR6": "ipcc_ar6_gwp100"}
# From busbar to socket, and the plants with a chimney or a steam vent: a reservoir has none
_GRIDS = [f"electricity-{voltage}-voltage" for voltage in ("high", "medium", "low")]
_GRIDS += ["electricity-generation-mix", "electricity-import-mix"]
_STACKS = [f"electricity-{fuel}" for fuel in ("bioenergy", "coal", "gas", "geothermal", "oil")]
_QUALIFIERS = (" CO2e", " world-eq")  # what is measured, after the unit it is measured in


@dataclass(frozen=True)
class Comparison:
    """A published value and ours.

    Parameters
    ----------
    row
        The published value: a row of comparisons.csv.
    ours
        Our value in the row's unit; None where unknown.
    remark
        Which places stand in for the row's own, or why ours is unknown.
    life_cycle
        Our whole result, where ``ours`` is a part of it.
    """

    row: Row
    ours: float | None
    remark: str
    life_cycle: float | None = None

    @property
    def is_counted(self) -> bool:
        """Whether the row takes part in the figures of its sector."""
        return self.row["consistency"] == "false" and self.ours is not None

    @cached_property
    def ratio(self) -> float | None:
        """Ours / theirs."""
        return None if self.ours is None else self.ours / float(self.row["value"])

    @property
    def log_ratio(self) -> float:
        """The natural logarithm of the ratio; minus infinity where ours is zero."""
        return math.log(self.ratio) if self.ratio else -math.inf

    @property
    def is_inside(self) -> bool | None:
        """Whether ours lies in the published range; None where there is no range."""
        if self.ours is None or not self.row["minimum"] or not self.row["maximum"]:
            return None
        return float(self.row["minimum"]) <= self.ours <= float(self.row["maximum"])

    @property
    def is_missed(self) -> bool:
        """Whether the row counts and lies further off than its sector is expected to."""
        return self.is_counted and abs(self.log_ratio) > math.log(EXPECTED[self.row["sector"]])

    @property
    def boundary(self) -> str:
        """The first words of the published boundary."""
        return self.row["boundary"].split(": ")[0].split(" (")[0]

    @property
    def part(self) -> str:
        """What is compared within the sector: the boundary of a grid, the indicator of others."""
        return self.boundary if self.row["sector"] == "electricity" else self.row["indicator"]


def read_rows(root: Path) -> list[Row]:
    """Return the list of comparisons, by sector and then by id."""
    package = Package(root / "datasets" / "validation")
    rows = [row for table in package.of_kind("comparisons") for _, row in table.rows()]
    return sorted(rows, key=lambda row: (row["sector"], row["comparison"]))


def compare(engine: Engine, row: Row, root: Path) -> Comparison:
    """Return a published value with ours."""
    try:
        answer = engine.footprint(_study(row, root))
    except LcaError as error:
        return Comparison(row, None, str(error))
    (result,) = answer.indicators
    if result.value is None:
        return Comparison(row, None, result.reason)
    scale = factor(_bare(result.category.unit), _bare(row["unit"].partition("/")[0]))
    remark = "; ".join(_substitutions(answer.lines))
    if row["boundary"].startswith("stack"):
        part = plant_emissions(engine, answer)
        return Comparison(row, part * scale, remark, life_cycle=result.value * scale)
    return Comparison(row, result.value * scale, remark)


def plant_emissions(engine: Engine, answer: Footprint) -> float:
    """Return the part of a grid's score that arises in the power plants that supply it.

    Between socket and busbar only grids buy from each other, so that the plants which supply
    a coal mine, say, are no part of the figure.
    """
    catalogue, technosphere = engine.catalogue, engine.background.technosphere
    products = np.array([activity.product for activity in catalogue.activities])
    grids = np.flatnonzero(np.isin(products, _GRIDS))
    stacks = np.flatnonzero(np.isin(products, _STACKS))
    supply = spsolve(sparse.csc_array(technosphere[grids][:, grids]), _demand(answer, grids))
    generated = -technosphere[stacks][:, grids] @ supply
    row = catalogue.categories.index(answer.indicators[0].category)
    scores = engine.background.biosphere.T @ engine.background.characterization[row]
    return float(scores[stacks] @ generated)


def _demand(answer: Footprint, positions: NDArray[np.intp]) -> NDArray[np.float64]:
    match = answer.lines[0].match
    if match is None:
        raise LcaError("a stack figure belongs to a product of the inventory")
    return np.where(positions == match.activity_index, 1.0, 0.0)


def _study(row: Row, root: Path) -> Study:
    methods = {"climate_change": _GWP_SETS[row["gwp_set"]]} if row["gwp_set"] in _GWP_SETS else {}
    if row["request"]:
        study = _requested(root / "datasets" / "validation" / row["request"])
    else:
        study = _bought(row)
    return replace(study, indicators=(row["indicator"],), methods=methods)


def _requested(path: Path) -> Study:
    request, faults = parse_request(read_json(path.read_bytes()))
    if request is None:
        raise StudyError(faults)
    return to_study(request)


def _bought(row: Row) -> Study:
    """Return the study that buys one unit of the row's product and nothing else."""
    unit = row["unit"].partition("/")[2].strip("()")
    line = Line(
        id="product",
        stage=Stage.RAW_MATERIALS,
        amount=1.0,
        unit=unit,
        pointer="/bom/0",
        product=row["product"],
        mix=row["mix"],
    )
    return Study(row["comparison"], DeclaredUnit(1.0, unit), row["location"], (line,))


def _bare(unit: str) -> str:
    for qualifier in _QUALIFIERS:
        unit = unit.removesuffix(qualifier)
    return unit


def _substitutions(lines: Iterable[LineResult]) -> Iterator[str]:
    for line in lines:
        match = line.match
        if match is not None and match.is_substituted:
            yield f"{match.product} at {match.asked} substituted by {match.location}"
