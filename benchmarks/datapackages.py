"""A system as Brightway stores it, and samples of it."""

from __future__ import annotations

from typing import Any

import bw_processing as bwp
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from benchmarks.systems import System
from lca_service.matrices.entries import Entries, characterization_datapackage

Array = NDArray[np.float64]

CERTAIN, LOGNORMAL = 1, 2  # of stats_arrays


def categories(system: System) -> list[tuple[str, ...]]:
    """Return the names of the impact categories in data packages."""
    return [("category", str(row)) for row in range(len(system.characterization))]


def datapackages(system: System) -> list[bwp.DatapackageBase]:
    """Return the system as Brightway stores it: the inventory, and one package per category."""
    category, flow = np.nonzero(system.characterization)
    factors = Entries(
        row=category.astype(np.int32),
        column=flow.astype(np.int32),
        value=system.characterization[category, flow],
    )
    return [
        inventory(system),
        *(
            characterization_datapackage(factors, row, name)
            for row, name in enumerate(categories(system))
        ),
    ]


def inventory(system: System) -> bwp.DatapackageBase:
    """Return a data package of the amounts and of their distributions."""
    package = bwp.create_datapackage()
    for label, matrix, sigma in (
        ("technosphere_matrix", system.technosphere, system.technosphere_sigma),
        ("biosphere_matrix", system.biosphere, system.biosphere_sigma),
    ):
        indices, size = _indices(matrix), np.abs(matrix.data)
        spread = np.zeros(matrix.nnz, dtype=bwp.UNCERTAINTY_DTYPE)
        spread["uncertainty_type"] = np.where(sigma > 0, LOGNORMAL, CERTAIN)
        spread["loc"] = np.where(sigma > 0, np.log(size), size)
        spread["scale"] = np.where(sigma > 0, sigma, np.nan)
        for unused in ("shape", "minimum", "maximum"):
            spread[unused] = np.nan
        is_production = (indices["row"] == indices["col"]) & (label == "technosphere_matrix")
        package.add_persistent_vector(
            matrix=label,
            data_array=size,
            indices_array=indices,
            flip_array=matrix.data < 0,
            distributions_array=spread,
            reference_array=is_production,  # what IterativeLCA preconditions with
        )
    return package


def samples(system: System, technosphere: Array, biosphere: Array) -> bwp.DatapackageBase:
    """Return a data package of given amounts, each of shape (nnz, n_samples)."""
    package = bwp.create_datapackage(sequential=True)
    for label, matrix, amounts in (
        ("technosphere_matrix", system.technosphere, technosphere),
        ("biosphere_matrix", system.biosphere, biosphere),
    ):
        package.add_persistent_array(
            matrix=label, data_array=amounts, indices_array=_indices(matrix)
        )
    return package


def _indices(matrix: sparse.csr_array) -> NDArray[Any]:
    indices = np.empty(matrix.nnz, dtype=bwp.INDICES_DTYPE)
    indices["row"], indices["col"] = matrix.tocoo().coords
    return indices
