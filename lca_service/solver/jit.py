"""How the inner loops of the solver are compiled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numba import njit


def kernel(function: Callable[..., Any]) -> Any:
    """Compile a function of arrays at its first call, without holding the interpreter's lock.

    What is compiled is kept on disk for the next process; where nothing can be written it is
    compiled again. A division by zero gives an infinity, as numpy does.
    """
    options = {"nogil": True, "error_model": "numpy"}
    try:
        return njit(cache=True, **options)(function)
    except RuntimeError:  # no folder to keep it in: neither beside the code nor at home
        return njit(**options)(function)
