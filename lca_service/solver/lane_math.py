"""Uniform numbers, normal quantiles and exponentials of eight samples at once.

Written as the vector instructions they become. Products that go into sums are rounded once
(`fma`), by order and not by leave, so that the numbers are the same on any machine.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from llvmlite import ir
from numba import types
from numba.core.cgutils import get_or_insert_function
from numba.extending import intrinsic

from lca_service.solver.lanes import LANES, N_LANES, spread

_DOUBLE, _INT = ir.DoubleType(), ir.IntType(64)
_ROUND_TO_WHOLE = 1.5 * 2.0**52  # added to a double it leaves a whole number in the last bits
_ROUND_TO_WHOLE_BITS = 0x4338000000000000
_ONE_BITS = 0x3FF0000000000000
_SQRT_HALF_BITS = 0x3FE6A09E667F3BCD
_EXPONENT_BITS = 0xFFF0000000000000
_LN2_HIGH, _LN2_LOW = math.log(2.0), 2.3190468138462996e-17  # their sum has 33 digits
_LARGEST_EXPONENT = 709.0
# Wichura (1988), "Algorithm AS 241: the percentage points of the normal distribution",
# Applied Statistics 37, 477-484: PPND16, about sixteen digits.
_CENTRE = (
    (2.5090809287301226727e3, 3.3430575583588128105e4, 6.7265770927008700853e4,
     4.5921953931549871457e4, 1.3731693765509461125e4, 1.9715909503065514427e3,
     1.3314166789178437745e2, 3.3871328727963666080e0),
    (5.2264952788528545610e3, 2.8729085735721942674e4, 3.9307895800092710610e4,
     2.1213794301586595867e4, 5.3941960214247511077e3, 6.8718700749205790830e2,
     4.2313330701600911252e1, 1.0),
)  # fmt: skip
_SIDE = (
    (7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1,
     1.27045825245236838258e0, 3.64784832476320460504e0, 5.76949722146069140550e0,
     4.63033784615654529590e0, 1.42343711074968357734e0),
    (1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2,
     1.48103976427480074590e-1, 6.89767334985100004550e-1, 1.67638483018380384940e0,
     2.05319162663775882187e0, 1.0),
)  # fmt: skip
_TAIL = (
    (2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3,
     2.65321895265761230930e-2, 2.96560571828504891230e-1, 1.78482653991729133580e0,
     5.46378491116411436990e0, 6.65790464350110377720e0),
    (2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5,
     7.86869131145613259100e-4, 1.48753612908506148525e-2, 1.36929880922735805310e-1,
     5.99832206555887937690e-1, 1.0),
)  # fmt: skip
_SPLIT, _WHERE_TAIL = 0.425, 5.0
_MULTIPLIERS, _STEPS = (0xD2511F53, 0xCD9E8D57), (0x9E3779B9, 0xBB67AE85)  # of Philox


class _Words:
    """Vectors of 64-bit words while they are written."""

    def __init__(self, builder: Any, value: Any) -> None:
        self.builder, self.value = builder, value

    def _of(self, number: int) -> Any:
        return ir.Constant(self.value.type, [number] * self.value.type.count)

    def _apply(self, name: str, other: _Words | int) -> _Words:
        right = self._of(other) if isinstance(other, int) else other.value
        return _Words(self.builder, getattr(self.builder, name)(self.value, right))

    def __add__(self, other: _Words | int) -> _Words:
        return self._apply("add", other)

    def __sub__(self, other: _Words | int) -> _Words:
        return self._apply("sub", other)

    def __mul__(self, other: _Words | int) -> _Words:
        return self._apply("mul", other)

    def __and__(self, other: _Words | int) -> _Words:
        return self._apply("and_", other)

    def __or__(self, other: _Words | int) -> _Words:
        return self._apply("or_", other)

    def __xor__(self, other: _Words | int) -> _Words:
        return self._apply("xor", other)

    def __lshift__(self, other: int) -> _Words:
        return self._apply("shl", other)

    def __rshift__(self, other: int) -> _Words:
        return self._apply("lshr", other)

    def signed_shift(self, bits: int) -> _Words:
        return self._apply("ashr", bits)

    @property
    def as_numbers(self) -> _Numbers:
        kind = ir.VectorType(_DOUBLE, self.value.type.count)
        return _Numbers(self.builder, self.builder.bitcast(self.value, kind))


class _Numbers:
    """Vectors of doubles while they are written."""

    def __init__(self, builder: Any, value: Any) -> None:
        self.builder, self.value = builder, value

    def of(self, number: float) -> _Numbers:
        constant = ir.Constant(self.value.type, [number] * self.value.type.count)
        return _Numbers(self.builder, constant)

    def _lift(self, other: _Numbers | float) -> _Numbers:
        return other if isinstance(other, _Numbers) else self.of(other)

    def _apply(self, name: str, other: _Numbers | float) -> _Numbers:
        right = self._lift(other).value
        return _Numbers(self.builder, getattr(self.builder, name)(self.value, right))

    def __add__(self, other: _Numbers | float) -> _Numbers:
        return self._apply("fadd", other)

    def __sub__(self, other: _Numbers | float) -> _Numbers:
        return self._apply("fsub", other)

    def __mul__(self, other: _Numbers | float) -> _Numbers:
        return self._apply("fmul", other)

    def __truediv__(self, other: _Numbers | float) -> _Numbers:
        return self._apply("fdiv", other)

    def __neg__(self) -> _Numbers:
        return _Numbers(self.builder, self.builder.fneg(self.value))

    def fma(self, factor: _Numbers | float, term: _Numbers | float) -> _Numbers:
        """Return self * factor + term, rounded once."""
        return self._call("fma", self._lift(factor), self._lift(term))

    def sqrt(self) -> _Numbers:
        return self._call("sqrt")

    def abs(self) -> _Numbers:
        return self._call("fabs")

    def with_sign_of(self, other: _Numbers) -> _Numbers:
        return self._call("copysign", other)

    def _call(self, name: str, *others: _Numbers) -> _Numbers:
        kind = self.value.type
        function = get_or_insert_function(
            self.builder.module,
            ir.FunctionType(kind, [kind] * (1 + len(others))),
            f"llvm.{name}.v{kind.count}f64",
        )
        values = [self.value, *(other.value for other in others)]
        return _Numbers(self.builder, self.builder.call(function, values))

    def above(self, other: _Numbers | float) -> Any:
        return self.builder.fcmp_ordered(">", self.value, self._lift(other).value)

    def where(self, mask: Any, other: _Numbers | float) -> _Numbers:
        """Return self where the mask holds, and other elsewhere."""
        return _Numbers(
            self.builder, self.builder.select(mask, self.value, self._lift(other).value)
        )

    def polynomial(self, coefficients: Sequence[float]) -> _Numbers:
        """Return a polynomial, coefficient of the highest power first."""
        found = self.of(coefficients[0])
        for coefficient in coefficients[1:]:
            found = found.fma(self, coefficient)
        return found

    @property
    def as_words(self) -> _Words:
        kind = ir.VectorType(_INT, self.value.type.count)
        return _Words(self.builder, self.builder.bitcast(self.value, kind))


def _exponential(x: _Numbers) -> _Numbers:
    """Return exp(x) for |x| up to 709, and exp(709) or its inverse beyond."""
    size = x.of(_LARGEST_EXPONENT).where(x.abs().above(_LARGEST_EXPONENT), x.abs())
    x = size.with_sign_of(x)
    shifted = x.fma(1.0 / _LN2_HIGH, _ROUND_TO_WHOLE)
    turns = shifted - _ROUND_TO_WHOLE  # x = turns * ln 2 + rest
    rest = turns.fma(-_LN2_LOW, turns.fma(-_LN2_HIGH, x))
    power = rest.polynomial([1.0 / math.factorial(n) for n in range(13, -1, -1)])
    return (power.as_words + (shifted.as_words << 52)).as_numbers


def _logarithm(x: _Numbers) -> _Numbers:
    """Return log(x) of positive normal numbers."""
    offset = x.as_words - _SQRT_HALF_BITS
    whole = offset.signed_shift(52)  # x = 2**whole * part, part from sqrt(1/2) to sqrt(2)
    part = (x.as_words - (offset & _EXPONENT_BITS)).as_numbers
    turns = (whole + _ROUND_TO_WHOLE_BITS).as_numbers - _ROUND_TO_WHOLE
    ratio = (part - 1.0) / (part + 1.0)
    # log(part) = 2 artanh(ratio)
    square = ratio * ratio
    series = square.polynomial([2.0 / n for n in range(23, 1, -2)])
    small = (square * series).fma(ratio, ratio * 2.0)
    return turns.fma(_LN2_HIGH, turns.fma(_LN2_LOW, small))


def _normal(p: _Numbers) -> _Numbers:
    """Return the quantile of the standard normal distribution at p in (0, 1)."""
    builder = p.builder
    q = p - 0.5
    r = (-_logarithm(-q.abs() + 0.5)).sqrt()
    at_side = q.abs().above(_SPLIT)
    centre, side = -q.fma(q, -(_SPLIT * _SPLIT)), r - 1.6
    above = side.polynomial(_SIDE[0]).where(at_side, centre.polynomial(_CENTRE[0]) * q.abs())
    below = side.polynomial(_SIDE[1]).where(at_side, centre.polynomial(_CENTRE[1]))
    found = above / below
    in_tail = r.above(_WHERE_TAIL)
    bits = builder.bitcast(in_tail, ir.IntType(N_LANES))
    start = builder.block
    # one number in 10^10 is so far out that it costs nothing to branch
    with builder.if_then(builder.icmp_unsigned("!=", bits, ir.Constant(bits.type, 0))):
        far = r - _WHERE_TAIL
        replaced = (far.polynomial(_TAIL[0]) / far.polynomial(_TAIL[1])).where(in_tail, found)
        inside = builder.block
    size = builder.phi(found.value.type)
    size.add_incoming(found.value, start)
    size.add_incoming(replaced.value, inside)
    return _Numbers(builder, size).with_sign_of(q)


def _uniform(builder: Any, key: Any, pair: Any, seed: Any) -> _Numbers:
    """Return the numbers of eight samples from 2 * `pair`: one counter has bits for two."""

    def halves(word: Any, steps: Sequence[int] = (0, 0, 0, 0)) -> tuple[_Words, _Words]:
        vector = ir.Constant(ir.VectorType(_INT, N_LANES // 2), ir.Undefined)
        for lane, step in enumerate(steps):
            each = builder.add(word, ir.Constant(_INT, step))
            vector = builder.insert_element(vector, each, ir.Constant(ir.IntType(32), lane))
        words = _Words(builder, vector)
        return words & 0xFFFFFFFF, words >> 32

    c0, c1 = halves(pair, range(N_LANES // 2))
    c2, c3 = halves(key)
    k0, k1 = halves(seed)
    for _ in range(10):
        left, right = c0 * _MULTIPLIERS[0], c2 * _MULTIPLIERS[1]
        c0, c1, c2, c3 = (
            (right >> 32) ^ c1 ^ k0,
            right & 0xFFFFFFFF,
            (left >> 32) ^ c3 ^ k1,
            left & 0xFFFFFFFF,
        )
        k0, k1 = (k0 + _STEPS[0]) & 0xFFFFFFFF, (k1 + _STEPS[1]) & 0xFFFFFFFF

    def unit(high: _Words, low: _Words) -> _Numbers:
        # 52 bits as the digits of a number from 1 to 2, and half of the last beside them
        digits = (high << 20) | (low >> 12) | _ONE_BITS
        return digits.as_numbers - (1.0 - 2.0**-53)

    even, odd = unit(c0, c1), unit(c2, c3)
    order = [lane // 2 + lane % 2 * (N_LANES // 2) for lane in range(N_LANES)]
    mask = ir.Constant(ir.VectorType(ir.IntType(32), N_LANES), order)
    return _Numbers(builder, builder.shuffle_vector(even.value, odd.value, mask))


@intrinsic  # type: ignore[untyped-decorator]
def uniform_lanes(_typing: Any, key: Any, pair: Any, seed: Any) -> Any:
    """Return the numbers of `streams` for samples 2 * `pair` to 2 * `pair` + 8."""

    def generate(_context: Any, builder: Any, _signature: Any, given: Any) -> Any:
        return _uniform(builder, *given).value

    return LANES(types.uint64, types.uint64, types.uint64), generate


@intrinsic  # type: ignore[untyped-decorator]
def normal_lanes(_typing: Any, probabilities: Any) -> Any:
    """Return quantiles of the standard normal distribution at probabilities in (0, 1)."""

    def generate(_context: Any, builder: Any, _signature: Any, given: Any) -> Any:
        return _normal(_Numbers(builder, given[0])).value

    return LANES(LANES), generate


@intrinsic  # type: ignore[untyped-decorator]
def lognormal_lanes(_typing: Any, median: Any, sigma: Any, normal: Any) -> Any:
    """Return median * exp(sigma * normal)."""

    def generate(_context: Any, builder: Any, _signature: Any, given: Any) -> Any:
        numbers = _Numbers(builder, given[2])
        scale, size = (_Numbers(builder, spread(builder, each)) for each in (given[1], given[0]))
        return (_exponential(numbers * scale) * size).value

    return LANES(types.float64, types.float64, LANES), generate
