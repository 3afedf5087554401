"""Eight numbers at a time: vector registers for the kernels of the solver.

A row of a kernel holds eight right-hand sides or eight samples side by side. Left to itself
the compiler handles them one after the other, because it cannot rule out that two arrays
overlap; here each load, product and store of eight is one instruction, written as such.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.core.cgutils import get_or_insert_function
from numba.core.datamodel import models, register_default
from numba.extending import intrinsic

N_LANES = 8

_VECTOR = ir.VectorType(ir.DoubleType(), N_LANES)
_INDEX = ir.IntType(32)
_CONTRACT = ("contract",)  # a product and a sum in one rounding; nothing else is reordered


class _LanesType(types.Type):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__(name="Lanes")


_LANES = _LanesType()


@register_default(_LanesType)
class _LanesModel(models.PrimitiveModel):  # type: ignore[misc]
    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, _VECTOR)


def _row(context: Any, builder: Any, kind: Any, array: Any, index: Any) -> Any:
    """Return a pointer to row `index` of an array of shape (n, N_LANES)."""
    data = context.make_array(kind)(context, builder, array).data
    start = builder.mul(index, ir.Constant(index.type, N_LANES))
    return builder.bitcast(builder.gep(data, [start]), _VECTOR.as_pointer())


def _same(builder: Any, number: Any) -> Any:
    """Return a vector that holds a number eight times."""
    undefined = ir.Constant(_VECTOR, ir.Undefined)
    first = builder.insert_element(undefined, number, ir.Constant(_INDEX, 0))
    mask = ir.Constant(ir.VectorType(_INDEX, N_LANES), [0] * N_LANES)
    return builder.shuffle_vector(first, undefined, mask)


def _absolute(builder: Any, vector: Any) -> Any:
    kind = ir.FunctionType(_VECTOR, [_VECTOR])
    name = f"llvm.fabs.v{N_LANES}f64"
    function = get_or_insert_function(builder.module, kind, name)
    return builder.call(function, [vector])


def _larger(builder: Any, left: Any, right: Any) -> Any:
    # unordered: what is no number counts as larger
    return builder.select(builder.fcmp_unordered(">", left, right), left, right)


@intrinsic  # type: ignore[untyped-decorator]
def load(_typing: Any, array: Any, index: Any) -> Any:
    """Return row `index` of an array of shape (n, N_LANES)."""

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        vector = builder.load(_row(context, builder, signature.args[0], given[0], given[1]))
        vector.align = 8
        return vector

    return _LANES(array, types.intp), generate


@intrinsic  # type: ignore[untyped-decorator]
def store(_typing: Any, array: Any, index: Any, vector: Any) -> Any:
    """Write row `index` of an array of shape (n, N_LANES)."""

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        pointer = _row(context, builder, signature.args[0], given[0], given[1])
        builder.store(given[2], pointer).align = 8
        return context.get_dummy_value()

    return types.void(array, types.intp, _LANES), generate


@intrinsic  # type: ignore[untyped-decorator]
def same(_typing: Any, number: Any) -> Any:
    """Return a number in every lane."""

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        return _same(builder, given[0])

    return _LANES(types.float64), generate


@intrinsic  # type: ignore[untyped-decorator]
def add_weighted(_typing: Any, total: Any, weights: Any, index: Any, vector: Any) -> Any:
    """Return total + weight * vector.

    The weight is element `index` of an array of shape (n,), the same in every lane, or row
    `index` of an array of shape (n, N_LANES).
    """

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        total, weights, index, vector = given
        kind = signature.args[1]
        if kind.ndim == 1:
            data = context.make_array(kind)(context, builder, weights).data
            weight = _same(builder, builder.load(builder.gep(data, [index])))
        else:
            weight = builder.load(_row(context, builder, kind, weights, index))
            weight.align = 8
        product = builder.fmul(weight, vector, flags=_CONTRACT)
        return builder.fadd(total, product, flags=_CONTRACT)

    return _LANES(_LANES, weights, types.intp, _LANES), generate


@intrinsic  # type: ignore[untyped-decorator]
def larger_size(_typing: Any, largest: Any, vector: Any, scale: Any) -> Any:
    """Return the larger of `largest` and |vector| * scale, lane by lane."""

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        largest, vector, scale = given
        size = builder.fmul(_absolute(builder, vector), _same(builder, scale))
        return _larger(builder, size, largest)

    return _LANES(_LANES, _LANES, types.float64), generate


@intrinsic  # type: ignore[untyped-decorator]
def larger_change(_typing: Any, largest: Any, new: Any, old: Any, scale: Any) -> Any:
    """Return the larger of `largest` and (|new - old| - 1e-13 |new|) * scale, lane by lane."""

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        largest, new, old, scale = given
        allowed = builder.fmul(_absolute(builder, new), ir.Constant(_VECTOR, [1e-13] * N_LANES))
        change = builder.fsub(_absolute(builder, builder.fsub(new, old)), allowed)
        return _larger(builder, builder.fmul(change, _same(builder, scale)), largest)

    return _LANES(_LANES, _LANES, _LANES, types.float64), generate
