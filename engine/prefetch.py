"""Ask the processor for a row of a matrix before a kernel needs it.

Where a table is larger than the processor's caches, a loop cannot go on before it has the row that
it looks at; rows asked for early all travel at once. A request changes nothing but speed.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir  # type: ignore[import-untyped]
from numba.core import cgutils, types
from numba.extending import intrinsic
from numba.np.arrayobj import make_array

from engine.compiled import inlined

__all__ = ["fetch_row"]

LINE = 64
"""Bytes in a cache line."""


@intrinsic
def _prefetch(typing_context: Any, array: Any, row: Any, column: Any) -> Any:  # noqa: ARG001
    """Emit LLVM's prefetch of one element of a matrix, for reading, into every cache."""
    signature = types.void(array, row, column)

    def emit(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        matrix, *numbers = signature.args
        view = make_array(matrix)(context, builder, values[0])
        index = [
            context.cast(builder, value, kind, types.intp)
            for value, kind in zip(values[1:], numbers, strict=True)
        ]
        element = cgutils.get_item_pointer(context, builder, matrix, view, index)
        pointer, whole = ir.PointerType(ir.IntType(8)), ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [pointer, whole, whole, whole])
        call = builder.module.declare_intrinsic("llvm.prefetch", (pointer,), kind)
        at = builder.bitcast(element, pointer)
        builder.call(call, [at, whole(0), whole(3), whole(1)])
        return context.get_dummy_value()

    return signature, emit


@inlined
def fetch_row(matrix: Any, row: int) -> None:
    """Ask for all cache lines of one row of a C-ordered matrix."""
    for column in range(0, matrix.shape[1], LINE // matrix.itemsize):
        _prefetch(matrix, row, column)
