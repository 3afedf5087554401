"""Texts of charts: in lines, in the direction of their language, and what axes have in common."""

from __future__ import annotations

import textwrap
import unicodedata
from typing import Any

from api.schemas.language import Language

Spec = dict[str, Any]

WIDTH = 440  # of a panel with names of rows beside it [px]
_LABEL = 290  # room for these names [px]
_NAME = 30  # characters of a line of them
_HEADING = 76
_ISOLATE, _POP = "\u2067", "\u2069"  # from right to left, whatever a text begins with


def wrapped(text: str, width: int) -> list[str]:
    """Return a text in lines of a width; Chinese characters are twice as wide.

    Examples
    --------
    >>> wrapped("one two three", 7), wrapped("电网脱碳与太阳能", 8)
    (['one two', 'three'], ['电网脱碳', '与太阳能'])
    """
    if not any(unicodedata.east_asian_width(each) == "W" for each in text):
        return textwrap.wrap(text, width) or [""]
    found, line, length = [], "", 0
    for each in text:
        size = 2 if unicodedata.east_asian_width(each) in "WF" else 1
        if length + size > width:
            found.append(line)
            line, length = "", 0
        line, length = line + each, length + size
    return [*found, line] if line else found


def said(text: str, language: Language) -> str:
    """Return a text that runs in the direction of its language."""
    is_arabic = language == "ar" and any("\u0600" <= each <= "\u06ff" for each in text)
    return f"{_ISOLATE}{text}{_POP}" if is_arabic else text


def joined(text: str, language: Language) -> str:
    """Return a text as lines with breaks, for the names of rows."""
    return "\n".join(said(line, language) for line in wrapped(text, _NAME))


def heading(text: str, language: Language) -> Spec:
    """Return the title of a panel."""
    return {
        "text": [said(line, language) for line in wrapped(text, _HEADING)],
        "anchor": "end" if language == "ar" else "start",
        "frame": "bounds",
        "fontSize": 12,
    }


def rows_axis(language: Language) -> Spec:
    """Return the axis of names, on the side where its language begins."""
    return {
        "title": None,
        "orient": "right" if language == "ar" else "left",
        "labelLimit": _LABEL,
        "ticks": False,
        "domain": False,
        "labelExpr": "split(datum.label, '\\n')",
        "labelLineHeight": 13,
    }


def ticks() -> str:
    """Return how the numbers of an axis are written."""
    return (
        "datum.value == 0 ? '0' : abs(datum.value) < 0.001 ? format(datum.value, '.0e') "
        ": abs(datum.value) >= 1e6 ? format(datum.value, '.2~e') : format(datum.value, ',.4~f')"
    )
