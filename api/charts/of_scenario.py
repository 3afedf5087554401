"""Scenarios and measures as charts and tables."""

from __future__ import annotations

from collections.abc import Iterator

from api.charts.caption import caption
from api.charts.labels import indicator, title, word
from api.charts.shapes import Bar, Bars, Lines, Panel, Point, Publication, Row
from api.schemas.language import Language
from api.schemas.measures import MeasureAnswer, MeasureIndicatorAnswer
from api.schemas.scenarios import EvaluationAnswer, ScenarioIndicatorAnswer


def of_scenario(answer: EvaluationAnswer, language: Language) -> Publication:
    """Return a product as it is and under a scenario."""
    return Publication(
        title=title("scenario", answer.name, language),
        panels=[each for found in answer.indicators for each in _scenario_panels(found, language)],
        rows=[row for each in answer.indicators for row in _scenario_rows(each)],
        caption=caption(
            answer.manifest,
            [each.method for each in answer.indicators],
            answer.sources,
            language,
            [
                f"{word('scenario', language)}: "
                + "; ".join(each.title or each.id for each in answer.patches),
                *_unknown(answer.indicators, language),
            ],
        ),
    )


def of_measure(answer: MeasureAnswer, language: Language) -> Publication:
    """Return what a measure saves by year, and the share of each patch."""
    target = answer.target
    panels: list[Panel] = []
    for each in answer.indicators:
        if each.cumulated is None:
            continue
        rule = None
        is_annual = target is not None and target.of == "annual"
        if target is not None and is_annual and target.target and target.indicator == each.id:
            rule = (word("target", language), target.target)
        panels.append(_by_year(each, rule, language))
        if each.by_patch and len(each.by_patch) > 1:
            panels.append(
                Bars(
                    f"{indicator(each.id, language)}: {word('by_patch', language)}",
                    each.unit,
                    [Bar(_named(name, answer), share) for name, share in each.by_patch.items()],
                )
            )
    return Publication(
        title=title("measure", answer.name, language),
        panels=panels,
        rows=list(_measure_rows(answer)),
        caption=caption(
            answer.manifest,
            [each.method for each in answer.indicators],
            answer.sources,
            language,
            [
                f"{word('supply', language)}: "
                + ", ".join(
                    f"{each.electricity}, {each.materials}"
                    for each in answer.supply_models
                    if each.is_used
                ),
                f"{word('interval', language)} ({answer.samples})" if answer.samples else "",
                *_unknown(answer.indicators, language),
            ],
        ),
    )


def _named(name: str, answer: MeasureAnswer) -> str:
    return next((each.title or name for each in answer.patches if each.id == name), name)


def _unknown(
    found: list[ScenarioIndicatorAnswer] | list[MeasureIndicatorAnswer], language: Language
) -> Iterator[str]:
    for each in found:
        if each.reason is not None:
            yield f"{indicator(each.id, language)}: {word('reason', language)}"


def _scenario_panels(found: ScenarioIndicatorAnswer, language: Language) -> Iterator[Panel]:
    if found.baseline is None or found.scenario is None:
        return
    name = indicator(found.id, language)
    if len(found.path) > 1:
        points = [Point(each.year, each.value) for each in found.path]
        yield Lines(name, found.unit, {word("scenario", language): points},
                    (word("baseline", language), found.baseline))  # fmt: skip
        return
    low = high = None
    if found.distribution is not None:
        low = found.baseline + found.distribution.p2_5
        high = found.baseline + found.distribution.p97_5
    yield Bars(
        name,
        found.unit,
        [
            Bar(word("baseline", language), found.baseline),
            Bar(word("scenario", language), found.scenario, low, high),
        ],
    )


def _by_year(
    found: MeasureIndicatorAnswer, rule: tuple[str, float] | None, language: Language
) -> Lines:
    return Lines(
        f"{indicator(found.id, language)}: {word('saving', language)}",
        found.unit,
        {
            word("saving", language): [
                Point(
                    each.year,
                    each.value,
                    None if each.interval is None else each.interval.p2_5,
                    None if each.interval is None else each.interval.p97_5,
                )
                for each in found.by_year
            ]
        },
        rule,
    )


def _scenario_rows(found: ScenarioIndicatorAnswer) -> Iterator[Row]:
    if found.reason is not None:
        yield Row(found.id, "value", unit=found.unit, note=found.reason)
        return
    yield Row(found.id, "baseline", value=found.baseline, unit=found.unit)
    yield Row(found.id, "scenario", value=found.scenario, unit=found.unit)
    drawn = found.distribution
    yield Row(found.id, "change", value=found.change, unit=found.unit,
              low=None if drawn is None else drawn.p2_5,
              high=None if drawn is None else drawn.p97_5)  # fmt: skip
    for kind in ("by_stage", "by_line"):
        for name, beside in (getattr(found, kind) or {}).items():
            yield Row(found.id, "baseline", name, value=beside.baseline, unit=found.unit)
            yield Row(found.id, "scenario", name, value=beside.scenario, unit=found.unit)
    for each in found.path:
        yield Row(found.id, "scenario", year=each.year, value=each.value, unit=found.unit)


def _measure_rows(answer: MeasureAnswer) -> Iterator[Row]:
    for each in answer.indicators:
        if each.cumulated is None:
            yield Row(each.id, "saving", unit=each.unit, note=each.reason or "")
            continue
        yield Row(each.id, "baseline", value=each.unit_baseline, unit=each.unit)
        yield Row(each.id, "scenario", value=each.unit_scenario, unit=each.unit)
        for saved in each.by_year:
            drawn = saved.interval
            yield Row(each.id, "saving", year=saved.year, value=saved.value, unit=each.unit,
                      low=None if drawn is None else drawn.p2_5,
                      high=None if drawn is None else drawn.p97_5)  # fmt: skip
        drawn = each.cumulated.interval
        yield Row(each.id, "cumulated", value=each.cumulated.value, unit=each.unit,
                  low=None if drawn is None else drawn.p2_5,
                  high=None if drawn is None else drawn.p97_5)  # fmt: skip
        for name, share in (each.by_patch or {}).items():
            yield Row(each.id, "by_patch", name, value=share, unit=each.unit)
    for model in answer.supply_models:
        for name, value in model.cumulated.items():
            unit = next(each.unit for each in answer.indicators if each.id == name)
            yield Row(name, "supply", f"{model.electricity}, {model.materials}", value=value,
                      unit=unit, note=model.reason or "")  # fmt: skip
    if answer.target is not None:
        yield Row(answer.target.indicator, "target", year=answer.target.by,
                  value=answer.target.target, unit=answer.target.unit,
                  note=answer.target.reason or "")  # fmt: skip
