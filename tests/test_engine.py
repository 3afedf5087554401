"""Opening a release: the compiled cache is whole, made once, and the same every time."""

import csv
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from lca_service.catalogue.datapackage import Package, seal
from lca_service.compilation import compiled_folder
from lca_service.engine import Engine
from lca_service.errors import DataError
from tests.bills import Bills
from tests.studies import line, study, value

OPEN = """
import sys
from pathlib import Path
from lca_service.compilation import compiled_folder
print(compiled_folder(Path(sys.argv[1]), knowledge=Path(sys.argv[2])))
"""


def opening(data_root: Path, knowledge: Path, *, hash_seed: str = "0") -> subprocess.Popen[str]:
    """Start a process that opens a release."""
    return subprocess.Popen(
        [sys.executable, "-c", OPEN, data_root, knowledge],
        env=os.environ | {"PYTHONHASHSEED": hash_seed},
        stdout=subprocess.PIPE,
        text=True,
    )


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@pytest.fixture
def knowledge(tiny_knowledge: Path, tmp_path: Path) -> Path:
    """Return a copy of the tiny world that a test may change."""
    return Path(shutil.copytree(tiny_knowledge, tmp_path / "knowledge"))


def test_a_release_compiles_to_the_same_bytes_every_time(
    root: Path, data_root: Path, tmp_path: Path
) -> None:
    # the shipped release, beside the one of this session, whose process orders its sets otherwise
    first = Path(opening(tmp_path, root, hash_seed="1").communicate()[0].strip())
    second = compiled_folder(data_root)
    assert first != second
    assert first.name == second.name
    assert contents(first) == contents(second)


def test_processes_that_compile_at_the_same_time_agree_on_one_folder(
    knowledge: Path, tmp_path: Path
) -> None:
    processes = [opening(tmp_path / "root", knowledge) for _ in range(4)]
    answers = {process.communicate()[0] for process in processes}
    assert [process.returncode for process in processes] == [0, 0, 0, 0]
    assert len(answers) == 1
    assert [path.name for path in (tmp_path / "root" / "compiled").iterdir()] == [
        Path(answers.pop().strip()).name
    ]


def test_an_interrupted_compilation_is_done_again(knowledge: Path, tmp_path: Path) -> None:
    folder = compiled_folder(tmp_path, knowledge=knowledge)
    whole = contents(folder)
    (folder / "complete").unlink()
    (folder / "multipliers.npy").write_bytes(b"half")
    assert compiled_folder(tmp_path, knowledge=knowledge) == folder
    assert contents(folder) == whole


def test_what_a_killed_process_left_behind_is_not_taken_for_a_release(
    knowledge: Path, tmp_path: Path
) -> None:
    (tmp_path / "compiled" / "making-killed" / "release").mkdir(parents=True)
    engine = Engine.open(tmp_path, knowledge=knowledge)
    assert "making" not in engine.catalogue.folder.as_posix()


def test_a_compiled_release_is_opened_and_not_made_again(knowledge: Path, tmp_path: Path) -> None:
    folder = compiled_folder(tmp_path, knowledge=knowledge)
    made = {path: path.stat().st_mtime_ns for path in (folder, *folder.iterdir())}
    Engine.open(tmp_path, knowledge=knowledge).footprint(study(line("diesel", 1, "kg")))
    assert {path: path.stat().st_mtime_ns for path in made} == made


def test_a_changed_figure_makes_a_new_release(knowledge: Path, tmp_path: Path) -> None:
    before = Engine.open(tmp_path, knowledge=knowledge)
    package = Package(knowledge / "datasets" / "economy")
    path = package.folder / "figures.csv"
    with path.open(newline="") as stream:
        rows = list(csv.reader(stream))
    # the refinery uses half of its diesel itself instead of a fifth: 0.4 / (1 - 0.5)
    for row in rows:
        if row[:2] == ["own_use", "refinery"]:
            row[3] = "0.5"
    with path.open("w", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows(rows)
    seal(package)
    after = Engine.open(tmp_path, knowledge=knowledge)
    assert before.catalogue.data_hash != after.catalogue.data_hash
    question = study(line("diesel", 1, "kg"))
    total = "climate_change.total"
    assert value(before.footprint(question), total) == pytest.approx(0.5)
    assert value(after.footprint(question), total) == pytest.approx(0.8)


def test_broken_knowledge_leaves_no_release_behind(knowledge: Path, tmp_path: Path) -> None:
    path = knowledge / "datasets" / "economy" / "processes.yaml"
    path.write_text(path.read_text("utf-8").replace("fuel / ncv", "fuel * ncv"), "utf-8")
    with pytest.raises(DataError, match="coal-power"):
        Engine.open(tmp_path, knowledge=knowledge)
    assert list((tmp_path / "compiled").iterdir()) == []


def test_one_question_has_one_answer_to_the_last_bit(tiny: Engine, tiny_knowledge: Path) -> None:
    bills = Bills(tiny.catalogue, seed=7)
    studies = [bills.study() for _ in range(20)]
    again = Engine.open(tiny.catalogue.folder.parent.parent, knowledge=tiny_knowledge)
    for question in studies:
        assert tiny.footprint(question) == tiny.footprint(question) == again.footprint(question)


def test_threads_share_an_engine(tiny: Engine, tiny_knowledge: Path) -> None:
    bills = Bills(tiny.catalogue, seed=8)
    studies = [bills.study() for _ in range(60)]
    alone = [tiny.footprint(question) for question in studies]
    fresh = Engine.open(tiny.catalogue.folder.parent.parent, knowledge=tiny_knowledge)
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(fresh.footprint, studies))
        trees = list(threads.map(lambda each: fresh.contributions(each, by="flow"), studies))
    assert together == alone
    assert trees == [fresh.contributions(each, by="flow") for each in studies]
