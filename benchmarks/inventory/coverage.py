"""The coverage page: a function of the data release alone."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from lca_service.calculation.release_coverage import (
    LEAST_PRODUCTS,
    ProductCoverage,
    ReleaseCoverage,
)
from lca_service.engine import Engine

_INTRODUCTION = """\
# Coverage

What data release {release} covers. Written by `make pages`; a test compares this page with the
data. `GET /v1/releases/{release}/coverage` gives the same figures.

- **own**: activities with a process figure from a row that distinguishes their location. Where
  another location of the same process has the same figures, the later one is **repeated** and not
  counted as own.
- **relinked**: only the suppliers are local. **average**: everything else, such as the means of
  regions and the world.
- **own share**: the part of the score ({indicator}, {method}, in absolute terms) that arises in
  activities of the class own: of the product at the world (GLO), and the median over the countries
  that make it. A product that only relinks can have a large own share, because the electricity it
  buys has figures of its own.

| what | number |
|---|---|
| reference products | {n_products} |
| countries and territories with electricity | {n_electricity} |
| countries with at least {least} products of the class own | {n_covered} |
| activities | {n_activities} |
| of the class own | {n_own} |
| of the class own, figures repeated | {n_repeated} |
| relinked | {n_relinked} |
| average | {n_average} |
"""


def page(engine: Engine) -> str:
    """Return the whole page as Markdown text."""
    found = engine.coverage
    products = found.products
    introduction = _INTRODUCTION.format(
        release=engine.catalogue.release,
        indicator=found.reference.indicator,
        method=found.reference.method,
        n_products=len(products),
        n_electricity=found.n_electricity_countries,
        least=LEAST_PRODUCTS,
        n_covered=found.n_covered_countries,
        n_activities=len(engine.catalogue.activities),
        n_own=sum(each.n_own for each in products),
        n_repeated=sum(each.n_repeated for each in products),
        n_relinked=sum(each.n_relinked for each in products),
        n_average=sum(each.n_average for each in products),
    )
    parts = [introduction, *_categories(products), _countries(engine, found)]
    return "\n".join(parts)


def _categories(products: tuple[ProductCoverage, ...]) -> Iterator[str]:
    by_category: defaultdict[str, list[ProductCoverage]] = defaultdict(list)
    for each in products:
        by_category[each.category].append(each)
    for category, members in sorted(by_category.items()):
        lines = [
            f"## {category.capitalize()} ({len(members)} products)",
            "",
            "| product | unit | own | repeated | relinked | average | own share, GLO | median |",
            "|---|---|---|---|---|---|---|---|",
            *(
                f"| {each.product} | {each.unit} | {each.n_own} | {each.n_repeated} "
                f"| {each.n_relinked} | {each.n_average} | {_percent(each.world_own_share)} "
                f"| {_percent(each.median_own_share)} |"
                for each in members
            ),
            "",
        ]
        yield "\n".join(lines)


def _countries(engine: Engine, found: ReleaseCoverage) -> str:
    """Return how many products of the class own the countries have."""
    names = engine.catalogue.nomenclature.locations
    groups: defaultdict[int, list[str]] = defaultdict(list)
    for code, count in found.own_products.items():
        groups[count].append(code)
    sizes = Counter({count: len(codes) for count, codes in groups.items()})
    lines = [
        "## Countries by number of products of the class own",
        "",
        "| products | countries | which |",
        "|---|---|---|",
        *(
            f"| {count} | {sizes[count]} | "
            f"{', '.join(names[code].name for code in sorted(groups[count])) if count else '...'} |"
            for count in sorted(groups, reverse=True)
        ),
        "",
    ]
    return "\n".join(lines)


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.0%}"
