"""Which editions of a method may be compared, and what a result is under the others.

Rule: a result shows how sensitive it is to the choices that matter, and the time horizon of
the global warming potentials is one. Editions of AWARE are left out: they are not compared.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np

from lca_service.calculation.coverage import reason_unknown
from lca_service.catalogue.catalogue import Catalogue
from lca_service.matrices.background import Background

COMPARED = ("climate_change",)  # families of methods


def not_compared(editions: Collection[str], families: Mapping[str, str]) -> str | None:
    """Return why values under these method editions are not compared; None if they may be.

    ``families`` has the family of every method edition.

    Examples
    --------
    >>> not_compared({"aware_2_0"}, {})
    >>> not_compared({"aware_1_2", "aware_2_0"}, {})
    'values under aware_1_2 and aware_2_0 are not compared'
    """
    named = sorted(set(editions))
    if len(named) <= 1 or all(families.get(each) in COMPARED for each in named):
        return None
    return f"values under {' and '.join(named)} are not compared"


def other_editions(
    selected: Sequence[int],
    catalogue: Catalogue,
    background: Background,
    demand: Mapping[int, float],
    direct: Mapping[int, float],
    inventory: Mapping[str, float],
) -> list[Mapping[str, float | None]]:
    """Return, per selected category, the scores of its indicator under other editions.

    By method; None where it is unknown under that edition.
    """
    families = {method.id: method.family for method in catalogue.methods}
    others = [
        (place, row)
        for place, chosen in enumerate(selected)
        for row, category in enumerate(catalogue.categories)
        if row != chosen
        and category.indicator == catalogue.categories[chosen].indicator
        and families[category.method] in COMPARED
    ]
    found: list[dict[str, float | None]] = [{} for _ in selected]
    if not others:
        return list(found)
    rows = np.array([row for _, row in others], dtype=np.intp)
    positions = np.fromiter(demand, dtype=np.intp, count=len(demand))
    amounts = np.fromiter(demand.values(), dtype=float, count=len(demand))
    scores = background.multipliers[rows[:, None], positions] @ amounts
    for flow_row, amount in direct.items():
        scores += background.characterization[rows, flow_row] * amount
    for (place, row), score in zip(others, scores.tolist(), strict=True):
        category = catalogue.categories[row]
        is_unknown = reason_unknown(category, inventory, catalogue)
        found[place][category.method] = None if is_unknown else score
    return list(found)
