"""From the catalogue to JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from api.schemas import catalogue as shapes
from api.translate.answers import quality
from lca_service.calculation.elasticities import Elasticities, Elasticity
from lca_service.catalogue.catalogue import Catalogue
from lca_service.catalogue.inspect import InspectedExchange, SourcedFigure
from lca_service.catalogue.override import Parameter, parameters_of
from lca_service.domain.activity import Activity
from lca_service.domain.flow import Product
from lca_service.domain.provenance import Source
from lca_service.engine import Engine
from lca_service.releases import Releases


def product(product: Product, catalogue: Catalogue) -> shapes.ProductAnswer:
    """Return a product of a list."""
    return shapes.ProductAnswer(
        code=product.code,
        name=product.name,
        unit=product.unit,
        category=product.category,
        synonyms=list(product.synonyms),
        description=product.description,
        n_locations=len(catalogue.providers.domestic.get(product.code, ())),
    )


def product_page(
    found: Sequence[Product], catalogue: Catalogue, *, offset: int, limit: int
) -> shapes.ProductPage:
    """Return a part of the products that were found."""
    return shapes.ProductPage(
        items=[product(each, catalogue) for each in found[offset : offset + limit]],
        total=len(found),
        categories=dict(sorted(Counter(each.category for each in found).items())),
    )


def product_detail(item: Product, catalogue: Catalogue) -> shapes.ProductDetailAnswer:
    """Return a product with its providers and their sources."""
    providers = catalogue.providers
    positions = [
        *providers.domestic.get(item.code, {}).values(),
        *providers.exports.get(item.code, {}).values(),
    ]
    mask = 0
    for position in positions:
        mask |= catalogue.direct_sources[position]
    activities = [catalogue.activities[position] for position in positions]
    return shapes.ProductDetailAnswer(
        **product(item, catalogue).model_dump(),
        providers=[_provider(each) for each in sorted(activities, key=lambda each: each.id)],
        provenance=[source(each, licence) for each, licence in catalogue.sources_of(mask)],
    )


def activity(
    item: Activity, exchanges: tuple[InspectedExchange, ...], catalogue: Catalogue
) -> shapes.ActivityAnswer:
    """Return an activity with its exchanges and their sources."""
    return shapes.ActivityAnswer(
        id=item.id,
        name=item.name,
        product=item.product,
        unit=catalogue.nomenclature.products[item.product].unit,
        location=item.location,
        data_class=item.data_class.value,
        boundary=item.boundary,
        mix=item.mix or None,
        covered_share=item.covered_share,
        parameters=[_parameter(each, catalogue) for each in parameters_of(catalogue, item)],
        exchanges=[_exchange(each) for each in exchanges],
    )


def sensitivities(activity: str, found: Elasticities) -> shapes.SensitivitiesAnswer:
    """Return what a score owes to exchanges and factors."""
    category = found.category
    return shapes.SensitivitiesAnswer(
        activity=activity,
        indicator=category.indicator,
        method=category.method,
        unit=category.unit,
        value=found.value,
        technosphere=[_elasticity(each) for each in found.products],
        biosphere=[_elasticity(each) for each in found.flows],
        characterization=[_elasticity(each) for each in found.factors],
    )


def _elasticity(each: Elasticity) -> shapes.ElasticityAnswer:
    return shapes.ElasticityAnswer(
        activity=each.activity or None,
        target=each.target,
        location=each.location or None,
        elasticity=each.elasticity,
    )


def locations(catalogue: Catalogue) -> list[shapes.LocationAnswer]:
    """Return every place with its ladder."""
    names = catalogue.nomenclature
    return [
        shapes.LocationAnswer(
            code=place.code,
            name=place.name,
            kind=place.kind.value,
            iso3=place.iso3,
            ladder=list(names.ladders[code]),
        )
        for code, place in sorted(names.locations.items())
    ]


def flows(catalogue: Catalogue) -> list[shapes.FlowAnswer]:
    """Return every elementary flow and blend."""
    names = catalogue.nomenclature
    plain = [
        shapes.FlowAnswer(
            code=flow.code,
            name=flow.name,
            unit=flow.unit,
            compartment=flow.compartment,
            regional=flow.is_regional,
            blend_of=None,
        )
        for _, flow in sorted(names.flows.items())
    ]
    blends = [
        shapes.FlowAnswer(
            code=code,
            name=code.upper(),
            unit="kg",
            compartment="air",
            regional=False,
            blend_of=dict(shares),
        )
        for code, shares in sorted(names.blends.items())
    ]
    return plain + blends


def indicators(catalogue: Catalogue) -> list[shapes.IndicatorInfoAnswer]:
    """Return every indicator of every method edition."""
    return [
        shapes.IndicatorInfoAnswer(
            id=category.indicator,
            method=category.method,
            default=catalogue.methods_by_id[category.method].is_default,
            name=category.name,
            unit=category.unit,
            definition=category.definition,
        )
        for category in catalogue.categories
    ]


def methods(catalogue: Catalogue) -> list[shapes.MethodInfoAnswer]:
    """Return every method edition."""
    return [
        shapes.MethodInfoAnswer(
            id=method.id,
            family=method.family,
            title=method.title,
            version=method.version,
            edition=method.edition,
            default=method.is_default,
            licence=method.licence,
            indicators=list(method.indicators),
        )
        for method in catalogue.methods
    ]


def releases(found: Releases) -> Iterator[shapes.ReleaseAnswer]:
    """Yield the release that is open, and those that are kept."""
    yield release(found.current)
    for data_hash, name in found.names.items():
        if data_hash != found.current.catalogue.data_hash:
            yield shapes.ReleaseAnswer(
                release=name, data_hash=data_hash, is_open=False, engine=found.current.version
            )


def release(engine: Engine) -> shapes.ReleaseAnswer:
    """Return the release that is open."""
    catalogue = engine.catalogue
    classes = Counter(activity.data_class.value for activity in catalogue.activities)
    return shapes.ReleaseAnswer(
        release=catalogue.release,
        data_hash=catalogue.data_hash,
        is_open=True,
        engine=engine.version,
        activities=len(catalogue.activities),
        products=len(catalogue.providers.domestic),
        data_classes=dict(sorted(classes.items())),
    )


def release_coverage(engine: Engine) -> shapes.ReleaseCoverageAnswer:
    """Return what the release that is open covers."""
    found = engine.coverage
    return shapes.ReleaseCoverageAnswer(
        release=engine.catalogue.release,
        indicator=found.reference.indicator,
        method=found.reference.method,
        electricity_countries=found.n_electricity_countries,
        covered_countries=found.n_covered_countries,
        countries=[
            shapes.CountryCoverageAnswer(location=code, own_products=count)
            for code, count in sorted(found.own_products.items())
        ],
        products=[
            shapes.ProductCoverageAnswer(
                product=each.product,
                category=each.category,
                own=each.n_own,
                repeated=each.n_repeated,
                relinked=each.n_relinked,
                average=each.n_average,
                world_own_share=each.world_own_share,
                median_own_share=each.median_own_share,
            )
            for each in found.products
        ],
    )


def _provider(item: Activity) -> shapes.ProviderAnswer:
    return shapes.ProviderAnswer(
        activity=item.id,
        location=item.location,
        data_class=item.data_class.value,
        mix=item.mix or None,
        covered_share=item.covered_share,
    )


def _parameter(item: Parameter, catalogue: Catalogue) -> shapes.ParameterAnswer:
    source = catalogue.sources[item.figure.source]
    _, licence = catalogue.figures[catalogue.figure_positions[item.figure.key]]
    return shapes.ParameterAnswer(
        name=item.name,
        figure=figure(SourcedFigure(item.figure, source, licence)),
        shares_whole_with=[name for name in item.shares_whole_with if name != item.name],
    )


def _exchange(item: InspectedExchange) -> shapes.ExchangeAnswer:
    return shapes.ExchangeAnswer(
        product=item.product or None,
        flow=item.flow or None,
        provider=item.provider.id if item.provider else None,
        location=item.location or None,
        amount=item.amount,
        unit=item.unit,
        formula=item.formula,
        tags=list(item.tags),
        quality=quality(item.quality),
        figures=[figure(each) for each in item.figures],
    )


def figure(item: SourcedFigure) -> shapes.FigureAnswer:
    """Return a figure with its source."""
    row = item.figure
    return shapes.FigureAnswer(
        quantity=row.quantity,
        subject=row.subject,
        location=row.location,
        value=row.value,
        unit=row.unit,
        year=row.year,
        basis=row.basis.value,
        gsd=row.geometric_standard_deviation,
        minimum=row.minimum,
        maximum=row.maximum,
        locator=row.locator,
        note=row.note,
        source=source(item.source, item.licence),
    )


def source(found: Source, licence: str) -> shapes.SourceOfAnswer:
    """Return a source with the licence of the table that carries its figures."""
    return shapes.SourceOfAnswer(
        id=found.code,
        title=found.title,
        citation=found.citation,
        year=found.year,
        url=found.url,
        licence=licence,
    )
