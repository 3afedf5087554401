"""The sources behind what policy answers rest on."""

from __future__ import annotations

from collections.abc import Iterable

from api.schemas.answer import SourceAnswer
from lca_service.engine import Engine


def sources_of(positions: Iterable[int], engine: Engine) -> list[SourceAnswer]:
    """Return the sources of the supply chains of activities, each with its licence."""
    catalogue = engine.catalogue
    mask = 0
    for position in positions:
        mask |= catalogue.chain_sources[position]
    return [
        SourceAnswer(id=source.code, citation=source.citation, licence=licence)
        for source, licence in catalogue.sources_of(mask)
    ]
