"""Compilation of a data release: from tables and templates to arrays in a cache."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs
from numpy.typing import NDArray
from scipy import sparse

from lca_service.catalogue.datapackage import knowledge_hash, knowledge_root, release_year
from lca_service.catalogue.exchanges import ExchangeTable
from lca_service.catalogue.knowledge import Knowledge, read_knowledge
from lca_service.catalogue.loops import loop_faults
from lca_service.catalogue.pedigree import pedigrees
from lca_service.catalogue.storage import compile_catalogue
from lca_service.domain import quality
from lca_service.domain.activity import DataClass
from lca_service.errors import DataError
from lca_service.matrices.assemble import biosphere, characterization, technosphere
from lca_service.matrices.background import QUALITY_PARTS, Background
from lca_service.matrices.entries import Entries, inventory_datapackage
from lca_service.solver.adjoint import multipliers
from lca_service.solver.structure import Structure
from lca_service.solver.system import LinearSystem

_STRUCTURES = ("structure.supply", "structure.adjoint")
_COMPLETE = "complete"  # written last: a folder without it was interrupted


def compiled_folder(data_root: Path | None = None, *, knowledge: Path | None = None) -> Path:
    """Return the folder of the compiled release, compiling it if it is not there.

    The folder is named by the hashes of the knowledge and of the engine's code. It is made
    under another name and moved into place, so that processes that compile at the same
    time, or are killed, leave a whole folder or none.
    """
    root = knowledge or knowledge_root()
    cache = (data_root or Path(platformdirs.user_data_dir("lca-service"))) / "compiled"
    folder = cache / f"{knowledge_hash(root)[:32]}-{_code_hash()[:16]}"
    if (folder / _COMPLETE).exists():
        return folder
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache, prefix="making-") as making:
        made = Path(making) / "release"
        made.mkdir()
        compile_release(read_knowledge(root), made)
        (made / _COMPLETE).touch()
        if folder.exists() and not (folder / _COMPLETE).exists():
            shutil.rmtree(folder)
        try:
            made.rename(folder)
        except OSError:
            if not (folder / _COMPLETE).exists():
                raise
    return folder


def _code_hash() -> str:
    """Return the sha256 of the engine's code, so that no cache outlives the code it came from."""
    package = Path(__file__).resolve().parent
    digest = hashlib.sha256()
    for path in sorted(package.rglob("*.py")):
        digest.update(path.relative_to(package).as_posix().encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def compile_release(knowledge: Knowledge, folder: Path) -> None:
    """Write the catalogue, matrices and multipliers of a release into a folder.

    Raises
    ------
    DataError
        If a loop of activities leaves no net output: multipliers would mean nothing.
    """
    faults = list(loop_faults(knowledge.database))
    if faults:
        raise DataError(faults)
    compile_catalogue(knowledge, folder)
    background, system = compile_background(knowledge)
    background.save(folder)
    for name, structure in zip(_STRUCTURES, system.structures, strict=True):
        structure.save(folder / f"{name}.npz")


def load_system(folder: Path, background: Background) -> LinearSystem:
    """Return the linear system of a compiled release, in the order found when it was compiled."""
    supply, adjoint = (Structure.load(folder / f"{name}.npz") for name in _STRUCTURES)
    costs = np.empty((0, background.n_activities))
    return LinearSystem(background.technosphere, costs, structures=(supply, adjoint))


def compile_background(knowledge: Knowledge) -> tuple[Background, LinearSystem]:
    """Return the matrices and multipliers of a release, and its linear system."""
    database, factors = knowledge.database, knowledge.characterization
    n_activities, n_rows = len(database.activities), len(database.flow_rows)
    package = inventory_datapackage(
        n_activities,
        _entries(database.technosphere),
        _entries(database.biosphere),
    )
    a_matrix = technosphere(package, n_activities)
    b_matrix = biosphere(package, n_rows, n_activities)
    bound = Entries(factors.category_index, factors.row_index, factors.factor)
    c_matrix = characterization(bound, len(factors.categories), n_rows)
    direct = sparse.csr_array(c_matrix @ b_matrix)
    system = LinearSystem(a_matrix, direct)
    absolute = np.stack(
        [
            multipliers(system, costs)
            for costs in _absolute_costs(knowledge, abs(b_matrix), np.abs(c_matrix))
        ]
    )
    background = Background(
        technosphere=a_matrix,
        biosphere=b_matrix,
        characterization=c_matrix,
        multipliers=multipliers(system, direct),
        absolute_multipliers=absolute,
        inventory_multipliers=multipliers(system, _flow_sums(knowledge) @ b_matrix),
        quality_multipliers=np.stack(
            [
                multipliers(system, costs)
                for costs in _quality_costs(knowledge, absolute[0], np.abs(c_matrix))
            ]
        ),
    )
    return background, system


def _entries(table: ExchangeTable) -> Entries:
    return Entries(table.target_index, table.activity_index, table.amount)


def _absolute_costs(
    knowledge: Knowledge, b_matrix: sparse.csr_array, c_matrix: NDArray[np.float64]
) -> Iterator[sparse.csr_array]:
    """Yield the direct scores of the activities in absolute terms, in the order of `PARTS`."""
    factors = knowledge.characterization
    classes = np.array([activity.data_class for activity in knowledge.database.activities])
    total = sparse.csr_array(c_matrix @ b_matrix)
    yield total
    for data_class in (DataClass.OWN, DataClass.RELINKED):
        yield sparse.csr_array(total @ sparse.diags_array((classes == data_class).astype(float)))
    substituted = np.zeros_like(c_matrix)
    for entry in factors.substituted:
        place = entry.category_index, entry.row_index
        substituted[place] = c_matrix[place]
    yield sparse.csr_array(substituted @ b_matrix)


def _quality_costs(
    knowledge: Knowledge, scores: NDArray[np.float64], c_matrix: NDArray[np.float64]
) -> Iterator[NDArray[np.float64]]:
    """Yield, per activity, what passes through its exchanges, in the order of `QUALITY_PARTS`.

    An exchange that no figure stands behind, such as one unit of a product as it is, has no
    pedigree and no weight.
    """
    database = knowledge.database
    year = release_year(knowledge.release)
    ratings = pedigrees(database, knowledge.figures, knowledge.nomenclature, year)
    tables = (database.technosphere, database.biosphere)
    passing = (scores, c_matrix)
    for part in QUALITY_PARTS:
        costs = np.zeros_like(scores)
        for table, rating, worth in zip(tables, ratings, passing, strict=True):
            weight = _quality_weights(part, rating)
            cells = (table.target_index, table.activity_index)
            shape = (worth.shape[1], scores.shape[1])
            scored = sparse.csc_array((np.abs(table.amount) * weight, cells), shape=shape)
            costs += np.asarray(worth @ scored)
        yield costs


def _quality_weights(part: str, rating: NDArray[np.uint8]) -> NDArray[Any]:
    """Return what the weight of each exchange is multiplied by, for one of `QUALITY_PARTS`."""
    reliability = rating[:, quality.INDICATORS.index("reliability")]
    if part == "weight":
        return np.asarray(reliability > 0)
    if part == "measured":
        return np.asarray(reliability == quality.MEASURED)
    if part == "estimated":
        return np.asarray(reliability >= quality.ESTIMATED)
    return np.asarray(rating[:, quality.INDICATORS.index(part)])


def _flow_sums(knowledge: Knowledge) -> sparse.csr_array:
    """Return the matrix that sums biosphere rows over locations, shape (n_flows, n_rows)."""
    flows = [flow for flow, _ in knowledge.database.flow_rows]
    positions = {flow: index for index, flow in enumerate(sorted(knowledge.nomenclature.flows))}
    rows = [positions[flow] for flow in flows]
    shape = (len(positions), len(flows))
    return sparse.csr_array((np.ones(len(flows)), (rows, range(len(flows)))), shape=shape)
