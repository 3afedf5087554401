"""The one pint registry, and conversion to canonical units.

Compound unit names such as ``m3`` and ``km3`` are defined one by one, because a
prefixed definition would read ``km3`` as a thousand cubic metres. In the tables of this
field ``kt`` is a thousand tonnes and ``pcs`` are pieces, not knots and parsecs.
"""

from __future__ import annotations

import functools
import math
import re
from typing import Any

import pint

from lca_service.errors import UnitMismatch

_DEFINITIONS = """
m2 = meter ** 2
km2 = kilometer ** 2
dm2 = decimeter ** 2
cm2 = centimeter ** 2
mm2 = millimeter ** 2
m3 = meter ** 3
km3 = kilometer ** 3
hm3 = hectometer ** 3
dm3 = decimeter ** 3
cm3 = centimeter ** 3
mm3 = millimeter ** 3
m4 = meter ** 4
tkm = metric_ton * kilometer
kilotonne = 1000 * metric_ton = kt
piece = [piece] = pieces = item = unit = pc = pcs
USD = [currency]
"""

# Names and numbers joined by * and /, a name with a one-digit power. More would let a
# text of 12 characters ("9**9**9**9") keep the unit parser busy for ever.
_ATOM = r"(?:[A-Za-zµμΩ°%$€][A-Za-z0-9µμΩ°_]*[²³]?(?:\s*(?:\*\*|\^)\s*-?[1-9])?|[0-9]{1,4})"
_FACTOR = rf"[\s(]*{_ATOM}[\s)]*"
UNIT_PATTERN = rf"^{_FACTOR}(?:[*/·]{_FACTOR})*$"

_AMBIGUOUS = re.compile(r"\btons?\b")
_ALIASES = {"": "dimensionless", "1": "dimensionless", "%": "percent"}


@functools.cache
def registry() -> pint.UnitRegistry[float]:
    """Return the registry, built once per process (about 0.1 s)."""
    units: pint.UnitRegistry[float] = pint.UnitRegistry(cache_folder=None, on_redefinition="ignore")
    units.load_definitions(_DEFINITIONS.strip().splitlines())
    return units


@functools.lru_cache(maxsize=4096)
def parse(unit: str) -> Any:
    """Return the pint unit of a text.

    Raises
    ------
    UnitMismatch
        If the text is no unit, or one with an offset such as degrees Celsius.

    Examples
    --------
    >>> str(parse("m3/t"))
    'm3 / metric_ton'
    """
    text = _ALIASES.get(unit.strip(), unit.strip())
    if len(text) > 64:
        raise UnitMismatch(f"unit of {len(text)} characters; the longest allowed has 64")
    if not re.match(UNIT_PATTERN, text):
        raise UnitMismatch(f"{unit!r} is no unit: write factors joined by * and /, such as t*km")
    if _AMBIGUOUS.search(text):
        raise UnitMismatch(f"{unit!r} is ambiguous: write t (1000 kg), short_ton or long_ton")
    try:
        parsed = registry().parse_units(text)
        registry().Quantity(1.0, parsed).to_base_units()
    except Exception as error:  # pint raises a dozen unrelated types on nonsense text
        raise UnitMismatch(f"unknown unit {unit!r}") from error
    if any("degree" in name and "angle" not in name for name in parsed._units):
        raise UnitMismatch(f"unit {unit!r} has an offset and cannot scale an amount")
    return parsed


@functools.lru_cache(maxsize=4096)
def factor(unit: str, target: str) -> float:
    """Return how many `target` one `unit` is.

    Raises
    ------
    UnitMismatch
        If the two do not have the same dimension.

    Examples
    --------
    >>> factor("kWh", "MJ")
    3.6
    >>> round(factor("m3/t", "L/kg"), 12)
    1.0
    """
    try:
        value = float(registry().Quantity(1.0, parse(unit)).to(parse(target)).magnitude)
    except pint.DimensionalityError as error:
        raise UnitMismatch(f"{unit!r} cannot be converted to {target!r}") from error
    if not math.isfinite(value) or value <= 0:
        raise UnitMismatch(f"{unit!r} does not scale to {target!r}")
    return float(f"{value:.15g}")


@functools.lru_cache(maxsize=4096)
def to_base(unit: str) -> tuple[float, str]:
    """Return the factor from `unit` to SI base units, and those base units as text.

    Examples
    --------
    >>> to_base("t/ha")
    (0.1, 'kilogram / meter ** 2')
    """
    quantity = registry().Quantity(1.0, parse(unit)).to_base_units()
    return float(f"{quantity.magnitude:.15g}"), str(quantity.units) or "dimensionless"
