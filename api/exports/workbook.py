"""A kept footprint as one workbook: results, bill, contributions, sources and versions."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import xlsxwriter

from api import parts
from api.keep import answer_of, request_of
from api.schemas.answer import FootprintAnswer
from api.store.footprints import Kept
from lca_service.engine import Engine

_WIDEST = 60
_LARGEST_PARTS = 20

Cell = str | float | int | bool | None


class _Book:
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
        self._book.close()


def as_workbook(kept: Kept, engine: Engine) -> bytes:
    """Return a workbook (XLSX) with figures as they stand in the JSON."""
    answer, request = answer_of(kept), request_of(kept)
    file = io.BytesIO()
    book = _Book(file, kept.created)
    book.sheet("Results", ("indicator", "name", "value", "unit", "why there is no value", "method",
                           "2.5 %", "median", "97.5 %", "with grid electricity", "own data",
                           "other data by location", "averages", "own emissions", "measured",
                           "literature", "estimated", "data quality 1 to 5", "partial"),
               _results(answer))  # fmt: skip
    book.sheet("By edition", ("indicator", "method", "value", "unit"), _editions(answer))
    for title, part in (("By stage", "by_stage"), ("By line", "by_line")):
        names = list(
            dict.fromkeys(n for each in answer.indicators for n in getattr(each, part) or {})
        )
        head = (
            part.removeprefix("by_"),
            *(f"{each.id} [{each.unit}]" for each in answer.indicators),
        )
        book.sheet(title, head, _matrix(answer, part, names))
    book.sheet("Bill", ("line", "stage", "product or flow", "amount", "unit", "where", "bill"),
               _bill(request))  # fmt: skip
    book.sheet("Suppliers", ("line", "status", "activity", "asked", "served from", "ladder",
                             "source", "licence"), _suppliers(answer))  # fmt: skip
    book.sheet("Contributions", ("indicator", "activity", "value", "unit", "share"),
               _contributions(kept, engine))  # fmt: skip
    book.sheet("Warnings", ("code", "where", "what"),
               ((each.code, each.pointer, each.detail) for each in answer.warnings))  # fmt: skip
    book.sheet("Statement", ("element", "what it says"), _statement(answer))
    book.sheet("Sources", ("id", "citation", "licence"),
               ((each.id, each.citation, each.licence) for each in answer.sources))  # fmt: skip
    book.sheet("Versions", ("what", "value"), _versions(kept))
    book.close()
    return file.getvalue()


def _results(answer: FootprintAnswer) -> Iterable[Sequence[Cell]]:
    for each in answer.indicators:
        drawn, covered = each.uncertainty, each.coverage
        yield (
            each.id,
            each.name,
            each.value,
            each.unit,
            each.reason,
            f"{each.method.id} {each.method.version}",
            *((drawn.p2_5, drawn.p50, drawn.p97_5) if drawn else (None, None, None)),
            each.with_grid_electricity,
            covered.own_share,
            covered.relinked_share,
            covered.average_share,
            covered.foreground_share,
            covered.measured_share,
            covered.literature_share,
            covered.estimated_share,
            covered.quality.rating if covered.quality else None,
            "yes" if covered.partial else "no",
        )


def _editions(answer: FootprintAnswer) -> Iterable[Sequence[Cell]]:
    for each in answer.indicators:
        for method, value in each.by_edition.items():
            yield each.id, method, value, each.unit


def _matrix(answer: FootprintAnswer, part: str, names: Sequence[str]) -> Iterable[Sequence[Cell]]:
    for name in names:
        yield name, *((getattr(each, part) or {}).get(name) for each in answer.indicators)


def _bill(request: dict[str, Any]) -> Iterable[Sequence[Cell]]:
    bills = [("the product", request), *request.get("assemblies", {}).items()]
    for name, bill in bills:
        for kind, prefix in (("bom", "line"), ("emissions", "emission")):
            for index, each in enumerate(bill.get(kind) or [], start=1):
                yield (
                    each.get("id") or f"{prefix}-{index}",
                    each.get("stage"),
                    each.get("product") or each.get("assembly") or each.get("flow"),
                    each["amount"],
                    each["unit"],
                    each.get("location") or request["location"],
                    name,
                )


def _suppliers(answer: FootprintAnswer) -> Iterable[Sequence[Cell]]:
    for line in answer.lines:
        found = line.matched
        yield (
            line.id,
            line.status,
            found.activity if found else None,
            found.asked if found else None,
            found.location if found else None,
            " > ".join(found.ladder) if found else None,
            line.source,
            line.licence,
        )


def _contributions(kept: Kept, engine: Engine) -> Iterable[Sequence[Cell]]:
    for each in parts.contributions(kept, engine, "activity", _LARGEST_PARTS).indicators:
        for part in each.contributions:
            yield each.id, part.id, part.value, each.unit, part.share


def _statement(answer: FootprintAnswer) -> Iterable[Sequence[Cell]]:
    for name, value in answer.statement.model_dump().items():
        shown = "; ".join(map(str, value)) if isinstance(value, list | tuple) else value
        yield name.replace("_", " "), "" if shown is None else str(shown)


def _versions(kept: Kept) -> Iterable[Sequence[Cell]]:
    for name, value in parts.passport(kept).model_dump(mode="json").items():
        if not isinstance(value, list | dict):
            yield name.replace("_", " "), None if value is None else str(value)
