"""The validation page: a function of the data release and the list of comparisons alone."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median

from benchmarks.validation.bands import bands, section
from benchmarks.validation.comparison import EXPECTED, Comparison, compare, read_rows
from benchmarks.validation.markdown import digits, table
from lca_service.engine import Engine

FEWEST_ROWS = 8  # counted rows per sector

_CAUSES = Path(__file__).with_name("causes.csv")
_INTRODUCTION = """\
# Validation

Our results beside published ones, for data release {release}. Written by `make pages`; a test
compares this page with the data. The comparisons, their sources and the rules are in
[datasets/validation](../datasets/validation/README.md): the list was committed before the results,
no row is ever removed, no parameter is fitted to one.

- **ratio** is ours / theirs; **inside** says whether ours lies in the published range, where one
  is published. Medians are of ln(ratio); 0.22 is a quarter more, 0.47 six tenths, 0.69 double.
- **counted** is "no" where the row shares a source with our inputs (consistency): it is shown and
  takes part in no figure.
- **GWP set** is theirs; ours is GWP100 of IPCC AR5 where it says AR5, of AR6 otherwise. Land use
  change is not in ours where nobody has assessed it.
- Of a **stack** row we compare the direct emissions of the power plants that supply the kWh, with
  its imports and losses: the same quantity. The list was written with our life cycle result in
  mind, which stands in the last column; its medians are given beside.
- An unknown result is `null`, with the reason under "Unknown"; it is neither hit nor miss.
- **why they differ** is what was written down before our results existed. What was found out
  afterwards stands under "Misses and their causes".
"""


def page(engine: Engine, root: Path) -> str:
    """Return the whole page as Markdown text."""
    comparisons = [compare(engine, row, root) for row in read_rows(root)]
    causes = read_causes()
    parts = [
        _INTRODUCTION.format(release=engine.catalogue.release),
        _summary(comparisons, causes),
        *(_sector(sector, comparisons) for sector in EXPECTED),
        section(list(bands(engine, root)), causes),
        _misses(comparisons, causes),
        _unknown(comparisons),
    ]
    return "\n".join(parts)


def read_causes() -> dict[str, str]:
    """Return what was found out about misses: by comparison or sector."""
    with _CAUSES.open(encoding="utf-8", newline="") as stream:
        return {row["subject"]: row["cause"] for row in csv.DictReader(stream)}


def _summary(comparisons: Sequence[Comparison], causes: dict[str, str]) -> str:
    header = ["rows", "counted", "publications", "inside range", "median ln", "median abs ln"]
    sectors = [
        [sector, *_figures(rows), f"{math.log(EXPECTED[sector]):.2f}", _verdict(rows)]
        for (sector,), rows in _grouped(comparisons, lambda each: (each.row["sector"],))
    ]
    parts = [
        [*key, *_figures(rows)]
        for key, rows in _grouped(
            [*comparisons, *_as_life_cycle(comparisons)],
            lambda each: (each.row["sector"], each.part),
        )
    ]
    return "\n".join(
        [
            "## By sector\n",
            *table(["sector", *header, "expected", "result"], sectors),
            "",
            *(f"- **{sector}**: {causes[sector]}" for sector in EXPECTED if sector in causes),
            "\nEach sector in its parts:\n",
            *table(["sector", "part", *header], parts),
            "",
        ]
    )


def _as_life_cycle(comparisons: Iterable[Comparison]) -> Iterator[Comparison]:
    """Yield the rows of which a part of ours is compared once more, with the whole of ours."""
    for each in comparisons:
        if each.life_cycle is not None:
            boundary = f"{each.boundary}, beside our life cycle"
            row = {**each.row, "boundary": boundary}
            yield replace(each, row=row, ours=each.life_cycle, life_cycle=None)


def _grouped(
    comparisons: Iterable[Comparison], key: Callable[[Comparison], tuple[str, ...]]
) -> list[tuple[tuple[str, ...], list[Comparison]]]:
    groups: dict[tuple[str, ...], list[Comparison]] = {}
    for each in comparisons:
        groups.setdefault(key(each), []).append(each)
    return sorted(groups.items())


def _figures(rows: Sequence[Comparison]) -> list[str]:
    counted = [each for each in rows if each.is_counted]
    ranged = [each.is_inside for each in counted if each.is_inside is not None]
    logs = [each.log_ratio for each in counted]
    return [
        str(len(rows)),
        str(len(counted)),
        str(len({each.row["source"] for each in counted})),
        f"{sum(ranged)} of {len(ranged)}" if ranged else "no range",
        f"{median(logs):+.2f}" if logs else "null",
        f"{median(map(abs, logs)):.2f}" if logs else "null",
    ]


def _verdict(rows: Sequence[Comparison]) -> str:
    counted = [each for each in rows if each.is_counted]
    if not counted:
        return "null: no counted row"
    expected = math.log(EXPECTED[counted[0].row["sector"]])
    met = median(abs(each.log_ratio) for each in counted) <= expected
    few = "" if len(counted) >= FEWEST_ROWS else f"; fewer than {FEWEST_ROWS} counted rows"
    return ("met" if met else "missed") + few


def _sector(sector: str, comparisons: Sequence[Comparison]) -> str:
    header = ["comparison", "ours", "theirs", "range", "ratio", "inside", "counted", "unit"]
    header += ["boundary", "year", "GWP set", "why they differ"]
    rows = [_cells(each) for each in comparisons if each.row["sector"] == sector]
    return "\n".join([f"## {sector.capitalize()}\n", *table(header, rows), ""])


def _cells(each: Comparison) -> list[str]:
    row = each.row
    return [
        row["comparison"],
        "null" if each.ours is None else digits(each.ours),
        row["value"],
        f"{row['minimum']} to {row['maximum']}" if row["minimum"] and row["maximum"] else "",
        "null" if each.ratio is None else digits(each.ratio),
        {None: "", True: "yes", False: "no"}[each.is_inside],
        "yes" if each.is_counted else "no",
        row["unit"],
        each.boundary,
        row["year"],
        row["gwp_set"],
        "; ".join(text for text in (row["difference"], each.remark, _whole(each)) if text),
    ]


def _whole(each: Comparison) -> str:
    return "" if each.life_cycle is None else f"our life cycle result: {digits(each.life_cycle)}"


def _misses(comparisons: Sequence[Comparison], causes: dict[str, str]) -> str:
    missed = sorted(
        (each for each in comparisons if each.is_missed),
        key=lambda each: (each.row["sector"], -abs(each.log_ratio), each.row["comparison"]),
    )
    lines = [
        f"- **{each.row['comparison']}** (ratio {digits(each.ratio or 0.0)}): "
        + causes.get(each.row["comparison"], f"expected beforehand: {each.row['difference']}")
        for each in missed
    ]
    total = sum(each.is_counted for each in comparisons)
    count = f"{len(missed)} of {total} counted rows lie further off than their sector's median may."
    return "\n".join(["## Misses and their causes\n", count + "\n", *lines, ""])


def _unknown(comparisons: Sequence[Comparison]) -> str:
    lines = [
        f"- **{each.row['comparison']}**: {each.remark}"
        for each in comparisons
        if each.ours is None
    ]
    return "\n".join(["## Unknown\n", *(lines or ["Every comparison has a result of ours."]), ""])
