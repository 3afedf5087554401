"""Value chains and categories as charts and tables."""

from __future__ import annotations

from collections.abc import Iterator

from api.charts.caption import caption
from api.charts.labels import indicator, title, word
from api.charts.shapes import Bar, Cell, Grades, Heat, Publication, Row
from api.schemas.benchmarks import BenchmarkAnswer, BenchmarkIndicatorAnswer, RatingAnswer
from api.schemas.hotspots import HotspotsAnswer
from api.schemas.language import Language


def of_hotspots(answer: HotspotsAnswer, language: Language) -> Publication:
    """Return the shares of steps by country, with a sign at hotspots."""
    steps = {each.id: each.title for each in answer.steps}
    return Publication(
        title=title("hotspots", f"{answer.title}, {answer.product.title}", language),
        panels=[
            Heat(
                f"{indicator(each.id, language)} ({each.unit})",
                list(steps.values()),
                answer.countries,
                [
                    Cell(steps[c.step], c.country, c.share, (c.share or 0.0) >= 0.25)
                    for c in each.cells
                ],
                f"{word('share', language)}, %   {word('hotspot', language)}",
            )
            for each in answer.indicators
            if each.reason is None
        ],
        rows=[
            row
            for each in answer.indicators
            for cell in each.cells
            for row in (
                Row(each.id, "value", cell.step, cell.country, value=cell.value, unit=each.unit),
                Row(each.id, "share", cell.step, cell.country, value=cell.share, unit="1"),
                Row(each.id, "potential", cell.step, cell.country, value=cell.potential,
                    unit=each.unit),
            )
        ],
        caption=caption(
            answer.manifest,
            [each.method for each in answer.indicators],
            answer.sources,
            language,
            [answer.declared_unit],
        ),
    )  # fmt: skip


def of_benchmark(answer: BenchmarkAnswer, language: Language) -> Publication:
    """Return the distribution of a category with its classes."""
    return Publication(
        title=title("benchmark", answer.title, language),
        panels=[
            Grades(
                indicator(each.id, language),
                f"{each.unit} / {answer.declared_unit}",
                _curve(each),
                [(g.grade, g.at_most) for g in each.grades if g.at_most is not None],
            )
            for each in answer.indicators
            if each.percentiles is not None
        ],
        rows=list(_benchmark_rows(answer)),
        caption=caption(
            answer.manifest, [each.method for each in answer.indicators], answer.sources, language
        ),
    )


def of_rating(answer: RatingAnswer, category: BenchmarkAnswer, language: Language) -> Publication:
    """Return where a product stands in the distribution of its category."""
    rated = {each.id: each for each in answer.indicators}
    panels: list[Grades] = []
    for each in category.indicators:
        found = rated.get(each.id)
        if each.percentiles is None or found is None or found.value is None:
            continue
        limits = [(g.grade, g.at_most) for g in found.grades if g.at_most is not None]
        if not limits:
            continue
        panels.append(
            Grades(
                indicator(each.id, language),
                f"{each.unit} / {category.declared_unit}",
                _curve(each),
                limits,
                [Bar(f"{answer.name}, {word('class', language)} {found.grade}", found.value)],
            )
        )
    return Publication(
        title=title("rating", answer.name, language),
        panels=panels,
        rows=list(_rating_rows(answer)),
        caption=caption(
            answer.manifest,
            [each.method for each in category.indicators],
            category.sources,
            language,
        ),
    )


def _curve(found: BenchmarkIndicatorAnswer) -> list[tuple[float, float]]:
    return [
        (float(name[1:].replace("_", ".")), value)
        for name, value in (found.percentiles or {}).items()
    ]


def _benchmark_rows(answer: BenchmarkAnswer) -> Iterator[Row]:
    for each in answer.indicators:
        if each.percentiles is None:
            yield Row(each.id, "value", unit=each.unit, note=each.reason or "")
            continue
        for name, value in each.percentiles.items():
            yield Row(each.id, "percentile", name[1:].replace("_", "."), value=value,
                      unit=each.unit)  # fmt: skip
        for grade in each.grades:
            yield Row(each.id, "class", grade.grade, value=grade.at_most, unit=each.unit)
        for group in each.by_place:
            yield Row(each.id, "median", place=group.id, value=group.p50, unit=each.unit)
        for group in each.by_technology:
            yield Row(each.id, "technology", group.id, value=group.p50, unit=each.unit)


def _rating_rows(answer: RatingAnswer) -> Iterator[Row]:
    for each in answer.indicators:
        yield Row(each.id, "value", answer.name, value=each.value, unit=each.unit,
                  note=each.reason or "")  # fmt: skip
        yield Row(each.id, "percentile", answer.name, value=each.percentile, unit="%")
        for grade, probability in (each.probabilities or {}).items():
            yield Row(each.id, "class", grade, value=probability, unit="1")
