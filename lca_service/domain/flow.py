"""What is exchanged: products within the economy, elementary flows with nature."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Product:
    """A good or service that activities make and buy, counted in ``unit``."""

    code: str
    name: str
    unit: str
    category: str
    description: str = ""
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True)
class ElementaryFlow:
    """A substance or resource exchanged with nature, counted in ``unit``.

    A regional flow is inventoried per location, because its effect depends on the place.
    """

    code: str
    name: str
    unit: str
    compartment: str
    is_regional: bool
    category: str
    description: str = ""
