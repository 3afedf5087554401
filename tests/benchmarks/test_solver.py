"""Every task of the solver's benchmark gives bw2calc's results, and says what it measured."""

import json

import pytest
from typer.testing import CliRunner

from benchmarks.solver import TASKS, Row, as_table, run
from lca_service.cli import app


@pytest.mark.parametrize("task", TASKS)
def test_a_task_gives_the_results_of_bw2calc(task: str) -> None:
    row = run(task, 1000)
    assert row.task == task
    assert row.max_rel_diff < 1e-8
    assert row.ratio == pytest.approx(row.baseline_s / row.ours_s)
    assert row.peak_mib > 10
    assert row.baseline
    assert row.cached


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
