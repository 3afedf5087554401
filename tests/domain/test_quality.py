"""The pedigree of a figure follows from its row."""

import pytest

from lca_service.domain import quality
from lca_service.domain.provenance import Basis, Figure

LADDER = ("KE", "014", "202", "002", "GLO")
CONTINENTS = frozenset({"002"})


def figure(
    basis: Basis = Basis.STATISTICS,
    *,
    year: str = "2020",
    location: str = "KE",
    subject: str = "maize-grain",
    gsd: float | None = None,
) -> Figure:
    return Figure("yield", subject, location, 1.7, "t/ha", year, basis, "s", "table 1", gsd)


@pytest.mark.parametrize(
    ("basis", "gsd", "expected"),
    [
        (Basis.MEASURED, None, 1),
        (Basis.STATISTICS, None, 2),
        (Basis.LITERATURE, None, 2),
        (Basis.DERIVED, None, 3),
        (Basis.ESTIMATED, None, 4),
        (Basis.ESTIMATED, 1.9, 4),
        (Basis.ESTIMATED, 2.0, 5),
        (Basis.LITERATURE, 3.0, 2),
    ],
)
def test_reliability_follows_from_how_a_figure_is_known(
    basis: Basis, gsd: float | None, expected: int
) -> None:
    assert quality.reliability(figure(basis, gsd=gsd)) == expected


@pytest.mark.parametrize(
    ("year", "expected"),
    [("2026", 1), ("2023", 1), ("2022", 2), ("2016", 3), ("2011", 4), ("2010", 5), ("-", 5)],
)
def test_a_figure_ages(year: str, expected: int) -> None:
    assert quality.temporal(figure(year=year), 2026) == expected


def test_a_period_is_as_old_as_its_last_year() -> None:
    assert quality.temporal(figure(year="1996-2005"), 2026) == 5
    assert quality.temporal(figure(year="1996-2023"), 2026) == 1


@pytest.mark.parametrize(
    ("place", "expected"), [("KE", 1), ("014", 2), ("202", 2), ("002", 3), ("GLO", 4)]
)
def test_the_higher_the_rung_the_worse(place: str, expected: int) -> None:
    assert quality.geographical(place, LADDER, CONTINENTS) == expected


def test_a_figure_of_the_world_is_at_home_in_the_world() -> None:
    assert quality.geographical("GLO", ("GLO",), CONTINENTS) == 1


def test_an_exchange_takes_the_worst_of_its_figures() -> None:
    worst = quality.worst(
        [figure(), figure(Basis.MEASURED, year="2005", location="GLO", subject="wheat")],
        product="maize-grain",
        ladder=LADDER,
        regions=CONTINENTS,
        year=2026,
    )
    assert worst == quality.Quality(2, 3, 5, 4, 3)
    assert worst.rating == pytest.approx(17 / 5)


def test_an_exchange_without_figures_has_no_pedigree() -> None:
    assert quality.worst([], product="x", ladder=LADDER, regions=CONTINENTS, year=2026) is None
