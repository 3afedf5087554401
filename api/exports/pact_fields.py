"""What PACT asks for and no assessment can know: there or missed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from api.exports.declared import Standard
from api.schemas.request import DeclarationRequest
from lca_service.errors import Fault

PACT = Standard(
    name="PACT",
    code="missing_for_pact",
    units={
        "kg": "kilogram",
        "piece": "piece",
        "kWh": "kilowatt hour",
        "MJ": "megajoule",
        "liter": "liter",
        "m3": "cubic meter",
        "m2": "square meter",
        "t*km": "ton kilometer",
        "hour": "hour",
    },
    massless=("kilowatt hour", "megajoule", "ton kilometer", "hour"),
)

_LONGEST_VALIDITY_YEARS = 3
_YEARS = range(1900, 2200)  # others are slips of the pen, and some no time zone can hold


def missing(declared: DeclarationRequest) -> Iterator[Fault]:
    """Yield every field that only the company can know."""
    yield from PACT.missing(
        declared,
        (
            "company_name",
            "company_ids",
            "product_ids",
            "product_description",
            "reference_period_start",
            "reference_period_end",
            "fossil_carbon_content_kg",
            "biogenic_carbon_content_kg",
            "packaging_included",
            "ccs_included",
            "exempted_percent",
        ),
    )
    if declared.exempted_percent and not declared.exempted_description:
        pointer = "/declaration/exempted_description"
        yield PACT.missing_field(pointer, "say why emissions are left out")
    if declared.ccs_included:
        detail = "carbon dioxide that is captured and stored cannot be said in a bill yet"
        yield Fault("/declaration/ccs_included", "not_exportable", detail)


def wrong_periods(declared: DeclarationRequest) -> Iterator[Fault]:
    """Yield periods that cannot be."""
    start, end = declared.reference_period_start, declared.reference_period_end
    for name in ("reference_period", "validity_period"):
        for side in ("start", "end"):
            given = getattr(declared, f"{name}_{side}")
            if given and given.year not in _YEARS:
                detail = f"the year {given.year} is no year of a product"
                yield Fault(f"/declaration/{name}_{side}", "bad_value", detail)
    if start and end and start >= end:
        detail = "the reference period ends before it begins"
        yield Fault("/declaration/reference_period_end", "bad_value", detail)
    since, until = declared.validity_period_start, declared.validity_period_end
    if since and ((end and since < end) or (until and since >= until)):
        detail = "a footprint is valid from the end of its reference period, until it is not"
        yield Fault("/declaration/validity_period_start", "bad_value", detail)
    if end and until and end.year in _YEARS and until > longest_validity(end):
        detail = "a footprint is valid for three years after its reference period at most"
        yield Fault("/declaration/validity_period_end", "bad_value", detail)


def longest_validity(end: datetime) -> datetime:
    """Return until when a footprint may be valid whose reference period ends then.

    Examples
    --------
    >>> longest_validity(datetime(2024, 2, 29)).date().isoformat()
    '2027-02-28'
    """
    try:
        return end.replace(year=end.year + _LONGEST_VALIDITY_YEARS)
    except ValueError:  # 29 February
        return end.replace(year=end.year + _LONGEST_VALIDITY_YEARS, day=28)
