"""Tasks on one system: multipliers, a bill, changed activities."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from benchmarks import baseline
from benchmarks.baseline import bw2calc
from benchmarks.datapackages import inventory
from benchmarks.rows import (
    N_METHODS,
    SEED,
    Row,
    costs_of,
    difference,
    largest_product,
    peak_mib,
    row,
)
from benchmarks.systems import System, input_output, multi_regional
from benchmarks.timing import repeat
from lca_service.matrices.assemble import technosphere
from lca_service.solver.adjoint import multipliers
from lca_service.solver.system import LinearSystem
from lca_service.solver.update import ColumnUpdate

Array = NDArray[np.float64]

_N_LINES = 30
_N_CATEGORIES = 3  # of a bill
_N_CHANGED = 5  # columns


def all_products(system: System, task: str = "multipliers") -> Row:
    """Scores of all products from loaded matrices."""
    costs = costs_of(system)
    structures = LinearSystem(system.technosphere, costs).structures

    def ours() -> Array:
        return multipliers(LinearSystem(system.technosphere, costs, structures=structures), costs)

    seconds, peak, found = repeat(ours, 7, warm_up=2).median, peak_mib(), ours()
    theirs = baseline.fastest(lambda: baseline.all_products(system))
    apart = difference(found, theirs.result)
    name = "FastScoresOnlyMultiLCA(adjoint)"
    return row(task, seconds, peak, theirs, name, apart, "order of the equations")


def multi_regional_products(_: System) -> Row:
    """The same in regions that trade, where a factorization fills in."""
    return all_products(multi_regional(), "multi-regional")


def input_output_products(_: System) -> Row:
    """The same in a table that is half full."""
    return all_products(input_output(), "input-output")


def all_products_cold(system: System) -> Row:
    """The same from data packages."""
    package = inventory(system)
    n, costs = system.technosphere.shape[0], costs_of(system)

    def ours() -> Array:
        matrix = technosphere(package, n)
        return multipliers(LinearSystem(matrix, costs), costs)

    seconds, peak, found = repeat(ours, 5, warm_up=1).median, peak_mib(), ours()
    theirs = baseline.fastest(lambda: baseline.all_products_cold(system))
    apart = difference(found, theirs.result)
    name = "FastScoresOnlyMultiLCA(adjoint)"
    return row("multipliers-cold", seconds, peak, theirs, name, apart, "compiled kernels")


def bill(system: System) -> Row:
    """Thirty purchases, from stored multipliers."""
    generator = np.random.default_rng(SEED)
    n = system.technosphere.shape[0]
    bills = [
        {int(place): generator.random() for place in generator.choice(n, _N_LINES, replace=False)}
        for _ in range(8)
    ]
    costs = costs_of(system)
    stored = multipliers(LinearSystem(system.technosphere, costs), costs)[:_N_CATEGORIES]
    stored = np.ascontiguousarray(stored.T)  # what a bill buys lies together

    def ours(bill: dict[int, float]) -> Array:
        places = np.fromiter(bill, dtype=np.intp, count=len(bill))
        amounts = np.fromiter(bill.values(), dtype=np.float64, count=len(bill))
        return np.asarray(amounts @ stored[places])

    seconds, peak = repeat(lambda: ours(bills[0]), 2000, warm_up=50).median, peak_mib()
    theirs = baseline.fastest(lambda: baseline.next_demands(system, bills))
    found = np.stack([ours(bill) for bill in bills], axis=1)
    apart = difference(found, theirs.result[:_N_CATEGORIES])
    return row("bill", seconds, peak, theirs, "LCA, next demand", apart, "multipliers")


def changed_columns(system: System) -> Row:
    """Five activities with other amounts, one product under two categories."""
    generator = np.random.default_rng(SEED)
    a, costs, place = system.technosphere, costs_of(system)[:N_METHODS], largest_product(system)
    solved = LinearSystem(a, costs)
    scores = multipliers(solved, costs)
    columns = generator.choice(a.shape[0], _N_CHANGED, replace=False)
    before = sparse.csc_array(a)[:, columns]
    changes = []
    for _ in range(8):
        change = before.copy()
        change.data = change.data * generator.uniform(-0.2, 0.2, change.nnz)
        changes.append(change)
    update = ColumnUpdate(a, solved, costs, scores, columns)
    seconds = repeat(
        lambda: update.multipliers(changes[0], products=[place]), 200, warm_up=5
    ).median
    peak = peak_mib()
    after = []
    for change in changes:
        whole = sparse.lil_array(a.shape)
        whole[:, columns] = change.tolil()
        after.append(sparse.csr_array(a + whole.tocsr()))
    theirs = baseline.fastest(lambda: baseline.changed_systems(system, {place: 1.0}, after))
    exact = baseline.changed_systems(system, {place: 1.0}, after[:2], kind=bw2calc.LCA)[1]
    found = np.hstack([update.multipliers(change, products=[place]) for change in changes[:2]])
    apart = difference(found, exact[:N_METHODS])
    name = "IterativeLCA from the last solution"
    cached = "what each product takes of the five activities"
    return row("changed-columns", seconds, peak, theirs, name, apart, cached)
