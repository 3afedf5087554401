"""A kept footprint as a report (PDF) that a person sends to a customer.

Set by typst as PDF/A-2u, which refuses a text that no font can show.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from api.exports.report_content import content
from api.store.footprints import Kept
from lca_service.engine import Engine
from lca_service.errors import Fault, StudyError

_LAYOUT = Path(__file__).with_name("report.typ")
# A family that is missing is passed over; the last is typst's own
_FONTS = (
    *("Noto Sans", "Noto Sans Arabic", "Noto Sans CJK SC", "Noto Sans Devanagari"),
    *("Noto Sans Bengali", "Noto Sans Thai", "Noto Sans Ethiopic", "DejaVu Sans"),
    "Libertinus Serif",
)
_UNSHOWN = re.compile(r'the text `"(?P<text>.+?)"` could not be displayed', re.DOTALL)


def as_report(kept: Kept, engine: Engine) -> bytes:
    """Return a report; the same bytes for the same footprint and the same fonts.

    Raises
    ------
    StudyError
        If no font of this machine has a character of the footprint.
    """
    import typst  # 34 MB that few requests need

    families = set(typst.Fonts().families())
    said = content(kept, engine) | {"fonts": [each for each in _FONTS if each in families]}
    try:
        made = typst.compile(
            _LAYOUT.read_bytes(),
            format="pdf",
            sys_inputs={"report": json.dumps(said, ensure_ascii=False)},
            pdf_standards=["a-2u"],
            timestamp=kept.created.replace(microsecond=0),
        )
    except typst.TypstError as error:
        unshown = _UNSHOWN.search(error.message)
        if unshown is None:
            raise
        detail = f"no font of this machine shows {unshown['text']!r}"
        hint = "install fonts for its script, such as Debian's fonts-noto-core and fonts-noto-cjk"
        raise StudyError([Fault("", "font_missing", detail, hint)]) from error
    assert isinstance(made, bytes), "one file"
    return made
