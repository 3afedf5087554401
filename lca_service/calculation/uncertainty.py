"""The distribution of a footprint: what a study buys times the samples of the bank.

Every draw of the background is shared by all studies of a seed. The amounts of a study's
own lines are drawn with streams of its own, unless they are given a key.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import special

from lca_service.calculation.bind import bind
from lca_service.calculation.foreground import foreground_supply
from lca_service.calculation.link import PRODUCT, Foreground
from lca_service.calculation.sample_bank import BlockReport, SampleBank
from lca_service.catalogue.catalogue import Catalogue
from lca_service.domain.study import Emission, Line, Sampling, Shape, Study
from lca_service.errors import SamplesMissing
from lca_service.matrices.background import Background
from lca_service.solver.sampling import triangular
from lca_service.solver.streams import stream, uniforms

Array = NDArray[np.float64]

_BATCH_BYTES = 64_000_000  # of the equations of assemblies that are solved at once


@dataclass(frozen=True)
class Distribution:
    """The samples of one score in figures, in its unit.

    ``variance_by_line`` are the covariances of the lines with the score over its variance
    [-]: they sum to 1 and may be negative. It is empty where nothing varies.
    """

    mean: float
    standard_deviation: float
    p2_5: float
    p50: float
    p97_5: float
    variance_by_line: Mapping[str, float]


@dataclass(frozen=True)
class Uncertainty:
    """The distributions of a study's scores, by row of the impact category.

    Parameters
    ----------
    sampling
        What was asked for.
    n_used
        Samples that have a solution.
    report
        What happened to the samples of the background.
    distributions
        Of the categories that the bank samples.
    """

    sampling: Sampling
    n_used: int
    report: BlockReport
    distributions: Mapping[int, Distribution]


@dataclass(frozen=True)
class Samples:
    """The samples of a study's scores that have a solution.

    Parameters
    ----------
    rows
        Of the impact categories, those of the study that the bank samples.
    ids
        Of the top-level lines and emissions.
    scores
        Shape (n_entries, n_rows, n_samples).
    change
        Drawn amount of each entry over its given one [-], shape (n_entries, n_samples).
    is_used
        Which of the samples that were asked for have a solution, shape (n_asked,).
    """

    rows: tuple[int, ...]
    ids: tuple[str, ...]
    scores: Array
    change: Array
    is_used: NDArray[np.bool_]


@dataclass(frozen=True)
class Narrowing:
    """What is left of the interval of a score if a line were known.

    Parameters
    ----------
    line
        Its id.
    if_amount
        Width of the interval from 2.5 to 97.5 % over what it is now [-], were the amount known.
    if_measured
        The same, were the line's whole score known: its amount and its supplier.
    """

    line: str
    if_amount: float
    if_measured: float


class Bank(Protocol):
    """Samples of the multipliers of products: those of a release, or under a scenario."""

    @property
    def seed(self) -> int:
        """Of the draws."""

    @property
    def categories(self) -> tuple[int, ...]:
        """Rows of the impact categories that are sampled."""

    @property
    def n_samples(self) -> int:
        """Samples that are built."""

    def missing(self, n_samples: int) -> list[int]:
        """Return the blocks of the first samples that are not built."""

    def read(self, activities: Sequence[int], n_samples: int) -> NDArray[Any]:
        """Return multipliers, shape (n_activities, n_categories, n_samples)."""


def samples(study: Study, catalogue: Catalogue, background: Background, bank: Bank) -> Samples:
    """Return the samples of a study's scores.

    Raises
    ------
    StudyError
        With every fault of the study.
    SamplesMissing
        If the bank has fewer samples than the study asks for.
    """
    sampling = study.sampling
    assert sampling is not None, "the study asks for samples"
    require_samples(catalogue, bank, sampling)
    selected, foreground = bind(study, catalogue)
    foreground_supply(foreground)  # refuses assemblies that leave nothing over
    rows = tuple(row for row in selected if row in bank.categories)
    ids, scores, change = entry_samples(study, foreground, background, bank, rows)
    is_used = np.asarray(np.isfinite(scores).all(axis=(0, 1)))
    return Samples(rows, tuple(ids), scores[:, :, is_used], change[:, is_used], is_used)


def require_samples(catalogue: Catalogue, bank: Bank, sampling: Sampling) -> None:
    """Raise SamplesMissing if a bank has fewer samples than are asked for."""
    if bank.missing(sampling.samples):
        raise SamplesMissing(
            data_hash=catalogue.data_hash,
            seed=bank.seed,
            built=min(bank.n_samples, sampling.samples),
            wanted=sampling.samples,
        )


def uncertainty(
    study: Study, catalogue: Catalogue, background: Background, bank: SampleBank
) -> Uncertainty:
    """Return the distributions of a study's scores; raises as `samples`."""
    drawn = samples(study, catalogue, background, bank)
    assert study.sampling is not None
    return Uncertainty(
        sampling=study.sampling,
        n_used=drawn.scores.shape[2],
        report=bank.report(study.sampling.samples),
        distributions={
            row: _distribution(drawn.ids, drawn.scores[:, place])
            for place, row in enumerate(drawn.rows)
        },
    )


