"""`lca-service exercises`: what trainers are told of their own files."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from lca_service.cli import app
from lca_service.engine import Engine
from tests.cli.conftest import Run


@pytest.fixture
def run(engine: Engine, data_root: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs the command line on the shipped release."""
    assert engine
    monkeypatch.setenv("LCA_DATA_ROOT", str(data_root))
    runner = CliRunner()
    return lambda *words: runner.invoke(app, list(words))


def test_an_exercise_that_is_right_is_said_to_be(run: Run, root: Path) -> None:
    files = [str(root / f"datasets/exercises/{name}.yaml") for name in ("electricity", "t-shirt")]
    done = run("exercises", "check", "--complete", *files)
    assert done.exit_code == 0, done.stderr_bytes
    assert b"2 exercises are right" in done.stdout_bytes


def test_what_is_wrong_with_an_exercise_is_told_with_file_and_place(
    run: Run, root: Path, tmp_path: Path
) -> None:
    text = (root / "datasets/exercises/electricity.yaml").read_text("utf-8")
    path = tmp_path / "mine.yaml"
    path.write_text(text.replace("electricity-generation-mix", "electricity-of-tides"), "utf-8")
    done = run("exercises", "check", str(path))
    assert done.exit_code == 1
    assert b"mine.yaml: BR: /country generation" in done.stderr_bytes
    path.write_text(text.replace("    zh:", "    zz:", 1), "utf-8")
    assert run("exercises", "check", str(path)).exit_code == 1
    assert run("exercises", "check", str(tmp_path / "none.yaml")).exit_code == 1


def test_a_text_without_a_language_is_a_note_unless_all_are_asked_for(
    run: Run, root: Path, tmp_path: Path
) -> None:
    text = (root / "datasets/exercises/electricity.yaml").read_text("utf-8")
    lines = text.splitlines(keepends=True)
    kept = [line for place, line in enumerate(lines) if not (place < 40 and " ru: " in line)]
    path = tmp_path / "mine.yaml"
    path.write_text("".join(kept), "utf-8")
    done = run("exercises", "check", str(path))
    assert done.exit_code == 0, done.stderr_bytes
    assert b"lack a language" in done.stdout_bytes
    complete = run("exercises", "check", "--complete", str(path))
    assert complete.exit_code == 1
    assert b"missing_text" in complete.stderr_bytes


def test_a_variant_is_shown_with_what_right_and_wrong_ways_lead_to(run: Run, root: Path) -> None:
    path = str(root / "datasets/exercises/electricity.yaml")
    done = run("exercises", "show", path, "--country", "TH", "--seed", "4")
    assert done.exit_code == 0, done.stderr_bytes
    shown = done.stdout_bytes.decode()
    assert "country=TH" in shown
    assert "by the engine" in shown
    assert "generation-for-delivered:" in shown
    assert run("exercises", "show", path, "--country", "Atlantis").exit_code == 2
