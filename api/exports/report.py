"""A kept footprint as a report (PDF) that a person sends to a customer."""

from __future__ import annotations

from api.exports.report_content import content
from api.exports.typeset import typeset
from api.store.footprints import Kept
from lca_service.engine import Engine


def as_report(kept: Kept, engine: Engine) -> bytes:
    """Return a report; the same bytes for the same footprint and the same fonts.

    Raises
    ------
    StudyError
        If no font of this machine has a character of the footprint.
    """
    return typeset("report.typ", content(kept, engine), made=kept.created)
