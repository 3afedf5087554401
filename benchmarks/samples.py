"""Real matrices as others publish them: technosphere A, biosphere B and characterization C."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Array = NDArray[np.float64]
Matrix = sparse.csr_array | sparse.csc_array | Array


def read_npz(file: Path) -> tuple[Matrix, Matrix, Array]:
    """Read A and B, stored by column, and C, stored by row."""
    with np.load(file) as stored:
        a, b, c = (
            kind(
                tuple(stored[f"{name}_{part}"] for part in ("data", "indices", "indptr")),
                shape=tuple(shape),
            )
            for name, kind, shape in zip(
                "ABC",
                (sparse.csc_array, sparse.csc_array, sparse.csr_array),
                stored["shapes"],
                strict=True,
            )
        )
    return a, b, c.toarray()


def read_useeio(file: Path) -> tuple[Matrix, Matrix, Array]:
    """Read the archive of a USEEIO model, whose A is what a dollar of every good takes."""
    with tarfile.open(file) as archive:
        found = {
            Path(member.name).name: json.load(content)
            for member in archive
            if "/matrix/" in member.name and (content := archive.extractfile(member))
        }
    a, b, c = (np.array(found[f"{name}.json"], dtype=np.float64) for name in "ABC")
    return np.eye(len(a)) - a, b, c
