"""Worked measures and value chains beside published studies."""

from __future__ import annotations

from collections.abc import Iterator

from api.policy.hotspots import ask_hotspots
from api.policy.sectors import sectors
from api.policy.shipped import ShippedMeasure, shipped_measures
from api.policy.worked import ask_worked
from api.schemas.measures import PublishedAnswer, ShippedResultAnswer
from benchmarks.validation.markdown import digits, table
from lca_service.engine import Engine
from lca_service.releases import Releases

_CLIMATE = "climate_change.total"
_INTRODUCTION = """\
# Measures and value chains beside published studies

Made by `make pages` from the files in `datasets/measures` and `datasets/hotspots` and the data
release. How to ask: [docs/api.md](api.md#scenarios), [measures](api.md#measures),
[hotspots](api.md#hotspots).

Published figures were found before or beside the results and are never removed; nothing was
fitted to them. Where one is arithmetic over a published figure, the locator says which. Ratios
are ours over theirs.

## Measures

A saving is per year of the last year and cumulated over all years, in kg CO2e; what else the
measure does stands beside it: indicators of which it costs more are named. The second model of
supply takes electricity from the plants that follow demand (UNFCCC TOOL07, simple operating
margin) and substitutes only as far as the market gives (circular footprint formula, factor A).
"""
_CHAINS = """
## Value chains

Shares of a product's climate score by step, as a mean over the countries of the sector, and the
step with most to win there: what it scores above the place at the 10th percentile of all
countries of the release.
"""


def page(engine: Engine) -> str:
    """Return the page as Markdown."""
    releases = Releases(engine)
    lines = [_INTRODUCTION]
    results = {name: ask_worked(name, {}, releases, max_lines=100) for name in shipped_measures()}
    lines += table(
        ["measure", "a unit", "last year", "cumulated", "other supply", "costs more of", "target"],
        [_measure_row(name, each) for name, each in results.items()],
    )
    for name, measure in shipped_measures().items():
        lines += ["", *_section(name, measure, results[name])]
    lines.append(_CHAINS)
    for name, sector in sectors().items():
        for product in sector.products:
            found = ask_hotspots(name, product.id, [], [_CLIMATE], releases, "en")
            (climate,) = found.indicators
            shares = [
                f"{step.id} {100 * mean:.0f} %"
                for step in sector.steps
                if (mean := _mean([c.share for c in climate.cells if c.step == step.id])) >= 0.005
            ]
            lines += ["", f"### {found.title}: {found.product.title}", "", ", ".join(shares) + "."]
            if found.agenda:
                first = found.agenda[0]
                named = ", ".join(each.measure for each in first.measures) or "none"
                lines.append(
                    f"First of the agenda: {first.step}, {100 * first.mean_potential:.0f} % of the "
                    f"score to win; measures: {named}."
                )
            lines += ["", *_published(found.published)]
    return "\n".join(lines).rstrip() + "\n"


def _measure_row(name: str, found: ShippedResultAnswer) -> list[str]:
    climate = next(each for each in found.indicators if each.id == _CLIMATE)
    other = found.supply_models[1].cumulated[_CLIMATE]
    assert climate.annual is not None
    assert climate.cumulated is not None
    assert climate.relative is not None
    assert found.target is not None
    return [
        f"[{name}](#{name})",
        f"{100 * climate.relative:+.1f} %",
        digits(climate.annual.value),
        digits(climate.cumulated.value),
        "" if other is None else digits(other),
        ", ".join(found.burden_shifted) or "none",
        "met" if found.target.met else "missed",
    ]


def _section(name: str, measure: ShippedMeasure, found: ShippedResultAnswer) -> Iterator[str]:
    yield f"### {name}"
    yield ""
    yield f"{measure.title['en']}. {measure.summary}"
    yield ""
    yield from _published(found.published)
    yield ""
    yield "Assumptions of its own:"
    yield ""
    for each in measure.assumptions:
        value = f"{each.value} {each.unit}".strip()
        yield f"- {each.what}: {value} ({each.basis}; {each.source})"
    yield f"- Units of a year: {measure.volume.note}"


def _published(published: list[PublishedAnswer]) -> Iterator[str]:
    yield from table(
        ["published", "theirs", "ours", "ratio", "why they differ"],
        [
            [
                f"{each.what}. {each.citation}; {each.locator}",
                f"{each.value:g}",
                "" if each.ours is None else digits(each.ours),
                "" if each.ratio is None else f"{each.ratio:.2f}",
                each.why,
            ]
            for each in published
        ],
    )


def _mean(shares: list[float | None]) -> float:
    known = [each for each in shares if each is not None]
    return sum(known) / len(known) if known else 0.0
