"""Setting pages (PDF) by typst, as PDF/A-2u, which refuses a text that no font can show."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from lca_service.errors import Fault, StudyError

# A family that is missing is passed over; the last is typst's own
_FONTS = (
    *("Noto Sans", "Noto Sans Arabic", "Noto Sans CJK SC", "Noto Sans Devanagari"),
    *("Noto Sans Bengali", "Noto Sans Thai", "Noto Sans Ethiopic", "DejaVu Sans"),
    "Libertinus Serif",
)
_UNSHOWN = re.compile(r'the text `"(?P<text>.+?)"` could not be displayed', re.DOTALL)


def typeset(layout: str, said: Mapping[str, Any], *, made: datetime) -> bytes:
    """Return a PDF; the same bytes for the same content, time and fonts.

    Parameters
    ----------
    layout
        Name of a layout beside this file, which reads ``said`` as JSON.
    made
        The time that the file says it was made.

    Raises
    ------
    StudyError
        If no font of this machine has a character of the content.
    """
    import typst  # 34 MB that few requests need

    families = set(typst.Fonts().families())
    content = {**said, "fonts": [each for each in _FONTS if each in families]}
    try:
        pages = typst.compile(
            Path(__file__).with_name(layout).read_bytes(),
            format="pdf",
            sys_inputs={"said": json.dumps(content, ensure_ascii=False)},
            pdf_standards=["a-2u"],
            timestamp=made.replace(microsecond=0),
        )
    except typst.TypstError as error:
        unshown = _UNSHOWN.search(error.message)
        if unshown is None:
            raise
        detail = f"no font of this machine shows {unshown['text']!r}"
        hint = "install fonts for its script, such as Debian's fonts-noto-core and fonts-noto-cjk"
        raise StudyError([Fault("", "font_missing", detail, hint)]) from error
    assert isinstance(pages, bytes), "one file"
    return pages
