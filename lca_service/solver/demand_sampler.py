"""Samples of the scores of one demand, from what it needs alone."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from lca_service.solver.lanes import N_LANES
from lca_service.solver.monte_carlo import Solved, solve_samples
from lca_service.solver.structure import needed
from lca_service.solver.sweep import Room, aligned, multiply
from lca_service.solver.system import LinearSystem
from lca_service.solver.threads import n_threads
from lca_service.solver.uncertain import UncertainAmounts

Array = NDArray[np.float64]
Index = NDArray[np.intp]
Watch = Callable[[int, Array, Array], None]
"""Takes the first sample of a batch, the values of A in the order of the sweep, and emissions."""


class DemandSampler:
    """Samples of the scores of one demand, from a database whose exchanges are uncertain.

    Only exchanges that the demand needs, and only emissions that a category counts, are
    drawn: the numbers of an exchange depend on no other, so that the scores are the same.

    Parameters
    ----------
    technosphere, biosphere
        A, shape (n, n), and B, shape (n_flows, n), with the table values of the amounts.
    exchanges, emissions
        The amounts of their stored entries, in the order of ``data``.
    factors
        Characterization factors, shape (n_categories, n_flows).
    demand
        f, shape (n,).
    seed
        Of all draws.

    Attributes
    ----------
    technosphere, biosphere, exchanges
        The part of A that the demand needs, of B, and the amounts of A's entries.
    counted, emissions
        Entries of `biosphere` that a category counts, and their amounts.

    Raises
    ------
    SingularSystem
        If no order of the rows has an entry of A on the whole diagonal.
    """

    def __init__(
        self,
        technosphere: sparse.csr_array,
        biosphere: sparse.csr_array,
        *,
        exchanges: UncertainAmounts,
        emissions: UncertainAmounts,
        factors: Array,
        demand: Array,
        seed: int,
    ) -> None:
        if not demand.any():
            raise ValueError("nothing is demanded: there is nothing to sample")
        rows, columns = needed(technosphere, demand)
        entry, matrix = _part(technosphere, rows, columns)
        place, emitted = _part(biosphere, np.arange(biosphere.shape[0]), columns)
        flow = np.repeat(np.arange(biosphere.shape[0]), np.diff(emitted.indptr))
        category, where = np.nonzero(factors[:, flow])
        counted, of_counted = np.unique(where, return_inverse=True)
        n, n_categories = len(rows), len(factors)
        # what turns emissions into the costs of each activity
        self._costs = sparse.csr_array(
            (factors[category, flow[where]], (category * n + emitted.indices[where], of_counted)),
            shape=(n_categories * n, len(counted)),
        )
        system = LinearSystem(matrix, factors @ emitted)
        self._structure = system.structures[0]
        self.technosphere, self.biosphere, self.factors = matrix, emitted, factors
        self.demand, self.system, self.counted = demand[rows], system, counted
        self.exchanges, self.emissions = exchanges[entry], emissions[place[counted]]
        self._exchanges = self.exchanges[self._structure.order]
        self._n_categories, self._seed = n_categories, seed
        self._rooms = tuple(self._room() for _ in range(n_threads()))

    @property
    def n_draws(self) -> int:
        """How many amounts are drawn for a sample."""
        return len(self.exchanges) + len(self.emissions)

    def scores(
        self, n_samples: int, first: int = 0, *, watch: Watch | None = None
    ) -> tuple[Array, Solved]:
        """Return the scores of samples from `first`, a multiple of `N_LANES`.

        ``watch`` sees the amounts of every batch after they are drawn, and may change them; it
        is called from several threads. A sampler answers one call at a time.

        Returns
        -------
        scores, solved
            Shape (n_categories, n_samples), and what happened, each of shape (n_samples,).
        """
        n_batches = -(-n_samples // N_LANES)
        found = np.empty((self._n_categories, n_batches * N_LANES))
        is_swept, passes = (np.empty(n_batches * N_LANES, np.bool_) for _ in range(2))

        def work(thread: int) -> None:
            for batch in range(thread, n_batches, len(self._rooms)):
                lanes = slice(batch * N_LANES, (batch + 1) * N_LANES)
                at = first + batch * N_LANES
                found[:, lanes], solved = self._batch(*self._rooms[thread], at, watch)
                is_swept[lanes], passes[lanes] = solved.is_swept, solved.gain_passes_one

        with ThreadPoolExecutor(max_workers=len(self._rooms)) as pool:
            list(pool.map(work, range(len(self._rooms))))
        return found[:, :n_samples], Solved(is_swept[:n_samples], passes[:n_samples])

    def _room(self) -> tuple[Room, Array, Array]:
        room = Room(self._structure, 1)
        room.right[:, 0] = self.demand[:, np.newaxis]
        emitted, costs = aligned(len(self.emissions), N_LANES), self._costs.shape[0]
        return room, emitted, aligned(costs, N_LANES)

    @property
    def exchange_of_place(self) -> Index:
        """The exchange of every value of a batch."""
        return self._structure.order.astype(np.intp)

    def _batch(
        self, room: Room, emitted: Array, costs: Array, first: int, watch: Watch | None
    ) -> tuple[Array, Solved]:
        self._exchanges.draw(seed=self._seed, first=first, out=room.numbers.values)
        self.emissions.draw(seed=self._seed, first=first, out=emitted)
        if watch:
            watch(first, room.numbers.values, emitted)
        room.prepare()
        solved = solve_samples(room)
        multiply(self._costs, emitted, costs)
        of_category = costs.reshape(self._n_categories, -1, N_LANES)
        return np.einsum("cnl,nl->cl", of_category, room.solution[:, 0]), solved


def _part(
    matrix: sparse.csr_array, rows: NDArray[np.integer], columns: NDArray[np.integer]
) -> tuple[Index, sparse.csr_array]:
    """Return where the entries of a part stand in the data of a matrix, and the part."""
    places = np.arange(1, len(matrix.data) + 1)
    part = sparse.csr_array((places, matrix.indices, matrix.indptr), matrix.shape)[rows][:, columns]
    part.sort_indices()  # columns may stand in any order
    entry = np.asarray(part.data - 1, dtype=np.intp)
    return entry, sparse.csr_array((matrix.data[entry], part.indices, part.indptr), part.shape)
