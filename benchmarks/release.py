"""The release itself: compiling it, its growth with the places, its size, opening it cold."""

from __future__ import annotations

import csv
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from benchmarks.timing import Timing, repeat
from lca_service.catalogue.datapackage import knowledge_root, packages
from lca_service.compilation import compiled_folder
from lca_service.engine import Engine

_SHARES = (0.25, 0.5, 0.75, 1.0)

_FIRST_ANSWER = """
import sys
from pathlib import Path
from api.ask import ask_footprint
from api.read import read_json
from lca_service.engine import Engine
engine = Engine.open(Path(sys.argv[1]))
ask_footprint(read_json(Path(sys.argv[2]).read_bytes()), engine, max_lines=1000)
"""


@dataclass(frozen=True)
class Growth:
    """A release with a share of the countries: its activities, exchanges and compile time."""

    share: float
    n_activities: int
    n_exchanges: int
    compiling: Timing


def compile_anew(knowledge: Path) -> None:
    """Compile a release into a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        compiled_folder(Path(folder), knowledge=knowledge)


def growth() -> list[Growth]:
    """Time the compilation with a quarter to all of the countries' figures."""
    found: list[Growth] = []
    for share in _SHARES:
        with tempfile.TemporaryDirectory() as folder:
            part = Path(folder) / "knowledge"
            _copy_with_share(knowledge_root(), part, share)
            engine = Engine.open(Path(folder), knowledge=part)
            found.append(
                Growth(
                    share=share,
                    n_activities=len(engine.catalogue.activities),
                    n_exchanges=len(engine.catalogue.technosphere.amount)
                    + len(engine.catalogue.biosphere.amount),
                    compiling=repeat(lambda part=part: compile_anew(part), 3),
                )
            )
    return found


def size(folder: Path) -> int:
    """Return the size of a compiled release [bytes]."""
    return sum(path.stat().st_size for path in folder.iterdir())


def cold_answer(data_root: Path, request: dict[str, object]) -> Timing:
    """Time new processes from their start to their end, with one answer between."""
    with tempfile.TemporaryDirectory() as folder:
        body = Path(folder) / "request.json"
        body.write_text(json.dumps(request), "utf-8")
        command = [sys.executable, "-c", _FIRST_ANSWER, str(data_root), str(body)]
        return repeat(lambda: subprocess.run(command, check=True), 5, warm_up=1)


def opening(data_root: Path) -> Timing:
    """Time the opening of a compiled release in a process that has everything imported."""
    return repeat(lambda: Engine.open(data_root), 10, warm_up=1)


def first_compilation() -> tuple[Timing, int]:
    """Time new processes that find no compiled release; return their peak memory [bytes] too."""
    code = "import sys; from pathlib import Path; from lca_service.engine import Engine; "
    code += "Engine.open(Path(sys.argv[1]))"
    found: list[float] = []
    for _ in range(3):
        with tempfile.TemporaryDirectory() as folder:
            start = time.perf_counter()
            subprocess.run([sys.executable, "-c", code, folder], check=True)
            found.append(time.perf_counter() - start)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024  # of kB on Linux
    return Timing(tuple(found)), peak


def wheel() -> int:
    """Return the size of the wheel, built from this checkout with nothing fetched [bytes]."""
    with tempfile.TemporaryDirectory() as folder:
        options = ["--no-deps", "--no-build-isolation", "--quiet", "--wheel-dir", folder]
        command = [sys.executable, "-m", "pip", "wheel", *options, str(knowledge_root())]
        subprocess.run(command, check=True)
        (built,) = Path(folder).glob("*.whl")
        return built.stat().st_size


def _copy_with_share(root: Path, folder: Path, share: float) -> None:
    """Copy the knowledge with the figures of a share of the countries.

    Those with the most figures stay, so that every export mix keeps an exporter.
    """
    for floor in ("datasets", "methods"):
        shutil.copytree(root / floor, folder / floor)
    (locations,) = (t for p in packages(folder, "datasets") for t in p.of_kind("locations"))
    countries = [row["location"] for _, row in locations.rows() if row["kind"] == "country"]
    tables = [t for p in packages(folder, "datasets") for t in p.of_kind("figures")]
    figures = {table.path: [row for _, row in table.rows()] for table in tables}
    counted = Counter(row["location"] for rows in figures.values() for row in rows)
    order = sorted(countries, key=lambda country: (-counted[country], country))
    dropped = set(order[round(share * len(order)) :])
    for path, rows in figures.items():
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, rows[0], lineterminator="\n")
            writer.writeheader()
            writer.writerows(row for row in rows if row["location"] not in dropped)
