"""Charts as Vega-Lite: for print, without colour, in any script.

Series differ by shade, dash and shape; numbers are printed where they are shown. Arabic reads
from the right: axes stand there, and scales run to the left.
"""

from __future__ import annotations

from api.charts.bars import bars
from api.charts.grades import grades
from api.charts.heat import heat
from api.charts.lines import lines
from api.charts.shapes import Bars, Heat, Lines, Panel, Publication
from api.charts.text import Spec, said, wrapped
from api.schemas.language import Language

SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
_LINE = 92  # characters of a line of the caption
_TITLE = 60
_FONTS: dict[Language, str] = {"zh": "Noto Sans CJK SC"}
_FONT = "Noto Sans"


def specification(publication: Publication, language: Language) -> Spec:
    """Return a publication as a Vega-Lite specification with its data."""
    is_rtl = language == "ar"
    panels = [_panel(each, language) for each in publication.panels]
    caption = [line for each in publication.caption for line in wrapped(each, _LINE)]
    return {
        "$schema": SCHEMA,
        "background": "white",
        "padding": 16,
        "title": {
            "text": [said(line, language) for line in wrapped(publication.title, _TITLE)],
            "subtitle": [said(line, language) for line in caption],
            "anchor": "end" if is_rtl else "start",
            "frame": "bounds",
            "offset": 14,
        },
        "vconcat": panels or [_nothing()],
        "spacing": 26,
        "resolve": {"scale": {"color": "independent", "strokeDash": "independent"}},
        "config": _config(language),
        "usermeta": {"language": language},
    }


def _config(language: Language) -> Spec:
    font = _FONTS.get(language, _FONT)
    axis = {"labelFontSize": 11, "titleFontSize": 11, "grid": False,
        "titleLimit": 640, "labelColor": "black",
            "titleColor": "black", "titleFontWeight": "normal", "domainColor": "black"}  # fmt: skip
    return {
        "font": font,
        "axis": axis,
        "title": {
            "fontSize": 15,
            "subtitleFontSize": 10,
            "subtitleColor": "#333333",
            "subtitlePadding": 6,
            "subtitleLineHeight": 14,
        },
        "view": {"stroke": None},
        "legend": {"labelFontSize": 11, "labelLimit": 640, "symbolSize": 80},
        "text": {"fontSize": 11, "font": font},
    }


def _panel(panel: Panel, language: Language) -> Spec:
    if isinstance(panel, Bars):
        return bars(panel, language)
    if isinstance(panel, Lines):
        return lines(panel, language)
    if isinstance(panel, Heat):
        return heat(panel, language)
    return grades(panel, language)


def _nothing() -> Spec:
    return {"data": {"values": [{}]}, "mark": "point", "encoding": {}, "height": 10, "width": 10}
