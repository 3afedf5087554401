"""The release with other figures: every exchange computed again from drawn figures.

A figure is one draw wherever it is used: in every formula, at every place that takes it
from the ladder. Shares of a whole are drawn together. What formulas derive is derived anew,
sample by sample, and never drawn.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import CodeType

import numpy as np
from numpy.typing import NDArray
from scipy import special

from lca_service.catalogue.catalogue import Catalogue
from lca_service.catalogue.compiled_formulas import compile_formula, evaluate
from lca_service.catalogue.override import figure_of
from lca_service.catalogue.templates import ProcessTemplate
from lca_service.domain.provenance import Figure
from lca_service.solver.sampling import triangular
from lca_service.solver.streams import stream, uniforms
from lca_service.solver.threads import in_threads
from lca_service.units import to_base

Array = NDArray[np.float64]
Positions = NDArray[np.intp]

# Samples computed together. The order in which numbers are added depends on the shape of the
# arrays: a sample is the same to the bit wherever it is computed, because its block is.
BLOCK = 32


@dataclass(frozen=True)
class Draws:
    """Figures of some samples, in SI base units.

    Parameters
    ----------
    figures
        Shape (n_figures, count).
    shares
        Members of the shares of a whole, drawn together, shape (n_shares, count).
    """

    figures: Array
    shares: Array


@dataclass(frozen=True)
class Amounts:
    """Exchanges of some samples, in the order of the catalogue's tables.

    Parameters
    ----------
    technosphere, biosphere
        Shape (n_exchanges, count).
    """

    technosphere: Array
    biosphere: Array


@dataclass(frozen=True)
class _Exchange:
    code: CodeType
    scale: float  # units of the exchange per SI base unit
    is_product: bool
    rows: slice
    present: Positions  # places of the template that have the exchange


@dataclass(frozen=True)
class _Program:
    process: str
    places: tuple[str, ...]
    columns: Mapping[str, Positions]  # figures of a parameter, by place
    shares: Mapping[str, Positions]  # rows of the shares of a parameter, by place
    derived: tuple[tuple[str, CodeType], ...]
    exchanges: tuple[_Exchange, ...]


class Redraw:
    """Draws the figures of a release, and computes its exchanges from them.

    Parameters
    ----------
    catalogue
        The compiled release.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        figures = [figure for figure, _ in catalogue.figures]
        self._streams = np.array([stream(*each.key) for each in figures], dtype=np.uint64)
        self._spread = _Spread.of(figures)
        self._shares = _Shares(self._spread)
        self._sizes = (len(catalogue.technosphere.amount), len(catalogue.biosphere.amount))
        self._activities = catalogue.activities
        self._programs = tuple(self._compile(catalogue))
        self._shares.freeze()
        self._averages = _averages(catalogue)
        self._check(catalogue)

    @property
    def table_values(self) -> Draws:
        """The figures and shares as the tables have them, as one sample."""
        return Draws(self._spread.value[:, np.newaxis], self._shares.whole[:, np.newaxis])

    def draws(self, *, seed: int, block: int) -> Draws:
        """Return samples ``BLOCK * block`` to ``BLOCK * (block + 1)`` of every figure.

        Each figure has a stream of its own, named by quantity, subject and location: one
        that another release adds changes no draw of the others.
        """
        chance = uniforms(self._streams, seed=seed, first=BLOCK * block, count=BLOCK)
        return Draws(self._spread.draw(chance), self._shares.draw(chance))

    def parameters(self, draws: Draws, position: int) -> dict[str, Array]:
        """Return the parameters of an activity, in SI base units, shape (count,)."""
        activity = self._activities[position]
        program = next(each for each in self._programs if each.process == activity.process)
        place = program.places.index(activity.location)
        found = {name: draws.figures[rows[place]] for name, rows in program.columns.items()}
        return found | {name: draws.shares[rows[place]] for name, rows in program.shares.items()}

    def amounts(self, draws: Draws) -> Amounts:
        """Return the exchanges of drawn figures."""
        count = draws.figures.shape[1]
        found = Amounts(*(np.empty((size, count)) for size in self._sizes))
        with np.errstate(all="ignore"):
            for program in self._programs:
                names = {name: draws.figures[rows] for name, rows in program.columns.items()}
                names |= {name: draws.shares[rows] for name, rows in program.shares.items()}
                for name, code in program.derived:
                    names[name] = evaluate(code, names)
                for each in program.exchanges:
                    value = evaluate(each.code, names) * each.scale
                    table = found.technosphere if each.is_product else found.biosphere
                    is_constant = value.ndim == 0
                    table[each.rows] = value if is_constant else value[each.present]
        rows, weights, starts, owner = self._averages
        weight = draws.figures[weights]
        if len(rows):
            found.technosphere[rows] = weight / np.add.reduceat(weight, starts, axis=0)[owner]
        return found

    def _compile(self, catalogue: Catalogue) -> Iterator[_Program]:
        # The tables are in the order of the templates, their exchanges and their places
        next_row = {True: 0, False: 0}
        names = catalogue.nomenclature
        placed = _places(catalogue)
        for code, places in placed.items():
            template = catalogue.templates.get(code)
            if template is None:
                continue
            columns = {
                each.name: np.array(
                    [figure_of(catalogue, each, place) for place in places], dtype=np.intp
                )
                for each in template.parameters
            }
            shares = self._shares.add(template, columns)
            derived = tuple((name, compile_formula(text)) for name, text in template.derived)
            values = {name: self._spread.value[rows] for name, rows in columns.items()}
            with np.errstate(all="ignore"):
                for name, formula in derived:
                    values[name] = evaluate(formula, values)
            exchanges: list[_Exchange] = []
            for each in template.exchanges:
                unit = names.exchange_unit(
                    product=each.product, flow=each.flow, of=template.product
                )
                amount = compile_formula(each.amount)
                nominal = np.broadcast_to(evaluate(amount, values), (len(places),))
                present = np.flatnonzero(nominal)
                is_product = bool(each.product)
                start = next_row[is_product]
                next_row[is_product] = start + len(present)
                exchanges.append(
                    _Exchange(
                        amount,
                        1.0 / to_base(unit)[0],
                        is_product,
                        slice(start, start + len(present)),
                        present,
                    )
                )
            figures = {name: rows for name, rows in columns.items() if name not in shares}
            yield _Program(code, tuple(places), figures, shares, derived, tuple(exchanges))

    def _check(self, catalogue: Catalogue) -> None:
        """Make sure that the tables' own figures give the tables' exchanges."""
        again = self.amounts(self.table_values)
        for table, amounts in (
            (catalogue.technosphere, again.technosphere),
            (catalogue.biosphere, again.biosphere),
        ):
            assert np.allclose(amounts[:, 0], table.amount, rtol=1e-12, atol=0.0)


