"""Values beside each other, with their numbers and intervals."""

from __future__ import annotations

from api.charts.labels import number, printed_unit
from api.charts.shapes import Bar, Bars
from api.charts.text import WIDTH, Spec, heading, joined, rows_axis, said, ticks
from api.schemas.language import Language


def bars(panel: Bars, language: Language) -> Spec:
    """Return bars with their intervals and numbers."""
    is_rtl = language == "ar"
    largest = max((abs(each.value) for each in panel.bars), default=0.0)
    scale_to, unit = printed_unit(panel.unit, largest)
    shown = [_printed(each, scale_to) for each in panel.bars]
    values = [
        {
            "label": joined(each.label, language),
            "value": each.value,
            "low": each.value if each.low is None else each.low,
            "high": each.value if each.high is None else each.high,
            "shown": said(
                f"{number(each.value, language)}{'  ' + each.note if each.note else ''}", language
            ),
        }
        for each in shown
    ]
    found = [x for each in shown for x in (each.value, each.low, each.high)]
    ends = [0.0, *(x for x in found if x is not None)]
    low, high = min(ends), max(ends)
    room = 0.42 * (high - low or 1.0)  # for the printed numbers, beyond the longest bar
    scale = {"domain": [low - (room if low < 0 else 0.0), high + room], "nice": False,
             "reverse": is_rtl}  # fmt: skip
    x = {"field": "value", "type": "quantitative", "scale": scale,
         "axis": {"title": said(unit, language), "tickCount": 4, "labelExpr": ticks(),
                  "orient": "bottom"}}  # fmt: skip
    y = {"field": "label", "type": "nominal", "sort": None, "axis": rows_axis(language)}
    side = "right" if is_rtl else "left"
    return {
        "title": heading(panel.title, language),
        "data": {"values": values},
        "width": WIDTH,
        "height": {
            "step": 15 + 13 * max((str(v["label"]).count("\n") + 1 for v in values), default=1)
        },
        "layer": [
            {
                "mark": {"type": "bar", "color": "#bdbdbd", "stroke": "black", "strokeWidth": 0.6},
                "encoding": {"x": x, "y": y},
            },
            {
                "mark": {"type": "rule", "color": "black", "strokeWidth": 1.6},
                "encoding": {
                    "x": {"field": "low", "type": "quantitative"},
                    "x2": {"field": "high"},
                    "y": y,
                },
            },
            {
                "mark": {
                    "type": "text",
                    "align": side,
                    "dx": -6 if is_rtl else 6,
                    "color": "black",
                },
                "encoding": {
                    "x": {"field": "high", "type": "quantitative"},
                    "y": y,
                    "text": {"field": "shown"},
                },
            },
        ],
    }


def _printed(bar: Bar, by: float) -> Bar:
    low = None if bar.low is None else bar.low * by
    high = None if bar.high is None else bar.high * by
    return Bar(bar.label, bar.value * by, low, high, bar.note)
