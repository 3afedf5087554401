"""Whole answers over HTTP, from a service in a process of its own."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.timing import Timing, repeat

_PATIENCE_SECONDS = 60


def warm_answers(data_root: Path, request: dict[str, Any]) -> tuple[Timing, int]:
    """Return what answers over one connection took, and the size of one [bytes]."""
    body = json.dumps(request).encode()
    with _service(data_root) as port:
        size = len(_first(port, body))
        connection = http.client.HTTPConnection("127.0.0.1", port)
        warm = repeat(lambda: _ask(connection, body), 500, warm_up=50)
        connection.close()
    return warm, size


def cold_answer(data_root: Path, request: dict[str, Any]) -> Timing:
    """Time services from their start to their first answer."""
    body = json.dumps(request).encode()
    found: list[float] = []
    for _ in range(5):
        start = time.perf_counter()
        with _service(data_root) as port:
            _first(port, body)
            found.append(time.perf_counter() - start)
    return Timing(tuple(found))


@contextmanager
def _service(data_root: Path) -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    service = subprocess.Popen(
        [Path(sys.executable).with_name("lca-service"), "serve", "--port", str(port)],
        env=os.environ | {"LCA_DATA_ROOT": str(data_root), "LCA_LOG_LEVEL": "warning"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield port
    finally:
        service.terminate()
        service.wait()


def _first(port: int, body: bytes) -> bytes:
    """Ask until the service answers."""
    deadline = time.perf_counter() + _PATIENCE_SECONDS
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        try:
            return _ask(connection, body)
        except ConnectionRefusedError:
            if time.perf_counter() > deadline:
                raise
            time.sleep(0.005)
        finally:
            connection.close()


def _ask(connection: http.client.HTTPConnection, body: bytes) -> bytes:
    connection.request("POST", "/v1/footprints", body, {"Content-Type": "application/json"})
    response = connection.getresponse()
    content = response.read()
    if response.status != 200:
        raise RuntimeError(f"{response.status}: {content[:500]!r}")
    return content
