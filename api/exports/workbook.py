"""A kept footprint as one workbook: results, bill, contributions, sources and versions."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

from api.exports.book import Book, Cell
from api.exports.rows import elements
from api.keep import answer_of, request_of
from api.kept import grounds, parts
from api.schemas.answer import FootprintAnswer
from api.store.footprints import Kept
from lca_service.engine import Engine

_LARGEST_PARTS = 20


def as_workbook(kept: Kept, engine: Engine) -> bytes:
    """Return a workbook (XLSX) with figures as they stand in the JSON."""
    answer, request = answer_of(kept), request_of(kept)
    file = io.BytesIO()
    book = Book(file, kept.created)
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
    book.sheet("Statement", ("element", "what it says"), elements(answer.statement))
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


def _versions(kept: Kept) -> Iterable[Sequence[Cell]]:
    for name, value in grounds.passport(kept).model_dump(mode="json").items():
        if not isinstance(value, list | dict):
            yield name.replace("_", " "), None if value is None else str(value)
