"""Checks of the knowledge: every package valid, every figure sourced, every share whole."""

from __future__ import annotations

from collections.abc import Container, Iterator
from pathlib import Path

from lca_service.catalogue.datapackage import Package, packages
from lca_service.catalogue.knowledge import Knowledge, read_knowledge
from lca_service.catalogue.loops import loop_faults
from lca_service.catalogue.tables import FIELDS
from lca_service.domain.location import WORLD
from lca_service.domain.provenance import Basis, Figure
from lca_service.errors import DataError, DataFault

_LEAST_ESTIMATED_GSD = 1.5
_SIGNED = {"net_imports"}  # quantities that may be below zero


def check_knowledge(root: Path) -> list[DataFault]:
    """Return every fault of the tables and templates under a folder.

    Frictionless checks each Data Package against its descriptor (types, keys, foreign
    keys to the sources, hashes); then the release is read and expanded.
    """
    faults = [
        fault
        for floor in ("datasets", "methods")
        for package in packages(root, floor)
        for fault in validate_package(package)
    ]
    if faults:
        return faults
    try:
        return list(_content_faults(read_knowledge(root)))
    except DataError as error:
        return list(error.faults)


def validate_package(package: Package) -> Iterator[DataFault]:
    """Yield what frictionless finds wrong with a package, file by file and row by row."""
    import frictionless  # here, because importing it takes longer than opening a release

    report = frictionless.validate(str(package.folder / "datapackage.json"))
    name = f"{package.folder.parent.name}/{package.name}"
    if not report.errors:
        for table in package.tables:
            if table.kind not in FIELDS:
                detail = f"kind {table.kind!r} is none of {sorted(FIELDS)}"
                yield DataFault(f"{name}/datapackage.json", table.name, "unknown_kind", detail)
    for error in report.errors:
        yield DataFault(f"{name}/datapackage.json", "-", error.type, error.message)
    for task in report.tasks:
        for error in task.errors:
            row = getattr(error, "row_number", None)
            field = getattr(error, "field_name", "")
            place = f"row {row}" if row else "-"
            yield DataFault(
                f"{name}/{task.place}", f"{place} {field}".strip(), error.type, error.message
            )


def _content_faults(knowledge: Knowledge) -> Iterator[DataFault]:
    """Yield what is wrong with figures and sources that a schema cannot say."""
    figures = knowledge.figures
    for figure, (file, line) in zip(figures.rows, figures.places, strict=True):
        for column, code, detail in _figure_faults(figure, knowledge.nomenclature.locations):
            yield DataFault(file, f"row {line} {column}", code, detail)
    activities = knowledge.database.activities
    at_world = {activity.product for activity in activities if activity.location == WORLD}
    for product in knowledge.nomenclature.products:
        if product not in at_world:
            detail = f"nobody makes it at {WORLD}, where the ladder ends; give it an average there"
            yield DataFault("products", product, "no_world_provider", detail)
    yield from loop_faults(knowledge.database)
    used = {figure.source for figure in knowledge.figures.rows}
    for code, source in knowledge.sources.items():
        if code in used and not source.may_be_shipped:
            detail = f"licence {source.licence!r} does not allow shipping its figures"
            yield DataFault("sources", code, "forbidden_licence", detail)


def _figure_faults(figure: Figure, locations: Container[str]) -> Iterator[tuple[str, str, str]]:
    """Yield column, code and detail of what is wrong with a figure."""
    is_estimate = figure.basis is Basis.ESTIMATED
    if is_estimate and not figure.note:
        yield "note", "unexplained_estimate", "an estimate says its reasoning in the note"
    if is_estimate and figure.gsd is not None and figure.gsd < _LEAST_ESTIMATED_GSD:
        yield "gsd", "narrow_estimate", f"an estimate's gsd is at least {_LEAST_ESTIMATED_GSD}"
    if figure.location not in locations:
        detail = f"location {figure.location!r} is in no locations table; see datasets/geography"
        yield "location", "unknown_location", detail
    if figure.value < 0 and figure.quantity not in _SIGNED:
        detail = f"{figure.quantity} cannot be negative; write what the source prints"
        yield "value", "negative_value", detail
    low, high = figure.minimum, figure.maximum
    if low is not None and high is not None and not low <= figure.value <= high:
        detail = f"value {figure.value:g} is outside its range {low:g} to {high:g}"
        yield "value", "outside_range", detail
