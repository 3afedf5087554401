"""Work on every processor that this process may use."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np


def n_threads() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def in_threads(work: Callable[[slice], None], n: int) -> None:
    """Do some work on every part of n rows, a part in each thread."""
    edges = np.linspace(0, n, n_threads() + 1).astype(int).tolist()
    with ThreadPoolExecutor(max_workers=n_threads()) as pool:
        list(pool.map(work, map(slice, edges[:-1], edges[1:])))
