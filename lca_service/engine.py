"""The one door to the engine: open a release, ask for footprints."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import platformdirs
from numpy.typing import NDArray
from scipy import sparse

from lca_service import __version__
from lca_service.calculation.bind import bind
from lca_service.calculation.contributions import By, CategoryContributions, contributions
from lca_service.calculation.footprint import Footprint, footprint
from lca_service.catalogue.catalogue import Catalogue
from lca_service.catalogue.datapackage import knowledge_hash, knowledge_root
from lca_service.catalogue.exchanges import ExchangeTable
from lca_service.catalogue.knowledge import Knowledge, read_knowledge
from lca_service.catalogue.storage import compile_catalogue, load_catalogue
from lca_service.domain.activity import DataClass
from lca_service.domain.study import Study
from lca_service.matrices.assemble import biosphere, characterization, technosphere
from lca_service.matrices.background import Background, load_background
from lca_service.matrices.entries import Entries, inventory_datapackage
from lca_service.solver.adjoint import multipliers
from lca_service.solver.direct import Factorization

_COMPLETE = "complete"  # written last: a folder without it was interrupted


@dataclass(frozen=True)
class Engine:
    """An opened data release. Immutable, and safe to share between threads.

    Examples
    --------
    >>> engine = Engine.open()  # doctest: +SKIP
    >>> engine.footprint(study).indicators[0].value  # doctest: +SKIP
    """

    catalogue: Catalogue
    background: Background
    version: str = __version__

    @classmethod
    def open(cls, data_root: Path | None = None, *, knowledge: Path | None = None) -> Engine:
        """Open the release, compiling it first if that has not been done yet.

        Parameters
        ----------
        data_root
            Folder for everything that is written; default: the user's data folder.
        knowledge
            Folder that holds ``datasets/`` and ``methods/``; default: the shipped ones.

        Raises
        ------
        DataError
            If the release has to be compiled and its tables are wrong.
        """
        folder = compiled_folder(data_root, knowledge=knowledge)
        return cls(catalogue=load_catalogue(folder), background=load_background(folder))

    def footprint(self, study: Study) -> Footprint:
        """Return the footprint of a study; StudyError with every fault if it has any."""
        return footprint(study, self.catalogue, self.background)

    def check(self, study: Study) -> None:
        """Raise StudyError with every fault of a study's names, places and units."""
        bind(study, self.catalogue)

    def contributions(
        self, study: Study, *, by: By, depth: int = 0, limit: int = 50
    ) -> tuple[CategoryContributions, ...]:
        """Return what the scores of a study are made of; StudyError if it has faults."""
        return contributions(
            study,
            self.catalogue,
            self.background,
            self.factorization,
            by=by,
            depth=depth,
            limit=limit,
        )

    @cached_property
    def factorization(self) -> Factorization:
        """LU factors of the background, made at the first use: footprints need none."""
        return Factorization(self.background.technosphere)


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
    """Write the catalogue, matrices and multipliers of a release into a folder."""
    compile_catalogue(knowledge, folder)
    compile_background(knowledge).save(folder)


def compile_background(knowledge: Knowledge) -> Background:
    """Return the matrices and multipliers of a release."""
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
    factorization = Factorization(a_matrix)
    direct = sparse.csr_array(c_matrix @ b_matrix)
    return Background(
        technosphere=a_matrix,
        biosphere=b_matrix,
        characterization=c_matrix,
        multipliers=multipliers(factorization, direct),
        absolute_multipliers=np.stack(
            [
                multipliers(factorization, costs)
                for costs in _absolute_costs(knowledge, abs(b_matrix), np.abs(c_matrix))
            ]
        ),
        inventory_multipliers=multipliers(factorization, _flow_sums(knowledge) @ b_matrix),
    )


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


def _flow_sums(knowledge: Knowledge) -> sparse.csr_array:
    """Return the matrix that sums biosphere rows over locations, shape (n_flows, n_rows)."""
    flows = [flow for flow, _ in knowledge.database.flow_rows]
    positions = {flow: index for index, flow in enumerate(sorted(knowledge.nomenclature.flows))}
    rows = [positions[flow] for flow in flows]
    shape = (len(positions), len(flows))
    return sparse.csr_array((np.ones(len(flows)), (rows, range(len(flows)))), shape=shape)
