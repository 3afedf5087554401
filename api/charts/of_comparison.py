"""Comparisons, and claims that are made of them, as charts and tables."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from api.charts.caption import caption
from api.charts.labels import indicator, title, word
from api.charts.shapes import Bar, Bars, Publication, Row
from api.schemas.comparisons import ClaimAnswer, ComparisonAnswer
from api.schemas.language import Language

_VERDICTS = {"met": "pass", "not_met": "fail", "cannot_tell": "cannot_tell"}


def of_comparison(answer: ComparisonAnswer, language: Language) -> Publication:
    """Return the options under each indicator, and the verdicts on every pair."""
    known = [each for each in answer.indicators if each.reason is None]
    return Publication(
        title=title("comparison", answer.function, language),
        panels=[
            Bars(
                indicator(each.id, language),
                each.unit,
                [
                    Bar(
                        option.option,
                        option.value,
                        option.distribution.p2_5,
                        option.distribution.p97_5,
                    )
                    for option in each.options
                ],
            )
            for each in known
        ],
        rows=list(_rows(answer)),
        caption=caption(
            answer.manifest,
            [each.method for each in answer.indicators],
            answer.sources,
            language,
            [
                f"{word('interval', language)} ({answer.samples})",
                *(
                    f"{indicator(each.id, language)}: {word('reason', language)}"
                    for each in answer.indicators
                    if each.reason is not None
                ),
            ],
        ),
    )


def of_claim(answer: ClaimAnswer, language: Language) -> Publication:
    """Return the comparison that a claim is made of, and the conditions for publishing it."""
    compared = of_comparison(answer.comparison, language)
    found = {
        name: [each.id for each in answer.conditions if each.verdict == name] for name in _VERDICTS
    }
    return dataclasses.replace(
        compared,
        title=title("claim", answer.statement, language),
        rows=[
            *compared.rows,
            *(
                Row(answer.indicator, "verdict", each.id, note=f"{each.verdict}: {each.evidence}")
                for each in answer.conditions
            ),
        ],
        caption=[
            *(
                f"{word(_VERDICTS[name], language)}: {', '.join(ids)}"
                for name, ids in found.items()
                if ids
            ),
            *compared.caption,
        ],
    )


def _rows(answer: ComparisonAnswer) -> Iterator[Row]:
    for each in answer.indicators:
        if each.reason is not None:
            yield Row(each.id, "value", unit=each.unit, note=each.reason)
        for option in each.options:
            drawn = option.distribution
            yield Row(each.id, "value", option.option, value=option.value, low=drawn.p2_5,
                      high=drawn.p97_5, unit=each.unit)  # fmt: skip
        for pair in each.pairs:
            yield Row(
                each.id,
                "difference",
                f"{pair.first} - {pair.second}",
                value=pair.difference.mean,
                low=pair.difference.p2_5,
                high=pair.difference.p97_5,
                unit=each.unit,
                note=pair.verdict.value,
            )
