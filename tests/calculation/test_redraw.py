"""The release drawn again: a figure is one draw, and what follows from it follows."""

import numpy as np
import pytest
from scipy import stats

from lca_service.calculation.redraw import BLOCK, Redraw
from lca_service.catalogue.compiled_formulas import compile_formula
from lca_service.catalogue.formulas import FormulaError
from lca_service.engine import Engine


@pytest.fixture(scope="module")
def redraw(engine: Engine) -> Redraw:
    return Redraw(engine.catalogue)


def rows_of(engine: Engine, activity: str) -> np.ndarray:
    position = engine.catalogue.positions[activity]
    return np.flatnonzero(engine.catalogue.technosphere.activity_index == position)


def test_the_tables_figures_give_the_tables_exchanges(engine: Engine, redraw: Redraw) -> None:
    again = redraw.amounts(redraw.table_values)
    for amounts, table in (
        (again.technosphere, engine.catalogue.technosphere),
        (again.biosphere, engine.catalogue.biosphere),
    ):
        assert amounts[:, 0] == pytest.approx(table.amount, rel=1e-12)


def test_a_block_is_the_same_whenever_it_is_computed(redraw: Redraw) -> None:
    again = [redraw.amounts(redraw.draws(seed=7, block=block)) for block in (3, 0, 3)]
    assert (again[0].technosphere == again[2].technosphere).all()
    assert (again[0].biosphere == again[2].biosphere).all()
    assert (again[0].technosphere != again[1].technosphere).any()


def test_places_with_the_same_figures_have_the_same_exchanges_in_every_sample(
    engine: Engine, redraw: Redraw
) -> None:
    catalogue = engine.catalogue
    table = catalogue.biosphere
    drawn = redraw.amounts(redraw.draws(seed=1, block=0)).biosphere
    seen: dict[tuple[object, ...], int] = {}
    n_compared = 0
    for row in range(0, len(table.amount), 7):
        activity = catalogue.activities[table.activity_index[row]]
        figures = table.figure_index[table.figure_pointer[row] : table.figure_pointer[row + 1]]
        flow = catalogue.flow_rows[table.target_index[row]][0]
        key = (activity.process, flow, int(table.formula_index[row]), *figures.tolist())
        twin = seen.setdefault(key, row)
        if twin != row and table.amount[twin] == table.amount[row]:
            n_compared += 1
            assert (drawn[twin] == drawn[row]).all()
    assert n_compared > 1000


def test_an_average_is_a_whole_in_every_sample(engine: Engine, redraw: Redraw) -> None:
    drawn = redraw.amounts(redraw.draws(seed=7, block=1)).technosphere
    rows = rows_of(engine, "electricity-low-voltage-average@GLO")
    assert len(rows) > 200
    assert drawn[rows].sum(axis=0) == pytest.approx(np.ones(BLOCK), rel=1e-12)
    assert drawn[rows].std(axis=1).max() > 0


def test_shares_are_a_whole_and_vary_as_their_figures_say(engine: Engine, redraw: Redraw) -> None:
    # nine technologies over the losses: their ratios are the shares
    catalogue = engine.catalogue
    rows = rows_of(engine, "electricity-own-mix@IN")
    blocks = [redraw.amounts(redraw.draws(seed=7, block=block)) for block in range(5)]
    drawn = np.concatenate([each.technosphere[rows] for each in blocks], axis=1)
    shares = drawn / drawn.sum(axis=0)
    table = catalogue.technosphere.amount[rows]
    expected = table / table.sum()
    assert (drawn >= 0).all()
    assert shares.mean(axis=1) == pytest.approx(expected, rel=0.15, abs=2e-3)
    # a member of two parts of a whole pulls down the others
    coal, others = shares[expected.argmax()], 1 - shares[expected.argmax()]
    assert np.corrcoef(coal, others)[0, 1] == pytest.approx(-1)
    assert 0 < coal.std() / coal.mean() < 0.2


def test_what_is_derived_follows_its_figures(engine: Engine, redraw: Redraw) -> None:
    # carbon dioxide of a diesel engine is fuel times carbon: both from the same draws
    catalogue = engine.catalogue
    drawn = redraw.draws(seed=7, block=1)
    amounts = redraw.amounts(drawn)
    position = catalogue.positions["electricity-diesel-generator@GLO"]
    (row,) = np.flatnonzero(catalogue.technosphere.activity_index == position)
    figures = catalogue.technosphere.figure_index[
        catalogue.technosphere.figure_pointer[row] : catalogue.technosphere.figure_pointer[row + 1]
    ]
    (efficiency,) = (i for i in figures if catalogue.figures[i][0].quantity == "net_efficiency")
    ratio = amounts.technosphere[row] * drawn.figures[efficiency]
    assert ratio == pytest.approx(np.full(BLOCK, ratio[0]), rel=1e-12)
    assert amounts.technosphere[row].std() > 0


def test_figures_are_lognormal_about_their_value(engine: Engine, redraw: Redraw) -> None:
    figures = [figure for figure, _ in engine.catalogue.figures]
    drawn = np.hstack([redraw.draws(seed=3, block=block).figures for block in range(6)])
    nominal = redraw.table_values.figures[:, 0]
    checked = 0
    for position in range(0, len(figures), 997):
        figure = figures[position]
        sigma = np.log(figure.geometric_standard_deviation or 1.0)
        if figure.minimum is not None or not figure.value or sigma < 0.01:
            continue
        checked += 1
        z = np.log(drawn[position] / nominal[position]) / sigma
        assert stats.kstest(z, "norm").pvalue > 1e-4
    assert checked > 20


@pytest.mark.parametrize(
    "expression",
    ["__import__('os')", "a.real", "[a for a in b]", "print(a)", "'text'", "minimum(a, key=b)"],
)
def test_a_formula_that_is_more_than_arithmetic_is_refused(expression: str) -> None:
    with pytest.raises(FormulaError):
        compile_formula(expression)
