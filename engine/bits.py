"""The processor's own instructions for the bits of a word, for compiled loops over sets."""

from __future__ import annotations

from typing import Any

from llvmlite import ir  # type: ignore[import-untyped]
from numba.core import types
from numba.extending import intrinsic

__all__ = ["WORD", "count_ones", "lowest_one"]

WORD = 64
"""Bits in a word."""


@intrinsic
def count_ones(typing_context: Any, word: Any) -> Any:  # noqa: ARG001
    """Count the set bits of a 64-bit word."""
    signature = types.int64(types.uint64)

    def emit(context: Any, builder: Any, signature: Any, values: Any) -> Any:  # noqa: ARG001
        return builder.ctpop(values[0])

    return signature, emit


@intrinsic
def lowest_one(typing_context: Any, word: Any) -> Any:  # noqa: ARG001
    """Return the place of the lowest set bit of a 64-bit word that is not 0."""
    signature = types.int64(types.uint64)

    def emit(context: Any, builder: Any, signature: Any, values: Any) -> Any:  # noqa: ARG001
        return builder.cttz(values[0], ir.Constant(ir.IntType(1), 1))

    return signature, emit