def _places(catalogue: Catalogue) -> dict[str, list[str]]:
    placed: dict[str, list[str]] = {}
    for activity in catalogue.activities:
        placed.setdefault(activity.process, []).append(activity.location)
    return placed


def _averages(catalogue: Catalogue) -> tuple[Positions, Positions, Positions, Positions]:
    """Return the exchanges of averages and the figures that weigh them, and their groups."""
    table = catalogue.technosphere
    is_mix = np.array([bool(activity.mix) for activity in catalogue.activities])
    rows = np.flatnonzero(is_mix[table.activity_index])
    weights = np.asarray(table.figure_index[table.figure_pointer[rows]], dtype=np.intp)
    is_first = np.diff(table.activity_index[rows], prepend=-1) != 0
    return rows, weights, np.flatnonzero(is_first), np.cumsum(is_first) - 1


@dataclass(frozen=True)
class _Spread:
    """How far each figure may be from its value, in SI base units, shape (n_figures,)."""

    value: Array
    sigma: Array  # of the logarithm; 0 where the figure has a range or does not vary
    low: Array  # of a triangular range; nan where there is none
    high: Array

    @classmethod
    def of(cls, figures: Sequence[Figure]) -> _Spread:
        scale = np.array([to_base(each.unit)[0] for each in figures])
        low = np.array([_or_nan(each.minimum) for each in figures]) * scale
        high = np.array([_or_nan(each.maximum) for each in figures]) * scale
        value = np.array([each.value for each in figures]) * scale
        spread = [each.geometric_standard_deviation or 1.0 for each in figures]
        return cls(value, np.log(spread), np.minimum(low, value), np.maximum(high, value))

    @property
    def variation(self) -> Array:
        """Coefficient of variation [-]."""
        has_range = ~np.isnan(self.low)
        low, mode, high = self.low, self.value, self.high
        square = low**2 + mode**2 + high**2 - low * mode - low * high - mode * high
        mean = (low + mode + high) / 3
        with np.errstate(invalid="ignore", divide="ignore"):
            ranged = np.sqrt(square / 18) / np.abs(mean)
        return np.where(has_range, ranged, np.sqrt(np.expm1(self.sigma**2)))

    def draw(self, chance: Array) -> Array:
        """Return values at the figures' own chances, shape (n_figures, count)."""
        found = self.value[:, np.newaxis] * np.exp(
            self.sigma[:, np.newaxis] * special.ndtri(chance)
        )
        rows = np.flatnonzero(self.low < self.high)
        low, mode, high = (each[rows, np.newaxis] for each in (self.low, self.value, self.high))
        found[rows] = triangular(low, mode, high, chance[rows])
        return found


