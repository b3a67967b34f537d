"""Ask for the vectors that the greedy loop will look at: a third of the time for 100,000 items."""

from __future__ import annotations

from engine.compiled import leaf
from engine.prefetch import fetch_row
from engine.reranking.kernel.inputs import Problem, Scratch, Setting
from engine.reranking.kernel.methods import OFF, XQUAD

__all__ = ["fetch_ahead"]

FARTHEST = 3
"""The loop rarely looks farther than three times the list's length."""


@leaf
def fetch_ahead(problem: Problem, setting: Setting, scratch: Scratch, user: int) -> None:
    """Ask for the vectors of the first candidates in ``order``; changes nothing but speed."""
    if setting.method in (OFF, XQUAD):
        return
    state = scratch.state[0]
    last = min(state.n_live, state.n_pinned + FARTHEST * setting.k)
    for p in range(state.n_pinned, last):
        fetch_row(problem.vectors, problem.candidates[user, scratch.order[p]])
