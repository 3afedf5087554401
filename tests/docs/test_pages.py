"""The pages that follow from the data say what the data say."""

from pathlib import Path

from benchmarks.inventory import coverage, estimates
from benchmarks.validation import policy
from lca_service.engine import Engine


def test_the_page_of_coverage_is_up_to_date(engine: Engine, root: Path) -> None:
    written = (root / "docs" / "coverage.md").read_text("utf-8")
    assert coverage.page(engine) == written, "run `make pages`"


def test_the_page_of_estimates_is_up_to_date(engine: Engine, root: Path) -> None:
    written = (root / "docs" / "estimates.md").read_text("utf-8")
    assert estimates.page(engine, root / "examples") == written, "run `make pages`"


def test_the_page_of_measures_and_value_chains_is_up_to_date(engine: Engine, root: Path) -> None:
    written = (root / "docs" / "policy.md").read_text("utf-8")
    assert policy.page(engine) == written, "run `make pages`"


def test_every_estimate_is_listed_the_most_influential_first(engine: Engine, root: Path) -> None:
    found = estimates.estimates(engine, root / "examples")
    n_estimated = sum(figure.basis.value == "estimated" for figure, _ in engine.catalogue.figures)
    assert len(found) == n_estimated
    influence = [round(abs(each.elasticity), 6) for each in found]
    assert influence == sorted(influence, reverse=True)
