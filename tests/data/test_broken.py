"""Every way to break a table or template is refused, with file, place and what to do.

Each file of ``broken/`` changes one text in one file of the tiny world; the package is sealed again
unless it says ``sealed: false``.
"""

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from lca_service.catalogue.checks import check_knowledge
from lca_service.catalogue.datapackage import Package, seal

CASES = sorted((Path(__file__).parent / "broken").glob("*.yaml"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: str(path.stem))
def test_a_fault_is_refused_with_file_place_and_remedy(
    path: Path, tiny_knowledge: Path, tmp_path: Path
) -> None:
    case: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    shutil.copytree(tiny_knowledge, tmp_path, dirs_exist_ok=True)
    file = tmp_path / case["file"]
    text = file.read_text("utf-8")
    assert text.count(case["find"]) == 1, "the text to change must stand there once"
    file.write_text(text.replace(case["find"], case["put"]), "utf-8")
    if case.get("sealed", True):
        seal(Package(file.parent))
    wanted = case["fault"]
    faults = check_knowledge(tmp_path)
    assert faults, "nothing was found wrong"
    assert [
        fault
        for fault in faults
        if fault.file == wanted["file"]
        and fault.place.startswith(wanted["place"])
        and fault.code == wanted["code"]
        and wanted["says"] in fault.detail
    ], "\n".join(str(fault) for fault in faults)


def test_the_tiny_world_itself_has_no_fault(tiny_knowledge: Path) -> None:
    assert check_knowledge(tiny_knowledge) == []
