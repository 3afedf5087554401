"""What exercises say in every language: diagnoses, units, labels; and numbers as readers write."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache
from typing import Any

import yaml
from babel import Locale, numbers
from pydantic import BaseModel, ConfigDict

from api.exercises.shape import Text
from api.schemas.language import Language
from lca_service.catalogue.datapackage import knowledge_root

COMPLETE: tuple[Language, ...] = ("en", "zh")  # everything; the others have what learners need
_FILE = "words.yaml"
_DIGITS = 4


class Words(BaseModel):
    """The texts that all exercises share."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    diagnoses: dict[str, Text]
    units: dict[str, Text]
    labels: dict[str, Text]


@cache
def words() -> Words:
    """Return the texts that all exercises share, read once."""
    path = knowledge_root() / "datasets" / "exercises" / _FILE
    return Words.model_validate(yaml.safe_load(path.read_text("utf-8")))


def said(text: Mapping[Any, str], language: Language) -> str:
    """Return a text in a language; else in English, else in the first one it has."""
    return text[said_in(text, language)]


def said_in(text: Mapping[Any, str], language: Language) -> Language:
    """Return the language in which a text is said."""
    if language in text:
        return language
    return "en" if "en" in text else next(iter(text))


def label(name: str, language: Language) -> str:
    """Return a label of sheets."""
    return said(words().labels[name], language)


def unit_name(unit: str, language: Language) -> str:
    """Return a unit as a language writes it, part by part; as it is where the words have none.

    Examples
    --------
    >>> unit_name("kg CO2e/(t*km)", "ru"), unit_name("g/kWh", "zh"), unit_name("kWh/year", "fr")
    ('кг CO₂-экв./(т·км)', '克/千瓦时', 'kWh/an')
    """
    if unit == "dimensionless":
        return ""
    found = words().units.get(unit)
    if found is not None:
        return said(found, language)
    above, slash, below = unit.partition("/")
    if not slash:
        return unit
    if below.startswith("("):
        return f"{unit_name(above, language)}/({unit_name(below[1:-1], language)})"
    one = words().units.get(f"/{below}")  # years, but kWh/year
    below = unit_name(below, language) if one is None else said(one, language)
    return f"{unit_name(above, language)}/{below}"


def country_name(code: str, name: str, language: Language) -> str:
    """Return the name of a country (CLDR), or the given one of a region."""
    return str(_locale(language).territories.get(code, name)) if code.isalpha() else name


def number(value: float, language: Language, digits: int = _DIGITS) -> str:
    """Return a number with so many significant digits, as readers of a language write it.

    Examples
    --------
    >>> number(1234.567, "en"), number(0.00123456, "fr"), number(12345678.0, "es")
    ('1,235', '0,001235', '12.350.000')
    """
    if value == 0:
        return numbers.format_decimal(0, locale=_locale(language))
    rounded = float(f"{value:.{digits}g}")
    if not 1e-4 <= abs(rounded) < 1e9:
        return str(numbers.format_scientific(rounded, format="0.###E0", locale=_locale(language)))
    pattern = "#,##0." + "#" * 12
    return str(numbers.format_decimal(rounded, format=pattern, locale=_locale(language)))


def read_number(text: str, language: Language) -> float:
    """Return a number as readers of a language write it; ValueError if it is none.

    Examples
    --------
    >>> read_number("1.234,5", "es"), read_number("1,234.5", "zh"), read_number("12,5", "fr")
    (1234.5, 1234.5, 12.5)
    """
    locale = _locale(language)
    plain = text.strip().translate(_EASTERN).replace("\u202f", "\xa0").replace(" ", "\xa0")
    if language == "fr":
        plain = plain.replace("\xa0", "\u202f")
    value = float(numbers.parse_decimal(plain, locale=locale, strict=True))
    if not math.isfinite(value):
        raise ValueError(f"{text!r} is no number")
    return value


_EASTERN = str.maketrans("٠١٢٣٤٥٦٧٨٩\u066b\u066c", "0123456789.,")


@cache
def _locale(language: Language) -> Locale:
    return Locale.parse(language)
