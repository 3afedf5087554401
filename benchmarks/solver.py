"""The solver beside bw2calc on one system: a row for every task, both in the same process.

lca-service bench --activities 20000 --json
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict

from benchmarks import deterministic, sampled
from benchmarks.rows import Row
from benchmarks.systems import System, ecoinvent_like

TASKS: dict[str, Callable[[System], Row]] = {
    "multipliers": deterministic.all_products,
    "multipliers-cold": deterministic.all_products_cold,
    "multi-regional": deterministic.multi_regional_products,
    "input-output": deterministic.input_output_products,
    "bill": deterministic.bill,
    "changed-columns": deterministic.changed_columns,
    "monte-carlo-one": sampled.one_product,
    "monte-carlo-all": sampled.all_products,
    "equal-interval": sampled.equal_interval,
    "bank": sampled.bank,
}


def run(task: str, activities: int) -> Row:
    """Measure one task on a drawn system."""
    return TASKS[task](ecoinvent_like(activities))


def run_all(activities: int) -> list[Row]:
    """Measure every task, each in a process of its own."""
    found: list[Row] = []
    for task in TASKS:
        command = [sys.executable, "-m", "benchmarks.solver", task, str(activities)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        found.append(Row(**json.loads(done.stdout.splitlines()[-1])))
    return found


def as_table(rows: list[Row]) -> str:
    """Return rows as a Markdown table."""
    head = "| task | ours | baseline | its time | ratio | difference | peak | cached |"
    lines = [head, "|---|---|---|---|---|---|---|---|"]
    lines += [
        f"| {each.task} | {each.ours_s * 1e3:.3g} ms | {each.baseline} | "
        f"{each.baseline_s * 1e3:.3g} ms | {each.ratio:.3g} | {each.max_rel_diff:.1e} | "
        f"{each.peak_mib:.0f} MiB | {each.cached} |"
        for each in rows
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    print(json.dumps(asdict(run(sys.argv[1], int(sys.argv[2])))))
