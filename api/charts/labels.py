"""Words of charts and tables, and numbers as readers of a language write them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml
from babel import Locale, numbers
from pydantic import BaseModel, ConfigDict

from api.schemas.language import Language

_DIGITS = 3


class Labels(BaseModel):
    """The words by kind, name and language."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    indicators: dict[str, dict[Language, str]]
    words: dict[str, dict[Language, str]]
    titles: dict[str, dict[Language, str]]


@cache
def labels() -> Labels:
    """Return the words, read once."""
    path = Path(__file__).with_name("labels.yaml")
    return Labels.model_validate(yaml.safe_load(path.read_text("utf-8")))


def word(name: str, language: Language) -> str:
    """Return a word; a name that is none stays as it is."""
    found = labels().words.get(name)
    return name if found is None else found[language]


def indicator(name: str, language: Language) -> str:
    """Return the name of an indicator; an id that has none stays as it is."""
    found = labels().indicators.get(name)
    return name if found is None else found[language]


def title(kind: str, name: str, language: Language) -> str:
    """Return the title of an answer about something."""
    return labels().titles[kind][language].format(name=name)


def number(value: float, language: Language) -> str:
    """Return a number with three significant digits, as a language writes it.

    Examples
    --------
    >>> number(1234567.0, "en"), number(0.0123456, "fr"), number(0.0, "en")
    ('1,230,000', '0,0123', '0')
    """
    rounded = float(f"{value:.{_DIGITS}g}")
    if rounded and (abs(rounded) >= 1e9 or abs(rounded) < 1e-4):
        return numbers.format_scientific(
            rounded, format="0.##E0", locale=Locale.parse(language), numbering_system="latn"
        )
    return numbers.format_decimal(
        rounded,
        format="#,##0.#######",
        locale=Locale.parse(language),
        decimal_quantization=False,
        numbering_system="latn",
    )


_PRINTED = {
    "kg": ((1e9, "Mt"), (1e6, "kt"), (1e4, "t")),
    "m3": ((1e9, "km3"), (1e7, "hm3")),
}
_UNITS = {"Mt": 1e-9, "kt": 1e-6, "t": 1e-3, "km3": 1e-9, "hm3": 1e-6}


def printed_unit(unit: str, largest: float) -> tuple[float, str]:
    """Return what values are multiplied by for print, and their unit then.

    Examples
    --------
    >>> printed_unit("kg CO2e", 2.4e10), printed_unit("m3 world-eq", 12.0)
    ((1e-09, 'Mt CO2e'), (1.0, 'm3 world-eq'))
    """
    first, _, rest = unit.partition(" ")
    for least, name in _PRINTED.get(first, ()):
        if abs(largest) >= least:
            return _UNITS[name], f"{name} {rest}".strip()
    return 1.0, unit
