"""What a release covers: products by data class, and what their scores rest on."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from lca_service.catalogue.catalogue import Catalogue
from lca_service.domain.activity import DataClass
from lca_service.domain.location import WORLD
from lca_service.domain.method import ImpactCategory
from lca_service.matrices.background import PARTS, Background

LEAST_PRODUCTS = 10  # of the class own, for a country to count as covered

Vector = tuple[tuple[str, str, float], ...]


@dataclass(frozen=True)
class ProductCoverage:
    """Where a product is made, and how much of its score comes from own data.

    Parameters
    ----------
    n_own, n_relinked, n_average
        Activities of each data class, averages of regions and the world among the last.
    n_repeated
        Of the class own, those whose own figures are those of another place; they are not
        in ``n_own``.
    world_own_share, median_own_share
        Part of the absolute score of the reference category [-] that arises in activities
        of the class own: of the product at the world, and the median over its countries;
        None where the score is zero or no country has an activity.
    """

    product: str
    unit: str
    category: str
    n_own: int
    n_repeated: int
    n_relinked: int
    n_average: int
    world_own_share: float | None
    median_own_share: float | None


@dataclass(frozen=True)
class ReleaseCoverage:
    """What a release covers.

    Parameters
    ----------
    reference
        The impact category of the shares.
    own_products
        Per country, how many products it makes on figures of its own.
    """

    reference: ImpactCategory
    products: tuple[ProductCoverage, ...]
    own_products: Mapping[str, int]
    n_electricity_countries: int

    @property
    def n_covered_countries(self) -> int:
        """How many countries make at least `LEAST_PRODUCTS` products on own figures.

        One product in several years counts once.
        """
        return sum(count >= LEAST_PRODUCTS for count in self.own_products.values())


_YEAR = re.compile(r"-20\d\d$")  # the mix of another year is no other product of a country


def release_coverage(
    catalogue: Catalogue, background: Background, reference: int
) -> ReleaseCoverage:
    """Return the coverage of a release; ``reference`` is a row of its impact categories."""
    repeated = repeated_activities(catalogue)
    own_score, score = (
        np.asarray(background.absolute_multipliers[PARTS.index(part), reference])
        for part in ("own", "total")
    )
    positions: defaultdict[str, list[int]] = defaultdict(list)
    for position, activity in enumerate(catalogue.activities):
        positions[activity.product].append(position)
    places = catalogue.nomenclature.locations
    own_products: dict[str, set[str]] = {code: set() for code in catalogue.nomenclature.countries}
    products: list[ProductCoverage] = []
    for code, found in sorted(positions.items()):
        classes: Counter[str] = Counter()
        shares: list[float] = []
        for position in found:
            activity = catalogue.activities[position]
            classes["repeated" if position in repeated else activity.data_class] += 1
            if not places[activity.location].is_country:
                continue
            if activity.data_class is DataClass.OWN and position not in repeated:
                own_products[activity.location].add(_YEAR.sub("", code))
            if score[position] > 0:
                shares.append(own_score[position] / score[position])
        world = catalogue.providers.domestic[code].get(WORLD)
        product = catalogue.nomenclature.products[code]
        products.append(
            ProductCoverage(
                product=code,
                unit=product.unit,
                category=product.category,
                n_own=classes[DataClass.OWN],
                n_repeated=classes["repeated"],
                n_relinked=classes[DataClass.RELINKED],
                n_average=classes[DataClass.AVERAGE],
                world_own_share=float(own_score[world] / score[world])
                if world is not None and score[world] > 0
                else None,
                median_own_share=float(np.median(shares)) if shares else None,
            )
        )
    with_electricity = catalogue.providers.domestic.get("electricity-low-voltage", {})
    return ReleaseCoverage(
        reference=catalogue.categories[reference],
        products=tuple(products),
        own_products={code: len(made) for code, made in own_products.items()},
        n_electricity_countries=sum(places[code].is_country for code in with_electricity),
    )


def repeated_activities(catalogue: Catalogue) -> frozenset[int]:
    """Return the activities of the class own whose own figures another place has as well.

    The first place of several with the same figures is not repeated: a vector of figures
    counts once (a regional default that a table repeats at its countries is no own data).
    """
    seen: set[tuple[str, Vector]] = set()
    repeated: set[int] = set()
    vectors = _own_vectors(catalogue)
    for position, activity in enumerate(catalogue.activities):
        if activity.data_class is not DataClass.OWN or activity.mix:
            continue
        key = (activity.process, vectors.get(position, ()))
        if key in seen:
            repeated.add(position)
        seen.add(key)
    return frozenset(repeated)


def _own_vectors(catalogue: Catalogue) -> dict[int, Vector]:
    """Return, per activity, the figures that stand at its own place."""
    codes = {code: index for index, code in enumerate(catalogue.nomenclature.locations)}
    figures = [figure for figure, _ in catalogue.figures]
    figure_place = np.array([codes[figure.location] for figure in figures], dtype=np.intp)
    place = np.array([codes[each.location] for each in catalogue.activities], dtype=np.intp)
    found: defaultdict[int, set[int]] = defaultdict(set)
    for table in (catalogue.technosphere, catalogue.biosphere):
        activity = np.repeat(table.activity_index, np.diff(table.figure_pointer))
        figure = np.asarray(table.figure_index)
        is_own = (figure_place[figure] == place[activity]) & (place[activity] != codes[WORLD])
        for user, position in zip(activity[is_own].tolist(), figure[is_own].tolist(), strict=True):
            found[user].add(position)
    return {
        user: tuple(
            sorted(
                (figures[each].quantity, figures[each].subject, figures[each].value) for each in own
            )
        )
        for user, own in found.items()
    }
