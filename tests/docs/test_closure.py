"""Processes add up to what countries report, or the page says why not."""

from collections import defaultdict
from pathlib import Path
from statistics import median

import pytest

from benchmarks.inventory.closure import PARTS, WITHIN, Row, page, read_causes, rows
from lca_service.engine import Engine


@pytest.fixture(scope="module")
def by_part(engine: Engine) -> dict[str, list[Row]]:
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows(engine):
        found[row.part].append(row)
    return found


def test_the_page_is_up_to_date(engine: Engine, root: Path) -> None:
    written = (root / "docs" / "closure.md").read_text("utf-8")
    assert page(engine) == written, "run `make pages`"


@pytest.mark.parametrize(
    ("part", "fewest"), [(part, least) for part, (_, _, least) in PARTS.items()]
)
def test_enough_countries_are_compared(
    by_part: dict[str, list[Row]], part: str, fewest: int
) -> None:
    computed = [row for row in by_part[part] if row.ours is not None]
    assert len(computed) >= fewest


@pytest.mark.parametrize("part", ["power", "nitrogen", "enteric"])
def test_most_countries_close(by_part: dict[str, list[Row]], part: str) -> None:
    found = by_part[part]
    ratios = [row.ratio for row in found if row.ratio is not None]
    assert 1 / WITHIN <= median(ratios) <= WITHIN
    assert sum(row.is_inside for row in found) >= 0.75 * len(found)


def test_a_miss_has_a_cause(by_part: dict[str, list[Row]]) -> None:
    causes = read_causes()
    for part, found in by_part.items():
        missed = [row.location for row in found if not row.is_inside]
        explained = [place for place in missed if (part, place) in causes]
        assert (part, "") in causes or missed == explained, (part, missed)


def test_a_cause_belongs_to_a_miss(by_part: dict[str, list[Row]]) -> None:
    missed = {
        (row.part, row.location) for found in by_part.values() for row in found if not row.is_inside
    }
    assert {key for key in read_causes() if key[1]} <= missed
