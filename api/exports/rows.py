"""A kept footprint as comma-separated values: one number a row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from pydantic import BaseModel

from api.keep import answer_of
from api.schemas.answer import IndicatorAnswer
from api.store.footprints import Kept

_HEAD = ("footprint", "name", "indicator", "method", "part", "id", "value", "unit", "reason")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_csv(kept: Kept) -> bytes:
    """Return the indicators in all, by stage and by line, and the figures of distributions."""
    return separated(_HEAD, _rows(kept))


def separated(head: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return rows as comma-separated values.

    They begin with a byte order mark, so that spreadsheets read names in any script.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")  # RFC 4180
    writer.writerow(head)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula.

    Examples
    --------
    >>> harmless("=1+1")
    "'=1+1"
    """
    return f"'{text}" if text.startswith(_FORMULA) else text


def elements(statement: BaseModel) -> Iterator[tuple[str, str]]:
    """Yield the elements of a statement as text, each with its name."""
    for name, value in statement.model_dump().items():
        shown = "; ".join(map(str, value)) if isinstance(value, list | tuple) else value
        yield name.replace("_", " "), "" if shown is None else str(shown)


def _rows(kept: Kept) -> Iterator[tuple[str, ...]]:
    answer = answer_of(kept)
    for each in answer.indicators:
        before = kept.id, harmless(answer.name), each.id, f"{each.method.id} {each.method.version}"
        for part, name, value in _parts(each):
            shown = "" if value is None else repr(value)
            yield (*before, part, harmless(name), shown, each.unit, each.reason or "")


def _parts(found: IndicatorAnswer) -> Iterator[tuple[str, str, float | None]]:
    yield "total", "", found.value
    for part, values in (("stage", found.by_stage), ("line", found.by_line)):
        for name, value in (values or {}).items():
            yield part, name, value
    yield from (("edition", method, other) for method, other in found.by_edition.items())
    if found.with_grid_electricity is not None:
        yield "with grid electricity", "", found.with_grid_electricity
    if found.uncertainty is not None:
        for name in ("mean", "standard_deviation", "p2_5", "p50", "p97_5"):
            yield "distribution", name, getattr(found.uncertainty, name)
