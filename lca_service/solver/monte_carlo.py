"""Samples of a system, eight at a time, each solved from its own sample of the matrix."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from lca_service.errors import SingularSystem, UnstableSolution
from lca_service.solver.direct import RESIDUAL_LIMIT, Factorization
from lca_service.solver.lanes import N_LANES
from lca_service.solver.structure import Structure, needed
from lca_service.solver.sweep import Room, aligned, multiply
from lca_service.solver.system import LinearSystem
from lca_service.solver.threads import n_threads
from lca_service.solver.uncertain import UncertainAmounts

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Solved:
    """What happened to eight samples; their solutions are in the room they were solved in.

    Parameters
    ----------
    is_swept
        Whether sweeps solved the sample; it was factorized otherwise, shape (N_LANES,).
    gain_passes_one
        Whether a loop of the sample takes as much as it makes, or more: its solution is
        that of the equations, and means nothing, shape (N_LANES,).
    """

    is_swept: NDArray[np.bool_]
    gain_passes_one: NDArray[np.bool_]


def solve_samples(room: Room) -> Solved:
    """Fill ``room.solution`` with x of A_l x_l = b_l for its eight samples l, prepared before.

    Notes
    -----
    Each sample is certified by a residual of its own; what fails is factorized, and what
    has no solution then is NaN.
    """
    is_settled, residual = room.sweep()
    is_swept = is_settled & (residual <= RESIDUAL_LIMIT)
    gain_passes_one = room.numbers.gain_passes_one | ~is_settled
    for lane in np.flatnonzero(~is_swept):
        matrix = _matrix(room.structure, room.numbers.values[:, lane])
        try:
            found = Factorization(matrix).supply(np.ascontiguousarray(room.right[:, :, lane]))
        except (SingularSystem, UnstableSolution):
            room.solution[:, :, lane] = np.nan
        else:
            room.solution[:, :, lane] = found
    return Solved(is_swept, gain_passes_one)


class DemandSampler:
    """Samples of the scores of one demand, from a database whose exchanges are uncertain.

    Only exchanges that the demand needs, and only emissions that a category counts, are
    drawn: the numbers of an exchange depend on no other, so that the scores are the same.

    Parameters
    ----------
    technosphere, biosphere
        Patterns of A, shape (n, n), and of B, shape (n_flows, n).
    exchanges, emissions
        The amounts of their stored entries, in the order of ``data``.
    factors
        Characterization factors, shape (n_categories, n_flows).
    demand
        f, shape (n,).
    seed
        Of all draws.

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
        rows, columns = needed(technosphere, demand)
        part = _positions(technosphere)[rows][:, columns]
        entry = part.data - 1
        matrix = sparse.csr_array((technosphere.data[entry], part.indices, part.indptr), part.shape)
        emitted = _positions(biosphere)[:, columns]
        flow = np.repeat(np.arange(biosphere.shape[0]), np.diff(emitted.indptr))
        category, where = np.nonzero(factors[:, flow])
        counted, place = np.unique(where, return_inverse=True)
        n, n_categories = len(rows), len(factors)
        #: What turns emissions into the costs of each activity, shape (n_categories * n, ...)
        self._costs = sparse.csr_array(
            (factors[category, flow[where]], (category * n + emitted.indices[where], place)),
            shape=(n_categories * n, len(counted)),
        )
        self._emissions = emissions[emitted.data[counted] - 1]
        nominal = sparse.csr_array(
            (biosphere.data[emitted.data - 1], emitted.indices, emitted.indptr), emitted.shape
        )
        system = LinearSystem(matrix, factors @ nominal)
        self._structure = system.structures[0]
        self._exchanges = exchanges[entry[self._structure.order]]
        self._demand, self._n_categories, self._seed = demand[rows], n_categories, seed
        self._rooms = tuple(self._room() for _ in range(n_threads()))

    @property
    def n_draws(self) -> int:
        """How many amounts are drawn for a sample."""
        return len(self._exchanges) + len(self._emissions)

    def scores(self, n_samples: int, first: int = 0) -> tuple[Array, Solved]:
        """Return the scores of samples from `first`, a multiple of `N_LANES`.

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
                found[:, lanes], solved = self._batch(*self._rooms[thread], at)
                is_swept[lanes], passes[lanes] = solved.is_swept, solved.gain_passes_one

        with ThreadPoolExecutor(max_workers=len(self._rooms)) as pool:
            list(pool.map(work, range(len(self._rooms))))
        return found[:, :n_samples], Solved(is_swept[:n_samples], passes[:n_samples])

    def _room(self) -> tuple[Room, Array, Array]:
        room = Room(self._structure, 1)
        room.right[:, 0] = self._demand[:, np.newaxis]
        emitted, costs = aligned(len(self._emissions), N_LANES), self._costs.shape[0]
        return room, emitted, aligned(costs, N_LANES)

    def _batch(self, room: Room, emitted: Array, costs: Array, first: int) -> tuple[Array, Solved]:
        self._exchanges.draw(seed=self._seed, first=first, out=room.numbers.values)
        room.prepare()
        solved = solve_samples(room)
        self._emissions.draw(seed=self._seed, first=first, out=emitted)
        multiply(self._costs, emitted, costs)
        of_category = costs.reshape(self._n_categories, -1, N_LANES)
        return np.einsum("cnl,nl->cl", of_category, room.solution[:, 0]), solved


def _positions(matrix: sparse.csr_array) -> sparse.csr_array:
    """Return a matrix that holds, from 1, where its entries stand in the data of another."""
    places = np.arange(1, len(matrix.data) + 1)
    return sparse.csr_array((places, matrix.indices, matrix.indptr), matrix.shape)


def _matrix(structure: Structure, values: Array) -> sparse.csr_array:
    """Return the matrix whose entries are `values`, in the order of the structure."""
    n = len(structure.pivot)
    row = np.repeat(np.arange(n), np.diff(structure.pointer))
    sizes = np.diff(structure.block_start)
    first, large = structure.block_start[:-1][sizes > 1], sizes[sizes > 1]
    of_block = np.repeat(np.arange(len(large)), large**2)
    element = (
        np.arange(len(structure.dense_entry)) - structure.dense_start[:-1][sizes > 1][of_block]
    )
    inside = structure.dense_entry >= 0
    rows = (first[of_block] + element // large[of_block])[inside]
    columns = (first[of_block] + element % large[of_block])[inside]
    beside = rows != columns  # the pivots stand among the elements of the blocks, too
    outer = n + len(row)
    return sparse.csr_array(
        (
            np.concatenate((values[:outer], values[outer:][beside])),
            (
                structure.row[np.concatenate((np.arange(n), row, rows[beside]))],
                structure.unknown[
                    np.concatenate((np.arange(n), structure.column, columns[beside]))
                ],
            ),
        ),
        shape=(n, n),
    )
