"""Units as tables and people write them."""

import pytest

from lca_service.errors import UnitMismatch
from lca_service.units import factor, parse, registry, to_base


@pytest.mark.parametrize(
    ("unit", "target", "expected"),
    [
        ("kWh", "MJ", 3.6),
        ("Wh", "kWh", 0.001),
        ("TWh", "kWh", 1e9),
        ("kg/TJ", "kg/MJ", 1e-6),
        ("m3/MWh", "L/kWh", 1.0),
        ("km3", "m3", 1e9),  # a cubic kilometre, not a thousand cubic metres
        ("hm3", "m3", 1e6),
        ("cm3", "mL", 1.0),
        ("L", "m3", 0.001),
        ("ha", "m2", 1e4),
        ("t/ha", "kg/m2", 0.1),
        ("kt", "t", 1000.0),  # a thousand tonnes, not knots
        ("Mt", "kg", 1e9),
        ("short_ton", "kg", 907.18474),
        ("lb", "g", 453.59237),
        ("tkm", "kg*km", 1000.0),
        ("t*km", "tkm", 1.0),
        ("pcs", "piece", 1.0),  # pieces, not parsecs
        ("item", "piece", 1.0),
        ("percent", "dimensionless", 0.01),
        ("%", "", 0.01),
        ("mm", "m3/ha", None),
        ("m2*year", "ha*year", 1e-4),
        ("kN/m3", "J/m4", 1000.0),
        ("USD/t", "USD/kg", 0.001),
    ],
)
def test_one_unit_is_so_many_of_another(unit: str, target: str, expected: float | None) -> None:
    if expected is None:  # a depth of irrigation: 1 mm is 10 m3/ha
        assert factor(unit, target) == pytest.approx(10.0)
    else:
        assert factor(unit, target) == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize(
    ("unit", "target"),
    [("kg", "kWh"), ("kW", "kWh"), ("m", "m3"), ("piece", "kg"), ("USD", "piece"), ("t", "t*km")],
)
def test_another_dimension_is_no_conversion(unit: str, target: str) -> None:
    with pytest.raises(UnitMismatch, match="cannot be converted"):
        factor(unit, target)


@pytest.mark.parametrize("unit", ["ton", "tons", "ton*km", "kWh/ton"])
def test_a_ton_is_ambiguous(unit: str) -> None:
    with pytest.raises(UnitMismatch, match="short_ton or long_ton"):
        parse(unit)


@pytest.mark.parametrize("unit", ["degC", "degF", "delta_degC"])
def test_a_temperature_scale_is_no_unit_of_an_amount(unit: str) -> None:
    with pytest.raises(UnitMismatch):
        parse(unit)


@pytest.mark.parametrize(
    "unit", ["kgCO2e", "5", "kg+", "(", "__import__('os')", "kg**kg", "k" * 65, "\0", "🦆"]
)
def test_what_is_no_unit_is_refused_as_such(unit: str) -> None:
    with pytest.raises(UnitMismatch):
        parse(unit)


def test_an_empty_unit_is_a_number() -> None:
    assert factor("", "1") == 1.0
    assert to_base("") == (1.0, "dimensionless")


def test_the_registry_starts_without_a_word(caplog: pytest.LogCaptureFixture) -> None:
    registry.__wrapped__()
    assert caplog.messages == []
