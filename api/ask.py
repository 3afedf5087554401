"""One question from its JSON to its answer, for HTTP and the command line alike."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

import numpy as np

from api.contracts import instruments, on_the_grid
from api.faults import checked
from api.schemas.answer import ContributionsAnswer, FootprintAnswer
from api.translate.answers import from_contributions, from_footprint, manifest
from api.translate.questions import to_study
from lca_service.calculation.contributions import By
from lca_service.engine import Engine
from lca_service.errors import Fault, StudyError

T = TypeVar("T")


def ask_footprint(
    value: Mapping[str, Any],
    engine: Engine,
    *,
    max_lines: int,
    faults: Sequence[Fault] = (),
    identity: str = "",
) -> FootprintAnswer:
    """Return the footprint of a request.

    Parameters
    ----------
    faults
        That have been found in it before.
    identity
        Of the footprint whose draws are used for its own lines; default: its own.

    Raises
    ------
    StudyError
        With every fault of the request at once.
    SamplesMissing
        If it asks for distributions and their samples are not built.
    """
    request = checked(value, engine, max_lines=max_lines, also=faults)
    made = manifest(value, engine)
    study = to_study(request, identity or made.input_sha256)
    result = _computed(lambda: engine.footprint(study))
    _require_finite(each.value for each in result.indicators)
    on_grid = None
    if instruments(request):
        beside = to_study(on_the_grid(request))
        on_grid = _computed(lambda: engine.footprint(beside))
    drawn = engine.uncertainty(study) if study.sampling else None
    return from_footprint(result, request, engine, made, drawn, on_grid)


def ask_contributions(
    value: Mapping[str, Any],
    engine: Engine,
    *,
    by: By,
    depth: int,
    limit: int,
    nodes: int,
    max_lines: int,
    faults: Sequence[Fault] = (),
) -> ContributionsAnswer:
    """Return what the footprint of a request is made of; raises as `ask_footprint`."""
    request = checked(value, engine, max_lines=max_lines, also=faults)
    made = manifest(value, engine)
    study = to_study(request, made.input_sha256)
    results = _computed(
        lambda: engine.contributions(study, by=by, depth=depth, limit=limit, nodes=nodes)
    )
    _require_finite(each.value for each in results)
    return from_contributions(results, request, by, engine, made)


def _computed(compute: Callable[[], T]) -> T:
    """Return what a computation returns, or the fault that its amounts overflow.

    Each amount is within its limits; a chain of assemblies may multiply them beyond.
    """
    try:
        with np.errstate(over="raise", invalid="raise", divide="raise"):
            return compute()
    except (FloatingPointError, np.linalg.LinAlgError) as error:
        raise _absurd() from error


def _require_finite(values: Iterable[float | None]) -> None:
    if not all(value is None or math.isfinite(value) for value in values):
        raise _absurd()


def _absurd() -> StudyError:
    detail = "the amounts of the assemblies multiply to more than a number can hold"
    hint = "check the outputs and amounts of the assemblies"
    return StudyError([Fault("/assemblies", "absurd_amounts", detail, hint)])
