"""The pedigree of every exchange: the worst score of the figures in its formula."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lca_service.catalogue.database import Database
from lca_service.catalogue.exchanges import ExchangeTable
from lca_service.catalogue.figures import Figures
from lca_service.catalogue.nomenclature import Nomenclature
from lca_service.domain import quality

Scores = NDArray[np.uint8]


def pedigrees(
    database: Database, figures: Figures, names: Nomenclature, year: int
) -> tuple[Scores, Scores]:
    """Return the scores of technosphere and biosphere exchanges in a year.

    Returns
    -------
    tuple
        Two arrays of shape (n_exchanges, 5), in the order of `quality.INDICATORS`; 0 where
        an exchange rests on no figure.
    """
    places = {code: index for index, code in enumerate(names.locations)}
    geographical = np.array(
        [
            [
                quality.geographical(figure, names.ladders[activity], names.continents)
                for figure in places
            ]
            for activity in places
        ],
        dtype=np.uint8,
    )
    figure_scores = np.array(
        [
            [quality.reliability(row), quality.completeness(row), quality.temporal(row, year)]
            for row in figures.rows
        ],
        dtype=np.uint8,
    ).reshape(-1, 3)
    figure_place = np.array([places[row.location] for row in figures.rows], dtype=np.intp)
    subjects = np.array([row.subject for row in figures.rows], dtype=object)
    place = np.array([places[each.location] for each in database.activities], dtype=np.intp)
    product = np.array([each.product for each in database.activities], dtype=object)

    def worst(table: ExchangeTable) -> Scores:
        counts = np.diff(table.figure_pointer)
        activity = np.repeat(table.activity_index, counts)
        figure = table.figure_index
        is_about = subjects[figure] == product[activity]
        scores = np.column_stack(
            [
                figure_scores[figure],
                geographical[place[activity], figure_place[figure]],
                np.where(is_about, *(quality.technological(s, "s") for s in ("s", ""))),
            ]
        ).astype(np.uint8)
        found = np.zeros((len(table.amount), len(quality.INDICATORS)), dtype=np.uint8)
        np.maximum.at(found, np.repeat(np.arange(len(counts)), counts), scores)
        return found

    return worst(database.technosphere), worst(database.biosphere)
