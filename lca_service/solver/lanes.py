"""Eight numbers at a time: vector registers for the kernels of the solver.

A row of a kernel holds eight right-hand sides or eight samples side by side, or eight samples
of each of a few right-hand sides. Left to itself
the compiler handles them one after the other, because it cannot rule out that two arrays
overlap; here each load, product and store of eight is one instruction, written as such.
"""

from __future__ import annotations

import math
from typing import Any

from llvmlite import ir
from numba import types
from numba.core.cgutils import get_or_insert_function
from numba.core.datamodel import models, register_default
from numba.extending import intrinsic

N_LANES = 8

_INDEX = ir.IntType(32)
_CONTRACT = ("contract",)  # a product and a sum in one rounding; nothing else is reordered


class _LanesType(types.Type):  # type: ignore[misc]
    """Eight numbers, or a few times eight: columns that share their weights."""

    def __init__(self, columns: int) -> None:
        self.vector = ir.VectorType(ir.DoubleType(), N_LANES * columns)
        super().__init__(name=f"Lanes({columns})")


@register_default(_LanesType)
class _LanesModel(models.PrimitiveModel):  # type: ignore[misc]
    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, kind.vector)


LANES = _LanesType(1)
VECTOR = LANES.vector


def _row(context: Any, builder: Any, kind: Any, array: Any, index: Any, vector: Any) -> Any:
    """Return a pointer to row `index` of an array with a vector in every row."""
    data = context.make_array(kind)(context, builder, array).data
    start = builder.mul(index, ir.Constant(index.type, vector.count))
    return builder.bitcast(builder.gep(data, [start]), vector.as_pointer())


def spread(builder: Any, number: Any, vector: Any = VECTOR) -> Any:
    """Return a vector that holds a number in every lane."""
    undefined = ir.Constant(vector, ir.Undefined)
    first = builder.insert_element(undefined, number, ir.Constant(_INDEX, 0))
    mask = ir.Constant(ir.VectorType(_INDEX, vector.count), [0] * vector.count)
    return builder.shuffle_vector(first, undefined, mask)


def _repeated(builder: Any, lanes: Any, vector: Any) -> Any:
    """Return eight lanes once for every column of a vector."""
    if lanes.type.count == vector.count:
        return lanes
    order = [lane % N_LANES for lane in range(vector.count)]
    mask = ir.Constant(ir.VectorType(_INDEX, vector.count), order)
    return builder.shuffle_vector(lanes, ir.Constant(lanes.type, ir.Undefined), mask)


def _weight(context: Any, builder: Any, kind: Any, weights: Any, index: Any, vector: Any) -> Any:
    if kind.ndim == 1:
        data = context.make_array(kind)(context, builder, weights).data
        return spread(builder, builder.load(builder.gep(data, [index])), vector)
    lanes = builder.load(_row(context, builder, kind, weights, index, VECTOR))
    lanes.align = 8
    return _repeated(builder, lanes, vector)


def _absolute(builder: Any, vector: Any) -> Any:
    kind = ir.FunctionType(vector.type, [vector.type])
    name = f"llvm.fabs.v{vector.type.count}f64"
    function = get_or_insert_function(builder.module, kind, name)
    return builder.call(function, [vector])


def _larger(builder: Any, left: Any, right: Any) -> Any:
    # unordered: what is no number counts as larger, and stays
    is_number = builder.fcmp_ordered("ord", right, right)
    is_larger = builder.and_(builder.fcmp_unordered(">", left, right), is_number)
    return builder.select(is_larger, left, right)


@intrinsic(prefer_literal=True)  # type: ignore[untyped-decorator]
def load(_typing: Any, array: Any, index: Any, columns: Any) -> Any:
    """Return row `index` of an array of shape (n, columns * N_LANES)."""
    lanes = _LanesType(columns.literal_value)

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        array, index, _ = given
        row = _row(context, builder, signature.args[0], array, index, lanes.vector)
        found = builder.load(row)
        found.align = 8
        return found

    return lanes(array, types.intp, columns), generate


@intrinsic  # type: ignore[untyped-decorator]
def store(_typing: Any, array: Any, index: Any, lanes: Any) -> Any:
    """Write row `index` of an array of shape (n, columns * N_LANES)."""

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        array, index, vector = given
        pointer = _row(context, builder, signature.args[0], array, index, lanes.vector)
        builder.store(vector, pointer).align = 8
        return context.get_dummy_value()

    return types.void(array, types.intp, lanes), generate


