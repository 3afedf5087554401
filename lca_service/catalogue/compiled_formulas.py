"""Template formulas as functions of arrays, for evaluating them again and again.

The compiler of the release checks names and dimensions of every formula once, in a
restricted interpreter; here the same text runs at the speed of numpy. What the interpreter
would not have allowed is refused.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from types import CodeType

import numpy as np
from numpy.typing import NDArray

from lca_service.catalogue.formulas import FUNCTIONS, FormulaError

Array = NDArray[np.float64]

_ALLOWED = (
    ast.Expression,
    ast.BinOp,
    ast.UnaryOp,
    ast.Compare,
    ast.Name,
    ast.Load,
    ast.Constant,
    ast.operator,
    ast.unaryop,
    ast.cmpop,
)


def compile_formula(expression: str) -> CodeType:
    """Return a formula as code.

    Raises
    ------
    FormulaError
        If it is more than arithmetic, comparisons and the functions of formulas.
    """
    tree = ast.parse(expression.strip(), mode="eval")
    for node in ast.walk(tree):
        is_function = (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in FUNCTIONS
            and not node.keywords
        )
        if not (is_function or isinstance(node, _ALLOWED)):
            raise FormulaError(f"{expression!r}: {type(node).__name__} is not allowed")
        if isinstance(node, ast.Constant) and not isinstance(node.value, (int, float)):
            raise FormulaError(f"{expression!r}: {node.value!r} is no number")
    return compile(tree, expression, "eval")


def evaluate(code: CodeType, names: Mapping[str, Array]) -> Array:
    """Return a formula's value; `names` are arrays that broadcast."""
    # Only names, numbers, operators and FUNCTIONS are in the code
    return np.asarray(eval(code, {"__builtins__": {}, **FUNCTIONS}, names))
