"""Checks of the shipped data: sourced, whole, and of a plausible size."""

import csv
import shutil
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from lca_service.catalogue.checks import check_knowledge, validate_package
from lca_service.catalogue.datapackage import Package, packages, seal
from lca_service.domain.activity import DataClass
from lca_service.domain.location import WORLD
from lca_service.domain.provenance import Figure
from lca_service.engine import Engine
from lca_service.units import factor
from tests.studies import line, result, study, value

ROOT = Path(__file__).parents[2]
PACKAGES = [each for floor in ("datasets", "methods") for each in packages(ROOT, floor)]
every_package = pytest.mark.parametrize("package", PACKAGES, ids=lambda each: str(each.name))
# The tables of geography are taken from their sources as wholes, not row by row
every_package_with_sources = pytest.mark.parametrize(
    "package",
    [each for each in PACKAGES if each.name != "geography"],
    ids=lambda each: str(each.name),
)

TOTAL = "climate_change.total"
# One unit of another product, as it is: the only formula that needs no figure
LITERALS = {"1"}


@cache
def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def used_sources(package: Package) -> set[str]:
    return {
        row["source"]
        for table in package.tables
        if table.kind != "sources"
        for row in rows(table.path)
        if "source" in row
    }


def multipliers(engine: Engine, indicator: str) -> dict[str, float]:
    """Return the score of one unit of every activity under the default edition."""
    catalogue = engine.catalogue
    default = {method.id for method in catalogue.methods if method.is_default}
    (row,) = (
        index
        for index, category in enumerate(catalogue.categories)
        if category.indicator == indicator and category.method in default
    )
    scores = engine.background.multipliers[row].tolist()
    return {
        activity.id: score for activity, score in zip(catalogue.activities, scores, strict=True)
    }


def bill(engine: Engine, product: str, location: str, indicator: str) -> float:
    unit = engine.catalogue.nomenclature.products[product].unit
    return value(engine.footprint(study(line(product, 1, unit, location))), indicator)


# Tables


def test_the_shipped_tables_and_templates_have_no_fault(root: Path) -> None:
    assert [str(fault) for fault in check_knowledge(root)] == []


@every_package
def test_a_package_is_sealed(package: Package, tmp_path: Path) -> None:
    copy = Package(Path(shutil.copytree(package.folder, tmp_path / package.name)))
    assert not seal(copy), "run `make seal`"


@every_package_with_sources
def test_a_package_lists_the_sources_it_uses_and_no_other(package: Package) -> None:
    listed = [row["source"] for table in package.of_kind("sources") for row in rows(table.path)]
    assert len(listed) == len(set(listed))
    assert set(listed) == used_sources(package)


@every_package_with_sources
def test_a_package_without_one_of_its_sources_is_refused(package: Package, tmp_path: Path) -> None:
    copy = Package(Path(shutil.copytree(package.folder, tmp_path / package.name)))
    (sources,) = copy.of_kind("sources")
    victim = sorted(used_sources(package))[0]
    with sources.path.open(encoding="utf-8", newline="") as stream:
        kept = [row for row in csv.reader(stream) if row[0] != victim]
    with sources.path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows(kept)
    seal(copy)
    faults = list(validate_package(Package(copy.folder)))
    assert any(fault.code == "foreign-key" and victim in fault.detail for fault in faults)


@every_package
def test_rows_stand_in_the_order_of_their_keys(package: Package) -> None:
    keys = {
        "figures": ("quantity", "subject", "location"),
        "factors": ("indicator", "flow", "location"),
        "sources": ("source",),
        "products": ("product",),
    }
    for table in package.tables:
        if table.kind in keys:
            found = [tuple(row[name] for name in keys[table.kind]) for row in rows(table.path)]
            assert found == sorted(found), table.file


@every_package
def test_tables_are_plain_text(package: Package) -> None:
    for table in package.tables:
        content = table.path.read_bytes()
        assert b"\r" not in content, table.file
        assert content.endswith(b"\n"), table.file
        content.decode("utf-8")


# Inventory


def test_every_exchange_rests_on_a_figure(engine: Engine) -> None:
    catalogue = engine.catalogue
    for table in (catalogue.technosphere, catalogue.biosphere):
        bare = np.flatnonzero(np.diff(table.figure_pointer) == 0)
        assert {catalogue.formulas[index] for index in table.formula_index[bare]} <= LITERALS


