"""A release under a scenario: the multipliers of products at any uptake of its patches.

A few changed activities are an update of low rank, many are a new solve; the release itself is
never edited. Without a change the multipliers are those of the release, to the bit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from lca_service.calculation.alter import patch_faults
from lca_service.calculation.changes import MOST_TOGETHER, Changes, changes
from lca_service.catalogue.catalogue import Catalogue
from lca_service.domain.scenario import Patch
from lca_service.errors import (
    BadParameter,
    Fault,
    NoProvider,
    SingularSystem,
    StudyError,
    UnstableSolution,
)
from lca_service.matrices.background import Background
from lca_service.solver.patched import Known, patched_multipliers
from lca_service.solver.system import LinearSystem

Array = NDArray[np.float64]

MOST_UPDATED = 32  # activities; more of them are faster solved anew


class ScenarioSystem:
    """The background with patches of some activities.

    Parameters
    ----------
    catalogue, background, system
        The release, and what solves it.
    patches
        Of activities.

    Raises
    ------
    StudyError
        With every fault of the patches.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        background: Background,
        system: LinearSystem,
        patches: Sequence[Patch],
    ) -> None:
        faults = [*patch_faults(catalogue, patches), *_crowded(patches)]
        if faults:
            raise StudyError(faults)
        self.patches = tuple(patches)
        self._background = background
        try:
            self.changes = changes(catalogue, patches)
        except (BadParameter, NoProvider) as error:
            detail = f"patches {_named(patches)} together: {error}"
            raise StudyError([Fault("/patches", "bad_parameter", detail)]) from error
        self._taken: Array | None = None
        if patches and len(self.changes.activities) <= MOST_UPDATED:
            self._taken = taken(system, self.changes.activities)
        self._require_net_output()

    def multipliers(self, products: Sequence[int], uptakes: Mapping[str, float]) -> Array:
        """Return the multipliers of some products, shape (n_categories, n_products).

        Parameters
        ----------
        products
            Positions of the activities that make them.
        uptakes
            By patch, the share of the producers that have it [-].
        """
        places = np.asarray(products, dtype=np.intp)
        before = self._background.multipliers
        if not any(uptakes[each.id] for each in self.patches):
            return np.asarray(before[:, places])
        bought, emitted = self.changes.at(uptakes)
        if self._taken is None:
            return self.solved(bought[0], emitted[0])[:, places]
        known = known_of(self.changes, before.T[None], self._taken[None], places)
        costs = direct_costs(self._background, self.changes, emitted)
        return np.asarray(patched_multipliers(known, bought, costs)[0].T)

    def solved(self, bought: Array, emitted: Array) -> Array:
        """Return the multipliers of all products of the changed system, solved anew."""
        background, found = self._background, self.changes
        n_rows, n = background.biosphere.shape
        technosphere = background.technosphere - _placed(
            bought, found.products, found.activities, (n, n)
        )
        biosphere = background.biosphere + _placed(
            emitted, found.flow_rows, found.activities, (n_rows, n)
        )
        costs = np.asarray(background.characterization @ biosphere)
        return LinearSystem(sparse.csr_array(technosphere), costs).adjoint(costs.T).T

    def _require_net_output(self) -> None:
        """Refuse patches that leave nothing over; the first ones that do not are named."""
        tried: list[Patch] = []
        for patch in self.patches:
            tried.append(patch)
            try:
                uptakes = {each.id: float(each in tried) for each in self.patches}
                self.multipliers([], uptakes)
            except (SingularSystem, UnstableSolution) as error:
                detail = f"patch {patch.id!r}: with it, {error}"
                hint = "the activity buys so much of what is made with it that nothing is left"
                fault = Fault(patch.pointer, "no_net_output", detail, hint)
                raise StudyError([fault]) from error


def taken(system: LinearSystem, activities: Sequence[int]) -> Array:
    """Return what a unit of every product takes of some activities, shape (n, k)."""
    picked = np.zeros((system.n_activities, len(activities)))
    picked[list(activities), range(len(activities))] = 1.0
    return system.adjoint(picked)


def known_of(found: Changes, multipliers: Array, taken: Array, products: NDArray[np.intp]) -> Known:
    """Return what an update needs of a system.

    Parameters
    ----------
    multipliers
        Of all products, shape (n_samples, n, n_costs).
    taken
        By all products, shape (n_samples, n, k).
    """
    bought = np.array(found.products, dtype=np.intp)
    return Known(
        taken=taken[:, bought],
        taken_by_products=taken[:, products],
        taken_by_changed=taken[:, np.array(found.activities, dtype=np.intp)],
        multipliers=multipliers[:, bought],
        product_multipliers=multipliers[:, products],
    )


def direct_costs(background: Background, found: Changes, emitted: Array) -> Array:
    """Return what changed emissions score, shape (n_samples, k, n_categories)."""
    factors = background.characterization[:, list(found.flow_rows)]
    return np.asarray(emitted.transpose(0, 2, 1) @ factors.T)


def _placed(
    values: Array, rows: Sequence[int], columns: Sequence[int], shape: tuple[int, int]
) -> sparse.csr_array:
    places = np.meshgrid(rows, columns, indexing="ij")
    at = tuple(each.ravel().astype(np.intp) for each in places)
    return sparse.csr_array((values.ravel(), at), shape=shape)


def _crowded(patches: Sequence[Patch]) -> list[Fault]:
    """Return a fault per patch beyond what one activity may have."""
    count: dict[str, int] = {}
    found: list[Fault] = []
    for patch in patches:
        for name in dict.fromkeys(patch.activities):
            count[name] = count.get(name, 0) + 1
            if count[name] == MOST_TOGETHER + 1:
                detail = f"patch {patch.id!r}: {name} has more than {MOST_TOGETHER} patches"
                hint = "put what belongs together into one patch"
                found.append(Fault(patch.pointer, "too_many_patches", detail, hint))
    return found


def _named(patches: Sequence[Patch]) -> str:
    return ", ".join(repr(each.id) for each in patches)
