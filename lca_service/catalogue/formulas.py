"""Evaluation of template formulas: dimensions checked with pint, then numbers with numpy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from asteval import Interpreter
from numpy.typing import NDArray

from lca_service.units import registry

Array = NDArray[np.float64]

FUNCTIONS = {
    "minimum": np.minimum,
    "maximum": np.maximum,
    "where": np.where,
    "exp": np.exp,
    "log": np.log,
    "sqrt": np.sqrt,
}


class FormulaError(ValueError):
    """A formula cannot be evaluated, or its dimension is wrong."""


def _interpreter() -> Interpreter:
    interpreter = Interpreter(minimal=True, use_numpy=False, builtins_readonly=False)
    interpreter.symtable.clear()
    interpreter.symtable.update(FUNCTIONS)
    return interpreter


class Formulas:
    """Named values of one template, and the evaluation of expressions over them.

    Parameters
    ----------
    values
        Arrays over locations, shape (n_locations,), in SI base units.
    base_units
        SI base unit of every name, as text.
    n_locations
        Length of the arrays.
    """

    def __init__(
        self,
        values: Mapping[str, Array],
        base_units: Mapping[str, str],
        n_locations: int,
    ) -> None:
        self._n_locations = n_locations
        self._numbers = _interpreter()
        self._numbers.symtable.update(values)
        self._dimensions = _interpreter()
        units = registry()
        self._dimensions.symtable.update(
            {
                # 1.5 rather than 1: a formula may take a logarithm or divide by (1 - x)
                name: units.Quantity(1.5, units.parse_units(unit))
                for name, unit in base_units.items()
            }
        )

    def define(self, name: str, expression: str) -> None:
        """Evaluate an expression and keep it under a name for later ones."""
        dimension = self._run(self._dimensions, expression)
        self._numbers.symtable[name] = self._vector(expression)
        self._dimensions.symtable[name] = dimension

    def amounts(self, expression: str, unit: str) -> Array:
        """Return an expression's values in `unit`, shape (n_locations,).

        Raises
        ------
        FormulaError
            If the expression cannot be evaluated, is not finite somewhere, or does not
            have the dimension of `unit`.
        """
        units = registry()
        result = self._run(self._dimensions, expression)
        if not isinstance(result, (int, float, np.ndarray, np.number, units.Quantity)):
            raise FormulaError(f"{expression!r} is no amount")
        dimension = units.Quantity(result)
        wanted = units.Quantity(1.0, units.parse_units(unit))
        if dimension.dimensionality != wanted.dimensionality:
            raise FormulaError(
                f"{expression!r} is in [{dimension.to_base_units().units}], wanted [{unit}]"
            )
        return self._vector(expression) / float(wanted.to_base_units().magnitude)

    def holds(self, condition: str) -> NDArray[np.bool_]:
        """Return where a condition holds, shape (n_locations,); a number holds unless it is 0."""
        if not isinstance(self._run(self._dimensions, condition), bool | np.bool_):
            self.amounts(condition, "dimensionless")  # or it has a unit, and is no condition
        return np.asarray(self._vector(condition) != 0)

    def quantity(self, expression: str) -> tuple[Array, str]:
        """Return an expression's values in SI base units, shape (n_locations,), and that unit."""
        dimension = registry().Quantity(self._run(self._dimensions, expression))
        unit = str(dimension.to_base_units().units) or "dimensionless"
        return self._vector(expression), unit

    def _vector(self, expression: str) -> Array:
        result = self._run(self._numbers, expression)
        return np.broadcast_to(np.asarray(result, dtype=float), (self._n_locations,)).copy()

    def _run(self, interpreter: Interpreter, expression: str) -> Any:
        interpreter.error = []
        with np.errstate(all="ignore"):
            result = interpreter.eval(expression, show_errors=False, raise_errors=False)
        if interpreter.error:
            reason = interpreter.error[0].get_error()[1].strip().splitlines()[-1]
            raise FormulaError(f"{expression!r}: {reason}")
        return result
