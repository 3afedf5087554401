"""Where process templates exist: one activity per template and location."""

from __future__ import annotations

from collections.abc import Sequence

from lca_service.catalogue.build import Build, Placed
from lca_service.catalogue.templates import ProcessTemplate
from lca_service.domain.location import WORLD


def place_processes(build: Build, processes: Sequence[ProcessTemplate]) -> None:
    """Enter the activities of every template, those that follow electricity last."""
    with_electricity: list[str] = []
    for template in sorted(processes, key=lambda each: each.locations == "electricity"):
        if not build.knows_product(template.product, template):
            continue
        locations = _locations(build, template, with_electricity)
        entry = Placed(template, locations, len(build.activities))
        if template.product == "electricity-low-voltage":
            with_electricity += [c for c in locations if build.names.locations[c].is_country]
        for location in locations:
            build.enter(template, location)
        if template.code in build.placed:
            build.fault(template, "duplicate_process", "the code is used twice")
        build.placed[template.code] = entry


def _locations(build: Build, template: ProcessTemplate, with_electricity: list[str]) -> list[str]:
    where = template.locations
    if where == "countries":
        return build.names.countries
    if where == "electricity":
        return sorted(with_electricity)
    if where == "own":
        return _own_locations(build, template)
    listed = [where] if isinstance(where, str) else list(where)
    return [code for code in listed if build.knows_location(code, template)]


def _own_locations(build: Build, template: ProcessTemplate) -> list[str]:
    own = [binding for binding in template.parameters if binding.at == "own"]
    if not own:
        build.fault(template, "no_location", "give 'locations', or a parameter 'at: own'")
        return []
    places = [
        set(build.figures.locations.get((binding.quantity, binding.subject), ())) for binding in own
    ]
    for binding, found in zip(own, places, strict=True):
        if not found:
            detail = f"no figure {binding.quantity!r} of {binding.subject!r} anywhere"
            build.fault(template, "no_figure", detail)
    return sorted(
        code
        for code in set.intersection(*places)
        if code != WORLD and code in build.names.locations
    )
