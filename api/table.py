"""An answer as plain text, for people at a terminal."""

from __future__ import annotations

from api.schemas.answer import FootprintAnswer, IndicatorAnswer


def as_table(answer: FootprintAnswer) -> str:
    """Return the footprint as aligned text: indicators, stages, lines, warnings, release."""
    unit = answer.declared_unit
    known = [each for each in answer.indicators if each.by_stage is not None]
    blocks = [
        f"{answer.name}\nper {unit.amount:g} {unit.unit}, {answer.location}; "
        f"{answer.statement.scope}, {answer.statement.review}",
        _rows([_indicator(each) for each in answer.indicators]),
    ]
    for title, parts in (("by stage", "by_stage"), ("by line", "by_line")):
        blocks.append(f"{title}\n{_matrix(known, parts)}")
    blocks.append("lines\n" + _rows([_line(answer, index) for index in range(len(answer.lines))]))
    if answer.warnings:
        blocks.append("warnings\n" + "\n".join(f"  {each.detail}" for each in answer.warnings))
    manifest = answer.manifest
    blocks.append(
        f"data release {manifest.data_release} ({manifest.data_hash[:12]}), "
        f"engine {manifest.engine}, input {manifest.input_sha256[:12]}"
    )
    return "\n\n".join(blocks)


def _indicator(indicator: IndicatorAnswer) -> list[str]:
    value = "null" if indicator.value is None else f"{indicator.value:.4g}"
    remark = indicator.reason or ("partial" if indicator.coverage.partial else "")
    return [indicator.id, value, indicator.unit, indicator.method.id, remark]


def _matrix(indicators: list[IndicatorAnswer], parts: str) -> str:
    names = list(dict.fromkeys(name for each in indicators for name in getattr(each, parts)))
    header = ["", *(each.id for each in indicators)]
    body = [
        [name, *(f"{getattr(each, parts).get(name, 0.0):.4g}" for each in indicators)]
        for name in names
    ]
    return _rows([header, *body])


def _line(answer: FootprintAnswer, index: int) -> list[str]:
    line = answer.lines[index]
    activity = line.matched.activity if line.matched else "-"
    return [line.id, line.status, activity, line.licence or "-"]


def _rows(rows: list[list[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)] if rows else []
    lines = (
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        for row in rows
    )
    return "\n".join(f"  {line}".rstrip() for line in lines)
