"""The compiled part of re-ranking: one lazy greedy loop, one module per term that it evaluates.

Everything in here sees plain arrays of one user and one candidate at a time; nothing allocates
inside the loop. :mod:`engine.reranking.lists` is the only caller. What records say of a method or
a term is compiled in, so another record makes the kernels compile anew.
"""

from __future__ import annotations

from pathlib import Path

from engine.compiled import compile_in
from engine.terms.calibration import ALPHA
from engine.terms.diversity_methods import DIVERSITY_METHODS, METHOD_CODES, SMALLEST_RESIDUAL

compile_in(
    Path(__file__).parent,
    repr(
        (
            ALPHA,
            SMALLEST_RESIDUAL,
            [(METHOD_CODES[name], one.uses_likeness) for name, one in DIVERSITY_METHODS.items()],
        )
    ),
)
