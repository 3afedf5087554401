"""Expansion of the templates into the regional database: activities and their exchanges."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from lca_service.catalogue.exchanges import ExchangeRows, ExchangeTable
from lca_service.catalogue.figures import Figures
from lca_service.catalogue.formulas import FormulaError, Formulas
from lca_service.catalogue.nomenclature import Nomenclature
from lca_service.catalogue.providers import Providers
from lca_service.catalogue.templates import (
    AverageTemplate,
    Binding,
    ExchangeTemplate,
    ProcessTemplate,
    names_in,
)
from lca_service.domain.activity import Activity, DataClass
from lca_service.domain.location import WORLD
from lca_service.errors import DataFault, UnitMismatch

_SHOWN = 5  # locations named in one fault before the rest is counted


@dataclass(frozen=True)
class Database:
    """The expanded inventory of a release.

    ``flow_rows`` are the rows of the biosphere: (flow, location), the location empty for
    flows whose effect does not depend on the place.
    """

    activities: tuple[Activity, ...]
    flow_rows: tuple[tuple[str, str], ...]
    technosphere: ExchangeTable
    biosphere: ExchangeTable
    formulas: tuple[str, ...]
    tags: tuple[tuple[str, ...], ...]


@dataclass
class _Placed:
    """A template, the locations it exists at, and the positions of its activities."""

    template: ProcessTemplate
    locations: list[str]
    first: int = 0

    @property
    def positions(self) -> range:
        return range(self.first, self.first + len(self.locations))


def flow_axis(nomenclature: Nomenclature) -> tuple[tuple[str, str], ...]:
    """Return the rows of the biosphere: every flow, regional ones at every location."""
    return tuple(
        (code, location)
        for code, flow in sorted(nomenclature.flows.items())
        for location in (sorted(nomenclature.locations) if flow.is_regional else ("",))
    )


class Expansion:
    """The expansion of templates over locations, collecting faults on the way."""

    def __init__(self, nomenclature: Nomenclature, figures: Figures) -> None:
        self.faults: list[DataFault] = []
        self.providers = Providers(nomenclature.ladders)
        self._names = nomenclature
        self._figures = figures
        self._activities: list[Activity] = []
        self._members: dict[str, _Placed] = {}
        self._technosphere = ExchangeRows()
        self._biosphere = ExchangeRows()
        self._formulas: dict[str, int] = {}
        self._tags: dict[tuple[str, ...], int] = {(): 0}
        self._flow_rows = flow_axis(nomenclature)
        self._flow_positions = {row: index for index, row in enumerate(self._flow_rows)}

    def run(
        self, processes: Sequence[ProcessTemplate], averages: Sequence[AverageTemplate]
    ) -> Database:
        """Return the database; `faults` holds whatever is wrong with it."""
        placed = self._place(processes)
        mixes = list(self._averages(averages))
        owners = [self._expand(entry) for entry in placed]
        supplied = self._with_local_supply()
        for entry, own in zip(placed, owners, strict=True):
            self._classify(entry, own, supplied)
        for average, location, position in mixes:
            self._weigh(average, location, position)
        return Database(
            activities=tuple(self._activities),
            flow_rows=self._flow_rows,
            technosphere=self._technosphere.table(),
            biosphere=self._biosphere.table(),
            formulas=tuple(self._formulas),
            tags=tuple(self._tags),
        )

    # Which activities exist

    def _place(self, processes: Sequence[ProcessTemplate]) -> list[_Placed]:
        placed: list[_Placed] = []
        with_electricity: list[str] = []
        for template in sorted(processes, key=lambda each: each.locations == "electricity"):
            if not self._is_known(template.product, template.file, template.code):
                continue
            locations = self._locations(template, with_electricity)
            entry = _Placed(template, locations, len(self._activities))
            if template.product == "electricity-low-voltage":
                with_electricity += [c for c in locations if self._names.locations[c].is_country]
            for location in locations:
                self._enter(template, location)
            if template.code in self._members:
                self._fault(template, "duplicate_process", "the code is used twice")
            self._members[template.code] = entry
            placed.append(entry)
        return placed

    def _locations(self, template: ProcessTemplate, with_electricity: list[str]) -> list[str]:
        where = template.locations
        if where == "countries":
            return self._names.countries
        if where == "electricity":
            return sorted(with_electricity)
        if where == "own":
            return self._own_locations(template)
        listed = [where] if isinstance(where, str) else list(where)
        unknown = [code for code in listed if code not in self._names.locations]
        if unknown:
            self._fault(template, "unknown_location", f"locations {unknown} are not known")
        return [code for code in listed if code not in unknown]

    def _own_locations(self, template: ProcessTemplate) -> list[str]:
        own = [binding for binding in template.parameters if binding.at == "own"]
        if not own:
            self._fault(template, "no_location", "give 'locations', or a parameter 'at: own'")
            return []
        places = [
            set(self._figures.locations.get((binding.quantity, binding.subject), ()))
            for binding in own
        ]
        for binding, found in zip(own, places, strict=True):
            if not found:
                detail = f"no figure {binding.quantity!r} of {binding.subject!r} anywhere"
                self._fault(template, "no_figure", detail)
        return sorted(
            code
            for code in set.intersection(*places)
            if code != WORLD and code in self._names.locations
        )

    def _enter(self, template: ProcessTemplate | AverageTemplate, location: str) -> int:
        mix = template.mix if isinstance(template, AverageTemplate) else ""
        activity = Activity(
            id=f"{template.code}@{location}",
            process=template.code,
            name=template.name,
            product=template.product,
            location=location,
            data_class=DataClass.AVERAGE,
            boundary=template.boundary,
            mix=mix,
        )
        position = len(self._activities)
        if not self.providers.add(activity, position):
            detail = f"{template.product!r} at {location} has two makers; give one another product"
            self._fault(template, "two_providers", detail)
        self._activities.append(activity)
        return position

    # Process templates

    def _expand(self, entry: _Placed) -> list[bool]:
        """Add the exchanges of one template; return which locations have own figures."""
        template, count = entry.template, len(entry.locations)
        bound = {
            each.name: self._bind(template, each, entry.locations) for each in template.parameters
        }
        own = [False] * count
        if not count or any(column is None for column in bound.values()):
            return own
        columns = {name: column for name, column in bound.items() if column is not None}
        for column in columns.values():
            for index, position in enumerate(column):
                place = self._figures.rows[position].location
                own[index] |= place == entry.locations[index] != WORLD
        formulas, uses = self._define(template, columns, count)
        for exchange in template.exchanges:
            self._exchange(entry, exchange, formulas, columns, uses)
        return own

    def _bind(
        self, template: ProcessTemplate, binding: Binding, locations: Sequence[str]
    ) -> list[int] | None:
        """Return the figure of a parameter at every location, None if one is missing."""
        found: list[int] = []
        missing: list[str] = []
        for location in locations:
            rungs: Iterable[str] = self._names.ladders[location]
            if binding.at != "ladder":
                rungs = (location,) if binding.at == "own" else (WORLD,)
            position = self._figures.nearest(binding.quantity, binding.subject, rungs)
            if position is None:
                missing.append(location)
            else:
                found.append(position)
        if missing:
            detail = (
                f"parameter {binding.name!r}: no figure {binding.quantity!r} of "
                f"{binding.subject!r} (at: {binding.at}) for {_shown(missing)}"
            )
            self._fault(template, "no_figure", detail)
            return None
        if len({self._figures.base_units[position] for position in found}) > 1:
            units = sorted({self._figures.rows[position].unit for position in found})
            self._fault(template, "mixed_units", f"parameter {binding.name!r} in {units}")
            return None
        return found

    def _define(
        self, template: ProcessTemplate, columns: Mapping[str, list[int]], count: int
    ) -> tuple[Formulas, dict[str, frozenset[str]]]:
        """Return the evaluator, and which parameters every name depends on."""
        values = {
            name: np.array([self._figures.base_values[position] for position in column])
            for name, column in columns.items()
        }
        units = {name: self._figures.base_units[column[0]] for name, column in columns.items()}
        formulas = Formulas(values, units, count)
        uses = {name: frozenset([name]) for name in columns}
        for name, expression in template.derived:
            try:
                formulas.define(name, expression)
            except FormulaError as error:
                self._fault(template, "bad_formula", f"derived {name!r}: {error}")
            uses[name] = _parameters(expression, uses)
        return formulas, uses

    def _exchange(
        self,
        entry: _Placed,
        exchange: ExchangeTemplate,
        formulas: Formulas,
        columns: Mapping[str, list[int]],
        uses: Mapping[str, frozenset[str]],
    ) -> None:
        template = entry.template
        if not self._is_known(exchange.product or exchange.flow, template.file, template.code):
            return
        try:
            amounts = formulas.amounts(exchange.amount, self._ratio_unit(template, exchange))
        except (FormulaError, UnitMismatch) as error:
            self._fault(template, "bad_formula", f"{exchange.product or exchange.flow}: {error}")
            return
        bad = ~np.isfinite(amounts) | ((amounts < 0) & bool(exchange.product))
        if bad.any():
            where = _shown([entry.locations[index] for index in np.flatnonzero(bad)])
            detail = f"{exchange.product or exchange.flow}: negative or not finite at {where}"
            self._fault(template, "bad_amount", detail)
            return
        names = sorted(_parameters(exchange.amount, uses))
        # An amount of zero is a zero of the source, such as a country without coal power
        present = [index for index in range(len(amounts)) if amounts[index] != 0.0]
        targets = [self._target(template, exchange, entry.locations[index]) for index in present]
        if any(target is None for target in targets):
            return
        table = self._technosphere if exchange.product else self._biosphere
        table.extend(
            [entry.positions[index] for index in present],
            [target for target in targets if target is not None],
            [float(amounts[index]) for index in present],
            formula=self._formulas.setdefault(exchange.amount, len(self._formulas)),
            tag=self._tags.setdefault(exchange.tags, len(self._tags)),
            figures=[[columns[name][index] for name in names] for index in present],
        )

    def _ratio_unit(self, template: ProcessTemplate, exchange: ExchangeTemplate) -> str:
        """Return the unit of an amount: exchange unit per unit of the reference product."""
        unit = (
            self._names.products[exchange.product].unit
            if exchange.product
            else self._names.flows[exchange.flow].unit
        )
        return f"({unit}) / ({self._names.products[template.product].unit})"

    def _target(
        self, template: ProcessTemplate, exchange: ExchangeTemplate, location: str
    ) -> int | None:
        if exchange.flow:
            is_regional = self._names.flows[exchange.flow].is_regional
            return self._flow_positions[(exchange.flow, location if is_regional else "")]
        found = self.providers.find(exchange.product, exchange.location or location, exchange.mix)
        if found is None:
            detail = f"nobody makes {exchange.product!r} for {location}; give it a GLO average"
            self._fault(template, "no_provider", detail)
            return None
        return found[0]

    def _classify(self, entry: _Placed, own: Sequence[bool], supplied: frozenset[int]) -> None:
        """Set the data class of the activities of one template."""
        for index, position in enumerate(entry.positions):
            if own[index]:
                data_class = DataClass.OWN
            elif position in supplied:
                data_class = DataClass.RELINKED
            else:
                continue
            self._activities[position] = dataclasses.replace(
                self._activities[position], data_class=data_class
            )

    def _with_local_supply(self) -> frozenset[int]:
        """Return the activities that buy something made at their own location."""
        table = self._technosphere.table()
        return frozenset(
            int(user)
            for user, maker in zip(table.activity_index, table.target_index, strict=True)
            if self._activities[user].location == self._activities[maker].location != WORLD
        )

    # Averages

    def _averages(
        self, averages: Sequence[AverageTemplate]
    ) -> Iterator[tuple[AverageTemplate, str, int]]:
        for average in averages:
            if not self._is_known(average.product, average.file, average.code):
                continue
            members = self._members.get(average.of)
            if members is None or members.template.product != average.product:
                detail = f"'of: {average.of}' is no process that makes {average.product!r}"
                self._fault(average, "unknown_process", detail)
                continue
            places = {WORLD}
            if average.locations == "regions":
                taken = set(members.locations)
                for code in members.locations:
                    if self._weight(average, code) is not None:
                        places |= set(self._names.ladders[code][1:]) - taken
            for location in sorted(places):
                yield average, location, self._enter(average, location)

    def _weight(self, average: AverageTemplate, location: str) -> int | None:
        return self._figures.positions.get((average.quantity, average.subject, location))

    def _weigh(self, average: AverageTemplate, location: str, position: int) -> None:
        members = self._members[average.of]
        inside = {
            code: weight
            for code in members.locations
            if location in self._names.ladders[code]
            and (weight := self._weight(average, code)) is not None
            and self._figures.base_values[weight] > 0
        }
        total = sum(self._figures.base_values[weight] for weight in inside.values())
        if not total:
            detail = f"no positive weight {average.quantity!r} of {average.subject!r} in {location}"
            self._fault(average, "no_weight", detail)
            return
        first = {code: members.positions[i] for i, code in enumerate(members.locations)}
        self._technosphere.extend(
            [position] * len(inside),
            [first[code] for code in inside],
            [self._figures.base_values[weight] / total for weight in inside.values()],
            formula=self._formulas.setdefault(
                f"share of {average.quantity} of {average.subject}", len(self._formulas)
            ),
            tag=0,
            figures=[[weight] for weight in inside.values()],
        )
        covered = total / self._world_weight(average, location, total)
        self._activities[position] = dataclasses.replace(
            self._activities[position], covered_share=covered
        )

    def _world_weight(self, average: AverageTemplate, location: str, members: float) -> float:
        """Return the weight of everything inside a place, whether or not it has an activity."""
        places = self._figures.locations[(average.quantity, average.subject)]
        inside = sum(
            self._figures.base_values[weight]
            for code in places
            if self._names.locations[code].is_country
            and location in self._names.ladders[code]
            and (weight := self._weight(average, code)) is not None
        )
        printed = self._weight(average, location)
        stated = self._figures.base_values[printed] if printed is not None else 0.0
        return max(members, inside, stated)

    # Faults

    def _is_known(self, name: str, file: str, code: str) -> bool:
        known = name in self._names.products or name in self._names.flows
        if not known:
            detail = f"{name!r} is in no products or flows table"
            self.faults.append(DataFault(file, code, "unknown_name", detail))
        return known

    def _fault(self, template: ProcessTemplate | AverageTemplate, code: str, detail: str) -> None:
        self.faults.append(DataFault(template.file, template.code, code, detail))


def _shown(codes: Sequence[str]) -> str:
    rest = f" and {len(codes) - _SHOWN} more" if len(codes) > _SHOWN else ""
    return ", ".join(codes[:_SHOWN]) + rest


def _parameters(expression: str, uses: Mapping[str, frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*(uses.get(name, frozenset()) for name in names_in(expression)))
