"""Everyday words find what they name."""

import pytest

from lca_service.catalogue.nomenclature import nearest_names
from lca_service.catalogue.search import search_products
from lca_service.engine import Engine


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("milk", ["chocolate", "milk-drinking", "milk-eaten", "milk-powder", "milk-raw"]),
        ("car", ["passenger-car"]),
        ("bus", ["passenger-bus"]),
        ("taxi", ["passenger-car"]),
        ("beef", ["beef-cattle-live", "beef-eaten", "beef-meat", "meat-eaten"]),
        ("rice", ["rice-bran", "rice-eaten", "rice-milled", "rice-paddy"]),
        ("t-shirt", ["cut-and-sew"]),
        ("copy paper", ["copy-paper"]),
        ("chicken", ["broiler-live", "poultry-eaten", "poultry-meat"]),
    ],
)
def test_everyday_words_find_what_they_name(engine: Engine, words: str, first: list[str]) -> None:
    found = [product.code for product in search_products(engine.catalogue, words)]
    assert sorted(found[: len(first)]) == first


def test_what_resembles_nothing_finds_nothing(engine: Engine) -> None:
    assert search_products(engine.catalogue, "кирпич") == []


def test_a_name_is_near_whatever_its_letters_case() -> None:
    assert nearest_names("kenia", ["Kenya", "Samoa"]) == ("Kenya",)
    assert nearest_names("xqz", ["Kenya", "Samoa"]) == ()
