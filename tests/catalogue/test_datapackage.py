"""Packages on disk: what a release is made of, and when it is another one."""

import json
import shutil
from pathlib import Path

import pytest

from lca_service.catalogue.datapackage import Package, knowledge_hash, packages, seal


@pytest.fixture
def copy(tiny_knowledge: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(tiny_knowledge, tmp_path / "copy"))


@pytest.mark.parametrize(
    "name",
    [
        "datasets/economy/figures.csv",
        "datasets/economy/processes.yaml",
        "datasets/economy/datapackage.json",
        "datasets/release.json",
        "methods/aware_2_0/factors.csv",
    ],
)
def test_whatever_changes_a_number_changes_the_hash(
    copy: Path, tiny_knowledge: Path, name: str
) -> None:
    path = copy / name
    path.write_text(path.read_text("utf-8") + "\n", "utf-8")
    assert knowledge_hash(copy) != knowledge_hash(tiny_knowledge)


def test_the_hash_is_that_of_the_content_and_not_of_the_place(
    copy: Path, tiny_knowledge: Path
) -> None:
    assert knowledge_hash(copy) == knowledge_hash(tiny_knowledge)
    (copy / "datasets" / "economy" / "README.md").write_text("words")
    (copy / "datasets" / "economy" / "recipe.py").write_text("code")
    assert knowledge_hash(copy) == knowledge_hash(tiny_knowledge)


def test_a_file_under_another_name_is_another_release(copy: Path, tiny_knowledge: Path) -> None:
    folder = copy / "datasets"
    (folder / "economy").rename(folder / "economics")
    assert knowledge_hash(copy) != knowledge_hash(tiny_knowledge)


def test_sealing_writes_schema_hash_and_size_once(copy: Path) -> None:
    package = Package(copy / "methods" / "aware_2_0")
    assert not seal(package)
    path = package.folder / "factors.csv"
    path.write_text(path.read_text("utf-8").replace(",32,", ",33,"), "utf-8")
    assert seal(package)
    resource = next(
        each
        for each in json.loads((package.folder / "datapackage.json").read_text())["resources"]
        if each["name"] == "factors"
    )
    assert resource["bytes"] == path.stat().st_size
    assert resource["schema"]["primaryKey"] == ["indicator", "flow", "location"]
    assert resource["schema"]["foreignKeys"][0]["reference"]["resource"] == "sources"
    assert not seal(Package(package.folder))


def test_packages_come_in_the_order_of_their_names(tiny_knowledge: Path) -> None:
    found = [package.name for package in packages(tiny_knowledge, "datasets")]
    assert found == ["countries", "economy", "geography", "nomenclature"]
