"""Binding a whole question: its indicators and its bill, with the faults of both at once."""

from __future__ import annotations

from lca_service.calculation.link import Foreground, link
from lca_service.calculation.select import select_categories
from lca_service.catalogue.catalogue import Catalogue
from lca_service.domain.study import Study
from lca_service.errors import Fault, StudyError


def bind(study: Study, catalogue: Catalogue) -> tuple[list[int], Foreground]:
    """Return the positions of the impact categories of a study, and its foreground.

    Raises
    ------
    StudyError
        With every fault of the bill and of the indicators and methods asked for.
    """
    faults: list[Fault] = []
    selected: list[int] = []
    try:
        selected = select_categories(study, catalogue.methods, catalogue.categories)
    except StudyError as error:
        faults += error.faults
    try:
        foreground = link(study, catalogue)
    except StudyError as error:
        raise StudyError([*error.faults, *faults]) from None
    if faults:
        raise StudyError(faults)
    return selected, foreground
