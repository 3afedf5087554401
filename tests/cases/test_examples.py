"""What the examples of examples/ are there to show."""

import json
from functools import cache
from pathlib import Path

import pytest

from api.parse import parse_request
from api.translate.questions import to_study
from lca_service.calculation.footprint import Footprint
from lca_service.domain.study import Study
from lca_service.engine import Engine
from tests.studies import result, value

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.json"))
TOTAL = "climate_change.total"
every_example = pytest.mark.parametrize("name", [path.stem for path in EXAMPLES])


@cache
def example(name: str) -> Study:
    (path,) = (each for each in EXAMPLES if each.stem == name)
    request, faults = parse_request(json.loads(path.read_text("utf-8")))
    assert not faults
    assert request is not None
    return to_study(request)


def footprint(engine: Engine, name: str) -> Footprint:
    return engine.footprint(example(name))


def test_the_refrigerator_of_kenya_runs_on_a_tenth_of_the_carbon(engine: Engine) -> None:
    # The same kilowatt-hours: geothermal, water and wind power against coal
    kenya, south_africa = (
        value(footprint(engine, f"refrigerator-electricity-{place}"), TOTAL)
        for place in ("ke", "za")
    )
    assert 0.05 < kenya / south_africa < 0.2


def test_a_shirt_of_uzbek_cotton_is_the_thirstiest(engine: Engine) -> None:
    # Mekonnen & Hoekstra (2011): the cotton of UZ lives on irrigation, that of IN half on rain
    names = ("tshirt-uz-cotton", "tshirt-bd-indian-cotton", "tshirt-cn")
    for indicator in ("water.consumption", "water.scarcity_aware"):
        uzbek, indian, chinese = (value(footprint(engine, name), indicator) for name in names)
        assert uzbek > max(indian, chinese)


def test_water_of_a_shirt_stands_in_the_fibre_and_carbon_in_mills_and_laundry(
    engine: Engine,
) -> None:
    answer = footprint(engine, "tshirt-bd-indian-cotton")
    water, carbon = (result(answer, each) for each in ("water.consumption", TOTAL))
    assert water.by_line is not None
    assert carbon.by_stage is not None
    assert water.by_line["fibre"] > 0.8 * value(answer, "water.consumption")
    mills_and_laundry = carbon.by_stage["manufacturing"] + carbon.by_stage["use"]
    assert mills_and_laundry > 0.5 * value(answer, TOTAL)


@pytest.mark.parametrize("place", ["th", "in", "cn"])
def test_paddy_methane_is_seen_in_rice(engine: Engine, place: str) -> None:
    # Poore & Nemecek (2018): flooded fields emit about half of a kilogram of rice
    answer = footprint(engine, f"rice-{place}")
    methane = value(answer, "climate_change.biogenic")
    assert 0.2 < methane / value(answer, TOTAL) < 0.9


@every_example
def test_an_example_finds_every_supplier_where_it_is_asked_for(engine: Engine, name: str) -> None:
    # freight is the same everywhere in this release
    for each in footprint(engine, name).lines:
        match = each.match
        if match is None or match.product.startswith("freight"):
            continue
        assert each.status == "exact", each.id


@every_example
def test_figures_without_their_gases_are_a_small_part_of_an_example(
    engine: Engine, name: str
) -> None:
    # rule of the house: at most 5 % of a showcase score
    (found,) = (
        each
        for each in engine.contributions(example(name), by="flow", limit=100)
        if each.category.indicator == TOTAL
    )
    assert found.value is not None
    unspecified = [part for part in found.contributions if part.id == "ghg-unspecified-co2e"]
    assert sum(part.value for part in unspecified) <= 0.05 * found.value
