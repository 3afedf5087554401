"""Linking a study to the background: the foreground block of the equations."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from lca_service.catalogue.catalogue import Catalogue
from lca_service.catalogue.nomenclature import nearest_names
from lca_service.catalogue.override import evaluate_again, parameters_of
from lca_service.catalogue.resolve import Match, resolve_flow, resolve_location, resolve_product
from lca_service.domain.activity import Activity
from lca_service.domain.study import Assembly, Emission, Line, Study
from lca_service.errors import (
    BadParameter,
    Fault,
    NoProvider,
    StudyError,
    UnitMismatch,
    UnknownName,
)
from lca_service.units import factor

T = TypeVar("T")

PRODUCT = 0  # position of the study's own product among the foreground nodes


@dataclass(frozen=True)
class Purchase:
    """A line bound to its provider.

    ``amount`` is in the provider's unit, per unit of the node that buys (for the study's
    own product: per declared unit). ``assembly`` is a node position where the line buys
    an assembly, and ``match`` the background provider otherwise. Where the line gives
    parameters, it buys a node of its own, and ``instead_of`` is the background provider
    that it would buy without them.
    """

    line: Line
    node: int
    amount: float
    match: Match | None = None
    assembly: int | None = None
    instead_of: Match | None = None


@dataclass(frozen=True)
class Release:
    """A direct emission bound to the rows of the biosphere: row and amount.

    ``instead_of`` is the background activity that emits it, evaluated again with given
    parameters; what the study itself emits has none.
    """

    emission: Emission
    node: int
    rows: tuple[tuple[int, float], ...]
    instead_of: Match | None = None


@dataclass(frozen=True)
class Foreground:
    """The linked study.

    Parameters
    ----------
    node_names
        The study's product (empty name) and its assemblies.
    purchases, releases
        Every line and every direct emission, those of the product first.
    technosphere
        A_ff, shape (k, k): outputs positive, purchases of assemblies negative.
    """

    node_names: tuple[str, ...]
    purchases: tuple[Purchase, ...]
    releases: tuple[Release, ...]
    technosphere: NDArray[np.float64]


@dataclass
class _Linker:
    catalogue: Catalogue
    assemblies: dict[str, tuple[int, Assembly]]
    location: str
    faults: list[Fault] = field(default_factory=list)
    node_names: list[str] = field(default_factory=list)
    evaluated: list[Purchase] = field(default_factory=list)
    emitted: list[Release] = field(default_factory=list)

    def purchase(self, line: Line, node: int, output: float) -> Purchase | None:
        if line.assembly:
            return self._from_assembly(line, node, output)
        place = line.location or self.location
        match = self._tried(
            lambda: resolve_product(self.catalogue, line.product, place, line.mix), line
        )
        if match is None:
            # The unit may be wrong as well: say so in the same answer
            product = self.catalogue.nomenclature.products.get(line.product)
            if product is not None:
                self._amount(line, product.unit)
            return None
        unit = self.catalogue.nomenclature.products[match.product].unit
        amount = self._amount(line, unit)
        if line.parameters:
            return self._with_parameters(line, node, match, (amount or 0.0) / output)
        return None if amount is None else Purchase(line, node, amount / output, match=match)

    def _with_parameters(
        self, line: Line, node: int, match: Match, amount: float
    ) -> Purchase | None:
        """Return the purchase of a node of its own: the process with the given parameters."""
        activity = self.catalogue.activities[match.activity_index]
        given = {each.name: (each.amount, each.unit) for each in line.parameters}
        try:
            evaluated = evaluate_again(self.catalogue, activity, given)
        except (UnknownName, UnitMismatch, BadParameter) as error:
            self.faults += parameter_faults(self.catalogue, activity, line, error)
            return None
        position = len(self.node_names)
        self.node_names.append(line.id)
        products = self.catalogue.nomenclature.products
        for each in evaluated.inputs:
            inner = Line(
                id=f"{line.id}/{each.product}",
                stage=line.stage,
                amount=each.amount,
                unit=products[each.product].unit,
                pointer=line.pointer,
                location=each.asked,
                product=each.product,
            )
            place = self.catalogue.activities[each.activity_index].location
            found = Match(each.activity_index, each.product, place, each.asked, each.ladder)
            self.evaluated.append(Purchase(inner, position, each.amount, match=found))
        for row, released in evaluated.emissions:
            flow, place = self.catalogue.flow_rows[row]
            emission = Emission(
                id=f"{line.id}/{flow}",
                stage=line.stage,
                flow=flow,
                amount=released,
                unit=self.catalogue.nomenclature.flows[flow].unit,
                pointer=line.pointer,
                location=place,
            )
            self.emitted.append(Release(emission, position, ((row, released),), match))
        return Purchase(line, node, amount, assembly=position, instead_of=match)

    def _from_assembly(self, line: Line, node: int, output: float) -> Purchase | None:
        if line.assembly not in self.assemblies:
            self.faults.append(
                Fault(
                    pointer=f"{line.pointer}/assembly",
                    code="unknown_assembly",
                    detail=f"the study has no assembly {line.assembly!r}",
                    hint="name one of 'assemblies', or buy a 'product'",
                    allowed=nearest_names(line.assembly, self.assemblies),
                )
            )
            return None
        position, assembly = self.assemblies[line.assembly]
        amount = self._amount(line, assembly.unit)
        return None if amount is None else Purchase(line, node, amount / output, assembly=position)

    def release(self, emission: Emission, node: int, output: float) -> Release | None:
        place = emission.location or self.location
        shares = self._tried(lambda: resolve_flow(self.catalogue, emission.flow, place), emission)
        if shares is None:
            return None
        flow = self.catalogue.flow_rows[next(iter(shares))][0]
        amount = self._amount(emission, self.catalogue.nomenclature.flows[flow].unit)
        if amount is None:
            return None
        rows = tuple((row, amount * share / output) for row, share in shares.items())
        return Release(emission, node, rows)

    def check_location(self) -> None:
        try:
            resolve_location(self.catalogue, self.location)
        except UnknownName as error:
            self._unknown(error, "/location")

    def check_unit(self, unit: str, pointer: str) -> None:
        try:
            factor(unit, unit)
        except UnitMismatch as error:
            self.faults.append(Fault(f"{pointer}/unit", "unknown_unit", str(error)))

    def _amount(self, entry: Line | Emission, unit: str) -> float | None:
        try:
            return entry.amount * factor(entry.unit, unit)
        except UnitMismatch as error:
            hint = f"use {unit} or any unit of the same dimension"
            self.faults.append(
                Fault(f"{entry.pointer}/unit", "unit_mismatch", str(error), hint, (unit,))
            )
            return None

    def _tried(self, resolve: Callable[[], T], entry: Line | Emission) -> T | None:
        try:
            return resolve()
        except UnknownName as error:
            member = error.code.split("_")[-1]
            # A line without a place of its own has the product's, whose fault is told once
            if member != "location" or entry.location:
                self._unknown(error, f"{entry.pointer}/{member}")
        except NoProvider as error:
            self.faults.append(Fault(f"{entry.pointer}/product", "no_provider", str(error)))
        return None

    def _unknown(self, error: UnknownName, pointer: str) -> None:
        self.faults.append(Fault(pointer, error.code, str(error), error.hint, error.nearest))


def link(study: Study, catalogue: Catalogue) -> Foreground:
    """Bind every line and emission of a study, and return its foreground block.

    Raises
    ------
    StudyError
        With every fault of the study at once: unknown names and places, units of the
        wrong dimension, an empty bill, an id used twice.
    """
    assemblies = {
        assembly.name: (position, assembly)
        for position, assembly in enumerate(study.assemblies, start=1)
    }
    linker = _Linker(catalogue, assemblies, study.location, node_names=["", *assemblies])
    linker.check_location()
    linker.check_unit(study.declared_unit.unit, "/declared_unit")
    for assembly in study.assemblies:
        linker.check_unit(assembly.unit, assembly.pointer)
    nodes = [(PRODUCT, 1.0, study.lines, study.emissions)] + [
        (position, assembly.amount, assembly.lines, assembly.emissions)
        for position, assembly in assemblies.values()
    ]
    purchases = [
        linker.purchase(line, node, output) for node, output, lines, _ in nodes for line in lines
    ]
    releases = [
        linker.release(emission, node, output)
        for node, output, _, emissions in nodes
        for emission in emissions
    ]
    linker.faults += [*_empty_bills(study), *_duplicate_ids(study)]
    if linker.faults:
        raise StudyError(linker.faults)
    bound = (*(each for each in purchases if each is not None), *linker.evaluated)
    return Foreground(
        node_names=tuple(linker.node_names),
        purchases=bound,
        releases=(*(each for each in releases if each is not None), *linker.emitted),
        technosphere=_technosphere(bound, len(linker.node_names)),
    )


def parameter_faults(
    catalogue: Catalogue,
    activity: Activity,
    line: Line,
    error: UnknownName | UnitMismatch | BadParameter,
) -> Iterator[Fault]:
    """Yield every fault of a line's parameters: names, units, then what they lead to."""
    known = {each.name: each.figure.unit for each in parameters_of(catalogue, activity)}
    if isinstance(error, BadParameter):
        pointer = line.parameters[0].pointer.rpartition("/")[0]  # of all of them
        yield Fault(pointer, "bad_parameter", str(error), error.hint)
        return
    for given in line.parameters:
        if given.name not in known:
            detail = f"{activity.id} has no parameter {given.name!r}"
            if not known:
                detail = f"{activity.id} is an average of other activities and has no parameters"
            hint = f"GET /v1/activities/{activity.id} lists the parameters"
            nearest = nearest_names(given.name, known)
            yield Fault(given.pointer, "unknown_parameter", detail, hint, nearest)
            continue
        try:
            factor(given.unit, known[given.name])
        except UnitMismatch as mismatch:
            hint = f"use {known[given.name]} or any unit of the same dimension"
            allowed = (known[given.name],)
            yield Fault(f"{given.pointer}/unit", "unit_mismatch", str(mismatch), hint, allowed)


