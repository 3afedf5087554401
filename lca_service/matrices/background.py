"""The background system: matrices and multipliers, stored as memory-mapped arrays."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from lca_service.domain.quality import INDICATORS

Array = NDArray[np.float64]

# What arises anywhere; in activities of the class own; of the class relinked; and through
# characterization factors taken from a higher rung of the ladder than the flow's place
PARTS = ("total", "own", "relinked", "substituted_factor")

# The weight of the rated exchanges behind a score, this weight times each pedigree score, and
# the weight of those whose weakest figure is measured, and estimated
QUALITY_PARTS = ("weight", *INDICATORS, "measured", "estimated")

_SPARSE_PARTS = ("data", "indices", "indptr")


@dataclass(frozen=True)
class Background:
    """A data release as numbers; immutable, shared by every request.

    Parameters
    ----------
    technosphere
        A, shape (n, n); [unit of the product per unit of the activity].
    biosphere
        B, shape (n_flow_rows, n).
    characterization
        C, shape (n_categories, n_flow_rows), dense: a few hundred kilobytes.
    multipliers
        M = C B A^-1, shape (n_categories, n): scores of one unit of every product.
    absolute_multipliers
        Scores of one unit of every product in absolute terms, so that emissions and
        uptakes do not cancel, shape (n_parts, n_categories, n); the parts are `PARTS`.
    inventory_multipliers
        Elementary flows, summed over locations, of one unit of every product,
        shape (n_flows, n).
    quality_multipliers
        Pedigree scores, and how many are measured and estimated, of the exchanges behind one
        unit of every product, each weighted by the part of the absolute score that passes
        through it, shape (n_quality_parts, n_categories, n); the parts are `QUALITY_PARTS`.
    """

    technosphere: sparse.csr_array
    biosphere: sparse.csr_array
    characterization: Array
    multipliers: Array
    absolute_multipliers: Array
    inventory_multipliers: Array
    quality_multipliers: Array

    @property
    def n_activities(self) -> int:
        """Number of activities, which is the number of products."""
        return int(self.technosphere.shape[0])

    @cached_property
    def technosphere_columns(self) -> sparse.csc_array:
        """A by columns: what an activity makes and buys."""
        return sparse.csc_array(self.technosphere)

    @cached_property
    def biosphere_columns(self) -> sparse.csc_array:
        """B by columns: what an activity emits and takes."""
        return sparse.csc_array(self.biosphere)

    def save(self, folder: Path) -> None:
        """Write every array as an ``.npy`` file into the folder."""
        for item in fields(self):
            value = getattr(self, item.name)
            if isinstance(value, np.ndarray):
                np.save(folder / f"{item.name}.npy", value)
                continue
            np.save(folder / f"{item.name}.shape.npy", np.array(value.shape))
            for part in _SPARSE_PARTS:
                np.save(folder / f"{item.name}.{part}.npy", getattr(value, part))


def load_background(folder: Path) -> Background:
    """Map the arrays that `Background.save` wrote; nothing is read until it is used."""
    values: dict[str, Any] = {
        item.name: _load_sparse(folder, item.name)
        if (folder / f"{item.name}.shape.npy").exists()
        else _map(folder / f"{item.name}.npy")
        for item in fields(Background)
    }
    return Background(**values)


def _load_sparse(folder: Path, name: str) -> sparse.csr_array:
    data, indices, indptr = (_map(folder / f"{name}.{part}.npy") for part in _SPARSE_PARTS)
    rows, columns = (int(length) for length in np.load(folder / f"{name}.shape.npy"))
    return sparse.csr_array((data, indices, indptr), shape=(rows, columns), copy=False)


def _map(path: Path) -> Any:
    # As a plain array over the mapped file: indexing the memmap subclass costs 5 us a time
    return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))
