"""What a report says, in the order that a customer reads it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from api.exports.numerals import percent, shown
from api.keep import answer_of, request_of
from api.kept import grounds
from api.schemas.answer import FootprintAnswer, IndicatorAnswer
from api.store.footprints import Kept
from lca_service.engine import Engine

_CARDS = ("climate_change.total", "water.consumption", "water.scarcity_aware")
_MOST_BARS = 10  # the largest lines
_LONGEST_NAME = 26  # of a line in a chart
_LONGEST_REMARKS = 25
_OF_BILL = {"climate_change.total": "climate change", "water.scarcity_aware": "water scarcity"}
_LONGEST_WORD = 24  # that fits a column


def content(kept: Kept, engine: Engine) -> dict[str, Any]:
    """Return what the layout prints: texts, and shares of the longest bar."""
    answer, request = answer_of(kept), request_of(kept)
    # carbon before water
    ordered = sorted(answer.indicators, key=lambda each: each.id.partition(".")[0])
    known = {each.id: each for each in ordered}
    charted = [known[name] for name in _CARDS if name in known and known[name].value is not None]
    declared = request.get("declaration") or {}
    return {
        "title": _breakable(answer.name),
        "company": declared.get("company_name") or "",
        "head": _head(kept, answer, engine),
        "cards": [_card(known[name]) for name in _CARDS if name in known]
        or [_card(each) for each in ordered[:3]],
        "charts": [*_charts(charted)],
        "indicators": [_indicator(each) for each in ordered],
        "interval": "95 % interval" if answer.uncertainty else "",
        "grounds": _grounds(ordered),
        "remarks": list(_remarks(answer)),
        "statement": list(_statement(answer)),
        "bill": _bill(request, answer, known),
        "sources": [
            {"citation": each.citation, "licence": each.licence} for each in answer.sources
        ],
        "passport": _passport(kept, answer),
        "footer": f"{_shortened(answer.name)}, footprint {kept.id}",
    }


def _head(kept: Kept, answer: FootprintAnswer, engine: Engine) -> list[tuple[str, str]]:
    place = engine.catalogue.nomenclature.locations.get(answer.location)
    unit = answer.declared_unit
    mass = f", {shown(unit.mass_kg)} kg" if unit.mass_kg and unit.unit != "kg" else ""
    return [
        ("declared unit", f"{shown(unit.amount)} {unit.unit}{mass}"),
        ("made in", place.name if place else answer.location),
        ("kind", answer.statement.scope),
        ("review", answer.statement.review),
        ("computed on", f"{kept.created:%Y-%m-%d}"),
        ("data release", kept.data_release),
    ]


def _card(found: IndicatorAnswer) -> dict[str, str]:
    drawn = found.uncertainty
    note = f"95 % within {shown(drawn.p2_5, 3)} to {shown(drawn.p97_5, 3)}" if drawn else ""
    if found.value is None:
        note = "unknown: see below"
    elif found.coverage.partial:
        note = f"partial: see below{'; ' + note if note else ''}"
    return {
        "name": found.name,
        "value": shown(found.value, 3),
        "unit": found.unit if found.value is not None else "",
        "note": note,
    }


def _charts(charted: Sequence[IndicatorAnswer]) -> Iterator[dict[str, Any]]:
    """Yield the charts: stages, and the largest lines."""
    if not charted:
        return
    stages = list(dict.fromkeys(name for each in charted for name in each.by_stage or {}))
    yield _chart("Where in its life it arises", stages, charted, "by_stage")
    lines = list(dict.fromkeys(name for each in charted for name in each.by_line or {}))
    if len(lines) > 1:
        longest = {
            name: max(abs(_share(name, each, "by_line")) for each in charted) for name in lines
        }
        largest = sorted(lines, key=lambda name: -longest[name])[:_MOST_BARS]
        rest = len(lines) - len(largest)
        note = f"{rest} smaller lines stand in the bill below." if rest else ""
        yield _chart("What drives it: lines of the bill", largest, charted, "by_line", note)


def _chart(
    title: str, names: Sequence[str], charted: Sequence[IndicatorAnswer], part: str, note: str = ""
) -> dict[str, Any]:
    """Return a row of bars per name and a column per indicator; the longest bar has length 1."""
    below = any(value < 0 for each in charted for value in (getattr(each, part) or {}).values())
    longest = [
        max((abs(_share(name, each, part)) for name in names), default=0.0) for each in charted
    ]
    return {
        "title": title,
        "note": " ".join(filter(None, (note, "Open bars are below zero." if below else ""))),
        "columns": [{"name": each.name, "unit": each.unit} for each in charted],
        "rows": [
            {
                "name": _shortened(name.replace("_", " ")),
                "cells": [
                    _bar(name, each, part, length)
                    for each, length in zip(charted, longest, strict=True)
                ],
            }
            for name in names
        ],
    }


def _bar(name: str, found: IndicatorAnswer, part: str, longest: float) -> dict[str, Any] | None:
    value = (getattr(found, part) or {}).get(name)
    if value is None:
        return None
    share = _share(name, found, part)
    return {
        "share": share / longest if longest else 0.0,
        "value": shown(value, 3),
        "percent": percent(share) if found.value else "",
    }


def _share(name: str, found: IndicatorAnswer, part: str) -> float:
    """Return the part of a name in the value; the value itself where that is zero."""
    value: float = (getattr(found, part) or {}).get(name, 0.0)
    return value / abs(found.value) if found.value else value


def _indicator(found: IndicatorAnswer) -> dict[str, str]:
    drawn = found.uncertainty
    notes = [found.reason or ""]
    if found.with_grid_electricity is not None:
        grid = shown(found.with_grid_electricity)
        notes.append(f"with the grid's electricity {grid} {found.unit}")
    if found.coverage.partial:
        lacks = [*found.coverage.left_out, *found.coverage.uncharacterized]
        notes.append("partial, without " + ", ".join(sorted({each.flow for each in lacks})))
    notes += [
        f"under {method}: {shown(value)} {found.unit}"
        for method, value in found.by_edition.items()
        if value is not None and found.id == "climate_change.total"
    ]
    return {
        "name": found.name,
        "value": shown(found.value),
        "unit": found.unit,
        "interval": f"{shown(drawn.p2_5)} to {shown(drawn.p97_5)}" if drawn else "",
        "method": f"{found.method.id} {found.method.version}",
        "note": "; ".join(filter(None, notes)),
    }


def _grounds(ordered: Sequence[IndicatorAnswer]) -> dict[str, Any]:
    head = ["own data", "re- linked", "aver- ages", "of the bill", "mea- sured", "pub- lished"]
    head += ["esti- mated", "other factors", "quality 1 to 5"]
    rows = []
    for each in ordered:
        covered = each.coverage
        shares = (
            *(covered.own_share, covered.relinked_share, covered.average_share),
            *(covered.foreground_share, covered.measured_share, covered.literature_share),
            *(covered.estimated_share, covered.substituted_factor_share),
        )
        rating = shown(covered.quality.rating, 2) if covered.quality else "–"
        rows.append([each.name, *map(percent, shares), rating])
    note = (
        "The first four are shares of the result by where it arises: activities with data of "
        "their place, with only their suppliers of their place, averages of other places, and "
        "emissions of the bill itself. The next three are shares of what passes through the "
        "inventory's exchanges, by the weakest figure of each. Other factors: those of a region "
        "that holds the place. Quality: mean pedigree, 1 is best."
    )
    return {"head": head, "rows": rows, "note": note}


def _remarks(answer: FootprintAnswer) -> Iterator[str]:
    """Yield what a reader should know, each once."""
    details = list(dict.fromkeys(each.detail for each in answer.warnings))
    yield from details[:_LONGEST_REMARKS]
    if len(details) > _LONGEST_REMARKS:
        yield f"and {len(details) - _LONGEST_REMARKS} more, in the answer as JSON"


def _statement(answer: FootprintAnswer) -> Iterator[tuple[str, str]]:
    for name, value in answer.statement.model_dump().items():
        if name == "data_period":
            text = f"{value[0]} to {value[1]}" if value else "not known"
        else:
            text = ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
        yield name.replace("_", " "), text.replace("_", " ") if name.startswith("stages") else text


def _bill(
    request: Mapping[str, Any], answer: FootprintAnswer, known: Mapping[str, IndicatorAnswer]
) -> dict[str, Any]:
    """Return the bill: what was given, what supplies it, and what it brings along."""
    counted = [known[name] for name in _OF_BILL if name in known]
    suppliers = {line.id: line.matched for line in answer.lines}
    rows = []
    for kind, prefix in (("bom", "line"), ("emissions", "emission")):
        for index, each in enumerate(request.get(kind) or [], start=1):
            name = each.get("id") or f"{prefix}-{index}"
            found = suppliers.get(name)
            bought = each.get("product") or each.get("assembly") or each.get("flow")
            rows.append(
                [
                    _breakable(name),
                    str(each["stage"]).replace("_", " "),
                    _breakable(found.activity if found else str(bought)),
                    shown(each["amount"]),
                    str(each["unit"]),
                    *(shown((one.by_line or {}).get(name)) for one in counted),
                ]
            )
    titles = [f"{_OF_BILL[each.id]} [{each.unit}]" for each in counted]
    head = ["line", "stage", "supplied by", "amount", "unit", *titles]
    assemblies = ", ".join(request.get("assemblies") or ())
    note = f"What the assemblies are made of is in the request: {assemblies}." if assemblies else ""
    return {"head": head, "rows": rows, "note": note}


def _passport(kept: Kept, answer: FootprintAnswer) -> list[tuple[str, str]]:
    found = grounds.passport(kept)
    drawn = answer.uncertainty
    return [
        ("footprint", kept.id),
        ("request, SHA-256", found.input_sha256),
        ("answer, SHA-256", found.answer_sha256),
        ("data release", f"{found.data_release}, SHA-256 {found.data_hash}"),
        ("engine", found.engine),
        *([("samples", f"{drawn.samples}, seed {drawn.seed}")] if drawn else []),
        ("licences", ", ".join(found.licences)),
        ("how to check", "the service that made it computes it again and compares every bit: "
                         f"POST /v1/footprints/{kept.id}:recompute"),
        ("changed", "figures were taken from the sources above and computed with"),
    ]  # fmt: skip


def _shortened(name: str) -> str:
    """Return a name that fits beside a bar; it stands whole in the bill."""
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"


def _breakable(text: str) -> str:
    """Return a text whose long words may be broken, so that they stay in their column."""
    return " ".join(
        "\u200b".join(
            word[place : place + _LONGEST_WORD] for place in range(0, len(word), _LONGEST_WORD)
        )
        for word in text.split(" ")
    )
