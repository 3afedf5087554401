"""Impact assessment methods and their indicators."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ImpactCategory:
    """One indicator of one method edition.

    Parameters
    ----------
    indicator
        Language-neutral id, e.g. ``climate_change.total``.
    method
        Id of the method edition, e.g. ``ipcc_ar6_gwp100``.
    blocked_by
        Elementary flows whose presence makes the value unknown.
    partial_by
        Elementary flows whose presence makes the value a partial one.
    """

    indicator: str
    method: str
    name: str
    unit: str
    definition: str
    blocked_by: tuple[str, ...] = ()
    partial_by: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        """Method and indicator: what makes an impact category unique."""
        return (self.method, self.indicator)


@dataclass(frozen=True)
class Method:
    """An edition of an impact assessment method: a folder under ``methods/``."""

    id: str
    family: str
    title: str
    version: str
    edition: str
    is_default: bool
    licence: str
    indicators: tuple[str, ...]
