"""Finding products by name, place and category."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lca_service.catalogue.catalogue import Catalogue
from lca_service.catalogue.nomenclature import nearest_names
from lca_service.catalogue.resolve import resolve_location
from lca_service.domain.flow import Product

_WORD = re.compile(r"\w+")
_FUZZY = 10  # names offered when nothing contains the words that were asked for


def search_products(
    catalogue: Catalogue, q: str = "", *, location: str = "", category: str = ""
) -> list[Product]:
    """Return the products that somebody makes, best match first, then by code.

    Parameters
    ----------
    q
        Words looked for in code, name, synonyms and description; empty for all. Where no
        product has all words, the nearest names are returned.
    location
        Only products made at this very place.
    category
        Only products of this category.

    Raises
    ------
    UnknownName
        If the place is not known.
    """
    place = resolve_location(catalogue, location)[0] if location else ""
    offered = [
        product
        for product in _made(catalogue, place)
        if not category or product.category == category
    ]
    words = q.lower().replace("-", " ").split()
    if not words:
        return offered
    ranked = [(rank, product) for product in offered if (rank := _rank(product, words)) is not None]
    if ranked:
        return [product for _, product in sorted(ranked, key=lambda each: (each[0], each[1].code))]
    by_code = {product.code: product for product in offered}
    return [by_code[code] for code in nearest_names(q, by_code, _FUZZY)]


def _made(catalogue: Catalogue, place: str) -> Iterator[Product]:
    for code, places in sorted(catalogue.providers.domestic.items()):
        if not place or place in places:
            yield catalogue.nomenclature.products[code]


def _rank(product: Product, words: list[str]) -> int | None:
    """Return how well a product fits, 0 best; None if a word is nowhere in it.

    Whole words before parts of words, "car" before "carbon"; the product's own name before
    its synonyms, and both before the description.
    """
    phrase = " ".join(words)
    named = (product.code.replace("-", " "), product.name.lower())
    synonyms = tuple(each.lower().replace("-", " ") for each in product.synonyms)
    for rank, fits in enumerate((_is, _begins, _has_words, _begins_words, _has_parts)):
        if any(fits(title, phrase, words) for title in named):
            return 2 * rank
        if any(fits(title, phrase, words) for title in (*named, *synonyms, " ".join(synonyms))):
            return 2 * rank + 1
    text = " ".join((*named, *synonyms, product.description.lower()))
    return 10 if all(word in text for word in words) else None


def _is(title: str, phrase: str, words: list[str]) -> bool:
    return title == phrase


def _begins(title: str, phrase: str, words: list[str]) -> bool:
    return _WORD.findall(title)[: len(words)] == words


def _has_words(title: str, phrase: str, words: list[str]) -> bool:
    return set(words) <= set(_WORD.findall(title))


def _begins_words(title: str, phrase: str, words: list[str]) -> bool:
    found = _WORD.findall(title)
    return all(any(each.startswith(word) for each in found) for word in words)


def _has_parts(title: str, phrase: str, words: list[str]) -> bool:
    return all(word in title for word in words)
