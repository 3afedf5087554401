"""Unit processes at a place."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class DataClass(StrEnum):
    """How much of an activity is known of its own location."""

    OWN = "own"  # a process parameter from a row that distinguishes this location
    RELINKED = "relinked"  # only its suppliers are local
    AVERAGE = "average"


@dataclass(frozen=True)
class Activity:
    """A unit process at a location, making one unit of its reference product.

    ``mix`` is ``production`` or ``export`` for weighted averages of other activities and
    empty otherwise; ``covered_share`` is the share of the total weight [-] they cover.
    """

    id: str
    process: str
    name: str
    product: str
    location: str
    data_class: DataClass
    boundary: str = ""
    mix: str = ""
    covered_share: float | None = None
