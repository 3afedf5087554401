"""The image: built by the steps that `make` takes on any machine, and safe to run."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

VENV = "/opt/venv"


@pytest.fixture(scope="module")
def instructions(root: Path) -> list[tuple[str, str]]:
    """Return the instructions of the Dockerfile in order, continued lines joined."""
    text = (root / "Dockerfile").read_text(encoding="utf-8")
    joined = re.sub(r"\\\n\s*", "", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE))
    lines = [line.split(maxsplit=1) for line in joined.splitlines() if line.strip()]
    return [(name, rest) for name, rest in lines]


def arguments(instructions: list[tuple[str, str]], name: str) -> list[str]:
    return [rest for each, rest in instructions if each == name]


def build_steps(instructions: list[tuple[str, str]]) -> list[str]:
    """Return the commands of the first stage, one by one."""
    stages = [index for index, (name, _) in enumerate(instructions) if name == "FROM"]
    return [
        step for rest in arguments(instructions[: stages[1]], "RUN") for step in rest.split(" && ")
    ]


def build_context(root: Path) -> set[str]:
    """Return what ``.dockerignore`` lets through: nothing but the names it lists."""
    everything, *lines = (root / ".dockerignore").read_text(encoding="utf-8").split()
    assert everything == "*"
    return {line[1:] for line in lines if line.startswith("!")}


def make_variable(root: Path, name: str) -> str:
    makefile = (root / "Makefile").read_text(encoding="utf-8")
    match = re.search(rf"^{name} := (.+)$", makefile, re.MULTILINE)
    assert match, f"the Makefile sets no {name}"
    return match[1]


def test_the_image_installs_as_make_does(root: Path, instructions: list[tuple[str, str]]) -> None:
    python = f"{VENV}/bin/python"
    assert build_steps(instructions)[:3] == [
        f"python3 -m venv {VENV}",
        f"{python} {make_variable(root, 'INSTALL_LOCK')} requirements.lock",
        f"{python} {make_variable(root, 'INSTALL_PROJECT')} .",
    ]


def test_the_last_stage_fetches_nothing(instructions: list[tuple[str, str]]) -> None:
    start = max(index for index, (name, _) in enumerate(instructions) if name == "FROM")
    last = instructions[start:]
    assert not any(re.search(r"\b(pip|apt|curl|wget)\b", rest) for _, rest in last)
    assert arguments(last, "ADD") == []


def test_the_service_runs_as_an_ordinary_user(instructions: list[tuple[str, str]]) -> None:
    (user,) = arguments(instructions, "USER")
    assert user not in {"root", "0"}


def test_the_health_check_asks_whether_the_service_lives(
    instructions: list[tuple[str, str]],
) -> None:
    (check,) = arguments(instructions, "HEALTHCHECK")
    assert "urllib.request" in check
    assert "/health/live" in check


def test_what_the_service_writes_lives_on_a_volume(instructions: list[tuple[str, str]]) -> None:
    (volume,) = arguments(instructions, "VOLUME")
    assert volume == '["/var/lib/lca"]'
    assert any("LCA_DATA_ROOT=/var/lib/lca" in rest for rest in arguments(instructions, "ENV"))


def test_only_named_files_reach_the_build(root: Path, instructions: list[tuple[str, str]]) -> None:
    copied = {
        name
        for rest in arguments(instructions, "COPY")
        if "--from" not in rest
        for name in rest.split()[:-1]
    }
    assert copied == build_context(root)
    assert [name for name in copied if not (root / name).exists()] == []


def test_the_dockerfile_passes_its_linter(root: Path) -> None:
    linter = shutil.which("hadolint", path=str(Path(sys.executable).parent))
    if linter is None:
        pytest.skip("hadolint has no wheel for this platform")
    verdict = subprocess.run(
        [linter, "--no-color", root / "Dockerfile"], capture_output=True, text=True, check=False
    )
    assert verdict.returncode == 0, verdict.stdout


@pytest.mark.slow
def test_the_steps_of_the_image_work_without_an_engine(
    root: Path, instructions: list[tuple[str, str]], tmp_path: Path
) -> None:
    source, venv, state = tmp_path / "src", tmp_path / "venv", tmp_path / "state"
    source.mkdir()
    for name in build_context(root):
        copy = shutil.copytree if (root / name).is_dir() else shutil.copy
        copy(root / name, source / name)
    for step in build_steps(instructions):
        here = step.replace(VENV, str(venv)).replace("/var/lib/lca", str(state))
        subprocess.run(here, shell=True, cwd=source, check=True, capture_output=True)
    report = subprocess.run(
        [venv / "bin" / "lca-service", "--help"], capture_output=True, text=True, check=True
    )
    assert "footprint" in report.stdout
    assert any(state.iterdir())
