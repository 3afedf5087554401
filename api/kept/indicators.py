"""The indicators that a footprint has."""

from __future__ import annotations

from api.schemas.answer import (
    FootprintAnswer,
)
from lca_service.catalogue.nomenclature import nearest_names
from lca_service.errors import Fault, StudyError


def require_indicator(indicator: str, answer: FootprintAnswer) -> None:
    """Raise StudyError if a footprint has no such indicator."""
    known = [each.id for each in answer.indicators]
    if indicator not in known:
        detail = f"the footprint has no indicator {indicator!r}"
        nearest = nearest_names(indicator, known)
        raise StudyError([Fault("/indicator", "unknown_indicator", detail, "", nearest)])
