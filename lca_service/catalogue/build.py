"""The database while it is being built: activities, exchanges, and the faults met so far."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from lca_service.catalogue.exchanges import ExchangeRows
from lca_service.catalogue.figures import Figures
from lca_service.catalogue.nomenclature import Nomenclature, nearest_names
from lca_service.catalogue.providers import Providers
from lca_service.catalogue.templates import AverageTemplate, MultiOutput, ProcessTemplate, place
from lca_service.domain.activity import Activity, DataClass
from lca_service.errors import DataFault

_SHOWN = 5  # locations named in one fault before the rest is counted


@dataclass
class Placed:
    """A template, the locations it exists at, and the positions of its activities."""

    template: ProcessTemplate
    locations: list[str]
    first: int = 0

    @property
    def positions(self) -> range:
        """Positions of the template's activities, in the order of its locations."""
        return range(self.first, self.first + len(self.locations))


def flow_axis(nomenclature: Nomenclature) -> tuple[tuple[str, str], ...]:
    """Return the rows of the biosphere: every flow, regional ones at every location."""
    return tuple(
        (code, location)
        for code, flow in sorted(nomenclature.flows.items())
        for location in (sorted(nomenclature.locations) if flow.is_regional else ("",))
    )


@dataclass
class Build:
    """What the steps of the expansion read and write; `faults` are collected, not raised."""

    names: Nomenclature
    figures: Figures
    providers: Providers = field(init=False)
    activities: list[Activity] = field(default_factory=list)
    placed: dict[str, Placed] = field(default_factory=dict)
    technosphere: ExchangeRows = field(default_factory=ExchangeRows)
    biosphere: ExchangeRows = field(default_factory=ExchangeRows)
    formulas: dict[str, int] = field(default_factory=dict)
    tags: dict[tuple[str, ...], int] = field(default_factory=lambda: {(): 0})
    faults: list[DataFault] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.providers = Providers(self.names.ladders)
        self.flow_rows = flow_axis(self.names)
        self.flow_positions = {row: index for index, row in enumerate(self.flow_rows)}

    def enter(self, template: ProcessTemplate | AverageTemplate, location: str) -> int:
        """Enter an activity of a template at a place, and return its position."""
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
        position = len(self.activities)
        if not self.providers.add(activity, position):
            detail = f"{template.product!r} at {location} has two makers; give one another product"
            self.fault(template, "two_providers", detail)
        self.activities.append(activity)
        return position

    def formula(self, expression: str) -> int:
        """Return the position of a formula, entering it if it is new."""
        return self.formulas.setdefault(expression, len(self.formulas))

    def tag(self, tags: tuple[str, ...]) -> int:
        """Return the position of a set of tags, entering it if it is new."""
        return self.tags.setdefault(tags, len(self.tags))

    def knows_product(self, code: str, template: ProcessTemplate | AverageTemplate) -> bool:
        """Return whether a product is in a table; a fault if it is not."""
        return self._knows(code, self.names.products, "products", template)

    def knows_flow(self, code: str, template: ProcessTemplate) -> bool:
        """Return whether an elementary flow is in a table; a fault if it is not."""
        return self._knows(code, self.names.flows, "flows", template)

    def knows_location(self, code: str, template: ProcessTemplate) -> bool:
        """Return whether a place is in a table; a fault if it is not."""
        return self._knows(code, self.names.locations, "locations", template)

    def _knows(
        self,
        code: str,
        names: Collection[str],
        table: str,
        template: ProcessTemplate | AverageTemplate,
    ) -> bool:
        if code in names:
            return True
        near = ", ".join(nearest_names(code, names))
        detail = f"{code!r} is in no {table} table; enter it there, or use one of: {near}"
        self.fault(template, "unknown_name", detail)
        return False

    def fault(
        self, template: ProcessTemplate | AverageTemplate | MultiOutput, code: str, detail: str
    ) -> None:
        """Note what is wrong with a template."""
        self.faults.append(
            DataFault(template.file, place(template.code, template.line), code, detail)
        )


def shown(codes: Sequence[str]) -> str:
    """Return the first few codes as text, and how many more there are."""
    rest = f" and {len(codes) - _SHOWN} more" if len(codes) > _SHOWN else ""
    return ", ".join(codes[:_SHOWN]) + rest
