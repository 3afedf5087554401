"""A cluster builds the same bank, byte for byte, and survives the loss of a worker."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from lca_service import cluster
from lca_service.cluster import on_cluster
from lca_service.engine import Engine
from lca_service.errors import ClusterError

distributed = pytest.importorskip("distributed")

# A worker on the knowledge of the first argument
_WORKER = """
import asyncio, sys
from pathlib import Path
import lca_service.compilation
from distributed import Worker
knowledge = Path(sys.argv[1])
lca_service.compilation.knowledge_root = lambda: knowledge

async def work():
    async with Worker(sys.argv[2], nthreads=1, local_directory=sys.argv[3]) as worker:
        await worker.finished()

asyncio.run(work())
"""


@pytest.fixture
def scheduler() -> Iterator[Any]:
    """A scheduler without workers."""
    with (
        warnings.catch_warnings(),
        distributed.LocalCluster(n_workers=0, processes=False, protocol="tcp",
                                 dashboard_address=None, silence_logs=50) as found,
    ):  # fmt: skip
        yield found


@pytest.fixture
def workers(
    scheduler: Any, tiny: Engine, tiny_knowledge: Path, tmp_path: Path
) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Two worker processes."""
    environment = os.environ | {"LCA_DATA_ROOT": str(tiny.catalogue.folder.parents[1])}
    found = [
        subprocess.Popen(
            [sys.executable, "-c", _WORKER, str(tiny_knowledge), scheduler.scheduler_address,
             str(tmp_path / str(number))],
            env=environment, stderr=subprocess.DEVNULL,
        )
        for number in range(2)
    ]  # fmt: skip
    yield found
    for each in found:
        each.kill()
        each.wait()


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("block-*")}


def test_a_bank_is_the_same_although_a_worker_dies(
    scheduler: Any, workers: list[subprocess.Popen[bytes]], tiny: Engine
) -> None:
    samples, seed = 24 * 32, 20260
    alone = tiny.build_samples(samples=samples, seed=seed)
    expected = content(alone.folder)
    shutil.rmtree(alone.folder)
    with distributed.Client(scheduler.scheduler_address, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=60)
    told: list[int] = []

    def progress(built: int) -> None:
        told.append(built)
        if built and workers[0].poll() is None:
            workers[0].send_signal(signal.SIGKILL)
            workers[0].wait()

    compute = on_cluster(scheduler.scheduler_address, tiny, seed)
    together = tiny.build_samples(samples=samples, seed=seed, progress=progress, compute=compute)
    assert workers[0].returncode == -signal.SIGKILL
    assert workers[1].poll() is None
    assert told[0] < told[-1] == samples
    assert len(expected) == 48  # blocks, and what happened to each
    assert content(together.folder) == expected


def test_a_worker_with_other_data_is_refused(
    scheduler: Any, workers: list[subprocess.Popen[bytes]]
) -> None:
    other: Any = SimpleNamespace(catalogue=SimpleNamespace(folder=Path("another-release")))
    with pytest.raises(ClusterError, match=r"another-release: install the same version"):
        list(on_cluster(scheduler.scheduler_address, other, 1)([0]))


def test_a_cluster_without_workers_is_refused(
    scheduler: Any, tiny: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "_PATIENCE", 0.5)
    with pytest.raises(ClusterError, match="has no worker"):
        list(on_cluster(scheduler.scheduler_address, tiny, 1)([0]))


def test_a_scheduler_that_does_not_answer_is_refused(
    tiny: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "_PATIENCE", 0.5)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(ClusterError, match="no scheduler answers at"):
        list(on_cluster(address, tiny, 1)([0]))


def test_without_the_extra_it_says_what_to_install(
    tiny: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ClusterError, match=r"pip install 'lca-service\[cluster\]'"):
        list(on_cluster("tcp://127.0.0.1:1", tiny, 1)([0]))
