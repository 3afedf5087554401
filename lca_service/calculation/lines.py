"""How the lines of a study were understood, and what a reader should know about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from lca_service.calculation.link import Foreground, Purchase, Release
from lca_service.catalogue.catalogue import Catalogue
from lca_service.catalogue.resolve import Match
from lca_service.domain.provenance import Source
from lca_service.domain.study import Study


@dataclass(frozen=True)
class LineResult:
    """How one line or emission of the study was understood.

    ``match`` is the background provider; ``without_parameters`` are the scores, by
    indicator, that a line with given parameters has with the table's figures.
    """

    id: str
    pointer: str
    status: str
    match: Match | None
    sources: tuple[Source, ...]
    licences: tuple[str, ...]
    without_parameters: Mapping[str, float] | None = None


@dataclass(frozen=True)
class Notice:
    """Something the reader of a result should know; never an error."""

    code: str
    pointer: str
    detail: str


def line_results(
    foreground: Foreground, catalogue: Catalogue, scores: Callable[[Purchase], Mapping[str, float]]
) -> tuple[LineResult, ...]:
    """Return how every line and emission was understood, in the order of the study.

    ``scores`` gives the scores of what a line would buy without its parameters.
    """
    bought = [_purchase_result(purchase, catalogue, scores) for purchase in foreground.purchases]
    emitted = [
        LineResult(release.emission.id, release.emission.pointer, "given", None, (), ())
        for release in foreground.releases
    ]
    return (*bought, *emitted)


def _purchase_result(
    purchase: Purchase, catalogue: Catalogue, scores: Callable[[Purchase], Mapping[str, float]]
) -> LineResult:
    line, match = purchase.line, purchase.match or purchase.instead_of
    if match is None:
        return LineResult(line.id, line.pointer, "assembly", None, (), ())
    sources, licences = catalogue.provenance_of(match.activity_index)
    status = "substituted" if match.is_substituted else "exact"
    return LineResult(
        id=line.id,
        pointer=line.pointer,
        status="given_parameters" if purchase.instead_of else status,
        match=match,
        sources=sources,
        licences=licences,
        without_parameters=scores(purchase) if purchase.instead_of else None,
    )


def notices(study: Study, foreground: Foreground, catalogue: Catalogue) -> Iterator[Notice]:
    """Yield what a reader should know: substitutions, unknown uses, parts that do not count."""
    for purchase in foreground.purchases:
        yield from _substitution(purchase, catalogue)
    for release in foreground.releases:
        yield from _water_use(release, catalogue)
    bought = {purchase.assembly for purchase in foreground.purchases}
    for position, assembly in enumerate(study.assemblies, start=1):
        if position not in bought:
            detail = f"assembly {assembly.name!r} is not bought by any line and does not count"
            yield Notice("unused_assembly", assembly.pointer, detail)
    if study.declared_unit.mass_kg is None:
        detail = "no mass given: checks of the mass balance and carbon content are left out"
        yield Notice("no_mass", "/declared_unit", detail)


def _substitution(purchase: Purchase, catalogue: Catalogue) -> Iterator[Notice]:
    match = purchase.match or purchase.instead_of
    if match is not None and match.is_substituted:
        activity = catalogue.activities[match.activity_index]
        steps = " -> ".join(match.ladder)
        detail = (
            f"no own figures for {match.product} at {match.asked}: "
            f"{activity.id} stands in ({steps})"
        )
        yield Notice("location_substituted", f"{purchase.line.pointer}/location", detail)


def _water_use(release: Release, catalogue: Catalogue) -> Iterator[Notice]:
    """Yield a notice where the use of water, or a place's factor for it, is not known."""
    pointer = release.emission.pointer
    if release.emission.flow.endswith("-unspecified"):
        detail = "the use of the water is not given: the factor for unspecified use applies"
        yield Notice("unspecified_water_use", f"{pointer}/flow", detail)
    for row, _ in release.rows:
        for entry in catalogue.substituted_by_row.get(row, ()):
            category = catalogue.categories[entry.category_index]
            detail = (
                f"{category.indicator} ({category.method}) has no factor of its own there: that "
                f"of {entry.rung} applies, inside which factors run from {entry.low:g} to "
                f"{entry.high:g}"
            )
            yield Notice("factor_substituted", f"{pointer}/location", detail)
