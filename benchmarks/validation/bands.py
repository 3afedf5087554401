"""The products of the templates, with their defaults, beside published bands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

from api.ask import ask_footprint
from api.categories import to_request
from benchmarks.validation.markdown import digits, table
from lca_service.catalogue.datapackage import Package, Row
from lca_service.catalogue.product_templates import ProductTemplate
from lca_service.engine import Engine

# Large producers and markets on all continents
COUNTRIES = (
    *("AR", "AU", "BD", "BR", "CA", "CL", "CN", "CO", "DE", "EG", "ES", "ET", "FR", "GB", "GH"),
    *("ID", "IN", "IT", "JP", "KE", "KR", "LK", "MA", "MX", "MY", "NG", "PE", "PH", "PK", "RU"),
    *("SA", "TH", "TR", "US", "VN", "ZA"),
)
_TOTAL = "climate_change.total"
_MOST_LINES = 100
_INTRODUCTION = f"""\
## Product templates

Each template with its defaults in {len(COUNTRIES)} countries, without its use where the
publications are about making the product. The band runs from the lowest to the highest published
value in [bands.csv](../datasets/validation/bands.csv); the middle is the median of the countries.
The list was committed before the results. Bands of one or two publications were thin: what a
search found afterwards, of whatever height, was added and says so (`added`).
"""


@dataclass(frozen=True)
class Band:
    """A template's results by country, and what publications say.

    Parameters
    ----------
    rows
        Rows of bands.csv; empty where no publication was found.
    ours
        By country, in the unit of the rows; the stages are theirs.
    """

    template: ProductTemplate
    rows: tuple[Row, ...]
    ours: dict[str, float]

    @property
    def low(self) -> float:
        """The lowest published value."""
        return min(float(row["minimum"]) for row in self.rows)

    @property
    def high(self) -> float:
        """The highest published value."""
        return max(float(row["maximum"]) for row in self.rows)

    @property
    def middle(self) -> float:
        """The median of the countries."""
        return median(self.ours.values())

    @property
    def n_inside(self) -> int:
        """How many countries lie in the band."""
        return sum(self.low <= value <= self.high for value in self.ours.values())

    @property
    def is_inside(self) -> bool:
        """Whether the median of the countries lies in the band."""
        return bool(self.rows) and self.low <= self.middle <= self.high

    @property
    def before(self) -> Band:
        """The same with the publications that were listed before the results were known."""
        return replace(self, rows=tuple(row for row in self.rows if row["added"] == "false"))


def bands(engine: Engine, root: Path) -> Iterator[Band]:
    """Yield every template with its band, by name."""
    package = Package(root / "datasets" / "validation")
    rows = [row for table in package.of_kind("bands") for _, row in table.rows()]
    for name, template in sorted(engine.catalogue.product_templates.items()):
        own = tuple(row for row in rows if row["template"] == name)
        yield Band(
            template, own, {place: _value(engine, template, own, place) for place in COUNTRIES}
        )


def _value(engine: Engine, template: ProductTemplate, rows: tuple[Row, ...], place: str) -> float:
    """Return the score of the compared stages, per declared unit or per kilogram."""
    request = to_request(template, {"location": place, "indicators": [_TOTAL]})
    (found,) = ask_footprint(request, engine, max_lines=_MOST_LINES).indicators
    assert found.by_stage is not None, f"{template.id} at {place}: {found.reason}"
    if not rows:
        return sum(found.by_stage.values())
    score = sum(found.by_stage.get(stage, 0.0) for stage in rows[0]["stages"].split())
    return score / request["declared_unit"]["mass_kg"] if rows[0]["per"] == "mass" else score


def section(found: Sequence[Band], causes: dict[str, str]) -> str:
    """Return the part of the page about the templates."""
    header = ["template", "lowest", "middle", "highest", "published band", "middle inside"]
    header += ["countries inside", "unit", "stages", "publications"]
    met = sum(each.is_inside for each in found)
    before = sum(each.before.is_inside for each in found)
    missed = [each.template.id for each in found if not each.is_inside]
    return "\n".join(
        [
            _INTRODUCTION,
            f"The middle of {met} of {len(found)} templates lies in its band; of the bands as they "
            f"were listed before the results, {before}.\n",
            *table(header, map(_cells, found)),
            "",
            *(f"- **{name}**: {causes[name]}" for name in missed),
            "",
        ]
    )


def _cells(each: Band) -> list[str]:
    values = each.ours.values()
    ours = [digits(min(values)), digits(each.middle), digits(max(values))]
    if not each.rows:
        unit = f"kg CO2e/{each.template.declared_unit.unit}"
        return [each.template.id, *ours, "none found", "", "", unit, "all", ""]
    return [
        each.template.id,
        *ours,
        f"{digits(each.low)} to {digits(each.high)}",
        "yes" if each.is_inside else "no",
        f"{each.n_inside} of {len(each.ours)}",
        each.rows[0]["unit"],
        each.rows[0]["stages"].replace(" ", ", "),
        ", ".join(row["source"] for row in each.rows),
    ]
