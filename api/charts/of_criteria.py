"""Judged offers as charts and tables."""

from __future__ import annotations

from collections.abc import Iterator

from api.charts.labels import title, word
from api.charts.shapes import Bar, Bars, Panel, Publication, Row
from api.schemas.criteria import TenderAnswer
from api.schemas.language import Language
from lca_service.calculation.criteria import Comparison


def of_tender(answer: TenderAnswer, language: Language) -> Publication:
    """Return what offers are judged by, beside the thresholds, and their points."""
    return Publication(
        title=title("criteria", answer.title, language),
        panels=list(_panels(answer, language)),
        rows=list(_rows(answer)),
        caption=[
            f"{word('interval', language)} ({answer.samples})",
            f"{word('release', language)}: {answer.manifest.data_release} "
            f"({answer.manifest.data_hash[:12]})",
            f"{word('sources', language)}: "
            + "; ".join(dict.fromkeys(c.source for c in answer.offers[0].criteria)),
        ],
    )


def _panels(answer: TenderAnswer, language: Language) -> Iterator[Panel]:
    for place, criterion in enumerate(answer.offers[0].criteria):
        bars = [
            Bar(
                offer.name,
                found.value,
                None if found.interval is None else found.interval.p2_5,
                None if found.interval is None else found.interval.p97_5,
                word(found.verdict.value, language),
            )
            for offer in answer.offers
            if (found := offer.criteria[place]).value is not None
        ]
        sign = "≤" if criterion.comparison is Comparison.AT_MOST else "≥"
        if bars:
            heading = f"{criterion.title} ({word('threshold', language)}: {sign} "
            heading += f"{criterion.threshold:g} {criterion.unit})"
            yield Bars(heading, criterion.unit, bars)
    points = [
        Bar(offer.name, offer.points, offer.points_interval.p2_5, offer.points_interval.p97_5)
        for offer in answer.offers
        if offer.points is not None and offer.points_interval is not None
    ]
    if points:
        yield Bars(word("points", language), word("points", language), points)


def _rows(answer: TenderAnswer) -> Iterator[Row]:
    for offer in answer.offers:
        for each in offer.criteria:
            drawn = each.interval
            yield Row(each.id, "value", offer.name, value=each.value, unit=each.unit,
                      low=None if drawn is None else drawn.p2_5,
                      high=None if drawn is None else drawn.p97_5,
                      note=each.verdict.value)  # fmt: skip
            yield Row(each.id, "threshold", offer.name, value=each.threshold, unit=each.unit)
        yield Row("", "verdict", offer.name, note=offer.verdict.value)
        yield Row("", "points", offer.name, value=offer.points, note=offer.reason or "")
