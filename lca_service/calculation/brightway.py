"""The oracle: the same study solved as one system by bw2calc.

Background and foreground are put into one technosphere and handed to Brightway, which
knows nothing of our multipliers. Tests compare the two to 1e-9.
"""

from __future__ import annotations

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
    foreground: Foreground, catalogue: Catalogue, background: Background
) -> dict[tuple[str, str], float]:
    """Return the scores of one declared unit by (method, indicator), from bw2calc.

    The foreground's nodes follow the background's activities in one system; the demand
    is one unit of the study's own product.
    """
    import bw2calc  # here, because importing it takes a second that no request needs

    n_background = background.n_activities
    inventory = inventory_datapackage(
        n_background + len(foreground.node_names),
        _inputs(foreground, background),
        _elementary(foreground, background),
    )
    factors = _factors(background)
    lca = bw2calc.MultiLCA(
        demands={"study": {n_background + PRODUCT: 1.0}},
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
    return {key: float(score) for (key, _), score in lca.scores.items()}


def _inputs(foreground: Foreground, background: Background) -> Entries:
    """Return what every activity and node buys: I - A, and the lines of the study."""
    n_background = background.n_activities
    bought = sparse.coo_array(sparse.eye_array(n_background) - background.technosphere)
    rows, columns, values = [*bought.row], [*bought.col], [*bought.data]
    for purchase in foreground.purchases:
        match, assembly = purchase.match, purchase.assembly
        if match is not None:
            rows.append(match.activity_index)
        elif assembly is not None:
            rows.append(n_background + assembly)
        columns.append(n_background + purchase.node)
        values.append(purchase.amount)
    return _entries(rows, columns, values)


def _elementary(foreground: Foreground, background: Background) -> Entries:
    emitted = sparse.coo_array(background.biosphere)
    rows, columns, values = [*emitted.row], [*emitted.col], [*emitted.data]
    for release in foreground.releases:
        for row, amount in release.rows:
            rows.append(row)
            columns.append(background.n_activities + release.node)
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
