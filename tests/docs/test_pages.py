"""The pages that follow from the data say what the data say."""

from pathlib import Path

import pytest

from benchmarks.inventory import coverage
from lca_service.engine import Engine

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize(("name", "page"), [("coverage.md", coverage.page)])
def test_a_page_is_up_to_date(engine: Engine, name: str, page: object) -> None:
    assert callable(page)
    written = (DOCS / name).read_text("utf-8").splitlines()
    assert page(engine).splitlines() == written, "the page is out of date: run `make pages`"
