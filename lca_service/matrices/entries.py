"""Matrix entries, and the Brightway data packages that carry them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import bw_processing as bwp
import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Entries:
    """Entries of a sparse matrix as parallel arrays; entries at one place are summed."""

    row: NDArray[np.int32]
    column: NDArray[np.int32]
    value: NDArray[np.float64]


def _indices(entries: Entries) -> NDArray[Any]:
    indices = np.empty(len(entries.value), dtype=bwp.INDICES_DTYPE)
    indices["row"], indices["col"] = entries.row, entries.column
    return indices


def inventory_datapackage(
    n_activities: int, inputs: Entries, elementary: Entries
) -> bwp.DatapackageBase:
    """Return a data package of an inventory where activity i makes one unit of product i.

    Parameters
    ----------
    n_activities
        Number of activities and of products.
    inputs
        Product (row) bought by an activity (column), positive.
    elementary
        Elementary flow row of an activity (column).
    """
    # An activity that buys its own product has an output and an input at one place
    package = bwp.create_datapackage(sum_inter_duplicates=True)
    every = np.arange(n_activities, dtype=np.int32)
    outputs = Entries(every, every, np.ones(n_activities))
    package.add_persistent_vector(
        matrix="technosphere_matrix",
        name="outputs",
        data_array=outputs.value,
        indices_array=_indices(outputs),
    )
    if len(inputs.value):
        package.add_persistent_vector(
            matrix="technosphere_matrix",
            name="inputs",
            data_array=inputs.value,
            indices_array=_indices(inputs),
            flip_array=np.ones(len(inputs.value), dtype=bool),
        )
    package.add_persistent_vector(
        matrix="biosphere_matrix",
        name="elementary-flows",
        data_array=elementary.value,
        indices_array=_indices(elementary),
    )
    return package


def characterization_datapackage(
    factors: Entries, category_index: int, identifier: tuple[str, ...]
) -> bwp.DatapackageBase:
    """Return a data package of one impact category's factors.

    ``factors`` has impact categories as rows and elementary flow rows as columns; a
    Brightway characterization matrix is diagonal over the flow rows.
    """
    own = factors.row == category_index
    rows = factors.column[own]
    package = bwp.create_datapackage()
    package.add_persistent_vector(
        matrix="characterization_matrix",
        name="|".join(identifier),
        identifier=list(identifier),
        data_array=factors.value[own],
        indices_array=_indices(Entries(rows, rows, factors.value[own])),
    )
    return package
