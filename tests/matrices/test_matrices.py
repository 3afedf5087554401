"""From exchanges to A, B and C by way of Brightway's data packages, and to files and back."""

from pathlib import Path

import numpy as np
import pytest

from lca_service.engine import Engine
from lca_service.matrices.assemble import biosphere, characterization, technosphere
from lca_service.matrices.background import Background, load_background
from lca_service.matrices.entries import Entries, inventory_datapackage


def entries(*triples: tuple[int, int, float]) -> Entries:
    row, column, value = zip(*triples, strict=True)
    return Entries(np.array(row, np.int32), np.array(column, np.int32), np.array(value, float))


def test_outputs_are_one_and_inputs_are_subtracted() -> None:
    # activity 1 buys 0.25 of product 0, twice; activity 2 buys 0.2 of its own product
    package = inventory_datapackage(
        3, entries((0, 1, 0.25), (0, 1, 0.5), (2, 2, 0.2)), entries((0, 0, 1.0))
    )
    expected = [[1, -0.75, 0], [0, 1, 0], [0, 0, 0.8]]
    assert technosphere(package, 3).toarray() == pytest.approx(np.array(expected))


def test_flows_that_nobody_exchanges_keep_their_rows() -> None:
    package = inventory_datapackage(
        4, entries((0, 1, 0.25)), entries((5, 3, 2.0), (5, 3, 1.0), (1, 0, -4.0))
    )
    matrix = biosphere(package, 7, 4).toarray()
    assert matrix.shape == (7, 4)
    assert {(row, column): matrix[row, column] for row, column in np.argwhere(matrix)} == {
        (5, 3): 3.0,
        (1, 0): -4.0,
    }


def test_an_inventory_without_purchases_is_its_own_outputs() -> None:
    nothing = Entries(np.array([], np.int32), np.array([], np.int32), np.array([]))
    package = inventory_datapackage(2, nothing, entries((0, 0, 1.0)))
    assert technosphere(package, 2).toarray().tolist() == [[1, 0], [0, 1]]


def test_a_factor_stands_at_its_category_and_flow() -> None:
    matrix = characterization(entries((1, 2, 29.8), (0, 0, 1.0)), 2, 3)
    assert matrix.tolist() == [[1, 0, 0], [0, 0, 29.8]]


def test_a_background_comes_back_from_its_files_as_it_was(tiny: Engine, tmp_path: Path) -> None:
    before = tiny.background
    before.save(tmp_path)
    after = load_background(tmp_path)
    assert after.n_activities == before.n_activities == len(tiny.catalogue.activities)
    for name in (
        "characterization",
        "multipliers",
        "absolute_multipliers",
        "inventory_multipliers",
    ):
        ours, theirs = getattr(after, name), getattr(before, name)
        assert ours.dtype == np.float64
        assert np.array_equal(ours, theirs), name
    for name in ("technosphere", "biosphere"):
        assert (getattr(after, name) != getattr(before, name)).nnz == 0


def test_an_opened_background_cannot_be_changed(tiny: Engine) -> None:
    for array in (tiny.background.multipliers, tiny.background.technosphere.data):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0.0


def test_multipliers_solve_the_adjoint_equations(tiny: Engine) -> None:
    assert_adjoint(tiny.background)


def assert_adjoint(background: Background) -> None:
    """M A = C B, checked with nothing of the solver."""
    costs = background.characterization @ background.biosphere.toarray()
    left = background.multipliers @ background.technosphere
    scale = np.abs(background.multipliers) @ abs(background.technosphere) + np.abs(costs)
    assert (np.abs(left - costs) <= 1e-13 * scale).all()
