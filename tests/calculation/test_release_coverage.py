"""What a release covers, counted by hand in the tiny world."""

from lca_service.calculation.release_coverage import ProductCoverage
from lca_service.domain.activity import DataClass
from lca_service.engine import Engine


def covered(engine: Engine, product: str) -> ProductCoverage:
    (found,) = (each for each in engine.coverage.products if each.product == product)
    return found


def test_products_are_counted_by_data_class(tiny: Engine) -> None:
    # India has its own efficiency, Kenya and South Africa their generation alone, which only
    # says that there is a plant; then the mean of the world
    coal = covered(tiny, "electricity-coal")
    assert (coal.n_own, coal.n_repeated, coal.n_relinked, coal.n_average) == (1, 0, 0, 3)


def test_a_product_without_own_data_has_no_own_share(tiny: Engine) -> None:
    film = covered(tiny, "plastic-film")
    assert film.world_own_share == 0
    assert film.median_own_share is None  # made at the world alone


def test_the_own_share_is_that_of_activities_with_own_figures(tiny: Engine) -> None:
    # all that is emitted for coal power in India: by its own plant, and by mines at the world
    position = tiny.catalogue.positions["coal-power@IN"]
    total, own = tiny.background.absolute_multipliers[:2, :, position]
    row = tiny.catalogue.categories.index(tiny.coverage.reference)
    # 1 / 0.36 kWh of coal at 96 kg/GJ: 0.96 kg CO2 of its own; mining takes electricity that
    # is made in India too, so that a little more than that is its own
    assert 0.96 < own[row] < total[row]


def test_a_country_counts_the_products_on_its_own_figures(tiny: Engine) -> None:
    assert tiny.coverage.own_products["IN"] > tiny.coverage.own_products["BD"]
    assert tiny.coverage.n_covered_countries == 0


def test_figures_that_another_place_has_as_well_count_once(engine: Engine) -> None:
    repeated = [each for each in engine.coverage.products if each.n_repeated]
    assert all(each.n_own for each in repeated)


def test_the_mix_of_another_year_is_no_other_product(engine: Engine) -> None:
    made = {
        each.product
        for each in engine.catalogue.activities
        if each.location == "GB" and each.data_class is DataClass.OWN
    }
    years = {product for product in made if product.startswith("electricity-generation-mix-20")}
    assert len(years) > 20
    assert engine.coverage.own_products["GB"] <= len(made - years) + 1
