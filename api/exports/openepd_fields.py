"""What openEPD asks for, and where our stages and indicators stand in it."""

from __future__ import annotations

from api.exports.declared import GATE, Standard
from lca_service.domain.study import Stage

OPENEPD = Standard(
    name="openEPD",
    code="missing_for_openepd",
    units={
        "kg": "kg",
        "piece": "item",
        "MJ": "MJ",
        "m3": "m3",
        "m2": "m2",
        "m": "m",
        "t*km": "t * km",
        "hour": "hour",
    },
    massless=("MJ", "t * km", "hour"),
)
# What can be told of the life cycle: B1 to B7 and C1 to C4 have no sum, and A1A2A3 is one
UP_TO_GATE = "A1A2A3"
MODULES: dict[str, tuple[str, ...]] = {UP_TO_GATE: GATE, "A4": (Stage.DISTRIBUTION.value,)}
# The package knows IPCC AR5 and methods that have other factors than ours; it refuses AR6
METHOD = "Unknown LCIA"
IMPACTS = {
    "climate_change.total": ("gwp", "kgCO2e"),
    "climate_change.fossil": ("gwp-fossil", "kgCO2e"),
    "climate_change.luluc": ("gwp-luluc", "kgCO2e"),
    "climate_change.biogenic": ("gwp-nonCO2", "kgCO2e"),  # methane; biogenic CO2 counts 0
    "water.scarcity_aware": ("WDP", "m3AWARE"),
}
RESOURCE_USES = {"water.consumption": ("fw", "m3")}
