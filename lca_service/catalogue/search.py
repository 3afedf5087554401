"""Finding products by name, place and category."""

from __future__ import annotations

from collections.abc import Iterator

from lca_service.catalogue.catalogue import Catalogue
from lca_service.catalogue.nomenclature import nearest_names
from lca_service.catalogue.resolve import resolve_location
from lca_service.domain.flow import Product

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
    """Return how well a product fits, 0 best; None if a word is nowhere in it."""
    phrase = " ".join(words)
    code = product.code.replace("-", " ")
    titles = (code, product.name.lower(), *(each.lower() for each in product.synonyms))
    if phrase in titles:
        return 0
    if any(title.startswith(phrase) for title in titles):
        return 1
    if all(any(word in title for title in titles) for word in words):
        return 2
    text = " ".join((*titles, product.description.lower()))
    return 3 if all(word in text for word in words) else None
