"""What a regional elementary flow counts at a place, and where that factor comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lca_service.catalogue.catalogue import Catalogue
from lca_service.catalogue.resolve import resolve_flow
from lca_service.matrices.background import Background


@dataclass(frozen=True)
class FactorAt:
    """A characterization factor, and the rung of the ladder that it comes from."""

    value: float
    rung: str


def factors_at(
    catalogue: Catalogue, background: Background, row: int, location: str
) -> Mapping[str, FactorAt]:
    """Return the factors of an impact category at a place, by regional flow.

    Parameters
    ----------
    row
        Position of the impact category.

    Raises
    ------
    UnknownName
        If there is no such place.
    """
    found: dict[str, FactorAt] = {}
    for code, flow in catalogue.nomenclature.flows.items():
        if not flow.is_regional:
            continue
        (flow_row,) = resolve_flow(catalogue, code, location)
        factor = float(background.characterization[row, flow_row])
        if factor:
            higher = catalogue.substituted_by_row.get(flow_row, ())
            rungs = [each.rung for each in higher if each.category_index == row]
            found[code] = FactorAt(factor, (*rungs, catalogue.flow_rows[flow_row][1])[0])
    return found
