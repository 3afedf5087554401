"""Decoupling: whether a pressure on the environment grows more slowly than the economy.

With p and a the relative changes of pressure and activity between the first and the last year
of a period [-], and e = p / a their elasticity:

========  =====================================  =====================================
activity  pressure                               verdict
========  =====================================  =====================================
grows     falls (p < 0)                          ``absolute``
grows     grows more slowly (0 <= p < a)         ``relative``
grows     grows as fast, or faster (p >= a)      ``none``
falls     falls faster (p < a)                   ``recession_faster_fall``
falls     falls as fast, or more slowly          ``recession_slower_fall``
falls     grows (p > 0)                          ``recession_rise``
========  =====================================  =====================================

A pressure that falls in a recession is not decoupled: it fell with the economy. `Tapio` names
the eight states of Tapio (2005), Transport Policy 12, pages 137 to 151, who calls everything
between e = 0.8 and 1.2 coupling. Series are values by year in any one unit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

Series = Mapping[int, float]

_COUPLED = (0.8, 1.2)  # elasticities, both included


class Decoupled(StrEnum):
    """What may be said of a pressure beside an activity over a period."""

    ABSOLUTE = "absolute"
    RELATIVE = "relative"
    NONE = "none"
    RECESSION_FASTER_FALL = "recession_faster_fall"
    RECESSION_SLOWER_FALL = "recession_slower_fall"
    RECESSION_RISE = "recession_rise"


class Tapio(StrEnum):
    """The states of Tapio (2005)."""

    STRONG_DECOUPLING = "strong_decoupling"
    WEAK_DECOUPLING = "weak_decoupling"
    EXPANSIVE_COUPLING = "expansive_coupling"
    EXPANSIVE_NEGATIVE_DECOUPLING = "expansive_negative_decoupling"
    STRONG_NEGATIVE_DECOUPLING = "strong_negative_decoupling"
    WEAK_NEGATIVE_DECOUPLING = "weak_negative_decoupling"
    RECESSIVE_COUPLING = "recessive_coupling"
    RECESSIVE_DECOUPLING = "recessive_decoupling"


@dataclass(frozen=True)
class Growth:
    """Growth from the first to the last year of a period.

    Parameters
    ----------
    change
        Relative change over the whole period [-].
    annual
        The constant growth rate a year that leads to it [1/year].
    """

    change: float
    annual: float


@dataclass(frozen=True)
class Decoupling:
    """A pressure beside an activity over a period.

    What is unknown is None, and ``reason`` says why. ``elasticity`` [-] is the change of the
    pressure over that of the activity.
    """

    start: int
    end: int
    pressure: Growth | None
    activity: Growth | None
    elasticity: float | None = None
    verdict: Decoupled | None = None
    tapio: Tapio | None = None
    reason: str | None = None


def growth(series: Series, start: int, end: int) -> Growth | None:
    """Return the growth of a series; None if the period is empty or a value is missing.

    A series that begins at 0 has no growth rate; one that ends there fell by all it had. The
    annual rate r solves (1 + r)^(end - start) = last / first.

    Examples
    --------
    >>> growth({2000: 100.0, 2002: 121.0}, 2000, 2002)
    Growth(change=0.21, annual=0.1...)
    >>> growth({2000: 100.0}, 2000, 2002) is None
    True
    """
    first, last = series.get(start), series.get(end)
    if end <= start or first is None or last is None or first <= 0 or last < 0:
        return None
    ratio = last / first
    return Growth((last - first) / first, ratio ** (1 / (end - start)) - 1)


def decouple(pressure: Series, activity: Series, *, start: int, end: int) -> Decoupling:
    """Return what may be said of a pressure beside an activity over a period.

    Examples
    --------
    The pressure falls by a tenth while the economy grows by a half:

    >>> found = decouple({1990: 10, 2010: 9}, {1990: 2, 2010: 3}, start=1990, end=2010)
    >>> found.verdict.value, found.tapio.value, found.elasticity
    ('absolute', 'strong_decoupling', -0.2)
    >>> decouple({1990: 10}, {1990: 2, 2010: 3}, start=1990, end=2010).reason
    'the pressure has no value in 2010'
    """
    p, a = growth(pressure, start, end), growth(activity, start, end)
    if p is None or a is None:
        return Decoupling(start, end, p, a, reason=_why(pressure, activity, start, end))
    if a.change == 0:
        reason = "the activity is the same in both years: there is no growth to be decoupled from"
        return Decoupling(start, end, p, a, reason=reason)
    elasticity = p.change / a.change
    return Decoupling(
        start=start,
        end=end,
        pressure=p,
        activity=a,
        elasticity=elasticity,
        verdict=_verdict(p.change, a.change),
        tapio=_tapio(a.change, elasticity),
    )


def rolling(pressure: Series, activity: Series, *, years: int) -> Iterator[Decoupling]:
    """Yield the decoupling of every period of so many years that both series cover.

    Examples
    --------
    >>> series = {2000: 1.0, 2001: 2.0, 2002: 3.0}
    >>> [(each.start, each.end) for each in rolling(series, series, years=1)]
    [(2000, 2001), (2001, 2002)]
    """
    common = pressure.keys() & activity.keys()
    for start in sorted(common):
        if start + years in common:
            yield decouple(pressure, activity, start=start, end=start + years)


def totals(per_person: Series, population: Series) -> dict[int, float]:
    """Return a series in all from one per person, of the years that both have.

    Examples
    --------
    >>> totals({2000: 8.0, 2001: 9.0}, {2000: 50.0})
    {2000: 400.0}
    """
    return {year: value * population[year] for year, value in per_person.items()
            if year in population}  # fmt: skip


def jumps(series: Series) -> list[int]:
    """Return the years in which a series is half as large again as a year before, or 2/3 of it.

    Such a step is more often one of the statistics than of the world.

    Examples
    --------
    >>> jumps({1997: 39.5, 1998: 78.2, 1999: 32.4, 2000: 33.0})
    [1998, 1999]
    """
    pairs = ((year, series.get(year - 1), series[year]) for year in sorted(series))
    return [
        year
        for year, before, now in pairs
        if before is not None and before > 0 and not 2 / 3 <= now / before <= 3 / 2
    ]


def _verdict(pressure: float, activity: float) -> Decoupled:
    if activity > 0:
        if pressure < 0:
            return Decoupled.ABSOLUTE
        return Decoupled.RELATIVE if pressure < activity else Decoupled.NONE
    if pressure > 0:
        return Decoupled.RECESSION_RISE
    is_faster = pressure < activity
    return Decoupled.RECESSION_FASTER_FALL if is_faster else Decoupled.RECESSION_SLOWER_FALL


def _tapio(activity: float, elasticity: float) -> Tapio:
    low, high = _COUPLED
    if activity > 0:
        below, within, above = (
            Tapio.WEAK_DECOUPLING,
            Tapio.EXPANSIVE_COUPLING,
            Tapio.EXPANSIVE_NEGATIVE_DECOUPLING,
        )
        opposite = Tapio.STRONG_DECOUPLING
    else:
        below, within, above = (
            Tapio.WEAK_NEGATIVE_DECOUPLING,
            Tapio.RECESSIVE_COUPLING,
            Tapio.RECESSIVE_DECOUPLING,
        )
        opposite = Tapio.STRONG_NEGATIVE_DECOUPLING
    if elasticity < 0:
        return opposite
    if elasticity < low:
        return below
    return within if elasticity <= high else above


def _why(pressure: Series, activity: Series, start: int, end: int) -> str:
    """Return why a period has no verdict."""
    if end <= start:
        return f"{start} to {end} is no period: it ends before a year has passed"
    missing = []
    for name, series in (("pressure", pressure), ("activity", activity)):
        for year in (start, end):
            if year not in series:
                missing.append(f"the {name} has no value in {year}")
            elif series[year] < 0 or (series[year] == 0 and year == start):
                missing.append(f"the {name} is {series[year]:g} in {year}, where no rate begins")
    return "; ".join(missing)
