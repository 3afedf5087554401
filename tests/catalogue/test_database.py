"""The tiny world expanded: which activities exist, what they exchange, and from which figures."""

import numpy as np
import pytest

from lca_service.catalogue.exchanges import ExchangeTable
from lca_service.domain.activity import Activity, DataClass
from lca_service.domain.provenance import Figure
from lca_service.engine import Engine


def activity(engine: Engine, name: str) -> Activity:
    return engine.catalogue.activities[engine.catalogue.positions[name]]


def exchanges(engine: Engine, name: str) -> dict[str, float]:
    """Return the exchanges of an activity, by provider or flow."""
    catalogue = engine.catalogue
    position = catalogue.positions[name]
    found: dict[str, float] = {}
    for exchange in np.flatnonzero(catalogue.technosphere.activity_index == position):
        maker = catalogue.activities[catalogue.technosphere.target_index[exchange]]
        found[maker.id] = float(catalogue.technosphere.amount[exchange])
    for exchange in np.flatnonzero(catalogue.biosphere.activity_index == position):
        flow, place = catalogue.flow_rows[catalogue.biosphere.target_index[exchange]]
        found[f"{flow} {place}".strip()] = float(catalogue.biosphere.amount[exchange])
    return found


def figures_behind(engine: Engine, table: ExchangeTable, exchange: int) -> list[Figure]:
    span = slice(*table.figure_pointer[exchange : exchange + 2])
    return [engine.catalogue.figures[position][0] for position in table.figure_index[span]]


def test_an_activity_exists_where_its_own_figures_stand(tiny: Engine) -> None:
    places: dict[str, list[str]] = {}
    for each in tiny.catalogue.activities:
        places.setdefault(each.process, []).append(each.location)
    assert places["coal-power"] == ["IN", "KE", "ZA"]
    assert places["cotton-growing"] == ["IN", "ZA"]
    assert places["sewing"] == ["IN", "KE", "ZA"]  # where there is electricity
    assert places["refining"] == ["GLO"]
    # with IN and ZA their regions up to the world
    assert places["cotton-production-mix"] == ["002", "018", "034", "142", "202", "GLO"]
    assert places["cotton-export-mix"] == ["GLO"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            # at 36 percent: 3.6 / 0.36 / 25 kg of coal, 10 MJ * 0.096 kg CO2/MJ
            "coal-power@IN",
            {
                "hard-coal-mining@GLO": 0.4,
                "co2-fossil": 0.96,
                "water-consumed-non-agricultural IN": 0.002,
                "water-withdrawn-non-agricultural IN": 0.003,
            },
        ),
        ("low-voltage@IN", {"coal-power@IN": 0.9375, "hydro-power@IN": 0.3125}),
        # no water power in ZA: a zero of the source is no exchange
        ("low-voltage@ZA", {"coal-power@ZA": 1.25}),
        ("low-voltage@KE", {"hydro-power@KE": 1.25}),
        (
            "cotton-growing@ZA",
            {
                "water-consumed-agricultural ZA": 0.5,
                "water-withdrawn-agricultural ZA": 1.0,
                "n2o": 0.1 * 0.01 * 44 / 28,
                "co2-uptake-biogenic": 0.4 * 44 / 12,
                "land-occupation-luc-unassessed": 10.0,
            },
        ),
        ("refining@GLO", {"refining@GLO": 0.2, "co2-fossil": 0.4}),
        (
            "low-voltage-production-mix@GLO",
            {"low-voltage@IN": 0.6, "low-voltage@KE": 0.2, "low-voltage@ZA": 0.2},
        ),
        ("cotton-export-mix@GLO", {"cotton-growing@IN": 0.25, "cotton-growing@ZA": 0.75}),
        # KE makes no coal power: a weight of zero is no member
        ("coal-power-production-mix@GLO", {"coal-power@IN": 0.75, "coal-power@ZA": 0.25}),
    ],
)
def test_an_activity_exchanges_what_its_formulas_say(
    tiny: Engine, name: str, expected: dict[str, float]
) -> None:
    assert exchanges(tiny, name) == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        # BD has a weight of 125 TWh and no activity
        ("low-voltage-production-mix@GLO", 500 / 625),
        ("low-voltage-production-mix@034", 300 / 425),
        ("low-voltage-production-mix@002", 1.0),
        ("cotton-production-mix@GLO", 80 / 100),
        ("cotton-export-mix@GLO", 1.0),
        ("coal-power@IN", None),
    ],
)
def test_an_average_says_which_share_of_the_weight_it_covers(
    tiny: Engine, name: str, expected: float | None
) -> None:
    covered = activity(tiny, name).covered_share
    assert covered == (None if expected is None else pytest.approx(expected, rel=1e-14))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("coal-power@IN", DataClass.OWN),  # an efficiency of its own
        ("coal-power@ZA", DataClass.AVERAGE),  # its generation says that it exists, and no more
        ("low-voltage@ZA", DataClass.OWN),  # its generation makes its mix
        ("cotton-growing@IN", DataClass.OWN),
        ("sewing@KE", DataClass.RELINKED),
        ("refining@GLO", DataClass.AVERAGE),
        ("hard-coal-mining@GLO", DataClass.AVERAGE),
        ("cotton-production-mix@GLO", DataClass.AVERAGE),
        ("low-voltage-production-mix@034", DataClass.AVERAGE),
    ],
)
def test_an_activity_has_a_class_by_what_is_known_of_its_place(
    tiny: Engine, name: str, expected: DataClass
) -> None:
    assert activity(tiny, name).data_class is expected


def test_an_exchange_names_the_figures_behind_it_through_derived_names(tiny: Engine) -> None:
    catalogue = tiny.catalogue
    table = catalogue.technosphere
    (exchange,) = np.flatnonzero(
        (table.activity_index == catalogue.positions["coal-power@IN"])
        & (table.target_index == catalogue.positions["hard-coal-mining@GLO"])
    )
    assert catalogue.formulas[table.formula_index[exchange]] == "fuel / ncv"
    keys = [figure.key for figure in figures_behind(tiny, table, int(exchange))]
    assert keys == [("efficiency", "coal", "IN"), ("net_calorific_value", "hard-coal", "GLO")]


def test_a_tag_travels_with_its_exchange(tiny: Engine) -> None:
    catalogue = tiny.catalogue
    tagged = {
        catalogue.flow_rows[row][0]
        for row, tag in zip(
            catalogue.biosphere.target_index, catalogue.biosphere.tag_index, strict=True
        )
        if catalogue.tags[tag] == ("land_management",)
    }
    assert tagged == {"n2o"}


def test_a_release_knows_where_every_number_upstream_comes_from(tiny: Engine) -> None:
    catalogue = tiny.catalogue

    def sources(masks: tuple[int, ...], name: str) -> set[tuple[str, str]]:
        found = catalogue.sources_of(masks[catalogue.positions[name]])
        return {(source.code, licence) for source, licence in found}

    # the licence is that of the table that the figure stands in
    hand, hand_2 = ("hand", "CC0-1.0"), ("hand_2", "CC0-1.0")
    assert sources(catalogue.direct_sources, "coal-power@ZA") == {hand}
    assert sources(catalogue.chain_sources, "coal-power@ZA") == {hand, hand_2}
    assert sources(catalogue.chain_sources, "refining@GLO") == {hand}
    # hydro power stands on nothing but its own evaporation
    assert sources(catalogue.chain_sources, "low-voltage@KE") == {hand}
