"""`lca-service serve`: a service that answers the line it prints, and stops when told."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

_PATIENCE_SECONDS = 60


@contextmanager
def serving(
    folder: Path, data_root: Path, *options: str, cwd: Path
) -> Iterator[tuple["subprocess.Popen[bytes]", str]]:
    """Run the service on a free port until the block ends; give what it printed."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = folder / "log"
    command = [sys.executable, "-m", "lca_service.cli", "serve", "--port", str(port), *options]
    environment = os.environ | {"LCA_DATA_ROOT": str(data_root)}
    with log.open("wb") as stream:
        process = subprocess.Popen(command, cwd=cwd, env=environment, stdout=stream, stderr=stream)
    try:
        end = time.monotonic() + _PATIENCE_SECONDS
        while not is_ready(port):
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < end, log.read_text()
            time.sleep(0.05)
        yield process, log.read_text()
    finally:
        process.terminate()
        process.wait(_PATIENCE_SECONDS)


def is_ready(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=_PATIENCE_SECONDS):
            return True
    except (URLError, ConnectionError):
        return False


def ask(printed: str, cwd: Path) -> dict[str, object]:
    """Run the curl line that the service printed."""
    line = re.search("^ +(curl .*)$", printed, re.MULTILINE)
    assert line
    done = subprocess.run(line[1] + " --fail --silent", shell=True, cwd=cwd, capture_output=True)
    assert done.returncode == 0, done.stderr
    answer: dict[str, object] = json.loads(done.stdout)
    return answer


needs_curl = pytest.mark.skipif(not shutil.which("curl"), reason="the printed line is for curl")


@needs_curl
def test_the_printed_line_works_in_the_checkout_and_the_service_stops_when_told(
    root: Path, data_root: Path, tmp_path: Path
) -> None:
    with serving(tmp_path, data_root, cwd=root) as (process, printed):
        assert "@examples/rice-th.json" in printed
        assert ask(printed, root)["lines"]
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) in (0, -signal.SIGTERM)


@needs_curl
def test_two_workers_share_what_is_compiled_and_the_line_works_anywhere(
    data_root: Path, tmp_path: Path
) -> None:
    made = sorted((data_root / "compiled").iterdir())
    with serving(tmp_path, data_root, "--workers", "2", cwd=tmp_path) as (_, printed):
        assert ask(printed, tmp_path)["lines"]
    assert sorted((data_root / "compiled").iterdir()) == made
