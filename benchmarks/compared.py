"""A comparison of categories in countries by paired samples, beside bw2calc in the same run."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

from api.categories import find_template, to_request
from api.comparisons import ask_comparison
from api.store.footprints import Kept
from benchmarks.bill import study
from benchmarks.footprint import factorized
from benchmarks.timing import Timing, repeat
from lca_service.engine import Engine
from lca_service.errors import UnknownName
from lca_service.releases import Releases

COUNTRIES = (
    *("BD", "BR", "CN", "DE", "EG", "ET", "FR", "GH", "ID", "IN"),
    *("KE", "MX", "NG", "PK", "PL", "TH", "TR", "US", "VN", "ZA"),
)
CATEGORIES = (
    *("beverage-bottle", "building", "copy-paper", "corrugated-box", "leather-shoe"),
    *("refrigerator", "rice", "sneaker", "t-shirt", "washing-machine"),
)
INDICATORS = ("climate_change.total", "water.consumption", "water.scarcity_aware")
SAMPLES = 1000


@dataclass(frozen=True)
class Compared:
    """Ours, and one sample of the same by bw2calc: a matrix, and an inventory per option."""

    ours: Timing
    matrix: Timing
    inventory: Timing

    @property
    def theirs(self) -> float:
        """Seconds of all samples by bw2calc, extrapolated from one."""
        options = len(COUNTRIES) * len(CATEGORIES)
        return SAMPLES * (self.matrix.median + options * self.inventory.median)


def measure(engine: Engine) -> Compared:
    """Time the comparisons warm, and one sample of them by a factorized `bw2calc.LCA`."""
    engine.build_samples(samples=SAMPLES, seed=0)
    questions = [_question(category, engine) for category in CATEGORIES]
    releases = Releases(engine)

    def ours() -> None:
        for each in questions:
            ask_comparison(each, releases, _no_footprint, max_lines=100)

    own = study(engine.catalogue)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # without PARDISO bw2calc recommends it
        redo = factorized(engine, own)
        return Compared(
            ours=repeat(ours, 5, warm_up=1),
            matrix=repeat(lambda: factorized(engine, own), 3),
            inventory=repeat(redo, 20, warm_up=2),
        )


def _question(category: str, engine: Engine) -> dict[str, Any]:
    template = find_template(category, engine)
    return {
        "options": [
            {
                "name": country,
                "function": template.title,
                "request": to_request(template, {"location": country}),
            }
            for country in COUNTRIES
        ],
        "indicators": list(INDICATORS),
        "uncertainty": {"samples": SAMPLES, "seed": 0},
    }


def _no_footprint(footprint_id: str) -> Kept:
    raise UnknownName("unknown_footprint", footprint_id)