def test_every_figure_behind_an_exchange_has_a_source_with_licence_and_locator(
    engine: Engine,
) -> None:
    catalogue = engine.catalogue
    tables = (catalogue.technosphere, catalogue.biosphere)
    used = {int(position) for table in tables for position in table.figure_index}
    assert len(used) > 1000
    for position in used:
        figure, licence = catalogue.figures[position]
        assert catalogue.sources[figure.source].citation
        assert figure.locator
        assert licence


def test_every_product_has_a_provider_for_the_world(engine: Engine) -> None:
    at_world = {a.product for a in engine.catalogue.activities if a.location == WORLD}
    assert set(engine.catalogue.nomenclature.products) == at_world


def test_the_members_of_an_average_share_the_whole(engine: Engine) -> None:
    catalogue = engine.catalogue
    table = catalogue.technosphere
    sums = np.bincount(table.activity_index, table.amount, minlength=len(catalogue.activities))
    averages = [i for i, activity in enumerate(catalogue.activities) if activity.mix]
    assert len(averages) > 20
    assert sums[averages] == pytest.approx(np.ones(len(averages)), rel=1e-12)
    for position in averages:
        covered = catalogue.activities[position].covered_share
        assert covered is not None
        assert 0 < covered <= 1 + 1e-12


def test_low_voltage_electricity_is_there_for_two_hundred_countries(engine: Engine) -> None:
    locations = engine.catalogue.nomenclature.locations
    found = {
        activity.location
        for activity in engine.catalogue.activities
        if activity.product == "electricity-low-voltage"
        and activity.data_class is DataClass.OWN
        and locations[activity.location].is_country
    }
    assert len(found) >= 200


@pytest.mark.parametrize("use", ["agricultural", "non-agricultural", "unspecified"])
def test_an_activity_withdraws_at_least_what_it_consumes(engine: Engine, use: str) -> None:
    catalogue = engine.catalogue
    amounts: dict[str, defaultdict[tuple[int, str], float]] = {
        kind: defaultdict(float) for kind in ("withdrawn", "consumed")
    }
    table = catalogue.biosphere
    for activity, row, amount in zip(
        table.activity_index.tolist(),
        table.target_index.tolist(),
        table.amount.tolist(),
        strict=True,
    ):
        flow, place = catalogue.flow_rows[row]
        for kind, found in amounts.items():
            if flow == f"water-{kind}-{use}":
                found[activity, place] += amount
    for key, consumed in amounts["consumed"].items():
        withdrawn = amounts["withdrawn"][key]
        assert withdrawn >= consumed * (1 - 1e-9), catalogue.activities[key[0]].id


def test_only_carbon_that_leaves_with_a_product_is_negative(engine: Engine) -> None:
    catalogue = engine.catalogue
    assert (catalogue.technosphere.amount > 0).all()
    negative = {
        (catalogue.activities[table_activity].product, catalogue.flow_rows[row][0])
        for table_activity, row in zip(
            catalogue.biosphere.activity_index[catalogue.biosphere.amount <= 0],
            catalogue.biosphere.target_index[catalogue.biosphere.amount <= 0],
            strict=True,
        )
    }
    # uptake corrected to the carbon in each co-product after economic allocation, and CO2 bound
    # in urea, which the field releases
    assert {flow for product, flow in negative if product != "fertilizer-nitrogen"} <= {
        "co2-uptake-biogenic"
    }
    assert {flow for product, flow in negative if product == "fertilizer-nitrogen"} <= {
        "co2-fossil"
    }


def test_a_flow_that_nothing_upstream_exchanges_is_exactly_zero(engine: Engine) -> None:
    # Otherwise a residue of rounding would make an indicator unknown or partial
    catalogue, background = engine.catalogue, engine.background
    reached = (background.inventory_multipliers != 0).astype(np.int8)
    table = catalogue.biosphere
    has = np.zeros_like(reached, dtype=bool)
    codes = {code: index for index, code in enumerate(catalogue.flow_codes)}
    flows = [codes[flow] for flow, _ in catalogue.flow_rows]
    has[np.array(flows)[table.target_index], table.activity_index] = True
    edges = (catalogue.technosphere.activity_index, catalogue.technosphere.target_index)
    while True:
        grown = has.copy()
        np.logical_or.at(grown.T, edges[0], has.T[edges[1]])
        if (grown == has).all():
            break
        has = grown
    assert not (reached.astype(bool) & ~has).any()


