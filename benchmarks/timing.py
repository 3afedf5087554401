"""Medians of repeated measurements."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

_ENOUGH = 50  # repetitions for a 95th percentile


@dataclass(frozen=True)
class Timing:
    """What repeated measurements of one thing took [s]."""

    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    @property
    def slow(self) -> float:
        """The 95th percentile."""
        return sorted(self.seconds)[int(0.95 * (len(self.seconds) - 1))]

    def __str__(self) -> str:
        count = len(self.seconds)
        rest = (
            f"95 %: {shown(self.slow)}"
            if count >= _ENOUGH
            else f"worst: {shown(max(self.seconds))}"
        )
        return f"{shown(self.median)} ({rest}, n = {count})"


def shown(seconds: float) -> str:
    """Return a duration in the unit that reads best.

    Examples
    --------
    >>> shown(0.00051)
    '0.51 ms'
    """
    if seconds < 1:
        return f"{seconds * 1e3:.3g} ms"
    return f"{seconds:.3g} s"


def repeat(action: Callable[[], object], count: int, *, warm_up: int = 0) -> Timing:
    """Time an action so many times, after so many that are not timed."""
    for _ in range(warm_up):
        action()
    found: list[float] = []
    for _ in range(count):
        start = time.perf_counter()
        action()
        found.append(time.perf_counter() - start)
    return Timing(tuple(found))
