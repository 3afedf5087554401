"""Measure everything and print it as the tables of benchmarks/README.md."""

from __future__ import annotations

import os
import platform
import tempfile
from importlib.metadata import version
from pathlib import Path

from benchmarks import compared, footprint, release, service
from benchmarks.bill import N_LINES, request
from benchmarks.timing import Timing, shown
from lca_service.engine import Engine


def main() -> None:
    """Print the machine, the release, and one row per figure."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        first, peak = release.first_compilation()
        engine = Engine.open(root)
        print(_machine(), _release(engine), sep="\n\n", end="\n\n")
        _print_bill(engine, root)
        _print_release(engine, root, first, peak)
        _print_compared(engine)
    _print_growth()


def _print_bill(engine: Engine, root: Path) -> None:
    ours = footprint.measure(engine)
    warm, size = service.warm_answers(root, request(engine.catalogue))
    print(f"A bill of {N_LINES} lines, all default indicators:\n")
    _table(
        [
            ("engine, warm", ours.footprint, "< 1 ms"),
            ("of which binding names, places and units", ours.linking, ""),
            ("of which scores: multipliers times the bill", ours.scores, ""),
            ("whole answer over HTTP, warm", warm, "< 10 ms"),
            ("contributions by activity", ours.contributions, ""),
            ("bw2calc.MultiLCA, from data packages", ours.multi_lca, ""),
            ("bw2calc.LCA factorized beforehand, one more inventory", ours.factorized, ""),
        ]
    )
    whole, again = ours.multi_lca.median, ours.factorized.median
    print(
        f"\nThe engine's answer is {whole / ours.footprint.median:.0f} times faster than MultiLCA "
        f"and {again / ours.footprint.median:.1f} times than the factorized LCA; its scores alone "
        f"{again / ours.scores.median:.0f} times. Largest relative difference of a score: "
        f"{ours.difference:.1e}. An answer has {size / 1e3:.3g} kB.\n"
    )


def _print_release(engine: Engine, root: Path, first: Timing, peak: int) -> None:
    bill = request(engine.catalogue)
    compiled = release.size(engine.catalogue.folder)
    print("The release:\n")
    _table(
        [
            ("first compilation, in a new process", first, "< 60 s"),
            ("its peak memory", f"{peak / 2**20:.0f} MiB", "< 2048 MiB"),
            ("cold start: new process, one answer, end", release.cold_answer(root, bill), "< 3 s"),
            ("cold start: service to its first answer", service.cold_answer(root, bill), "< 3 s"),
            ("opening the compiled release", release.opening(root), "< 2 s"),
            ("size of the compiled release", f"{compiled / 1e6:.3g} MB", ""),
            ("size of the wheel", f"{release.wheel() / 2**20:.1f} MiB", "< 40 MiB"),
        ]
    )


def _print_compared(engine: Engine) -> None:
    found = compared.measure(engine)
    options = f"{len(compared.COUNTRIES)} countries x {len(compared.CATEGORIES)} categories"
    print(f"\nComparisons of {options} x {len(compared.INDICATORS)} indicators:\n")
    _table(
        [
            (f"ours, {compared.SAMPLES} paired samples, warm", found.ours, "< 2 s"),
            ("bw2calc.LCA, matrix and factorization of one sample", found.matrix, ""),
            ("bw2calc.LCA, inventory of one option", found.inventory, ""),
        ]
    )
    print(
        f"\nAll samples by bw2calc, extrapolated from one and without drawing: "
        f"{shown(found.theirs)}, {found.theirs / found.ours.median:.0f} times ours."
    )


def _print_growth() -> None:
    print("\nGrowth with the countries that have figures:\n")
    print("| countries | activities | exchanges | compilation |\n|---|---|---|---|")
    for part in release.growth():
        print(
            f"| {part.share:.0%} | {part.n_activities} | {part.n_exchanges} "
            f"| {shown(part.compiling.median)} |"
        )


def _table(rows: list[tuple[str, object, str]]) -> None:
    print("| what | median | goal |\n|---|---|---|")
    for name, figure, goal in rows:
        print(f"| {name} | {figure} | {goal} |")


def _machine() -> str:
    packages = ", ".join(f"{name} {version(name)}" for name in ("numpy", "scipy", "bw2calc"))
    return f"{os.cpu_count()} cores, Python {platform.python_version()}, {packages}."


def _release(engine: Engine) -> str:
    catalogue = engine.catalogue
    exchanges = len(catalogue.technosphere.amount) + len(catalogue.biosphere.amount)
    return (
        f"Release {catalogue.release}: {len(catalogue.activities)} activities, {exchanges} "
        f"exchanges, {len(catalogue.figures)} figures, {len(catalogue.categories)} impact "
        "categories."
    )


if __name__ == "__main__":
    main()
