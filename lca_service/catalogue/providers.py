"""Who makes what, where: the one walk up the ladder, for templates and for bills alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lca_service.domain.activity import Activity
from lca_service.domain.location import WORLD

EXPORT = "export"


@dataclass
class Providers:
    """Who makes what, where: activity positions by product, mix and location."""

    ladders: Mapping[str, Sequence[str]]
    domestic: dict[str, dict[str, int]] = field(default_factory=dict)
    exports: dict[str, dict[str, int]] = field(default_factory=dict)

    def add(self, activity: Activity, position: int) -> bool:
        """Enter an activity; False if its place is taken."""
        table = self.exports if activity.mix == EXPORT else self.domestic
        places = table.setdefault(activity.product, {})
        if activity.location in places:
            return False
        places[activity.location] = position
        return True

    def find(self, product: str, location: str, mix: str = "") -> tuple[int, list[str]] | None:
        """Return the provider at the nearest rung, and the rungs that were walked.

        A place without a maker of its own buys a traded product from the world's
        exporters, not from the world's growers: at the last rung the export mix wins
        over the production mix, unless the world itself or a mix is asked for.
        """
        domestic = self.domestic.get(product, {})
        exports = self.exports.get(product, {})
        walked: list[str] = []
        for rung in self.ladders[location]:
            walked.append(rung)
            wants_export = mix == EXPORT or (mix == "" and rung == WORLD != location)
            position = exports.get(rung) if wants_export else None
            if position is None and mix != EXPORT:
                position = domestic.get(rung)
            if position is not None:
                return position, walked
        return None