def test_multipliers_solve_the_adjoint_equations(engine: Engine) -> None:
    background = engine.background
    costs = (background.biosphere.T @ background.characterization.T).T
    left = (background.technosphere.T @ background.multipliers.T).T
    size = (abs(background.technosphere).T @ np.abs(background.multipliers).T).T + np.abs(costs)
    assert (np.abs(left - costs) <= 1e-12 * size).all()


def yields_of_milling(
    figures: Mapping[tuple[str, str, str], Figure], product: str, rungs: Sequence[str]
) -> dict[str, float]:
    """Return what a unit of a raw product is split into, from the figures of a place."""

    def share(quantity: str, subject: str) -> float:
        found = next(
            figures[key] for rung in rungs if (key := (quantity, subject, rung)) in figures
        )
        return found.value * factor(found.unit, "")

    if product == "seed-cotton":
        lint = share("lint_out_turn", product)
        seed = share("cottonseed_out_turn", product)
        return {"cotton-lint": lint, "cottonseed": seed}
    outputs = {
        "rice-paddy": ("rice-milled", "rice-bran"),
        "wheat-grain": ("wheat-flour", "wheat-bran"),
    }
    return {each: share("milling_yield", each) for each in outputs[product]}


@pytest.mark.parametrize("product", ["seed-cotton", "rice-paddy", "wheat-grain"])
def test_co_products_share_the_whole_of_what_they_are_made_of(engine: Engine, product: str) -> None:
    # allocation: what lint and seed of one kilogram of seed cotton bear is one kilogram
    catalogue = engine.catalogue
    table = catalogue.technosphere
    figures = {figure.key: figure for figure, _ in catalogue.figures}
    borne: defaultdict[str, float] = defaultdict(float)
    for user, maker, amount in zip(
        table.activity_index.tolist(),
        table.target_index.tolist(),
        table.amount.tolist(),
        strict=True,
    ):
        buyer = catalogue.activities[user]
        if catalogue.activities[maker].product == product and not buyer.mix:
            rungs = catalogue.nomenclature.ladders[buyer.location]
            yields = yields_of_milling(figures, product, rungs)
            borne[buyer.location] += amount * yields.get(buyer.product, 0.0)  # feed is no mill
    milled = [share for share in borne.values() if share]
    assert len(milled) > 50
    assert milled == pytest.approx([1.0] * len(milled), rel=1e-9)


# Own data


def test_places_with_own_data_are_told_apart_by_it(engine: Engine) -> None:
    # islands that burn nothing but oil have equal mixes, and each is its own
    products = [
        each
        for each in engine.coverage.products
        if not each.product.startswith("electricity-generation-mix")
    ]
    repeated = Counter({each.product: each.n_repeated for each in products if each.n_repeated})
    own = sum(each.n_own + each.n_repeated for each in products)
    assert repeated.total() <= REPEATED_SHARE * own, repeated


REPEATED_SHARE = 0.05  # of all activities with own data


# Plausibility


def bands() -> Iterator[tuple[str, str, tuple[float, float], tuple[float, float]]]:
    tables = sorted(Path(__file__).with_name("bands").glob("*.csv"))
    for row in (row for table in tables for row in rows(table)):
        assert row["reason"]
        world = (float(row["world_minimum"]), float(row["world_maximum"]))
        place = (float(row["minimum"]), float(row["maximum"]))
        assert place[0] <= world[0] < world[1] <= place[1]
        yield row["product"], row["indicator"], world, place


BANDS = list(bands())


@pytest.mark.parametrize(
    ("product", "indicator", "world", "place"), BANDS, ids=lambda each: str(each)
)
def test_the_score_of_a_product_is_of_a_plausible_size(
    engine: Engine,
    product: str,
    indicator: str,
    world: tuple[float, float],
    place: tuple[float, float],
) -> None:
    scores = multipliers(engine, indicator)
    found = {a.id: scores[a.id] for a in engine.catalogue.activities if a.product == product}
    assert found, "no such product"
    # those who export are not the world: their mix is judged as a place
    at_world = {
        activity.id: found[activity.id]
        for activity in engine.catalogue.activities
        if activity.id in found and activity.location == WORLD and activity.mix != "export"
    }
    outside = {name: score for name, score in found.items() if not place[0] <= score <= place[1]}
    outside |= {n: score for n, score in at_world.items() if not world[0] <= score <= world[1]}
    assert outside == {}


