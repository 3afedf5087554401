"""A service in a process of its own, on a free port."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

COMMAND = str(Path(sys.executable).parent / "lca-service")
_PATIENCE = 60.0  # seconds; a start takes one, on a machine with nothing else to do


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(log: Path, data_root: Path, *arguments: str) -> Iterator[str]:
    """Run `lca-service serve` until the block ends, and return its address."""
    port = free_port()
    environment = os.environ | {"LCA_DATA_ROOT": str(data_root)}
    command = [COMMAND, "serve", "--port", str(port), *arguments]
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, env=environment)
        try:
            address = f"http://127.0.0.1:{port}"
            _wait(f"{address}/health/ready", process, log)
            yield address
        finally:
            process.terminate()
            process.wait(timeout=_PATIENCE)


def _wait(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end and process.poll() is None:
        try:
            with urlopen(address, timeout=_PATIENCE):
                return
        except URLError:
            time.sleep(0.05)
    raise AssertionError(f"the service did not start:\n{log.read_text('utf-8')}")
