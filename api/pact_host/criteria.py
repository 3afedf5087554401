"""Which footprints are asked for: the filters of PACT 3.0.3, read and applied."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

_URN = re.compile(r"[uU][rR][nN]:.+")
_SEVERAL = {
    "productid": "product_ids",
    "companyid": "company_ids",
    "classification": "classifications",
    "geography": "places",
}
_TIMES = {"validon": "valid_on", "validafter": "valid_after", "validbefore": "valid_before"}
NAMES = "productId, companyId, classification, geography, validOn, validAfter, validBefore, status"


class BadCriteria(ValueError):
    """Filters that cannot be read; the message names every one."""


@dataclass(frozen=True)
class Offer:
    """What filters ask about a footprint; texts in lower case."""

    product_ids: Collection[str]
    company_ids: Collection[str]
    classifications: Collection[str]
    places: Collection[str]
    valid_from: datetime
    valid_until: datetime
    status: str


@dataclass(frozen=True)
class Criteria:
    """Filters: one value of each must fit; what is empty or None asks for nothing."""

    product_ids: frozenset[str] = frozenset()
    company_ids: frozenset[str] = frozenset()
    classifications: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    valid_on: datetime | None = None
    valid_after: datetime | None = None
    valid_before: datetime | None = None
    status: str = ""

    def fit(self, offer: Offer) -> bool:
        """Return whether a footprint is asked for."""
        named = all(
            wanted.intersection(getattr(offer, each.name))
            for each in fields(self)
            if isinstance(wanted := getattr(self, each.name), frozenset) and wanted
        )
        on, after, before = self.valid_on, self.valid_after, self.valid_before
        return (
            named
            and (on is None or offer.valid_from <= on <= offer.valid_until)
            and (after is None or offer.valid_from > after)
            and (before is None or offer.valid_until < before)
            and self.status in ("", offer.status)
        )


def read_criteria(given: Sequence[tuple[str, str]]) -> Criteria:
    """Return the filters of a query; names may be in any case, as in the specification's examples.

    Raises
    ------
    BadCriteria
        With every parameter that cannot be read or is not known: a filter that is ignored would
        return more than was asked for.
    """
    read: dict[str, Any] = {}
    faults: list[str] = []
    for name, value in given:
        key = name.lower()
        try:
            if key in _SEVERAL:
                field = _SEVERAL[key]
                read[field] = read.get(field, frozenset()) | {_text(key, value)}
            elif key in _TIMES or key == "status":
                field = _TIMES.get(key, key)
                if field in read:
                    raise ValueError("is given twice")
                # a status that there is not is nobody's: PACT's own tests expect an empty list
                read[field] = value.lower() if key == "status" else _time(value)
            else:
                raise ValueError(f"is not known; there are {NAMES} and limit")
        except ValueError as error:
            faults.append(f"{name} {error}")
    if faults:
        raise BadCriteria("; ".join(faults))
    return Criteria(**read)


def _text(key: str, value: str) -> str:
    if key != "geography" and not _URN.fullmatch(value):
        raise ValueError(f"{value[:100]!r} is no URN")
    if not value:
        raise ValueError("is empty")
    return value.lower()


def _time(value: str) -> datetime:
    """Return a time as RFC 3339 writes it; seconds may be missing."""
    wrong = f"{value[:100]!r} is no time as in 2026-01-31T00:00:00Z"
    try:
        found = datetime.fromisoformat(value)
    except ValueError as error:
        raise ValueError(wrong) from error
    if found.tzinfo is None:
        raise ValueError(wrong)
    return found
