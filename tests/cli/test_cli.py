"""`lca-service`: what it prints, and how it ends."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from lca_service import __version__
from lca_service.catalogue.datapackage import Package, seal
from lca_service.engine import Engine
from tests.cli.conftest import REQUEST, Run


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "request.json"
    path.write_text(REQUEST, "utf-8")
    return str(path)


def test_the_command_line_prints_what_the_service_answers(
    run: Run, file: str, tiny: Engine
) -> None:
    headers = {"Content-Type": "application/json"}
    client = TestClient(create_app(engine=tiny))
    answer = client.post("/v1/footprints", content=REQUEST.encode(), headers=headers).content
    for words, stdin in (([file], b""), (["-"], REQUEST.encode())):
        done = run("footprint", *words, "--format", "json", stdin=stdin)
        assert done.exit_code == 0, done.stderr_bytes
        # the service keeps it, under an id and a time of its own
        assert answer.endswith(done.stdout_bytes[1:-1])


@pytest.mark.parametrize(
    "locale",
    [{"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}, {"LC_ALL": "xx_YY.nonsense"}],
    ids=str,
)
def test_a_table_is_printed_in_any_locale(
    command: list[str], environment: dict[str, str], file: str, locale: dict[str, str]
) -> None:
    words = [*command, "footprint", file]
    done = subprocess.run(words, env=environment | locale, capture_output=True)
    assert done.returncode == 0, done.stderr
    assert done.stderr == b""
    # 0.4 kg CO2 per kg, and a fifth of it goes back into the refinery: 0.4 / 0.8
    assert b"climate_change.total  0.5  kg CO2e" in done.stdout
    assert b"data release 2026.0" in done.stdout


def test_every_fault_is_printed_and_the_status_is_2(run: Run) -> None:
    text = (
        REQUEST.replace('"IN"', '"XX"').replace('"diesel"', '"disel"').replace('"use"', '"usage"')
    )
    done = run("footprint", "-", stdin=text.replace('"name"', '"title"').encode())
    assert done.exit_code == 2
    assert done.stdout_bytes == b""
    lines = done.stderr_bytes.decode().splitlines()
    assert [line.split(":")[0] for line in lines] == [
        "/name",
        "/bom/0/stage",
        "/title",
        "/location",
    ]
    done = run("footprint", "-", stdin=text.replace("usage", "use").encode())
    lines = done.stderr_bytes.decode().splitlines()
    assert [line.split(":")[0] for line in lines] == ["/location", "/bom/0/product"]
    assert "diesel" in lines[1]


@pytest.mark.parametrize("stdin", [b"", b"{", b"[]", b"\xff", b"[" * 10_000])
def test_what_is_no_request_is_refused(run: Run, stdin: bytes) -> None:
    done = run("footprint", "-", stdin=stdin)
    assert done.exit_code == 2
    assert len(done.stderr_bytes.splitlines()) == 1


@pytest.mark.parametrize("name", ["nowhere.json", ".", "a\nb"])
def test_a_file_that_cannot_be_read_is_refused(run: Run, tmp_path: Path, name: str) -> None:
    done = run("footprint", str(tmp_path / name))
    assert done.exit_code == 2
    assert b"Traceback" not in done.stderr_bytes


def test_wrong_settings_are_named(run: Run, file: str) -> None:
    done = run("footprint", file, LCA_PORT="http", LCA_LOG_LEVEL="loud")
    assert done.exit_code == 2
    assert [line.split(b":")[0] for line in done.stderr_bytes.splitlines()] == [
        b"LCA_PORT",
        b"LCA_LOG_LEVEL",
    ]


def test_a_data_root_that_cannot_be_written_is_named(run: Run, file: str, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    done = run("footprint", file, LCA_DATA_ROOT=str(tmp_path / "taken"))
    assert done.exit_code == 2
    assert b"taken" in done.stderr_bytes
    assert b"Traceback" not in done.stderr_bytes


def test_a_reader_that_stops_reading_is_no_error_to_shout_about(
    command: list[str], environment: dict[str, str], file: str
) -> None:
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "wb") as closed:
        done = subprocess.run(
            [*command, "footprint", file], env=environment, stdout=closed, stderr=subprocess.PIPE
        )
    assert done.stderr == b""


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-"])
def test_a_closed_stream_is_no_traceback(
    command: list[str], environment: dict[str, str], file: str, closed: str
) -> None:
    source = "-" if closed == "<&-" else file
    words = ["sh", "-c", f'"$@" {closed}', "sh", *command, "footprint", source]
    done = subprocess.run(words, env=environment, capture_output=True)
    assert b"Traceback" not in done.stderr
    assert done.returncode == (2 if source == "-" else 0)


def test_the_version_is_printed(run: Run) -> None:
    assert run("--version").stdout.strip() == __version__


def test_whole_data_passes_the_check(run: Run, tiny_knowledge: Path) -> None:
    done = run("data", "check", "--root", str(tiny_knowledge))
    assert done.exit_code == 0, done.stderr_bytes
    assert b"whole" in done.stdout_bytes


def test_broken_data_is_told_file_by_file(run: Run, tiny_knowledge: Path, tmp_path: Path) -> None:
    root = Path(shutil.copytree(tiny_knowledge, tmp_path / "knowledge"))
    path = root / "datasets" / "economy" / "figures.csv"
    path.write_text(path.read_text("utf-8").replace(",hand,", ",nobody,", 1), "utf-8")
    done = run("data", "check", "--root", str(root))
    assert done.exit_code == 1
    assert b"datasets/economy/figures.csv" in done.stderr_bytes


def test_a_folder_without_data_fails_the_check(run: Run, tmp_path: Path) -> None:
    done = run("data", "check", "--root", str(tmp_path))
    assert done.exit_code == 2, done.stdout_bytes
    assert b"Traceback" not in done.stderr_bytes


def test_help_waits_for_no_arithmetic(root: Path) -> None:
    # numpy, scipy, pint and FastAPI take a second that nobody should wait for a help text
    script = "import sys, lca_service.cli; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], cwd=root, capture_output=True, text=True)
    slow = {"numpy", "scipy", "pint", "fastapi", "uvicorn", "frictionless"}
    assert slow & set(done.stdout.split()) == set()


def test_two_releases_are_compared_by_their_answers(
    run: Run, tiny_knowledge: Path, tmp_path: Path
) -> None:
    later = Path(shutil.copytree(tiny_knowledge, tmp_path / "later"))
    table = later / "datasets" / "economy" / "figures.csv"
    # twice the fuel's carbon: twice the score of what has no other emission
    table.write_text(table.read_text("utf-8").replace("refinery,GLO,0.4,", "refinery,GLO,0.8,"))
    seal(Package(table.parent))
    requests = tmp_path / "requests"
    requests.mkdir()
    (requests / "diesel.json").write_text(REQUEST, "utf-8")
    result = run("data", "diff", str(tiny_knowledge), str(later), "--examples", str(requests))
    assert result.exit_code == 0, result.output
    assert "| figures | 41 | 41 | 0 | 0 | 1 |" in result.output
    assert "| diesel | climate_change.total | kg CO2e | 0.5 | 1 | 2 |" in result.output


def test_releases_cannot_be_compared_without_requests(run: Run, tiny_knowledge: Path) -> None:
    folder = str(tiny_knowledge)
    result = run("data", "diff", folder, folder, "--examples", f"{folder}/methods")
    assert result.exit_code == 2
    assert "no request" in result.output


def test_samples_are_built_and_used(run: Run, tmp_path: Path, file: str) -> None:
    question = json.loads(Path(file).read_text("utf-8"))
    wish = tmp_path / "wish.json"
    wish.write_text(json.dumps({**question, "uncertainty": {"samples": 40, "seed": 9}}), "utf-8")
    refused = run("footprint", str(wish))
    assert refused.exit_code == 2
    assert "first run: lca-service samples build --samples 40 --seed 9" in refused.stderr
    built = run("samples", "build", "--samples", "40", "--seed", "9")
    assert built.exit_code == 0, built.stderr
    assert "64 samples" in built.stdout
    assert "seed 9: 64 samples" in run("samples", "list").stdout
    answer = json.loads(run("footprint", str(wish), "--format", "json").stdout)
    assert answer["uncertainty"]["used"] == 40
