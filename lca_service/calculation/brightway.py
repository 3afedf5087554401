"""The oracle: the same studies solved as one system by bw2calc.

Background and foregrounds are put into one technosphere and handed to Brightway, which
knows nothing of our multipliers. Tests compare the two to 1e-9.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike
from scipy import sparse

from lca_service.calculation.link import PRODUCT, Foreground
from lca_service.catalogue.catalogue import Catalogue
from lca_service.matrices.background import Background
from lca_service.matrices.entries import (
    Entries,
    characterization_datapackage,
    inventory_datapackage,
)


def brightway_scores(
    foregrounds: Sequence[Foreground], catalogue: Catalogue, background: Background
) -> list[dict[tuple[str, str], float]]:
    """Return, per study, the scores of one declared unit by (method, indicator), from bw2calc.

    The nodes of the foregrounds follow the background's activities in one system, so that
    Brightway factorizes once for all studies; the demand of each is one unit of its product.
    """
    import bw2calc  # here, because importing it takes a second that no request needs

    first = _first_nodes(foregrounds, background)
    inventory = inventory_datapackage(
        first[-1],
        _inputs(foregrounds, first, background),
        _elementary(foregrounds, first, background),
    )
    factors = _factors(background)
    lca = bw2calc.MultiLCA(
        demands={str(study): {first[study] + PRODUCT: 1.0} for study in range(len(foregrounds))},
        method_config={"impact_categories": [each.key for each in catalogue.categories]},
        data_objs=[
            inventory,
            *(
                characterization_datapackage(factors, index, category.key)
                for index, category in enumerate(catalogue.categories)
            ),
        ],
    )
    lca.lci()
    lca.lcia()
    found: list[dict[tuple[str, str], float]] = [{} for _ in foregrounds]
    for (key, study), score in lca.scores.items():
        found[int(study)][key] = float(score)
    return found


def _first_nodes(foregrounds: Sequence[Foreground], background: Background) -> list[int]:
    """Return the position of every foreground's first node, and that after the last node."""
    counts = [len(foreground.node_names) for foreground in foregrounds]
    return [background.n_activities + sum(counts[:study]) for study in range(len(counts) + 1)]


def _inputs(
    foregrounds: Sequence[Foreground], first: Sequence[int], background: Background
) -> Entries:
    """Return what every activity and node buys: I - A, and the lines of the studies."""
    own = sparse.eye_array(background.n_activities)
    bought = sparse.coo_array(own - background.technosphere)
    rows, columns, values = [*bought.row], [*bought.col], [*bought.data]
    for start, foreground in zip(first, foregrounds, strict=False):
        for purchase in foreground.purchases:
            match, assembly = purchase.match, purchase.assembly
            if match is not None:
                rows.append(match.activity_index)
            elif assembly is not None:
                rows.append(start + assembly)
            columns.append(start + purchase.node)
            values.append(purchase.amount)
    return _entries(rows, columns, values)


def _elementary(
    foregrounds: Sequence[Foreground], first: Sequence[int], background: Background
) -> Entries:
    emitted = sparse.coo_array(background.biosphere)
    rows, columns, values = [*emitted.row], [*emitted.col], [*emitted.data]
    for start, foreground in zip(first, foregrounds, strict=False):
        for release in foreground.releases:
            for row, amount in release.rows:
                rows.append(row)
                columns.append(start + release.node)
                values.append(amount)
    return _entries(rows, columns, values)


def _factors(background: Background) -> Entries:
    category, row = np.nonzero(background.characterization)
    return _entries(category, row, background.characterization[category, row])


def _entries(row: ArrayLike, column: ArrayLike, value: ArrayLike) -> Entries:
    return Entries(
        row=np.asarray(row, dtype=np.int32),
        column=np.asarray(column, dtype=np.int32),
        value=np.asarray(value, dtype=np.float64),
    )
