"""Who may import whom: the contracts of ``pyproject.toml``, and what they cannot say."""

import ast
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from importlinter.cli import lint_imports


def modules(*folders: Path) -> Iterator[tuple[Path, ast.Module]]:
    for folder in folders:
        for path in sorted(folder.rglob("*.py")):
            yield path, ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def test_the_contracts_are_kept(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    verdict = lint_imports(config_filename=str(root / "pyproject.toml"), no_cache=True)
    assert verdict == 0, capsys.readouterr().out


def test_every_room_stands_on_a_floor(root: Path) -> None:
    settings = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    floors = " ".join(next(c["layers"] for c in contracts if c["id"] == "floors"))
    package = root / "lca_service"
    rooms = {path.stem for path in package.glob("*.py") if path.stem != "__init__"}
    rooms |= {path.parent.name for path in package.glob("*/__init__.py")}
    assert sorted(room for room in rooms if f"lca_service.{room}" not in floors) == []


def test_no_type_checking_import_hides_a_circle(root: Path) -> None:
    hiding = [
        str(path.relative_to(root))
        for path, tree in modules(root / "lca_service", root / "api")
        if any(
            (isinstance(node, ast.Name) and node.id == "TYPE_CHECKING")
            or (isinstance(node, ast.Attribute) and node.attr == "TYPE_CHECKING")
            for node in ast.walk(tree)
        )
    ]
    assert hiding == []


def test_the_domain_knows_the_standard_library_and_errors_only(root: Path) -> None:
    strangers = [
        f"{path.relative_to(root)}: {name}"
        for path, tree in modules(root / "lca_service" / "domain")
        for name in imported(tree)
        if name.split(".")[0] not in sys.stdlib_module_names
        and not name.startswith(("lca_service.domain", "lca_service.errors"))
    ]
    assert strangers == []


@pytest.mark.parametrize("knowledge", ["datasets", "methods"])
def test_knowledge_is_never_imported(root: Path, knowledge: str) -> None:
    assert list((root / knowledge).rglob("__init__.py")) == []
    importers = [
        str(path.relative_to(root))
        for path, tree in modules(root / "lca_service", root / "api")
        if any(name.split(".")[0] == knowledge for name in imported(tree))
    ]
    assert importers == []
