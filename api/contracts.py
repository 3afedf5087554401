"""Electricity by contract: what is bought instead of the grid's, and the grid's beside it.

GHG Protocol Scope 2 Guidance (2015), chapter 7: who has market-based results reports those of
the grid as well. lca-rules: contract supply always shows the grid result beside it.
"""

from __future__ import annotations

from collections.abc import Iterator

from api.schemas.request import (
    FootprintRequest,
    LineRequest,
    ParameterRequest,
)
from lca_service.errors import Fault

GRID = "electricity-low-voltage"  # losses of higher voltages are not known apart
SUPPLY = "electricity-own-mix"  # plants by share, over all losses of the grid
SHARE = "share_"  # begins the names of its parameters


def instruments(request: FootprintRequest) -> list[str]:
    """Return what proves the contracts of a request, each once."""
    bills = [request.bom, *(part.bom for part in request.assemblies.values())]
    return sorted(
        {line.contract.instrument for bill in bills for line in bill if line.contract is not None}
    )


def supplied(line: LineRequest) -> LineRequest:
    """Return a line with what its contract supplies in place of the grid's electricity."""
    if line.contract is None:
        return line
    return line.model_copy(
        update={
            "product": SUPPLY,
            "location": line.contract.location or line.location,
            "parameters": {
                f"{SHARE}{kind}": ParameterRequest(amount=share)
                for kind, share in line.contract.shares.items()
            },
        }
    )


def is_supplied(pointer: str) -> bool:
    """Return whether what stands at a pointer of the study is what a contract supplies."""
    return pointer.endswith("/contract")


def on_the_grid(request: FootprintRequest) -> FootprintRequest:
    """Return a request without its contracts."""
    return request.model_copy(
        update={
            "bom": _without(request.bom),
            "assemblies": {
                name: part.model_copy(update={"bom": _without(part.bom)})
                for name, part in request.assemblies.items()
            },
        }
    )


def contract_faults(line: LineRequest, where: str) -> Iterator[Fault]:
    """Yield what is wrong with the contract of a line; ``where`` is its pointer."""
    if line.contract is None:
        return
    if line.product != GRID:
        detail = "a contract supplies electricity of the grid, at low voltage"
        hint = "name the grid's electricity as the product: it is the result beside"
        yield Fault(f"{where}/product", "bad_contract", detail, hint, (GRID,))
    if line.parameters:
        detail = "the shares of the contract are its parameters"
        yield Fault(f"{where}/parameters", "bad_contract", detail)


def _without(lines: list[LineRequest]) -> list[LineRequest]:
    return [line.model_copy(update={"contract": None}) for line in lines]
