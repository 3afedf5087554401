"""What an installed wheel carries: the code and all the knowledge it needs."""

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from lca_service.catalogue.datapackage import knowledge_hash

ASK = """
from lca_service.catalogue.datapackage import knowledge_hash, knowledge_root
print(knowledge_root(), knowledge_hash(knowledge_root()), sep="\\n")
"""


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel as the Dockerfile does; nothing is fetched."""
    folder = tmp_path_factory.mktemp("wheel")
    options = ["--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--no-cache-dir"]
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", *options, "--wheel-dir", folder, root],
        check=True,
        capture_output=True,
    )
    (path,) = folder.glob("lca_service-*.whl")
    return path


def test_an_installed_wheel_finds_the_knowledge_of_the_checkout(
    root: Path, wheel: Path, tmp_path: Path
) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path)
    answer = subprocess.run(
        [sys.executable, "-c", ASK],
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()
    assert Path(answer[0]) == tmp_path / "lca_service" / "_knowledge"
    assert answer[1] == knowledge_hash(root)


def test_the_wheel_carries_types_and_licence_but_no_recipes_or_tests(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert "lca_service/py.typed" in names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    strangers = [
        name for name in names if "tests/" in name or re.search(r"(datasets|methods)/.*\.py$", name)
    ]
    assert strangers == []
    assert {name.split("/")[0].split("-")[0] for name in names} == {"api", "lca_service"}


def test_the_wheel_is_small(wheel: Path) -> None:
    assert wheel.stat().st_size < 40 * 2**20
