"""The languages that learners are spoken to in."""

from __future__ import annotations

from typing import Literal, get_args

Language = Literal["en", "zh", "fr", "es", "ru", "ar"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
