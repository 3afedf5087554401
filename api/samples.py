"""Samples that nobody has built yet: built in the background while the client waits."""

from __future__ import annotations

import logging
import threading

from fastapi import FastAPI, Request, Response

from api.dependencies import get_releases
from api.problems import problem
from lca_service.engine import Engine
from lca_service.errors import Fault, SamplesMissing

_RETRY_SECONDS = 10

_log = logging.getLogger(__name__)


class SampleBuilds:
    """One build at a time, in a thread of its own.

    Parameters
    ----------
    most_banks
        Seeds of a release whose samples the service builds by itself: each takes gigabytes.
    """

    def __init__(self, most_banks: int) -> None:
        self._most_banks = most_banks
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def start(self, engine: Engine, *, samples: int, seed: int) -> bool:
        """Build for a release in the background; return whether the seed will be built."""
        seeds = {bank.seed for bank in engine.sample_banks}
        if seed not in seeds and len(seeds) >= self._most_banks:
            return False
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(
                    target=_build, args=(engine, samples, seed), daemon=True, name="samples"
                )
                self._thread.start()
        return True


def _build(engine: Engine, samples: int, seed: int) -> None:
    try:
        engine.build_samples(samples=samples, seed=seed)
    except OSError:
        _log.exception("the samples of seed %d could not be built", seed)


def register_samples(app: FastAPI) -> None:
    """Answer a question whose samples are missing with when to ask again."""
    app.add_exception_handler(SamplesMissing, _missing)


def _missing(request: Request, error: Exception) -> Response:
    assert isinstance(error, SamplesMissing)
    app = request.app.state
    if not hasattr(app, "sample_builds"):
        app.sample_builds = SampleBuilds(app.settings.sample_banks)
    engine = get_releases(request).of_hash(error.data_hash)
    if app.sample_builds.start(engine, samples=error.wanted, seed=error.seed):
        return problem(
            503,
            f"{error}; they are being built, ask again",
            instance=request.url.path,
            headers={"Retry-After": str(_RETRY_SECONDS)},
        )
    seeds = tuple(str(bank.seed) for bank in engine.sample_banks)
    hint = (
        f"use one of these seeds, or let the operator run: lca-service samples build "
        f"--samples {error.wanted} --seed {error.seed}"
    )
    fault = Fault("/uncertainty/seed", "samples_missing", str(error), hint, seeds)
    return problem(422, "the request has one fault; nothing was computed", [fault])
