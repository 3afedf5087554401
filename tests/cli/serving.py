"""A service in a process of its own, on a free port."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

_PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Service:
    """A running service: its process, its address, and what it printed."""

    process: "subprocess.Popen[bytes]"
    address: str
    printed: str


@contextmanager
def serving(
    folder: Path, data_root: Path, *options: str, cwd: Path, **settings: str
) -> Iterator[Service]:
    """Run `lca-service serve` until the block ends; its log is written into the folder."""
    port = _free_port()
    address, log = f"http://127.0.0.1:{port}", folder / "log"
    command = [sys.executable, "-m", "lca_service.cli", "serve", "--port", str(port), *options]
    environment = os.environ | {"LCA_DATA_ROOT": str(data_root)} | settings
    with log.open("wb") as stream:
        process = subprocess.Popen(command, cwd=cwd, env=environment, stdout=stream, stderr=stream)
    try:
        end = time.monotonic() + _PATIENCE_SECONDS
        while not _is_ready(address):
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < end, log.read_text()
            time.sleep(0.05)
        yield Service(process, address, log.read_text())
    finally:
        process.terminate()
        process.wait(_PATIENCE_SECONDS)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _is_ready(address: str) -> bool:
    try:
        with urlopen(f"{address}/health/ready", timeout=_PATIENCE_SECONDS):
            return True
    except (URLError, ConnectionError):
        return False
