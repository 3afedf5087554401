"""A publication as a file: table, workbook, Vega-Lite, SVG or PNG."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from typing import Literal

from api.charts.labels import indicator, word
from api.charts.shapes import Publication, Row
from api.charts.vega import specification
from api.exports.book import Book
from api.exports.rows import harmless, separated
from api.schemas.language import Language

ChartFormat = Literal["csv", "xlsx", "vega-lite", "svg", "png"]
_COLUMNS = ("indicator", "what", "id", "place", "year", "value", "low", "high", "unit", "note")
_SCALE = 2.0  # of pixels, for print
_CREATED = datetime(2000, 1, 1, tzinfo=UTC)  # the same file each time


def publish(publication: Publication, form: ChartFormat, language: Language) -> bytes:
    """Return a publication as the bytes of a file; the same each time."""
    if form == "csv":
        head = [word(each, language) for each in _COLUMNS]
        return separated(head, [_texts(each, language) for each in publication.rows])
    if form == "xlsx":
        return _workbook(publication, language)
    spec = specification(publication, language)
    if form == "vega-lite":
        return json.dumps(spec, ensure_ascii=False, separators=(",", ":")).encode()
    import vl_convert  # loaded only for pictures: it takes a second

    if form == "svg":
        return vl_convert.vegalite_to_svg(spec, vl_version="5.20", allowed_base_urls=[]).encode()
    return bytes(
        vl_convert.vegalite_to_png(spec, vl_version="5.20", scale=_SCALE, allowed_base_urls=[])
    )


def _texts(row: Row, language: Language) -> list[str]:
    return ["" if each is None else harmless(each) if isinstance(each, str) else repr(each)
            for each in _cells(row, language)]  # fmt: skip


def _cells(row: Row, language: Language) -> list[str | float | int | None]:
    return [
        indicator(row.indicator, language),
        word(row.what, language),
        row.id,
        row.place,
        row.year,
        row.value,
        row.low,
        row.high,
        row.unit,
        word(row.note, language),
    ]


def _workbook(publication: Publication, language: Language) -> bytes:
    file = io.BytesIO()
    book = Book(file, _CREATED)
    head = [word(each, language) for each in _COLUMNS]
    rows = [_cells(each, language) for each in publication.rows]
    book.sheet(word("results", language), head, rows)
    about = [[publication.title], *([line] for line in publication.caption)]
    book.sheet(word("about", language), [word("about", language)], about)
    book.close()
    return file.getvalue()
