"""Countries over time as charts and tables."""

from __future__ import annotations

from collections.abc import Iterator

from api.charts.labels import title, word
from api.charts.shapes import Lines, Point, Publication, Row
from api.schemas.countries import CountryTrendsAnswer, TrendsAnswer
from api.schemas.language import Language


def of_trends(answer: TrendsAnswer, language: Language) -> Publication:
    """Return each indicator as an index of the countries, and all figures with verdicts."""
    names = {series.indicator: series.name for each in answer.countries for series in each.series}
    panels = [
        Lines(f"{name}: {word('index', language)}", "", found)
        for indicator, name in names.items()
        if (found := dict(_series(answer, indicator)))
    ]
    sources = ", ".join(dict.fromkeys(each.id for each in answer.sources))
    return Publication(
        title=title("trends", ", ".join(each.name for each in answer.countries), language),
        panels=panels,
        rows=[row for each in answer.countries for row in _rows(each)],
        caption=[
            f"{word('release', language)}: {answer.data_release} ({answer.data_hash[:12]})",
            f"{word('sources', language)}: {sources}",
        ],
    )


def _series(answer: TrendsAnswer, indicator: str) -> Iterator[tuple[str, list[Point]]]:
    for country in answer.countries:
        for series in country.series:
            points = [
                Point(each.year, each.index) for each in series.points if each.index is not None
            ]
            if series.indicator == indicator and points:
                yield country.name, points


def _rows(country: CountryTrendsAnswer) -> Iterator[Row]:
    for series in country.series:
        if series.reason is not None:
            yield Row(series.indicator, "value", series.name, country.code, unit=series.unit,
                      note=series.reason)  # fmt: skip
        for each in series.points:
            yield Row(series.indicator, "value", series.name, country.code, each.year,
                      each.value, unit=series.unit, note=each.source)  # fmt: skip
    for found in country.decoupling:
        if found.period is None:
            yield Row(found.pressure, "verdict", found.activity, country.code,
                      note=found.reason or "")  # fmt: skip
            continue
        verdict = found.period.verdict
        yield Row(found.pressure, "verdict", f"{found.period.start}-{found.period.end}",
                  country.code, value=found.period.elasticity, unit="1",
                  note=verdict or found.period.reason or "")  # fmt: skip