def narrowings(drawn: Samples, row: int) -> tuple[Narrowing, ...]:
    """Return how far the interval of one score would narrow, line by line, most first.

    What is known takes its median; everything else stays as it was drawn.
    """
    scores = drawn.scores[:, drawn.rows.index(row)]
    total = scores.sum(axis=0)
    width = _width(total)
    if width <= 0:
        return ()
    rest = total - scores
    found = [
        Narrowing(
            line=name,
            if_amount=_width(others + _of_given_amount(score, change)) / width,
            if_measured=_width(others + np.median(score)) / width,
        )
        for name, score, change, others in zip(drawn.ids, scores, drawn.change, rest, strict=True)
    ]
    return tuple(sorted(found, key=lambda each: (each.if_measured, each.line)))


def _of_given_amount(score: Array, change: Array) -> Array:
    """Return samples of a line's score for the amount as it is given."""
    is_drawn = change != 0  # where nothing was drawn to be bought, nothing says what it would score
    found = np.divide(score, change, out=np.zeros_like(score), where=is_drawn)
    found[~is_drawn] = np.median(found[is_drawn]) if is_drawn.any() else 0.0
    return found


def _width(score: Array) -> float:
    low, high = np.quantile(score, (0.025, 0.975)).tolist()
    return float(high - low)


def entry_samples(
    study: Study,
    foreground: Foreground,
    background: Background,
    bank: Bank,
    rows: Sequence[int],
) -> tuple[list[str], Array, Array]:
    """Return the top-level entries, their scores, and their drawn amounts over those given.

    Scores have the shape (n_entries, n_rows, n_samples), amounts (n_entries, n_samples).
    """
    purchases, releases = foreground.purchases, foreground.releases
    sampling = study.sampling
    assert sampling is not None
    asked: list[Line | Emission] = [each.line for each in purchases]
    asked += [each.emission for each in releases]
    nodes = [each.node for each in purchases] + [each.node for each in releases]
    draws = _draw_names(asked, [foreground.node_names[node] for node in nodes], study.identity)
    change = np.stack(
        [_change(each, draw, sampling) for each, draw in zip(asked, draws, strict=True)]
    )
    scores = np.zeros((len(asked), len(rows), sampling.samples))
    bought = [i for i, each in enumerate(purchases) if each.match is not None]
    places = [bank.categories.index(row) for row in rows]
    activities = [each.match.activity_index for each in purchases if each.match is not None]
    amounts = np.array([each.amount for each in purchases])[:, None, None]
    drawn = bank.read(activities, sampling.samples)[:, places]
    scores[bought] = drawn * amounts[bought] * change[bought, None]
    for index, release in enumerate(releases, start=len(purchases)):
        for row, amount in release.rows:
            factors = background.characterization[list(rows), row]
            scores[index] += factors[:, None] * amount * change[index]
    _add_assemblies(foreground, nodes, change, scores)
    top = [index for index, node in enumerate(nodes) if node == PRODUCT]
    return [asked[index].id for index in top], scores[top], change[top]


