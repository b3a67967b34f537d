"""Which code evaluates a diversity method: the one place of the kernel that knows them by name.

A new method is a branch in each of these functions that it needs, and its name in
:data:`WRITTEN`; its record is in :mod:`engine.terms.diversity_methods`. Short code may stand here;
what is longer has a module of its own.
"""

from __future__ import annotations

from engine.compiled import inlined, leaf
from engine.prefetch import fetch_row
from engine.reranking.kernel.aspects import cover_aspects, start_aspects, update_aspects
from engine.reranking.kernel.coverage import add_cover, start_cover, update_cover
from engine.reranking.kernel.inputs import Problem, Scratch, Setting
from engine.reranking.kernel.pairs import (
    add_to_sum,
    average_ceiling,
    keep_vector,
    update_average,
    update_nearest,
)
from engine.reranking.kernel.span import keep_row, update_span
from engine.reranking.kernel.window import keep_window, update_window
from engine.terms.diversity_methods import DIVERSITY_METHODS, METHOD_CODES, OFF

__all__ = [
    "diversity_bound",
    "fetch_ahead",
    "start_diversity",
    "take_diversity",
    "update_diversity",
]

WRITTEN = ("mmr", "msd", "dpp", "ssd", "xquad", "cover")
"""Methods that have a branch below."""

if set(WRITTEN) != set(DIVERSITY_METHODS):
    odd = ", ".join(sorted(set(WRITTEN) ^ set(DIVERSITY_METHODS)))
    raise ImportError(
        f"The diversity method {odd} needs both a record, in engine/terms/diversity_methods.py, "
        "and a branch of the kernel, in engine/reranking/kernel/diversity.py."
    )

MMR, MSD, DPP = METHOD_CODES["mmr"], METHOD_CODES["msd"], METHOD_CODES["dpp"]
XQUAD, COVER = METHOD_CODES["xquad"], METHOD_CODES["cover"]

WITHOUT_VECTORS: tuple[int, ...] = (
    OFF,
    *(METHOD_CODES[name] for name, one in DIVERSITY_METHODS.items() if not one.uses_likeness),
)
"""Methods for which no item's vector is looked at."""

FARTHEST = 3
"""The loop rarely looks farther than three times the list's length."""


@leaf
def fetch_ahead(problem: Problem, setting: Setting, scratch: Scratch, user: int) -> None:
    """Ask for the vectors of the first candidates in ``order``; changes nothing but speed.

    A third of the time for 100,000 items.
    """
    if setting.method in WITHOUT_VECTORS:
        return
    state = scratch.state[0]
    last = min(state.n_live, state.n_pinned + FARTHEST * setting.k)
    for p in range(state.n_pinned, last):
        fetch_row(problem.vectors, problem.candidates[user, scratch.order[p]])


@inlined
def start_diversity(problem: Problem, setting: Setting, scratch: Scratch, user: int) -> None:
    """Reset what a method remembers of the list, and what no candidate's diversity exceeds."""
    state = scratch.state[0]
    state.diversity_ceiling = 1.0
    if setting.method == XQUAD:
        state.diversity_ceiling = start_aspects(scratch.genres)
    elif setting.method == COVER:
        candidates, across, cover = problem.candidates, scratch.across, scratch.cover
        start_cover(problem.vectors, candidates, user, state.n, across, cover)


@inlined
def diversity_bound(setting: Setting, scratch: Scratch, p: int, t: int) -> float:
    """Return what the diversity of slot ``p`` cannot exceed, where it may rise with the list."""
    slot = scratch.slots[p]
    ceiling = 1.0
    if setting.method == MSD:
        ceiling = average_ceiling(slot.diverse, slot.level, t)
    return ceiling


@inlined
def update_diversity(
    problem: Problem,
    setting: Setting,
    scratch: Scratch,
    p: int,
    t: int,
    other: float,
    needed: float,
) -> None:
    """Bring the diversity of slot ``p`` up to ``t`` choices, or to where it falls short.

    ``other`` is the slot's other dynamic term; ``needed`` the value that it has to reach.
    """
    slots, vectors, chosen = scratch.slots, problem.vectors, scratch.chosen
    weight = scratch.state[0].diversity
    window = setting.window
    method = setting.method
    if method == MMR:
        update_nearest(slots, p, t, vectors, chosen, weight, other, needed)
    elif method == MSD:
        update_average(slots, p, t, vectors, chosen)
    elif method == XQUAD:
        update_aspects(slots, p, t, problem.items, problem.genre_ids, scratch.genres)
    elif method == COVER:
        n = scratch.state[0].n
        update_cover(slots, p, t, n, scratch.across, scratch.cover, scratch.likeness)
    elif method == DPP and window < setting.k:
        update_window(slots, p, t, vectors, chosen, scratch.rows, scratch.choices, window)
    else:
        update_span(
            slots,
            p,
            t,
            vectors,
            chosen,
            scratch.rows,
            scratch.choices,
            method,
            window,
            weight,
            other,
            needed,
        )


@inlined
def _take_span(setting: Setting, scratch: Scratch, p: int, t: int) -> None:
    if setting.method == DPP and setting.window < setting.k:
        keep_window(scratch.rows, scratch.choices, p, t, setting.window)
    elif setting.method != MMR:
        keep_row(scratch.rows, scratch.choices, p, t, setting.window)


@inlined
def take_diversity(problem: Problem, setting: Setting, scratch: Scratch, p: int, t: int) -> None:
    """Let the method know that slot ``p``, fully evaluated, takes place ``t``."""
    state = scratch.state[0]
    item = scratch.slots[p].item
    items, genre_ids, genres = problem.items, problem.genre_ids, scratch.genres
    if setting.method == MSD:
        add_to_sum(problem.vectors, scratch.chosen, item, t)
    elif setting.method == XQUAD:
        state.diversity_ceiling = cover_aspects(items, genre_ids, genres, item)
    elif setting.method == COVER:
        state.diversity_ceiling = add_cover(scratch.cover, scratch.likeness, p, state.n)
    else:
        keep_vector(problem.vectors, scratch.chosen, item, t)
        _take_span(setting, scratch, p, t)