def _or_nan(value: float | None) -> float:
    return np.nan if value is None else value


class _Shares:
    """Shares of a whole, drawn together from a Dirichlet distribution.

    Its means are the shares of the tables. Its concentration c is such that the variances
    are, weighed by the shares, those of the members' own spread: the coefficient of
    variation of a share p is sqrt((1 - p) / (p (c + 1))).
    """

    def __init__(self, spread: _Spread) -> None:
        self._spread = spread
        self._variation = spread.variation
        self._first_row: dict[tuple[int, ...], int] = {}
        self._members: list[int] = []
        self._groups: list[int] = []

    def add(
        self, template: ProcessTemplate, columns: Mapping[str, Positions]
    ) -> dict[str, Positions]:
        """Enter a template's groups; return the rows of its shares, by parameter and place."""
        rows: dict[str, Positions] = {}
        for names in template.shares:
            members = np.stack([columns[name] for name in names], axis=1)
            first = np.array([self._row(tuple(place)) for place in members.tolist()])
            rows |= {name: first + index for index, name in enumerate(names)}
        return rows

    def _row(self, members: tuple[int, ...]) -> int:
        first = self._first_row.get(members)
        if first is None:
            first = self._first_row[members] = len(self._members)
            self._groups += [len(self._first_row) - 1] * len(members)
            self._members += members
        return first

    def freeze(self) -> None:
        """Compute the parameters of all groups that were entered."""
        self._member = np.array(self._members, dtype=np.intp)
        group = np.array(self._groups, dtype=np.intp)
        n = len(self._first_row)
        self.whole = self._spread.value[self._member]
        self._start = np.flatnonzero(np.diff(group, prepend=-1))
        self._sums = np.bincount(group, self.whole, n)
        share = self.whole / self._sums[group]
        count = np.bincount(group, share > 0, n)
        square = np.bincount(group, share * self._variation[self._member] ** 2, n)
        with np.errstate(divide="ignore"):
            self.concentration = (count - 1) / square - 1
        shape = self.concentration[group] * share
        self._drawn = np.flatnonzero((share > 0) & (shape > 0) & np.isfinite(shape))
        self._shape = shape[self._drawn]
        self._group = group

    def draw(self, chance: Array) -> Array:
        """Return the shares at their figures' own chances, shape (n_shares, count)."""
        found = np.repeat(self.whole[:, np.newaxis], chance.shape[1], axis=1)
        if len(self._drawn):

            def draw(rows: slice) -> None:
                # the quantile takes most of the time that all draws take
                found[self._drawn[rows]] = special.gammaincinv(
                    self._shape[rows, np.newaxis], chance[self._member[self._drawn[rows]]]
                )

            in_threads(draw, len(self._drawn))
        sums = np.add.reduceat(found, self._start, axis=0) if len(found) else found
        return np.asarray(found * (self._sums[:, np.newaxis] / sums)[self._group])
