"""Where a number comes from."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

_FORBIDDEN_LICENCE = re.compile(r"\b(NC|ND)\b|proprietary", re.IGNORECASE)


class Basis(StrEnum):
    """How a figure is known, from best to worst."""

    MEASURED = "measured"
    STATISTICS = "statistics"
    LITERATURE = "literature"
    DERIVED = "derived"
    ESTIMATED = "estimated"


# Geometric standard deviation where the source gives no spread. The steps follow the
# five scores of the pedigree indicator "reliability" of Weidema & Wesnaes (1996), read
# as: measured = verified measurement, estimated = non-qualified estimate; the values
# are this project's convention (docs/uncertainty.md), not a measurement.
DEFAULT_GSD = {
    Basis.MEASURED: 1.05,
    Basis.STATISTICS: 1.1,
    Basis.LITERATURE: 1.2,
    Basis.DERIVED: 1.3,
    Basis.ESTIMATED: 1.5,
}


@dataclass(frozen=True)
class Source:
    """A publication or statistic that figures are taken from."""

    code: str
    title: str
    citation: str
    year: str
    licence: str
    url: str

    @property
    def may_be_shipped(self) -> bool:
        """Whether the licence allows passing its figures on: no NC, ND or proprietary terms."""
        return not _FORBIDDEN_LICENCE.search(self.licence)


@dataclass(frozen=True)
class Figure:
    """One sourced number: a row of a table.

    ``value`` and ``unit`` stand as the source prints them; nothing is converted here.
    """

    quantity: str
    subject: str
    location: str
    value: float
    unit: str
    year: str
    basis: Basis
    source: str
    locator: str
    gsd: float | None = None
    minimum: float | None = None
    maximum: float | None = None
    note: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """Quantity, subject and location: what makes a figure unique."""
        return (self.quantity, self.subject, self.location)

    @property
    def geometric_standard_deviation(self) -> float | None:
        """Spread of the figure [-], by the default of its basis where none is printed.

        None where the figure has a range (``minimum``, ``maximum``) instead.
        """
        if self.gsd is not None:
            return self.gsd
        return None if self.minimum is not None else DEFAULT_GSD[self.basis]
