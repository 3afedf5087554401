"""From the JSON of a question to the study that the engine answers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from api.contracts import SHARE, supplied
from api.parse import pointer
from api.schemas.request import (
    AssemblyRequest,
    EmissionRequest,
    FootprintRequest,
    LineRequest,
    SpreadRequest,
)
from lca_service.domain.study import (
    Assembly,
    DeclaredUnit,
    Emission,
    GivenParameter,
    Line,
    Sampling,
    Spread,
    Stage,
    Study,
)


def to_study(request: FootprintRequest, identity: str = "") -> Study:
    """Return the study that a request describes; its hash tells it from any other."""
    unit = request.declared_unit
    return Study(
        name=request.name,
        declared_unit=DeclaredUnit(unit.amount, unit.unit, unit.mass_kg),
        location=request.location,
        lines=to_lines(enumerate(request.bom), ["bom"]),
        emissions=to_emissions(enumerate(request.emissions), ["emissions"]),
        assemblies=tuple(
            _assembly(name, assembly) for name, assembly in request.assemblies.items()
        ),
        indicators=tuple(request.indicators),
        methods=dict(request.methods),
        sampling=None
        if request.uncertainty is None
        else Sampling(request.uncertainty.samples, request.uncertainty.seed),
        identity=identity,
    )


def _spread(given: SpreadRequest | None) -> Spread | None:
    if given is None:
        return None
    return Spread(
        shape=given.distribution,
        gsd=1.0 if given.gsd is None else given.gsd,
        minimum=given.minimum or 0.0,
        maximum=given.maximum or 0.0,
        key=given.key or "",
    )


def to_lines(lines: Iterable[tuple[int, LineRequest]], path: list[str | int]) -> tuple[Line, ...]:
    """Return the lines of a bill, each with where it stands in the request.

    What is bought by contract stands where the contract does.
    """
    return tuple(
        _to_line(supplied(line), line.id or f"line-{index + 1}", [*path, index])
        for index, line in lines
    )


def _to_line(line: LineRequest, name: str, path: list[str | int]) -> Line:
    parameters = "parameters"
    if line.contract is not None:
        path, parameters = [*path, "contract"], "shares"
    return Line(
        id=name,
        stage=line.stage or Stage.RAW_MATERIALS,
        amount=line.amount + 0.0,  # -0.0 is 0.0
        unit=line.unit,
        pointer=pointer(path),
        location=line.location or "",
        product=line.product or "",
        assembly=line.assembly or "",
        mix=line.mix or "",
        parameters=tuple(
            GivenParameter(
                each,
                given.amount + 0.0,
                given.unit,
                pointer(
                    [*path, parameters, each if line.contract is None else each.removeprefix(SHARE)]
                ),
            )
            for each, given in line.parameters.items()
        ),
        spread=_spread(line.uncertainty),
    )


def to_emissions(
    emissions: Iterable[tuple[int, EmissionRequest]], path: list[str | int]
) -> tuple[Emission, ...]:
    """Return the direct emissions, each with where it stands in the request."""
    return tuple(
        Emission(
            id=emission.id or f"emission-{index + 1}",
            stage=emission.stage or Stage.MANUFACTURING,
            flow=emission.flow,
            amount=emission.amount + 0.0,
            unit=emission.unit,
            pointer=pointer([*path, index]),
            location=emission.location or "",
            spread=_spread(emission.uncertainty),
        )
        for index, emission in emissions
    )


def _assembly(name: str, assembly: AssemblyRequest) -> Assembly:
    path: list[str | int] = ["assemblies", name]
    return Assembly(
        name=name,
        amount=assembly.amount,
        unit=assembly.unit,
        lines=to_lines(enumerate(assembly.bom), [*path, "bom"]),
        emissions=to_emissions(enumerate(assembly.emissions), [*path, "emissions"]),
        pointer=pointer(path),
    )


def input_sha256(value: Mapping[str, Any]) -> str:
    """Return the hash of a request: of its JSON with sorted keys and no spaces.

    A whole number counts the same whether it is written 1 or 1.0.

    Examples
    --------
    >>> input_sha256({"b": 1.0, "a": 2}) == input_sha256({"a": 2.0, "b": 1})
    True
    """
    canonical = json.dumps(_normal(value), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8")).hexdigest()


def _normal(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _normal(child) for key, child in value.items()}
    if isinstance(value, list):
        return [_normal(child) for child in value]
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value) if abs(value) <= 2**53 else value
    return value
