"""A workbook (XLSX) of sheets with headings."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import datetime

import xlsxwriter

_WIDEST = 60

Cell = str | float | int | bool | None


class Book:
    """Writes sheets of rows; text stays text, whatever it begins with."""

    def __init__(self, file: io.BytesIO, created: datetime) -> None:
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self._book = xlsxwriter.Workbook(file, options)
        self._book.set_properties({"created": created})  # else the time of writing: other bytes
        self._head = self._book.add_format(
            {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}
        )
        self._number = self._book.add_format({"num_format": "0.000E+00"})
        self._text = self._book.add_format({"text_wrap": True, "valign": "top"})

    def sheet(self, name: str, head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
        """Add a sheet with a heading that stays in sight, columns as wide as their texts."""
        sheet = self._book.add_worksheet(name)
        found = [list(row) for row in rows]
        for column, title in enumerate(head):
            sheet.write_string(0, column, title, self._head)
            texts = [title, *(row[column] for row in found if isinstance(row[column], str))]
            longest = max(len(each) for each in texts if isinstance(each, str))
            sheet.set_column(column, column, min(max(longest + 2, 12), _WIDEST))
        for place, row in enumerate(found, start=1):
            for column, cell in enumerate(row):
                if isinstance(cell, bool | str):
                    sheet.write_string(place, column, str(cell), self._text)
                elif cell is not None:
                    sheet.write_number(place, column, cell, self._number)
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, max(len(found), 1), len(head) - 1)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)

    def close(self) -> None:
        """Write the file."""
        self._book.close()
