"""How good a figure is where it is used: the pedigree of Weidema & Wesnaes (1996).

Five indicators from 1 (best) to 5. The rules that give them are in docs/data-quality.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from lca_service.domain.provenance import Basis, Figure

INDICATORS = ("reliability", "completeness", "temporal", "geographical", "technological")
WORST = 5

_YEAR = re.compile(r"(?:19|20)\d\d")
_ROUGH_GSD = 2.0
_RELIABILITY = {
    Basis.MEASURED: 1,
    Basis.STATISTICS: 2,
    Basis.LITERATURE: 2,
    Basis.DERIVED: 3,
    Basis.ESTIMATED: 4,
}
_COMPLETENESS = {
    Basis.MEASURED: 3,
    Basis.STATISTICS: 1,
    Basis.LITERATURE: 3,
    Basis.DERIVED: 3,
    Basis.ESTIMATED: WORST,
}
_AGES = ((3, 1), (6, 2), (10, 3), (15, 4))  # years up to which a score holds


MEASURED = _RELIABILITY[Basis.MEASURED]  # and not beyond
ESTIMATED = _RELIABILITY[Basis.ESTIMATED]  # and beyond


@dataclass(frozen=True)
class Quality:
    """Mean scores of a result, 1 (best) to 5; ``rating`` is the mean of the five."""

    reliability: float
    completeness: float
    temporal: float
    geographical: float
    technological: float

    @property
    def rating(self) -> float:
        """Data quality rating: the mean of the five indicators."""
        scores: list[float] = [getattr(self, name) for name in INDICATORS]
        return sum(scores) / len(scores)


def reliability(figure: Figure) -> int:
    """Return the score of how a figure is known."""
    is_rough = figure.basis is Basis.ESTIMATED and (figure.gsd or 0.0) >= _ROUGH_GSD
    return WORST if is_rough else _RELIABILITY[figure.basis]


def completeness(figure: Figure) -> int:
    """Return the score of how much of what it stands for a figure covers."""
    return _COMPLETENESS[figure.basis]


def temporal(figure: Figure, year: int) -> int:
    """Return the score of a figure's age in a year; a period counts from its last year.

    Examples
    --------
    >>> from lca_service.domain.provenance import Basis, Figure
    >>> cells = ("yield", "maize", "KE"), 1.7, "t/ha", "2015-2019", Basis.STATISTICS, "s", "p. 1"
    >>> temporal(Figure(*cells[0], *cells[1:]), 2026)
    3
    """
    years = [int(found) for found in _YEAR.findall(figure.year)]
    if not years:
        return WORST
    age = year - max(years)
    return next((score for limit, score in _AGES if age <= limit), WORST)


def geographical(figure_location: str, ladder: tuple[str, ...], regions: frozenset[str]) -> int:
    """Return the score of a figure's place at an activity's place.

    The place itself 1, a sub-region that contains it 2, a region (continent) 3, the world 4.

    Parameters
    ----------
    ladder
        Rungs of the activity's place, itself first and the world last.
    regions
        Codes of the continents.
    """
    if figure_location == ladder[0]:
        return 1
    if figure_location == ladder[-1]:
        return 4
    return 3 if figure_location in regions else 2


def technological(subject: str, product: str) -> int:
    """Return the score of what a figure is about in an activity that makes a product.

    About the product itself 2 (the same technology in other enterprises), else 3.
    """
    return 2 if subject == product else 3


def worst(
    figures: Iterable[Figure],
    *,
    product: str,
    ladder: tuple[str, ...],
    regions: frozenset[str],
    year: int,
) -> Quality | None:
    """Return the worst scores of the figures of an exchange; None where there are none."""
    scores = [
        (
            reliability(figure),
            completeness(figure),
            temporal(figure, year),
            geographical(figure.location, ladder, regions),
            technological(figure.subject, product),
        )
        for figure in figures
    ]
    return Quality(*(max(column) for column in zip(*scores, strict=True))) if scores else None
