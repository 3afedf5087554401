"""Criteria of procurement and eco-labels, judged with the interval of what they look at."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from enum import StrEnum
from types import CodeType

import numpy as np
from numpy.typing import NDArray

from lca_service.catalogue.compiled_formulas import compile_formula, evaluate
from lca_service.catalogue.formulas import FormulaError

Array = NDArray[np.float64]

CONFIDENCE = 0.95


class Judgement(StrEnum):
    """What may be said of a product beside a criterion."""

    PASS = "pass"
    FAIL = "fail"
    CANNOT_TELL = "cannot_tell"


class Comparison(StrEnum):
    """How a value stands to its threshold where the criterion is met."""

    AT_MOST = "at_most"
    AT_LEAST = "at_least"


def probability_met(values: Array, threshold: float, comparison: Comparison) -> float:
    """Return the share of samples that meet a threshold; what equals it meets it.

    Examples
    --------
    >>> probability_met(np.array([1.0, 2.0, 3.0, 4.0]), 2.0, Comparison.AT_MOST)
    0.5
    """
    if comparison is Comparison.AT_MOST:
        return float((values <= threshold).mean())
    return float((values >= threshold).mean())


def judge(probability: float) -> Judgement:
    """Return what a probability lets one say, symmetric about one half.

    Examples
    --------
    >>> [judge(each).value for each in (0.96, 0.5, 0.04)]
    ['pass', 'cannot_tell', 'fail']
    """
    if probability >= CONFIDENCE:
        return Judgement.PASS
    if probability <= 1.0 - CONFIDENCE + 1e-12:
        return Judgement.FAIL
    return Judgement.CANNOT_TELL


def overall(required: Sequence[Judgement]) -> Judgement:
    """Return the judgement of required criteria together: the worst of them.

    Examples
    --------
    >>> overall([Judgement.PASS, Judgement.CANNOT_TELL]).value
    'cannot_tell'
    """
    if Judgement.FAIL in required:
        return Judgement.FAIL
    return Judgement.CANNOT_TELL if Judgement.CANNOT_TELL in required else Judgement.PASS


def compile_award(formula: str) -> CodeType:
    """Return an award formula as code; FormulaError if it is more than arithmetic.

    Powers are refused: a tower of them keeps a computer busy for ever.
    """
    tree = ast.parse(formula.strip(), mode="eval")
    if any(isinstance(node, ast.Pow) for node in ast.walk(tree)):
        raise FormulaError(f"{formula!r}: powers are not allowed")
    return compile_formula(formula)


def award(formula: str, values: Sequence[Array], weight: float) -> list[Array]:
    """Return the points of offers for one quantity, sample by sample.

    Parameters
    ----------
    formula
        Over ``value``, ``best`` (the lowest of all offers) and ``weight``.
    values
        Of each offer, shape (n_samples,).
    """
    code = compile_award(formula)
    best = np.min(values, axis=0)
    names: list[Mapping[str, Array]] = [
        {"value": each, "best": best, "weight": np.asarray(weight)} for each in values
    ]
    with np.errstate(all="ignore"):
        return [np.broadcast_to(evaluate(code, each), best.shape).astype(float) for each in names]
