"""What a score rests on; the world of tests/knowledge, see test_footprint.py."""

from dataclasses import replace

import pytest

from lca_service.domain.study import GivenParameter
from lca_service.engine import Engine
from tests.studies import emission, line, result, study


def test_the_shares_say_where_a_score_arises_by_what_is_known_there(tiny: Engine) -> None:
    # 1 kWh of IN: its power stations, which have an efficiency of their own, emit the CO2. Mines
    # are averages and emit 0.298 kg CO2e per kg of coal: 0.375 kg is burnt in IN, and 0.315 kg
    # per kWh of the 0.0375 kWh of the world that mining takes (with its own loop). Of that power
    # 0.6 parts come from IN (0.90 kg CO2) and 0.2 from stations of ZA (1.08 kg), again averages.
    world = 0.0375 / (1 - 0.0315)
    own = 0.90 + world * 0.6 * 0.90
    average = 0.298 * (0.375 + world * 0.315) + world * 0.2 * 1.08
    average = average / (average + own)
    answer = tiny.footprint(study(line("electricity-low-voltage", 1, "kWh", "IN")))
    coverage = result(answer, "climate_change.total").coverage
    assert coverage.average_share == pytest.approx(average, rel=1e-12)
    assert coverage.own_share == pytest.approx(1 - average, rel=1e-12)
    assert coverage.relinked_share == 0.0
    assert coverage.foreground_share == 0.0


def test_what_a_relinked_activity_emits_is_not_own_data(tiny: Engine) -> None:
    # Sewing in KE: 2 L of its own per kg, and no consumed water in its electricity
    answer = tiny.footprint(study(line("cut-and-sew", 1, "kg", "KE")))
    coverage = result(answer, "water.consumption").coverage
    assert coverage.relinked_share == pytest.approx(1.0)
    assert coverage.own_share == 0.0
    assert coverage.average_share == pytest.approx(0.0, abs=1e-15)


def test_shares_are_parts_of_absolute_amounts_so_that_uptake_hides_nothing(tiny: Engine) -> None:
    # 1 kg of cotton takes up 0.4 * 44/12 kg CO2; a refinery average emits 0.5 kg per kg of diesel
    uptake, n2o = 0.4 * 44 / 12, 0.05 * 0.01 * 44 / 28 * 273
    answer = tiny.footprint(study(line("seed-cotton", 1, "kg", "IN"), line("diesel", 1, "kg")))
    coverage = result(answer, "climate_change.total_with_biogenic_uptake").coverage
    own = (uptake + n2o) / (uptake + n2o + 0.5)
    assert coverage.own_share == pytest.approx(own, rel=1e-12)
    assert coverage.average_share == pytest.approx(1 - own, rel=1e-12)


def test_own_emissions_of_the_study_are_its_foreground_share(tiny: Engine) -> None:
    answer = tiny.footprint(study(line("diesel", 3, "kg"), emission("co2-fossil", 0.5, "kg")))
    coverage = result(answer, "climate_change.total").coverage
    assert coverage.foreground_share == pytest.approx(0.25)
    assert coverage.average_share == pytest.approx(0.75)


def test_given_parameters_make_no_activity_the_studys_own(tiny: Engine) -> None:
    # coal power of IN with the table's efficiency given: the same shares as without
    power = line("electricity-coal", 1, "kWh", "IN")
    given = replace(power, parameters=(GivenParameter("efficiency", 36, "percent", "/bom/0"),))
    for indicator in ("climate_change.total", "water.consumption"):
        found, plain = (
            result(tiny.footprint(study(each)), indicator).coverage for each in (given, power)
        )
        assert found.foreground_share == 0.0
        assert found.own_share == pytest.approx(plain.own_share, rel=1e-12)
        assert found.average_share == pytest.approx(plain.average_share, rel=1e-12, abs=1e-15)


def test_a_zero_has_no_shares(tiny: Engine) -> None:
    answer = tiny.footprint(study(line("diesel", 3, "kg")))
    coverage = result(answer, "water.consumption").coverage
    shares = (coverage.own_share, coverage.average_share, coverage.substituted_factor_share)
    assert shares == (None, None, None)


def test_the_share_under_a_substituted_factor_is_told(tiny: Engine) -> None:
    # Coal power: IN has a non-agricultural factor (25), ZA takes the world's (20). Per kWh of
    # GLO 0.6 * 1.875 L are consumed in IN and 0.2 * 2.5 L in ZA
    india, south_africa = 0.6 * 1.875 * 25, 0.2 * 2.5 * 20
    answer = tiny.footprint(study(line("electricity-low-voltage", 1, "kWh", "GLO")))
    coverage = result(answer, "water.scarcity_aware").coverage
    expected = south_africa / (india + south_africa)
    assert coverage.substituted_factor_share == pytest.approx(expected, rel=1e-12)