def test_every_product_has_a_band(engine: Engine) -> None:
    with_band = {product for product, indicator, _, _ in BANDS if indicator == TOTAL}
    assert set(engine.catalogue.nomenclature.products) == with_band


def test_the_grid_of_kenya_is_about_a_tenth_of_south_africas(engine: Engine) -> None:
    # Hydro and geothermal power against coal: IFI and Eskom print about 0.1 and 1.0 kg/kWh
    kenya, south_africa = (
        bill(engine, "electricity-low-voltage", place, TOTAL) for place in ("KE", "ZA")
    )
    assert 0.05 < kenya / south_africa < 0.2


def test_a_residual_mix_is_only_where_one_is_published(engine: Engine) -> None:
    of = multipliers(engine, TOTAL)
    for place in ("FI", "SE"):
        assert (
            of[f"electricity-residual-mix@{place}"]
            > 4 * of[f"electricity-low-voltage-supply@{place}"]
        )
    for place in ("KE", "IN", "BR"):
        residual = of[f"electricity-residual-mix@{place}"]
        assert residual == pytest.approx(of[f"electricity-low-voltage-supply@{place}"], rel=1e-12)


def test_the_mix_of_each_year_follows_the_way_out_of_coal(engine: Engine) -> None:
    # Ember: the United Kingdom made 32 % of its power from coal in 2000 and 2 % in 2020
    of = multipliers(engine, TOTAL)
    mixes = {year: of[f"electricity-generation-{year}@GB"] for year in range(2000, 2022)}
    assert 0.3 * mixes[2012] < mixes[2020] < 0.6 * mixes[2012]
    assert mixes[2020] < mixes[2015] < mixes[2012]
    assert "electricity-generation-2020@LK" in of
    assert "electricity-generation-2021@LK" not in of  # the series of Sri Lanka ends in 2020


def test_cotton_of_uzbekistan_is_far_thirstier_than_of_brazil(engine: Engine) -> None:
    # Mekonnen & Hoekstra (2011), blue water: UZ is irrigated throughout, BR grows on rain
    for indicator in ("water.consumption", "water.scarcity_aware"):
        uzbekistan, brazil = (
            bill(engine, "cotton-lint", place, indicator) for place in ("UZ", "BR")
        )
        assert uzbekistan > 20 * brazil


def test_paddy_methane_is_seen_in_the_rice_of_thailand(engine: Engine) -> None:
    question = study(line("rice-milled", 1, "kg", "TH"))
    total = value(engine.footprint(question), TOTAL)
    (found,) = (
        each
        for each in engine.contributions(question, by="flow")
        if each.category.indicator == TOTAL
    )
    methane = sum(part.value for part in found.contributions if part.id == "ch4-biogenic")
    assert 0.3 < methane / total < 0.9


@pytest.mark.parametrize("product", ["seed-cotton", "rice-paddy", "wheat-grain", "maize-grain"])
def test_cropland_makes_land_use_change_unknown_and_the_total_partial(
    engine: Engine, product: str
) -> None:
    answer = engine.footprint(study(line(product, 1, "kg", "IN")))
    assert result(answer, "climate_change.luluc").value is None
    assert result(answer, TOTAL).coverage.is_partial


@pytest.mark.parametrize("product", ["cotton-lint", "rice-milled", "wheat-grain", "maize-grain"])
def test_what_is_traded_has_an_average_of_its_exporters(engine: Engine, product: str) -> None:
    provider = engine.catalogue.providers.find(product, "AQ")
    assert provider is not None
    activity = engine.catalogue.activities[provider[0]]
    assert (activity.mix, activity.location) == ("export", WORLD)
    assert activity.covered_share is not None
    assert activity.covered_share > 0.5


@pytest.mark.parametrize("product", ["seed-cotton", "rice-paddy", "wheat-grain", "maize-grain"])
def test_a_crop_is_grown_in_many_countries_on_their_own_figures(
    engine: Engine, product: str
) -> None:
    own = [
        activity
        for activity in engine.catalogue.activities
        if activity.product == product and activity.data_class is DataClass.OWN
    ]
    assert len(own) >= 50
