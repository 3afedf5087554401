"""Blocks of sample banks from a Dask cluster.

``pip install lca-service[cluster]`` here and on every worker. A block is the same to the byte
wherever it is computed: its draws belong to figures and samples, not to machines. A worker
that dies takes nothing along, because its blocks are computed again elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import islice
from typing import Any

from api.settings import Settings
from lca_service.calculation.sample_bank import Block, Builder
from lca_service.engine import Engine
from lca_service.errors import ClusterError

_PATIENCE = 30  # seconds to wait for a worker


def on_cluster(
    scheduler: str, engine: Engine, seed: int
) -> Callable[[Sequence[int]], Iterator[Block]]:
    """Return what computes blocks of the samples of a seed on a cluster.

    Parameters
    ----------
    scheduler
        Address of a Dask scheduler, such as ``tcp://10.0.0.5:8786``.
    engine
        The release of which samples are wanted; workers must have the same.
    seed
        Of the samples.

    Raises
    ------
    ClusterError
        When blocks are asked for: if the extra is not installed, the scheduler does not answer
        or has no worker, or a worker has other data or another version.
    """

    def compute(blocks: Sequence[int]) -> Iterator[Block]:
        try:
            import distributed  # an extra
        except ImportError as error:
            raise ClusterError("a cluster needs: pip install 'lca-service[cluster]'") from error
        # Any: nothing in it has types
        connect: Any = distributed.Client
        as_completed: Any = distributed.as_completed
        release = engine.catalogue.folder.name
        try:
            client = connect(scheduler, timeout=_PATIENCE, set_as_default=False)
        except (OSError, ValueError) as error:
            raise ClusterError(f"no scheduler answers at {scheduler}: {error}") from error
        with client, client.as_current():
            try:
                client.wait_for_workers(1, timeout=_PATIENCE)
            except TimeoutError as error:
                raise ClusterError(f"the scheduler at {scheduler} has no worker") from error
            waiting = iter(blocks)
            # Few at once, so that finished blocks do not pile up before they are on disk
            first = islice(waiting, 2 * sum(client.nthreads().values()))
            done = as_completed(
                [client.submit(_block, release, seed, block, pure=False) for block in first],
                with_results=True,
            )
            for _, found in done:
                yield found
                for block in islice(waiting, 1):
                    done.add(client.submit(_block, release, seed, block, pure=False))

    return compute


def _block(release: str, seed: int, block: int) -> Block:
    """Compute a block on a worker."""
    engine, builder = _ready()
    if engine.catalogue.folder.name != release:
        raise ClusterError(
            f"a worker has release {engine.catalogue.folder.name}, the samples are of {release}: "
            "install the same version of the service everywhere"
        )
    (found,) = builder.blocks(engine.sample_bank(seed), [block])
    return found


@cache
def _ready() -> tuple[Engine, Builder]:
    engine = Engine.open(Settings().data_root)
    return engine, engine.sample_builder()
