"""Facts about the published results that ours are set beside, and about the page that does so."""

import math
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.validation.bands import bands
from benchmarks.validation.comparison import EXPECTED, Comparison, compare, read_rows
from benchmarks.validation.markdown import digits
from benchmarks.validation.page import FEWEST_ROWS, page, read_causes
from lca_service.engine import Engine

ROOT = Path(__file__).parents[2]
LINES = (ROOT / "docs" / "validation.md").read_text("utf-8").splitlines()
ROWS = read_rows(ROOT)
COUNTED = [row for row in ROWS if row["consistency"] == "false"]


@pytest.fixture(scope="module")
def comparisons(engine: Engine) -> list[Comparison]:
    return [compare(engine, row, ROOT) for row in ROWS]


def made_up(ours: float | None, **cells: str) -> Comparison:
    row = {"sector": "crops", "consistency": "false", "minimum": "", "maximum": "", "value": "2"}
    return Comparison({**row, **cells}, ours, "")


def test_the_page_says_what_the_data_say(engine: Engine) -> None:
    assert page(engine, ROOT).splitlines() == LINES, "the page is out of date: write it again"


def test_every_comparison_stands_once_on_the_page() -> None:
    shown = Counter(line.split(" | ")[0].removeprefix("| ") for line in LINES)
    assert {row["comparison"]: shown[row["comparison"]] for row in ROWS} == {
        row["comparison"]: 1 for row in ROWS
    }


def test_no_comparison_is_ever_removed() -> None:
    assert len(ROWS) >= 270
    assert len(COUNTED) >= 250


def test_every_sector_has_enough_publications_that_are_not_ours() -> None:
    assert len({row["source"] for row in COUNTED}) >= 20
    assert min(Counter(row["sector"] for row in COUNTED).values()) >= FEWEST_ROWS
    assert {row["sector"] for row in ROWS} == set(EXPECTED)


def test_forty_grids_ten_countries_of_four_crops_and_three_garments_are_compared() -> None:
    grids = [row for row in COUNTED if row["sector"] == "electricity"]
    assert len({row["comparison"] for row in grids}) >= 40
    crops = {"seed-cotton": 10, "rice-paddy|rice-milled": 10, "wheat-grain": 10, "maize-grain": 10}
    for crop, n_countries in crops.items():
        rows = [row for row in COUNTED if row["product"] in crop.split("|")]
        assert len({row["location"] for row in rows} - {"GLO"}) >= n_countries, crop
    garments = {row["request"] for row in COUNTED if row["request"]}
    assert {name.split("/")[1].split("-")[0] for name in garments} == {"jeans", "shirt", "tshirt"}


def test_no_publication_decides_a_sector_alone() -> None:
    assert max(Counter(row["source"] for row in COUNTED).values()) <= 15


def test_every_counted_row_has_a_result_of_ours(comparisons: list[Comparison]) -> None:
    unknown = {each.row["comparison"]: each.remark for each in comparisons if each.ours is None}
    assert unknown == {}


@pytest.mark.parametrize("sector", EXPECTED)
def test_every_sector_reports_its_medians(sector: str) -> None:
    verdicts = (" | met |", " | missed |")
    (line,) = (
        each for each in LINES if each.startswith(f"| {sector} |") and each.endswith(verdicts)
    )
    signed, absolute, expected = line.split(" | ")[5:8]
    assert abs(float(signed)) <= float(absolute)
    assert float(expected) == round(math.log(EXPECTED[sector]), 2)


def test_a_stack_figure_is_a_part_of_the_life_cycle(comparisons: list[Comparison]) -> None:
    stacks = [each for each in comparisons if each.row["boundary"].startswith("stack")]
    assert all(0 < (each.ours or 0) < (each.life_cycle or 0) for each in stacks)


def test_every_template_has_results_in_thirty_countries_and_a_band_or_a_reason(
    engine: Engine,
) -> None:
    found = {each.template.id: each for each in bands(engine, ROOT)}
    assert set(found) == set(engine.catalogue.product_templates)
    assert min(len(each.ours) for each in found.values()) >= 30
    assert min(min(each.ours.values()) for each in found.values()) > 0
    without = {name for name, each in found.items() if not each.is_inside}
    assert without <= set(read_causes())
    assert sum(each.is_inside for each in found.values()) >= 12


def test_a_cause_belongs_to_a_comparison_a_sector_or_a_template(engine: Engine) -> None:
    named = {row["comparison"] for row in ROWS} | set(EXPECTED)
    assert set(read_causes()) <= named | set(engine.catalogue.product_templates)


def test_a_row_is_inside_only_where_there_is_a_range() -> None:
    assert made_up(2.0).is_inside is None
    assert made_up(2.0, minimum="1", maximum="3").is_inside
    assert not made_up(4.0, minimum="1", maximum="3").is_inside


def test_a_row_is_missed_when_it_is_further_off_than_its_sector_may_be() -> None:
    # crops: a factor of 1.6, so between 1.25 and 3.2 beside a published 2
    assert [made_up(ours).is_missed for ours in (1.24, 1.26, 3.1, 3.3)] == [
        True,
        False,
        False,
        True,
    ]
    assert made_up(0.0).is_missed
    assert not made_up(9.0, consistency="true").is_missed
    assert not made_up(None).is_missed


def test_numbers_have_three_digits() -> None:
    assert [digits(x) for x in (0.123456, 1234.5, 50.0)] == ["0.123", "1,230", "50"]
