"""The series of countries in a compiled release: opened when they are first asked for."""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from pathlib import Path

from lca_service.catalogue.country_statistics import CountryStatistics
from lca_service.domain.country import CountryIndicator, Observation, Pillar, Role
from lca_service.domain.provenance import Basis

_FILE = "countries.json"
_BASIS = [item.name for item in fields(Observation)].index("basis")


def save_countries(countries: CountryStatistics, folder: Path) -> None:
    """Write the series of a release into a folder of the compiled cache."""
    content = {
        "indicators": [asdict(each) for each in countries.indicators.values()],
        "series": [
            [*key, [[*vars(each).values()] for each in series]]
            for key, series in countries.series.items()
        ],
    }
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    (folder / _FILE).write_text(text, "utf-8")


def load_countries(folder: Path) -> CountryStatistics:
    """Open what `save_countries` wrote."""
    found = json.loads((folder / _FILE).read_text("utf-8"))
    return CountryStatistics(
        indicators={
            row["code"]: CountryIndicator(
                **{**row, "pillar": Pillar(row["pillar"]), "role": Role(row["role"])}
            )
            for row in found["indicators"]
        },
        series={
            (indicator, place): tuple(_observation(row) for row in rows)
            for indicator, place, rows in found["series"]
        },
    )


def _observation(row: list[object]) -> Observation:
    return Observation(*[*row[:_BASIS], Basis(row[_BASIS]), *row[_BASIS + 1 :]])  # type: ignore[arg-type]
