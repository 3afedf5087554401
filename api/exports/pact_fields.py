"""What PACT asks for and no assessment can know: there or missed."""

from __future__ import annotations

from collections.abc import Iterator

from api.schemas.request import DeclarationRequest
from lca_service.errors import Fault

_LONGEST_VALIDITY_YEARS = 3


def missing(declared: DeclarationRequest) -> Iterator[Fault]:
    """Yield every field that only the company can know."""
    for name in (
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
    ):
        if getattr(declared, name) in (None, []):
            about = DeclarationRequest.model_fields[name].description or "of the product"
            detail = f"PACT asks for what no assessment can know: {about}"
            yield missing_field(f"/declaration/{name}", detail)
    if declared.exempted_percent and not declared.exempted_description:
        yield missing_field("/declaration/exempted_description", "say why emissions are left out")
    if declared.ccs_included:
        detail = "carbon dioxide that is captured and stored cannot be said in a bill yet"
        yield Fault("/declaration/ccs_included", "not_exportable", detail)


def wrong_periods(declared: DeclarationRequest) -> Iterator[Fault]:
    """Yield periods that cannot be."""
    start, end = declared.reference_period_start, declared.reference_period_end
    until = declared.validity_period_end
    if start and end and start >= end:
        detail = "the reference period ends before it begins"
        yield Fault("/declaration/reference_period_end", "bad_value", detail)
    if end and until and until > end.replace(year=end.year + _LONGEST_VALIDITY_YEARS):
        detail = "a footprint is valid for three years after its reference period at most"
        yield Fault("/declaration/validity_period_end", "bad_value", detail)


def missing_field(pointer: str, detail: str) -> Fault:
    """Return the fault of a field that PACT asks for."""
    hint = "ask for a footprint with it; a kept one never changes"
    return Fault(pointer, "missing_for_pact", detail, hint)
