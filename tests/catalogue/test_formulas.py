"""Formulas of templates: dimensions first, then numbers."""

import numpy as np
import pytest

from lca_service.catalogue.formulas import FormulaError, Formulas
from lca_service.units import to_base


def formulas(**quantities: tuple[float, str]) -> Formulas:
    """Return formulas over quantities at two places; at the second each is twice as large."""
    values, units = {}, {}
    for name, (value, unit) in quantities.items():
        scale, base = to_base(unit)
        values[name] = np.array([value, 2 * value]) * scale
        units[name] = base
    return Formulas(values, units, 2)


def test_units_of_the_tables_need_no_conversion_in_a_formula() -> None:
    # 1 kWh at 36 percent from coal of 25 MJ/kg: 3.6 / 0.36 / 25 = 0.4 kg; at the second place
    # both are twice as large, which leaves a quarter
    found = formulas(efficiency=(36, "percent"), ncv=(25, "MJ/kg"))
    amounts = found.amounts("1 / efficiency / ncv", "(kg) / (kWh)")
    assert amounts == pytest.approx([0.4, 0.1], rel=1e-14)


def test_derived_names_are_known_to_later_formulas() -> None:
    found = formulas(nitrogen=(100, "kg/ha"), crop_yield=(2, "t/ha"))
    found.define("per_kg", "nitrogen / crop_yield")
    found.define("n2o", "per_kg * 0.01 * 44 / 28")
    # 0.05 * 0.01 * 44/28; nitrogen and yield grow alike
    expected = [0.05 * 0.01 * 44 / 28] * 2
    assert found.amounts("n2o", "(kg) / (kg)") == pytest.approx(expected, rel=1e-14)


def test_functions_of_numpy_work_over_places() -> None:
    found = formulas(share=(0.4, "dimensionless"), rain=(600, "mm"))
    assert found.amounts("minimum(share, 0.5)", "") == pytest.approx([0.4, 0.5])
    assert found.amounts("where(share > 0.5, 1.0, 0.0)", "") == pytest.approx([0.0, 1.0])
    assert found.amounts("maximum(rain, 2 * rain)", "m3/ha") == pytest.approx([12000, 24000])
    assert found.amounts("sqrt(share)", "") == pytest.approx([0.4**0.5, 0.8**0.5])
    assert found.amounts("exp(-share)", "") == pytest.approx([np.exp(-0.4), np.exp(-0.8)])


def test_a_number_is_the_same_everywhere() -> None:
    assert formulas().amounts("1.03", "(kg) / (kg)").tolist() == [1.03, 1.03]


@pytest.mark.parametrize(
    ("formula", "unit"),
    [
        ("ncv", "kg"),  # an energy per mass is no mass
        ("1", "(kg) / (kWh)"),  # a bare number has no dimension
        ("ncv + share", "MJ/kg"),  # megajoules per kilogram and a number do not add up
        ("exp(ncv)", ""),  # nor do they stand in an exponent
        ("minimum(ncv, 5)", "MJ/kg"),  # nor are they compared
        ("ncv ** share", "MJ/kg"),
    ],
)
def test_a_formula_of_another_dimension_is_refused(formula: str, unit: str) -> None:
    with pytest.raises(FormulaError):
        formulas(ncv=(25, "MJ/kg"), share=(0.4, "dimensionless")).amounts(formula, unit)


@pytest.mark.parametrize(
    "formula",
    [
        "unknown_name",
        "1 +",
        "__import__('os').system('true')",
        "open('/etc/passwd')",
        "ncv.__class__",
        "[x for x in range(3)]",
        "'2 MJ/kg'",
        "ncv.units",
        "minimum",
        "lambda: 1",
    ],
)
def test_a_formula_is_arithmetic_and_nothing_else(formula: str) -> None:
    with pytest.raises(FormulaError):
        formulas(ncv=(25, "MJ/kg")).amounts(formula, "MJ/kg")


def test_a_faulty_formula_does_not_spoil_the_next() -> None:
    found = formulas(ncv=(25, "MJ/kg"))
    with pytest.raises(FormulaError):
        found.amounts("unknown_name", "MJ/kg")
    assert found.amounts("ncv", "MJ/kg") == pytest.approx([25, 50])