def _add_assemblies(
    foreground: Foreground, nodes: Sequence[int], change: Array, scores: Array
) -> None:
    """Give lines that buy an assembly the score of what they buy, sample by sample."""
    inner = [
        (index, each.node, each.assembly, each.amount)
        for index, each in enumerate(foreground.purchases)
        if each.assembly is not None
    ]
    if not inner:
        return
    n_nodes = len(foreground.node_names)
    at_once = max(1, _BATCH_BYTES // (8 * n_nodes * (n_nodes + scores.shape[1])))
    for first in range(0, change.shape[1], at_once):
        batch = slice(first, first + at_once)
        costs = np.zeros((change[0, batch].size, n_nodes, scores.shape[1]))
        for index, node in enumerate(nodes):
            costs[:, node] += scores[index, :, batch].T
        matrices = np.repeat(foreground.technosphere.T[np.newaxis], len(costs), axis=0)
        for index, node, assembly, amount in inner:
            matrices[:, node, assembly] -= amount * (change[index, batch] - 1.0)
        per_unit = np.linalg.solve(matrices, costs)
        for index, _, assembly, amount in inner:
            scores[index, :, batch] = per_unit[:, assembly].T * amount * change[index, batch]


def _draw_names(
    asked: Sequence[Line | Emission], bills: Sequence[str], identity: str
) -> list[tuple[str, ...]]:
    """Return the names of the own draws of lines and emissions.

    They are drawn as what they are called in their bill, not as where they stand in it: a
    study without one of them draws the others as before.
    """
    seen: Counter[tuple[str, ...]] = Counter()
    found: list[tuple[str, ...]] = []
    for entry, bill in zip(asked, bills, strict=True):
        name = ("line" if isinstance(entry, Line) else "emission", bill, entry.id)
        seen[name] += 1
        found.append(("study", identity, *name, str(seen[name])))
    return found


def _change(entry: Line | Emission, draw: tuple[str, ...], sampling: Sampling) -> Array:
    """Return the drawn amount of a line over its given amount, shape (n_samples,)."""
    spread = entry.spread
    if spread is None or entry.amount == 0:
        return np.ones(sampling.samples)
    own = ("key", spread.key) if spread.key else draw
    chance = uniforms([stream(*own)], seed=sampling.seed, first=0, count=sampling.samples)[0]
    if spread.shape is Shape.LOGNORMAL:
        return np.asarray(np.exp(np.log(spread.gsd) * special.ndtri(chance)))
    low, high = spread.minimum / entry.amount, spread.maximum / entry.amount
    if spread.shape is Shape.UNIFORM:
        return np.asarray(low + chance * (high - low))
    return triangular(np.array(low), np.array(1.0), np.array(high), chance)


def _distribution(ids: Sequence[str], scores: Array) -> Distribution:
    """Return the figures of a score, from those of its lines, shape (n_lines, n_samples)."""
    total = scores.sum(axis=0)
    low, median, high = np.quantile(total, (0.025, 0.5, 0.975)).tolist()
    away = total - total.mean()
    square = float(away @ away)
    # What is left of a constant is rounding, not variance
    is_constant = square <= len(total) * (1e-12 * np.abs(total).max(initial=0.0)) ** 2
    shares = {} if is_constant else dict(zip(ids, (scores @ away / square).tolist(), strict=True))
    return Distribution(
        mean=float(total.mean()),
        standard_deviation=0.0 if is_constant else float(total.std(ddof=1)),
        p2_5=low,
        p50=median,
        p97_5=high,
        variance_by_line=shares,
    )
