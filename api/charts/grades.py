"""A distribution by percentile, with its classes and the products in it."""

from __future__ import annotations

from api.charts.labels import number, word
from api.charts.shapes import Grades
from api.charts.text import WIDTH, Spec, heading, said, ticks
from api.schemas.language import Language


def grades(panel: Grades, language: Language) -> Spec:
    """Return a curve of percentiles over the bands of the classes."""
    is_rtl = language == "ar"
    curve = [{"percentile": p, "value": v} for p, v in panel.curve]
    most = max(v for _, v in panel.curve)
    least = min(v for _, v in panel.curve)
    most = max([most, *(each.value for each in panel.marks)])
    limits = [each for _, each in panel.limits]
    edges = [min(least, *limits), *limits, most]
    bands = [
        {"from": low, "to": high, "middle": (low + high) / 2, "grade": grade,
         "shade": shade}
        for low, high, grade, shade in zip(
            edges, edges[1:], "ABCDE",
            ("#ffffff", "#eeeeee", "#dddddd", "#cccccc", "#bbbbbb"), strict=False
        )
    ]  # fmt: skip
    scale = {"domain": [edges[0], most], "nice": False, "zero": False, "reverse": is_rtl}
    axis = {"title": said(panel.unit, language), "labelExpr": ticks(), "tickCount": 6}
    x = {"type": "quantitative", "scale": scale, "axis": axis}
    y_axis = {
        "title": said(word("percentile", language), language),
        "orient": "right" if is_rtl else "left",
        "values": [0, 20, 40, 60, 80, 100],
    }
    y = {
        "field": "percentile",
        "type": "quantitative",
        "scale": {"domain": [0, 100]},
        "axis": y_axis,
    }
    marks = [{"value": each.value, "label": said(each.label, language)} for each in panel.marks]
    layers: list[Spec] = [
        {"data": {"values": bands}, "mark": {"type": "rect", "stroke": "#666666",
                                             "strokeWidth": 0.5},
         "encoding": {"x": {**x, "field": "from"}, "x2": {"field": "to"},
                      "color": {"field": "shade", "type": "nominal", "scale": None}}},
        {"data": {"values": bands}, "mark": {"type": "text", "y": -8, "fontWeight": "bold",
                                             "fontSize": 13},
         "encoding": {"x": {**x, "field": "middle"}, "text": {"field": "grade"}}},
        {"data": {"values": curve}, "mark": {"type": "line", "color": "black",
                                             "interpolate": "monotone"},
         "encoding": {"x": {**x, "field": "value"}, "y": y}},
    ]  # fmt: skip
    if marks:
        layers += [
            {"data": {"values": marks}, "mark": {"type": "rule", "strokeWidth": 2.2,
                                                 "strokeDash": [5, 3]},
             "encoding": {"x": {**x, "field": "value"}}},
        ]  # fmt: skip
    shown = panel.title
    if marks:
        named = "; ".join(f"{each.label}: {number(each.value, language)}" for each in panel.marks)
        shown = f"{panel.title} — {named}"
    return {
        "title": {**heading(shown, language), "offset": 22},
        "width": WIDTH + 120,
        "height": 190,
        "layer": layers,
    }
