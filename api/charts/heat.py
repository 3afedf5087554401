"""A matrix of shares: printed, shaded, and with a sign at what stands out."""

from __future__ import annotations

from api.charts.shapes import Heat
from api.charts.text import WIDTH, Spec, heading, joined, rows_axis, said
from api.schemas.language import Language


def heat(panel: Heat, language: Language) -> Spec:
    """Return a matrix of shares."""
    is_rtl = language == "ar"
    values = [
        {
            "row": joined(each.row, language),
            "column": each.column,
            "value": each.value or 0.0,
            "shown": "" if each.value is None
            else ("▲ " if each.is_marked else "") + f"{100 * each.value:.0f}",
        }
        for each in panel.cells
    ]  # fmt: skip
    columns = list(panel.columns)[:: -1 if is_rtl else 1]
    x = {"field": "column", "type": "nominal", "scale": {"domain": columns},
         "axis": {"title": said(panel.legend, language), "orient": "bottom", "labelAngle": 0,
                  "domain": False, "ticks": False}}  # fmt: skip
    y = {"field": "row", "type": "nominal",
         "scale": {"domain": [joined(each, language) for each in panel.rows]},
         "axis": rows_axis(language)}  # fmt: skip
    lines = max((joined(each, language).count("\n") + 1 for each in panel.rows), default=1)
    greys = {"domain": [0, 1], "range": ["#ffffff", "#4d4d4d"], "clamp": True}
    shade = {"field": "value", "type": "quantitative", "legend": None, "scale": greys}
    text = {"condition": {"test": "datum.value > 0.55", "value": "white"}, "value": "black"}
    return {
        "title": heading(panel.title, language),
        "data": {"values": values},
        "width": {"step": max(44, min(70, WIDTH // max(len(panel.columns), 1)))},
        "height": {"step": max(34, 8 + 13 * lines)},
        "encoding": {"x": x, "y": y},
        "layer": [
            {"mark": {"type": "rect", "stroke": "#666666", "strokeWidth": 0.5},
             "encoding": {"color": shade}},
            {"mark": {"type": "text"}, "encoding": {"text": {"field": "shown"}, "color": text}},
        ],
    }  # fmt: skip
