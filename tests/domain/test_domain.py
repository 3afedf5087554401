"""Value objects: places and their ladder, figures and their spread."""

import dataclasses

import pytest

from lca_service.domain.activity import Activity
from lca_service.domain.flow import ElementaryFlow, Product
from lca_service.domain.location import Location, LocationKind, ladder
from lca_service.domain.method import ImpactCategory, Method
from lca_service.domain.provenance import DEFAULT_GSD, Basis, Figure, Source
from lca_service.domain.study import (
    Assembly,
    DeclaredUnit,
    Emission,
    Line,
    Stage,
    Study,
)


@pytest.mark.parametrize(
    "kind",
    [
        Activity, Assembly, DeclaredUnit, ElementaryFlow, Emission, Figure, ImpactCategory, Line,
        Location, Method, Product, Source, Study,
    ],
)  # fmt: skip
def test_what_a_thing_is_does_not_change(kind: type) -> None:
    assert dataclasses.is_dataclass(kind)
    assert kind.__dataclass_params__.frozen  # type: ignore[attr-defined]


def test_the_ladder_of_the_world_is_the_world() -> None:
    world = Location("GLO", "World", LocationKind.WORLD, "")
    assert ladder("GLO", {"GLO": world}) == ("GLO",)
    assert not world.is_country


def test_stages_come_in_the_order_of_a_life() -> None:
    assert [stage.value for stage in Stage] == [
        "raw_materials", "manufacturing", "distribution", "use", "end_of_life",
    ]  # fmt: skip


def figure(basis: Basis, **spread: float) -> Figure:
    return Figure("q", "s", "GLO", 1.0, "kg", "2020", basis, "source", "table 1", **spread)


def test_a_printed_spread_stands_before_the_default_of_the_basis() -> None:
    assert figure(Basis.MEASURED, gsd=1.7).geometric_standard_deviation == 1.7
    assert figure(Basis.MEASURED).geometric_standard_deviation == DEFAULT_GSD[Basis.MEASURED]


def test_a_range_stands_in_place_of_a_geometric_standard_deviation() -> None:
    assert figure(Basis.LITERATURE, minimum=0.5, maximum=2.0).geometric_standard_deviation is None


def test_the_worse_a_figure_is_known_the_wider_it_is() -> None:
    spreads = [DEFAULT_GSD[basis] for basis in Basis]
    assert spreads == sorted(set(spreads))
    assert spreads[0] > 1.0
