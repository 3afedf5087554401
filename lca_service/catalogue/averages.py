"""Weighted averages of activities: production and export mixes of regions and the world."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence

from lca_service.catalogue.build import Build
from lca_service.catalogue.templates import AverageTemplate
from lca_service.domain.location import WORLD


def place_averages(
    build: Build, averages: Sequence[AverageTemplate]
) -> Iterator[tuple[AverageTemplate, str, int]]:
    """Enter the averages at their places; yield each with its place and position."""
    for average in averages:
        if not build.knows_product(average.product, average):
            continue
        members = build.placed.get(average.of)
        if members is None or members.template.product != average.product:
            detail = f"'of: {average.of}' is no process that makes {average.product!r}"
            build.fault(average, "unknown_process", detail)
            continue
        places = {WORLD}
        if average.locations == "regions":
            taken = set(members.locations)
            for code in members.locations:
                weight = _weight(build, average, code)
                if weight is not None and build.figures.base_values[weight] > 0:
                    places |= set(build.names.ladders[code][1:]) - taken
        for location in sorted(places):
            yield average, location, build.enter(average, location)


def _weight(build: Build, average: AverageTemplate, location: str) -> int | None:
    return build.figures.positions.get((average.quantity, average.subject, location))


def weigh(build: Build, average: AverageTemplate, location: str, position: int) -> None:
    """Add the members of an average, by their share of the weight, and what they cover."""
    members = build.placed[average.of]
    inside = {
        code: weight
        for code in members.locations
        if location in build.names.ladders[code]
        and (weight := _weight(build, average, code)) is not None
        and build.figures.base_values[weight] > 0
    }
    total = sum(build.figures.base_values[weight] for weight in inside.values())
    if not total:
        detail = f"no positive weight {average.quantity!r} of {average.subject!r} in {location}"
        build.fault(average, "no_weight", detail)
        return
    if len({build.figures.base_units[weight] for weight in inside.values()}) > 1:
        units = sorted({build.figures.rows[weight].unit for weight in inside.values()})
        build.fault(average, "mixed_units", f"weights {average.quantity!r} in {units}")
        return
    first = {code: members.positions[i] for i, code in enumerate(members.locations)}
    build.technosphere.extend(
        [position] * len(inside),
        [first[code] for code in inside],
        [build.figures.base_values[weight] / total for weight in inside.values()],
        formula=build.formula(f"share of {average.quantity} of {average.subject}"),
        tag=0,
        figures=[[weight] for weight in inside.values()],
    )
    covered = total / _world_weight(build, average, location, total)
    build.activities[position] = dataclasses.replace(
        build.activities[position], covered_share=covered
    )


def _world_weight(build: Build, average: AverageTemplate, location: str, members: float) -> float:
    """Return the weight of everything inside a place, whether or not it has an activity."""
    places = build.figures.locations[(average.quantity, average.subject)]
    inside = sum(
        build.figures.base_values[weight]
        for code in places
        if code in build.names.locations
        and build.names.locations[code].is_country
        and location in build.names.ladders[code]
        and (weight := _weight(build, average, code)) is not None
    )
    printed = _weight(build, average, location)
    stated = build.figures.base_values[printed] if printed is not None else 0.0
    return max(members, inside, stated)