@intrinsic(prefer_literal=True)  # type: ignore[untyped-decorator]
def same(_typing: Any, number: Any, columns: Any) -> Any:
    """Return a number in every lane."""
    lanes = _LanesType(columns.literal_value)

    def generate(_context: Any, builder: Any, _signature: Any, given: Any) -> Any:
        return spread(builder, given[0], lanes.vector)

    return lanes(types.float64, columns), generate


@intrinsic  # type: ignore[untyped-decorator]
def add_weighted(_typing: Any, total: Any, weights: Any, index: Any, lanes: Any) -> Any:
    """Return total + weight * vector.

    The weight is element `index` of an array of shape (n,), the same in every lane, or row
    `index` of an array of shape (n, N_LANES), the same in every column.
    """

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        total, weights, index, vector = given
        weight = _weight(context, builder, signature.args[1], weights, index, vector.type)
        product = builder.fmul(weight, vector, flags=_CONTRACT)
        return builder.fadd(total, product, flags=_CONTRACT)

    return total(total, weights, types.intp, lanes), generate


@intrinsic  # type: ignore[untyped-decorator]
def take_weighted(_typing: Any, total: Any, weights: Any, index: Any, lanes: Any) -> Any:
    """Return total - weight * vector, with weights as in `add_weighted`."""

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        total, weights, index, vector = given
        weight = _weight(context, builder, signature.args[1], weights, index, vector.type)
        product = builder.fmul(weight, vector, flags=_CONTRACT)
        return builder.fsub(total, product, flags=_CONTRACT)

    return total(total, weights, types.intp, lanes), generate


@intrinsic  # type: ignore[untyped-decorator]
def weighted(_typing: Any, weights: Any, index: Any, lanes: Any) -> Any:
    """Return weight * vector, with weights as in `add_weighted`."""

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        weights, index, vector = given
        kind = signature.args[0]
        return builder.fmul(_weight(context, builder, kind, weights, index, vector.type), vector)

    return lanes(weights, types.intp, lanes), generate


@intrinsic  # type: ignore[untyped-decorator]
def larger_size(_typing: Any, largest: Any, lanes: Any, scale: Any) -> Any:
    """Return the larger of `largest` and |vector| * scale, lane by lane."""

    def generate(_context: Any, builder: Any, _signature: Any, given: Any) -> Any:
        largest, vector, scale = given
        size = builder.fmul(_absolute(builder, vector), spread(builder, scale, vector.type))
        return _larger(builder, size, largest)

    return largest(largest, lanes, types.float64), generate


@intrinsic  # type: ignore[untyped-decorator]
def larger_change(_typing: Any, largest: Any, new: Any, old: Any, scale: Any, allowed: Any) -> Any:
    """Return the larger of `largest` and (|new - old| - allowed |new|) * scale, lane by lane."""

    def generate(_context: Any, builder: Any, _signature: Any, given: Any) -> Any:
        largest, new, old, scale, allowed = given
        share = builder.fmul(_absolute(builder, new), spread(builder, allowed, new.type))
        change = builder.fsub(_absolute(builder, builder.fsub(new, old)), share)
        return _larger(builder, builder.fmul(change, spread(builder, scale, new.type)), largest)

    return largest(largest, new, old, types.float64, types.float64), generate


@intrinsic  # type: ignore[untyped-decorator]
def less(_typing: Any, total: Any, lanes: Any) -> Any:
    """Return total - vector, rounded as such."""

    def generate(_context: Any, builder: Any, _signature: Any, given: Any) -> Any:
        return builder.fsub(given[0], given[1])

    return total(total, lanes), generate


@intrinsic  # type: ignore[untyped-decorator]
def add_size(_typing: Any, total: Any, lanes: Any) -> Any:
    """Return total + |vector|, rounded as such."""

    def generate(_context: Any, builder: Any, _signature: Any, given: Any) -> Any:
        return builder.fadd(given[0], _absolute(builder, given[1]))

    return total(total, lanes), generate


@intrinsic  # type: ignore[untyped-decorator]
def larger_ratio(_typing: Any, largest: Any, lanes: Any, scale: Any) -> Any:
    """Return the larger of `largest` and |vector| / scale; 0 / 0 is 0, what is no number inf."""

    def generate(_context: Any, builder: Any, _signature: Any, given: Any) -> Any:
        largest, vector, scale = given
        size = _absolute(builder, vector)
        ratio = builder.fdiv(size, scale)
        none, endless = (ir.Constant(vector.type, [x] * vector.type.count) for x in (0.0, math.inf))
        is_number = builder.fcmp_ordered(">=", ratio, none)
        ratio = builder.select(is_number, ratio, endless)
        within = builder.fcmp_ordered("<=", size, builder.fmul(largest, scale))
        return builder.select(within, largest, ratio)

    return largest(largest, lanes, scale), generate
