"""What we depend on: named once, explained once, locked for everybody."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest

PIN = re.compile(r"^(?P<name>[a-z0-9.-]+)==(?P<version>[^\s;]+)", re.MULTILINE)
LOCKS = ["requirements.lock", "requirements-dev.lock"]


def normalized(requirement: str) -> str:
    """Return the name of a requirement as PEP 503 writes it."""
    name = re.split(r"[\[<>=!~; ]", requirement, maxsplit=1)[0]
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(lock: Path) -> Mapping[str, str]:
    text = lock.read_text(encoding="utf-8")
    return {match["name"]: match["version"] for match in PIN.finditer(text)}


@pytest.fixture(scope="module")
def settings(root: Path) -> dict[str, dict[str, list[str]]]:
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def run_time(settings: dict[str, dict[str, list[str]]]) -> set[str]:
    return {normalized(each) for each in settings["project"]["dependencies"]}


def test_every_dependency_has_its_reason_on_the_page(root: Path, run_time: set[str]) -> None:
    page = (root / "docs" / "dependencies.md").read_text(encoding="utf-8")
    section = page.split("## Run time")[1].split("\n## ")[0]
    rows = re.findall(r"^\| `([^`]+)` \| (.+?) \|", section, re.MULTILINE)
    assert {normalized(name) for name, _ in rows} == run_time
    assert all(len(reason) > 20 for _, reason in rows)


def test_every_extra_has_its_reason_on_the_page(
    root: Path, settings: dict[str, dict[str, dict[str, list[str]]]]
) -> None:
    page = (root / "docs" / "dependencies.md").read_text(encoding="utf-8")
    section = page.split("## Extras")[1].split("\n## ")[0]
    rows = re.findall(r"^\| `([^`]+)` \| `([^`]+)` \| (.+?) \|", section, re.MULTILINE)
    extras = settings["project"]["optional-dependencies"]
    assert {(extra, normalized(name)) for extra, name, _ in rows} == {
        (extra, normalized(each)) for extra, packages in extras.items() for each in packages
    }


def test_every_dependency_is_locked(
    root: Path, run_time: set[str], settings: dict[str, dict[str, list[str]]]
) -> None:
    groups = settings["dependency-groups"]
    assert run_time | {normalized(each) for each in groups["build"]} <= set(
        pins(root / "requirements.lock")
    )
    assert {normalized(each) for each in groups["dev"]} <= set(pins(root / "requirements-dev.lock"))


def test_tests_run_on_the_versions_that_serve(root: Path) -> None:
    development = pins(root / "requirements-dev.lock")
    serving = pins(root / "requirements.lock")
    assert {name: development.get(name) for name in serving} == dict(serving)


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_file_has_hashes_and_no_address(root: Path, lock: str) -> None:
    text = (root / lock).read_text(encoding="utf-8")
    entries = re.split(r"^(?=[a-z0-9.-]+==)", text, flags=re.MULTILINE)[1:]
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []
    assert re.findall(r"^.*(?:://|@ |--index|--extra|--find|file:).*$", text, re.MULTILINE) == []
