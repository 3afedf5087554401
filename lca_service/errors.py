"""Every exception of the engine.

LcaError
├── DataError          the knowledge in datasets/ or methods/ is wrong: every `DataFault`
├── StudyError         the question cannot be answered as asked: every `Fault`, all at once
├── UnitMismatch       an amount has the wrong dimension, or its unit is unknown
├── UnknownName        a product, place, elementary flow, indicator or method is not known
├── NoProvider         nobody makes the product at the location or above it on the ladder
├── SamplesMissing     the samples that are asked for have not been built
├── SingularSystem     the equations have no unique solution
└── UnstableSolution   a solution is not finite or leaves a residual
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong in a question.

    Parameters
    ----------
    pointer
        Path into the user's input, as a JSON pointer (RFC 6901), e.g. ``/bom/2/unit``.
    code
        Stable, language-neutral name of the kind of fault, e.g. ``unknown_product``.
    detail
        What is wrong, as a sentence.
    hint
        What to do next, as a sentence; empty where there is nothing to add.
    allowed
        The nearest or the only values that would be accepted.
    """

    pointer: str
    code: str
    detail: str
    hint: str = ""
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True)
class DataFault:
    """One thing that is wrong in a table or template: which file, where in it, and what to do."""

    file: str
    place: str
    code: str
    detail: str

    def __str__(self) -> str:
        """Return the fault as one line that an editor can jump to."""
        return f"{self.file}: {self.place}: {self.detail} [{self.code}]"


class LcaError(Exception):
    """Anything the engine refuses to do."""


class DataError(LcaError):
    """The knowledge is wrong; every fault that was found is in `faults`."""

    def __init__(self, faults: Sequence[DataFault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in faults))


class StudyError(LcaError):
    """The question is wrong; every fault that was found is in `faults`."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(f"{fault.pointer}: {fault.detail}" for fault in faults))


class UnitMismatch(LcaError):
    """A unit is unknown or has another dimension than the one asked for."""


class UnknownName(LcaError):
    """A name is not known.

    Parameters
    ----------
    code
        Kind of fault, e.g. ``unknown_product`` or ``retired_location``.
    name
        The name as it was given.
    nearest
        The closest names that are known.
    hint
        What to do next.
    """

    def __init__(self, code: str, name: str, nearest: Sequence[str] = (), hint: str = "") -> None:
        self.code = code
        self.name = name
        self.nearest = tuple(nearest)
        self.hint = hint
        super().__init__(f"{code.replace('_', ' ')} {name!r}")


class BadParameter(LcaError):
    """A parameter given for a process leads to no amount; ``hint`` says what to do next."""

    def __init__(self, detail: str, hint: str) -> None:
        self.hint = hint
        super().__init__(detail)


class NoProvider(LcaError):
    """No activity makes the product at the location, nor at any rung of its ladder."""


class SingularSystem(LcaError):
    """The system of equations has no unique solution."""


class UnstableSolution(LcaError):
    """A solution is not finite or leaves a residual."""


class ClusterError(LcaError):
    """A cluster of other machines cannot do what it is asked."""


class SamplesMissing(LcaError):
    """The sample bank of a seed has fewer samples than are asked for.

    ``data_hash`` is that of the release whose samples they are.
    """

    def __init__(self, *, data_hash: str, seed: int, built: int, wanted: int) -> None:
        self.data_hash, self.seed, self.built, self.wanted = data_hash, seed, built, wanted
        super().__init__(f"{built} of {wanted} samples of seed {seed} are built")
