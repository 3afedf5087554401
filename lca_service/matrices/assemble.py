"""From Brightway data packages to the matrices A, B and C."""

from __future__ import annotations

import bw_processing as bwp
import matrix_utils
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from lca_service.matrices.entries import Entries


def technosphere(package: bwp.DatapackageBase, n_activities: int) -> sparse.csr_array:
    """Return A, shape (n_products, n_activities): outputs positive, inputs negative."""
    return _full(package, "technosphere_matrix", (n_activities, n_activities))


def biosphere(package: bwp.DatapackageBase, n_rows: int, n_activities: int) -> sparse.csr_array:
    """Return B, shape (n_flow_rows, n_activities)."""
    return _full(package, "biosphere_matrix", (n_rows, n_activities))


def characterization(factors: Entries, n_categories: int, n_rows: int) -> NDArray[np.float64]:
    """Return C, shape (n_categories, n_flow_rows)."""
    matrix = np.zeros((n_categories, n_rows))
    matrix[factors.row, factors.column] = factors.value
    return matrix


def _full(package: bwp.DatapackageBase, name: str, shape: tuple[int, int]) -> sparse.csr_array:
    """Return a mapped matrix with the rows and columns that have no entry put back."""
    mapped = matrix_utils.MappedMatrix(
        packages=[package], matrix=name, use_arrays=False, use_distributions=False
    )
    entries = sparse.coo_array(mapped.matrix)
    rows = _ids(mapped.row_mapper)[entries.row]
    columns = _ids(mapped.col_mapper)[entries.col]
    full = sparse.csr_array(sparse.coo_array((entries.data, (rows, columns)), shape=shape))
    full.sort_indices()
    return full


def _ids(mapper: matrix_utils.ArrayMapper) -> NDArray[np.int64]:
    """Return the id at every position of a mapped axis."""
    pairs = mapper.to_dict()
    ids = np.empty(len(pairs), dtype=np.int64)
    ids[list(pairs.values())] = list(pairs)
    return ids
