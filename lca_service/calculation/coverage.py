"""What a score rests on, and what it leaves out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from lca_service.catalogue.catalogue import Catalogue
from lca_service.domain.activity import DataClass
from lca_service.domain.method import ImpactCategory
from lca_service.domain.quality import INDICATORS, Quality
from lca_service.matrices.background import PARTS, QUALITY_PARTS, Background


@dataclass(frozen=True)
class FlowAmount:
    """An amount of an elementary flow, summed over locations."""

    flow: str
    amount: float
    unit: str


@dataclass(frozen=True)
class Coverage:
    """What a value rests on, and what it leaves out.

    The shares are parts of the sum of absolute contributions [-]; they are None where the
    value is zero. ``quality`` is the mean pedigree of the background's exchanges, each
    weighted by the part of the score that passes through it; ``measured_share``,
    ``literature_share`` (statistics, publications, and what is derived from them) and
    ``estimated_share`` are parts of that weight, by the weakest figure of each exchange, and
    None where nothing is rated. ``left_out`` are flows whose
    effect this indicator should contain and does not; ``uncharacterized`` are flows of the
    same kind without a factor.
    """

    own_share: float | None
    relinked_share: float | None
    average_share: float | None
    foreground_share: float | None
    quality: Quality | None
    measured_share: float | None
    literature_share: float | None
    estimated_share: float | None
    substituted_factor_share: float | None
    is_partial: bool
    left_out: tuple[FlowAmount, ...]
    uncharacterized: tuple[FlowAmount, ...]


def inventory(
    catalogue: Catalogue,
    background: Background,
    demand: Mapping[int, float],
    direct: Mapping[int, float],
) -> Mapping[str, float]:
    """Return the elementary flows of the whole product system, summed over locations."""
    positions = np.fromiter(demand, dtype=np.intp, count=len(demand))
    amounts = np.fromiter(demand.values(), dtype=float, count=len(demand))
    totals = background.inventory_multipliers[:, positions] @ amounts
    inventory = dict(zip(catalogue.flow_codes, totals.tolist(), strict=True))
    for row, amount in direct.items():
        inventory[catalogue.flow_rows[row][0]] += amount
    return inventory


def present(
    flows: Iterable[str], inventory: Mapping[str, float], catalogue: Catalogue
) -> list[FlowAmount]:
    """Return those of the flows that the product system exchanges, with their amounts."""
    units = catalogue.nomenclature.flows
    return [
        FlowAmount(flow, inventory[flow], units[flow].unit) for flow in flows if inventory[flow]
    ]


def reason_unknown(
    category: ImpactCategory, inventory: Mapping[str, float], catalogue: Catalogue
) -> str:
    """Return why the value of a category is unknown; empty if it is known."""
    blocking = present(category.blocked_by, inventory, catalogue)
    amounts = ", ".join(f"{each.amount:.3g} {each.unit} of {each.flow}" for each in blocking)
    return f"unknown, because the product system contains {amounts}" if blocking else ""


class Shares:
    """Parts of the absolute scores of the selected categories.

    Parameters
    ----------
    rows
        Of the categories.
    demand
        What is bought from the background, by activity position.
    given
        What the study itself emits, by row of the biosphere.
    evaluated
        What activities of the background emit that are evaluated with given parameters, by
        their data class: the parameters are given, the activity is not the study's own.
    """

    def __init__(
        self,
        background: Background,
        rows: NDArray[np.intp],
        demand: Mapping[int, float],
        given: Mapping[int, float],
        evaluated: Mapping[DataClass, Mapping[int, float]],
    ) -> None:
        positions = np.fromiter(demand, dtype=np.intp, count=len(demand))
        amounts = np.fromiter(demand.values(), dtype=float, count=len(demand))
        parts = background.absolute_multipliers[:, rows[:, None], positions] @ amounts
        self._parts = dict(zip(PARTS, parts, strict=True))
        self._quality = background.quality_multipliers[:, rows[:, None], positions] @ amounts
        self._foreground = _absolute(background, rows, given)
        for data_class, emitted in evaluated.items():
            score = _absolute(background, rows, emitted)
            self._parts["total"] = self._parts["total"] + score
            if data_class.value in self._parts:
                self._parts[data_class.value] = self._parts[data_class.value] + score

    def coverage(
        self, place: int, left_out: Sequence[FlowAmount], uncharacterized: Sequence[FlowAmount]
    ) -> Coverage:
        """Return the coverage of the selected category at a place in the order asked."""
        part = {name: float(values[place]) for name, values in self._parts.items()}
        foreground = float(self._foreground[place])
        rated = dict(zip(QUALITY_PARTS, self._quality[:, place].tolist(), strict=True))
        share = partial(_share, of=part["total"] + foreground)
        rated_share = partial(_share, of=rated["weight"])
        return Coverage(
            own_share=share(part["own"]),
            relinked_share=share(part["relinked"]),
            average_share=share(part["total"] - part["own"] - part["relinked"]),
            foreground_share=share(foreground),
            quality=_mean_quality(rated),
            measured_share=rated_share(rated["measured"]),
            literature_share=rated_share(rated["weight"] - rated["measured"] - rated["estimated"]),
            estimated_share=rated_share(rated["estimated"]),
            substituted_factor_share=share(part["substituted_factor"]),
            is_partial=bool(left_out or uncharacterized),
            left_out=tuple(left_out),
            uncharacterized=tuple(uncharacterized),
        )


def _absolute(
    background: Background, rows: NDArray[np.intp], emitted: Mapping[int, float]
) -> NDArray[np.float64]:
    scores = np.zeros(len(rows))
    for row, amount in emitted.items():
        scores += np.abs(background.characterization[rows, row] * amount)
    return scores


def _share(amount: float, *, of: float) -> float | None:
    return min(max(amount / of, 0.0), 1.0) if of > 0 else None


def _mean_quality(rated: Mapping[str, float]) -> Quality | None:
    if rated["weight"] <= 0:
        return None
    return Quality(**{name: rated[name] / rated["weight"] for name in INDICATORS})
