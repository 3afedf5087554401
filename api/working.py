"""The working of a footprint that is small enough to be followed by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from api.describe import figure
from api.faults import checked
from api.schemas.working import CellAnswer, ColumnAnswer, FlowRowAnswer, WorkingAnswer
from api.translate.answers import manifest, method
from api.translate.questions import to_study
from lca_service.calculation.working import Cell, Working
from lca_service.engine import Engine
from lca_service.errors import Fault, StudyError


def ask_working(
    value: Mapping[str, Any],
    engine: Engine,
    *,
    indicator: str,
    opened: Sequence[str],
    max_lines: int,
    faults: Sequence[Fault] = (),
) -> WorkingAnswer:
    """Return the matrices of a request for one indicator, and every step to its value.

    Raises
    ------
    StudyError
        With every fault of the request; if the indicator is unknown for it, or the working too
        large to be shown.
    """
    asked = {**value, "indicators": [indicator]}
    request = checked(asked, engine, max_lines=max_lines, also=faults)
    study = to_study(request)
    (result,) = engine.footprint(study).indicators
    if result.value is None:
        raise StudyError([Fault("", "not_explained", f"{indicator} is {result.reason}")])
    row = engine.catalogue.categories.index(result.category)
    found = engine.working(study, row, opened=opened)
    return WorkingAnswer(
        name=request.name,
        indicator=indicator,
        method=method(found.category, engine),
        unit=found.category.unit,
        value=found.value,
        columns=[
            ColumnAnswer(id=each.id, kind=each.kind, unit=each.unit, activity=each.activity or None)
            for each in found.columns
        ],
        rows=[
            FlowRowAnswer(flow=each.flow, location=each.location or None, unit=each.unit)
            for each in found.rows
        ],
        **_arrays(found),
        cells=[_cell(each) for each in found.cells],
        manifest=manifest(value, engine),
    )


def _arrays(found: Working) -> dict[str, Any]:
    names = ("technosphere", "demand", "supply", "biosphere", "inventory", "factors", "scores")
    return {name: getattr(found, name).tolist() for name in names}


def _cell(cell: Cell) -> CellAnswer:
    exchange = cell.exchange
    return CellAnswer(
        matrix=cell.matrix,
        row=cell.row,
        column=cell.column,
        pointer=cell.pointer or None,
        formula=None if exchange is None else exchange.formula,
        figures=[] if exchange is None else [figure(each) for each in exchange.figures],
    )
