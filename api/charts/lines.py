"""Series over years, with bands and a level that they stand beside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from api.charts.labels import number, printed_unit, word
from api.charts.shapes import Lines
from api.charts.text import WIDTH, Spec, heading, said, ticks
from api.schemas.language import Language

_WIDE = WIDTH + 120
_SHORT = 24  # characters of names that stand beside each other
_DASHES = ([1, 0], [6, 3], [2, 2], [8, 2, 2, 2], [1, 4], [12, 3])
_SHADES = ("#000000", "#555555", "#888888", "#333333", "#777777", "#aaaaaa")


def lines(panel: Lines, language: Language) -> Spec:
    """Return lines over years."""
    is_rtl = language == "ar"
    ends = [each.value for points in panel.series.values() for each in points]
    by, unit = printed_unit(panel.unit, max((abs(each) for each in ends), default=0.0))
    names = list(panel.series)
    values = [
        {"series": said(name, language), "year": each.year, "value": each.value * by,
         "low": None if each.low is None else each.low * by,
         "high": None if each.high is None else each.high * by}
        for name, points in panel.series.items()
        for each in points
    ]  # fmt: skip
    shown = [said(name, language) for name in names]
    legend = {
        "title": None,
        "orient": "bottom",
        "columns": 1 if max(map(len, names)) > _SHORT else 3,
        "symbolType": "stroke",
        "symbolSize": 300,
    }
    series = {
        "field": "series",
        "type": "nominal",
        "sort": None,
        "legend": legend if len(names) > 1 else None,
    }
    colour = {**series, "scale": {"domain": shown, "range": _cycle(_SHADES, shown)}}
    dash = {**series, "scale": {"domain": shown, "range": _cycle(_DASHES, shown)}}
    years = [each.year for points in panel.series.values() for each in points]
    x = {"field": "year", "type": "quantitative",
         "scale": {"reverse": is_rtl, "nice": False, "zero": False},
         "axis": {"title": said(word("year", language), language), "format": "d",
                  "values": _years(min(years), max(years))}}  # fmt: skip
    y = {"field": "value", "type": "quantitative",
         "axis": {"title": said(unit, language), "labelExpr": ticks(), "tickCount": 5,
                  "orient": "right" if is_rtl else "left"}}  # fmt: skip
    layers: list[Spec] = []
    if any(each["low"] is not None for each in values):
        layers.append(
            {"mark": {"type": "area", "opacity": 0.35, "color": "#9e9e9e"},
             "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"},
                          "detail": {"field": "series"}}}
        )  # fmt: skip
    layers.append(
        {"mark": {"type": "line", "strokeWidth": 1.8, "point": {"size": 22, "color": "black"}},
         "encoding": {"x": x, "y": y, "color": colour, "strokeDash": dash}}
    )  # fmt: skip
    shown_as = panel.title
    if panel.rule is not None:
        name, level = panel.rule[0], panel.rule[1] * by
        shown_as = f"{panel.title} — {name}: {number(level, language)} {unit} (- - -)"
        layers.append(
            {
                "data": {"values": [{"level": level}]},
                "mark": {"type": "rule", "strokeDash": [4, 4]},
                "encoding": {"y": {"field": "level", "type": "quantitative"}},
            }
        )
    return {
        "title": heading(shown_as, language),
        "data": {"values": values},
        "width": _WIDE,
        "height": 200,
        "layer": layers,
    }


def _cycle(range_: Sequence[Any], names: Sequence[str]) -> list[Any]:
    return [range_[place % len(range_)] for place in range(len(names))]


def _years(first: int, last: int) -> list[int]:
    step = max(1, -(-(last - first) // 8))
    return list(range(first, last + 1, step))
