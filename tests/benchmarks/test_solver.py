"""Every task of the solver's benchmark gives bw2calc's results, and says what it measured."""

import json

import pytest
from typer.testing import CliRunner

from benchmarks.deterministic import all_products
from benchmarks.rows import Row
from benchmarks.solver import TASKS, as_table, run
from benchmarks.systems import System, input_output, multi_regional
from lca_service.cli import app

_SLOW = {"multi-regional", "input-output", "equal-interval"}
# The bank stores single precision; a mean to one per cent is compared with plain samples
_APART = {"bank": 1e-6, "equal-interval": 0.03}
# In the smallest system a tight loop decides: its scores have no mean to speak of
_SIZE = {"equal-interval": 20_000}


@pytest.mark.parametrize(
    "task",
    [pytest.param(task, marks=[pytest.mark.slow] if task in _SLOW else []) for task in TASKS],
)
def test_a_task_gives_the_results_of_bw2calc(task: str) -> None:
    row = run(task, _SIZE.get(task, 1000))
    assert row.task == task
    assert row.max_rel_diff < _APART.get(task, 1e-8)
    assert row.ratio == pytest.approx(row.baseline_s / row.ours_s)
    assert row.peak_mib > 10
    assert row.baseline
    assert row.cached


@pytest.mark.parametrize(
    "system", [multi_regional(20, 10), input_output(300)], ids=lambda s: s.name
)
def test_systems_that_fill_in_give_the_results_of_bw2calc(system: System) -> None:
    assert all_products(system).max_rel_diff < 1e-9


def test_the_command_prints_rows() -> None:
    done = CliRunner().invoke(app, ["bench", "--activities", "1000", "--task", "bill", "--json"])
    (row,) = json.loads(done.stdout)
    assert set(row) >= {
        "task", "ours_s", "baseline", "baseline_s", "ratio", "max_rel_diff", "peak_mib",
    }  # fmt: skip
    assert "| bill |" in as_table([Row(**row)])


def test_an_unknown_task_is_refused_with_the_known_ones() -> None:
    done = CliRunner().invoke(app, ["bench", "--task", "everything"])
    assert done.exit_code == 2
    assert "monte-carlo-all" in done.stderr
