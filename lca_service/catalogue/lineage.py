"""What a product rests on through its whole supply chain: sources, licences, years."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lca_service.catalogue.database import Database
from lca_service.catalogue.figures import Figures
from lca_service.domain.provenance import Figure

_YEAR = re.compile(r"(?:19|20)\d\d")

Period = tuple[int, int]


def direct_sources(database: Database, figures: Figures) -> list[int]:
    """Return, per activity, a bit set of the (source, licence) pairs it uses itself."""
    pairs = {pair: bit for bit, pair in enumerate(source_pairs(figures))}
    bits = [1 << pairs[row.source, licence] for row, licence in _pairs(figures)]
    masks = [0] * len(database.activities)
    for activity, position in _uses(database):
        masks[activity] |= bits[position]
    return masks


def source_pairs(figures: Figures) -> list[tuple[str, str]]:
    """Return the distinct (source, licence of the table) pairs, sorted."""
    return sorted({(row.source, licence) for row, licence in _pairs(figures)})


def supply_chain(database: Database, masks: Sequence[int]) -> list[int]:
    """Return the bit sets joined with those of every activity upstream."""
    reached = list(masks)
    edges = _edges(database)
    is_growing = True
    while is_growing:
        is_growing = False
        for user, maker in edges:
            joined = reached[user] | reached[maker]
            if joined != reached[user]:
                reached[user] = joined
                is_growing = True
    return reached


def supply_chain_periods(database: Database, figures: Figures) -> list[Period | None]:
    """Return, per activity, the first and last year of the figures in its supply chain.

    Years are read from the text of a figure's year, so that ``1996-2005`` counts as both.
    """
    years = [[int(year) for year in _YEAR.findall(figure.year)] for figure in figures.rows]
    distinct = sorted({year for each in years for year in each})
    bits = {year: 1 << place for place, year in enumerate(distinct)}
    masks = [0] * len(database.activities)
    for activity, position in _uses(database):
        for year in years[position]:
            masks[activity] |= bits[year]
    return [
        (distinct[found[0]], distinct[found[-1]]) if (found := members(mask)) else None
        for mask in supply_chain(database, masks)
    ]


def members(mask: int) -> list[int]:
    """Return the positions of the bits that are set.

    Examples
    --------
    >>> members(0b101)
    [0, 2]
    """
    return [bit for bit in range(mask.bit_length()) if mask >> bit & 1]


def _uses(database: Database) -> Iterator[tuple[int, int]]:
    """Yield every pair of an activity and a figure that one of its exchanges uses."""
    for table in (database.technosphere, database.biosphere):
        pointer, index = table.figure_pointer.tolist(), table.figure_index.tolist()
        for exchange, activity in enumerate(table.activity_index.tolist()):
            for position in index[pointer[exchange] : pointer[exchange + 1]]:
                yield activity, position


def _edges(database: Database) -> list[tuple[int, int]]:
    """Return the (user, maker) pairs, makers of many first so that few sweeps suffice."""
    users = database.technosphere.activity_index.tolist()
    makers = database.technosphere.target_index.tolist()
    return sorted(set(zip(users, makers, strict=True)))


def _pairs(figures: Figures) -> Iterator[tuple[Figure, str]]:
    return zip(figures.rows, figures.licences, strict=True)
