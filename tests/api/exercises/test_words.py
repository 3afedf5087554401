"""Texts in six languages, and numbers as their readers write them."""

import pytest

from api.exercises.words import country_name, number, read_number, said, unit_name, words
from api.schemas.language import LANGUAGES, Language


def test_every_shared_text_is_there_in_every_language() -> None:
    found = words()
    for group in (found.diagnoses, found.units, found.labels):
        assert group
        missing = {name: set(LANGUAGES) - set(text) for name, text in group.items()}
        assert not {name for name, languages in missing.items() if languages}


@pytest.mark.parametrize(
    ("language", "written"),
    [("en", "1,234.5"), ("zh", "1,234.5"), ("es", "1.234,5"), ("fr", "1\u202f234,5"),
     ("ru", "1\xa0234,5"), ("ar", "1,234.5")],
)  # fmt: skip
def test_a_number_is_written_and_read_as_in_its_language(language: Language, written: str) -> None:
    assert number(1234.5, language, digits=5) == written
    assert read_number(written, language) == 1234.5
    assert read_number("12", language) == 12.0


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [("1 234,5", "fr", 1234.5), ("1 234,5", "ru", 1234.5), ("\u0661\u0662\u066b\u0665", "ar", 12.5),
     ("-0,5", "es", -0.5)],
)  # fmt: skip
def test_a_number_may_be_typed_plainly(text: str, language: Language, expected: float) -> None:
    assert read_number(text, language) == expected


@pytest.mark.parametrize("text", ["", "many", "1.2.3", "12 kg", "1,5", "nan", "inf", "1e400"])
def test_what_is_no_number_in_its_language_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - Babel's message names no more than the text
        read_number(text, "en")


def test_very_small_and_very_large_numbers_have_powers() -> None:
    assert number(4.2648e-05, "en") == "4.265E-5"
    assert number(0.0, "en") == "0"
    assert number(0.00012345, "en") == "0.0001234"


def test_a_text_falls_back_to_english_and_then_to_what_there_is() -> None:
    assert said({"en": "water", "zh": "水"}, "zh") == "水"
    assert said({"en": "water", "zh": "水"}, "fr") == "water"
    assert said({"zh": "水"}, "fr") == "水"


def test_units_and_countries_have_names() -> None:
    assert unit_name("kWh", "ru") == "кВт·ч"
    assert unit_name("furlong", "ru") == "furlong"
    assert country_name("KE", "Kenya", "ru") == "Кения"
    assert country_name("034", "Southern Asia", "ru") == "Southern Asia"


def test_a_unit_behind_a_slash_is_one_and_a_plain_number_has_none() -> None:
    assert unit_name("kWh/year", "en") == "kWh/year"
    assert unit_name("g/piece", "es") == "g/pieza"
    assert unit_name("year", "es") == "años"
    assert unit_name("dimensionless", "ru") == ""
