"""The page of estimates: what to measure first, from the examples and the data release."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from api.parse import parse_request
from api.translate.questions import to_study
from lca_service.calculation.foreground import background_demand, foreground_supply
from lca_service.calculation.link import link
from lca_service.calculation.sensitivity import figure_elasticities
from lca_service.domain.provenance import Basis, Figure
from lca_service.domain.study import Study
from lca_service.engine import Engine

INDICATORS = ("climate_change.total", "water.consumption", "water.scarcity_aware")
LEAST = 0.001  # of a score, for ten percent of a figure: below it, figures are only named

_INTRODUCTION = """\
# Estimates

The {count} figures of data release {release} whose basis is `estimated`, in the order of their
influence, so that the next contributor knows what to measure first. Written by `make pages`; a
test compares this page with the data.

**Influence** is by how many percent a score changes when the figure is ten percent higher, to first
order: the largest over the requests in `examples/` and the indicators {indicators}.
**Spread** is the geometric standard deviation, or the range. Every row's reasoning stands in the
`note` of its table, and in `GET /v1/activities/{{id}}`.
"""


@dataclass(frozen=True)
class Estimate:
    """An estimated figure, its largest elasticity, and the score that has it."""

    figure: Figure
    elasticity: float
    example: str
    indicator: str


def page(engine: Engine, examples: Path) -> str:
    """Return the whole page as Markdown text."""
    found = estimates(engine, examples)
    strong = [each for each in found if abs(each.elasticity) / 10 >= LEAST]
    weak = [each for each in found if abs(each.elasticity) / 10 < LEAST]
    introduction = _INTRODUCTION.format(
        count=len(found),
        release=engine.catalogue.release,
        indicators=", ".join(f"`{each}`" for each in INDICATORS),
    )
    lines = [
        introduction,
        "| influence | figure | value | spread | on | reasoning |",
        "|---|---|---|---|---|---|",
        *(_row(each) for each in strong),
        "",
        "## Without influence on the examples",
        "",
        f"Ten percent of each of these change every score by less than {LEAST:.1%}.",
        "",
        *_named(weak),
        "",
    ]
    return "\n".join(lines)


def estimates(engine: Engine, examples: Path) -> list[Estimate]:
    """Return the estimated figures, the most influential first."""
    names, supplies = _supplies(engine, examples)
    catalogue = engine.catalogue
    rows = [
        row for indicator, row in catalogue.default_categories.items() if indicator in INDICATORS
    ]
    elasticities = figure_elasticities(catalogue, engine.background, supplies, rows)
    found: list[Estimate] = []
    for position, (figure, _) in enumerate(catalogue.figures):
        if figure.basis is not Basis.ESTIMATED:
            continue
        place = np.unravel_index(np.abs(elasticities[position]).argmax(), elasticities.shape[1:])
        indicator = catalogue.categories[rows[place[1]]].indicator
        value = float(elasticities[position][place])
        found.append(Estimate(figure, value, names[place[0]], indicator))
    return sorted(found, key=lambda each: (-round(abs(each.elasticity), 6), each.figure.key))


def _supplies(engine: Engine, examples: Path) -> tuple[list[str], np.ndarray]:
    """Return the examples' names, and what each needs of every activity."""
    names: list[str] = []
    supplies: list[np.ndarray] = []
    for path in sorted(examples.glob("*.json")):
        demand = _demand(engine, _study(path))
        names.append(path.stem)
        supplies.append(engine.system.supply(demand))
    return names, np.array(supplies)


def _study(path: Path) -> Study:
    request, faults = parse_request(json.loads(path.read_text("utf-8")))
    if request is None:
        raise ValueError(f"{path}: {faults}")
    return to_study(request)


def _demand(engine: Engine, study: Study) -> np.ndarray:
    foreground = link(study, engine.catalogue)
    demand = np.zeros(engine.background.n_activities)
    for position, amount in background_demand(foreground, foreground_supply(foreground)).items():
        demand[position] = amount
    return demand


def _row(each: Estimate) -> str:
    figure = each.figure
    name = " ".join(part for part in (figure.quantity, figure.subject) if part)
    return (
        f"| {each.elasticity * 10:+.2g} % | {name}, {figure.location} "
        f"| {figure.value:g} {figure.unit} | {_spread(figure)} "
        f"| {each.example}, {each.indicator} | {figure.note} |"
    )


def _spread(figure: Figure) -> str:
    if figure.geometric_standard_deviation is None:
        return f"{figure.minimum:g} to {figure.maximum:g}"
    return f"{figure.geometric_standard_deviation:g}"


def _named(found: list[Estimate]) -> Iterator[str]:
    """Yield a line per source and quantity, with its subjects and places."""
    groups: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for each in found:
        figure = each.figure
        subject = f"{figure.subject} " if figure.subject else ""
        groups[figure.source, figure.quantity].append(f"{subject}{figure.location}")
    for (source, quantity), members in sorted(groups.items()):
        yield f"- `{source}` {quantity}: {', '.join(sorted(members))}"