def _technosphere(purchases: Iterable[Purchase], n_nodes: int) -> NDArray[np.float64]:
    matrix = np.eye(n_nodes)
    for purchase in purchases:
        if purchase.assembly is not None:
            matrix[purchase.assembly, purchase.node] -= purchase.amount
    return matrix


def _empty_bills(study: Study) -> Iterable[Fault]:
    if not study.lines and not study.emissions:
        detail = "the bill is empty: there is nothing to compute a footprint from"
        yield Fault("/bom", "empty_bill", detail, "give at least one line or emission")
    bought = {line.assembly for line in study.lines}
    bought |= {line.assembly for assembly in study.assemblies for line in assembly.lines}
    for assembly in study.assemblies:
        if assembly.name in bought and not assembly.lines and not assembly.emissions:
            detail = f"assembly {assembly.name!r} is bought but its bill is empty"
            hint = "an unknown bill is not a footprint of zero: fill it, or leave the line out"
            yield Fault(f"{assembly.pointer}/bom", "empty_bill", detail, hint)


def _duplicate_ids(study: Study) -> Iterable[Fault]:
    """Yield a fault per id used twice: results are told by id, and one would hide the other."""
    taken: set[str] = set()
    entries: tuple[Line | Emission, ...] = (*study.lines, *study.emissions)
    for entry in entries:
        if entry.id in taken:
            detail = f"the id {entry.id!r} is used twice"
            yield Fault(f"{entry.pointer}/id", "duplicate_id", detail, "give each its own id")
        taken.add(entry.id)
