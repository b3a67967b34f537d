"""The records that the kernel's arrays are made of, and the constants that go with them.

Whatever belongs to one slot, one item, one genre is a record, so that a function of the kernel
takes few arrays.
"""

from __future__ import annotations

import numpy as np

__all__ = ["CAP", "FLOOR_BIT", "GENRE", "ITEM", "N_BINS", "N_GENRE_BITS", "SLOT", "STATE"]

FLOOR_BIT = np.uint64(1 << 63)
"""Set in the mask of items outside the lifted group; the other bits are genres."""

N_GENRE_BITS = 63
"""Genre ``g`` has bit ``g % 63``: from the 64th genre on, genres share bits, and a bit that is set
only says that an item may have the genre."""

N_BINS = 128
"""Bins of the coarse sort by static score."""

ITEM = np.dtype(
    [
        ("mask", np.uint64),  # genre bits, and FLOOR_BIT
        ("genre_start", np.uint32),  # its genres are genre_ids[genre_start:genre_end]
        ("genre_end", np.uint32),
        ("provider", np.uint32),  # n_providers where unknown
        ("pin", np.int32),  # place in the order of pins, -1 where not pinned
    ],
    align=True,
)

CAP = np.dtype(
    [
        ("kind", np.int32),  # 0 a genre, 1 a provider
        ("code", np.int32),  # which one; -1 for any single one
        ("at_most", np.int32),
        ("top", np.int32),
    ],
    align=True,
)

SLOT = np.dtype(
    [
        ("mask", np.uint64),
        ("static", np.float64),  # relevance + lift + boost
        ("value", np.float64),  # static + dynamic terms as last evaluated; -inf once chosen
        ("diverse", np.float64),  # the diversity term, as last evaluated
        ("calibrated", np.float64),  # the calibration term, as last evaluated
        ("residual", np.float64),  # squared residual outside the span of the choices
        ("bound", np.float32),  # no static score here or in later slots exceeds this
        ("item", np.uint32),
        ("rank", np.uint32),  # place in the ranker's order
        ("level", np.int16),  # choices that ``diverse`` knows of; -1: not evaluated
        ("mix_level", np.int16),  # the same for ``calibrated``
    ],
    align=True,
)
"""A candidate in the coarse order of static scores: one cache line each."""

GENRE = np.dtype(
    [
        ("left", np.float64),  # xQuAD: the part of the person's taste not covered yet
        ("mix", np.float64),  # calibration: the smoothed share in the list
        ("share", np.float64),  # p(g|u), the share in the person's history
        ("ceiling", np.float64),  # calibration: most that an item of this genre can gain
        ("count", np.int64),  # how many of the list so far
    ],
    align=True,
)

STATE = np.dtype(
    [
        ("share", np.float64),  # part of the weights that applies to this person
        ("diversity", np.float64),  # weights, times share
        ("calibration", np.float64),
        ("diversity_ceiling", np.float64),  # what the terms of no candidate exceed now
        ("calibration_ceiling", np.float64),
        ("n", np.int64),  # candidates
        ("n_filled", np.int64),  # slots that are filled
        ("n_live", np.int64),  # slots that there can be
        ("n_pinned", np.int64),  # slots taken by pins, the first ones
        ("n_lifted", np.int64),  # chosen items of the lifted group
        ("top", np.float64),  # highest static score, where the first bin starts
        ("bin_width", np.float64),
    ],
    align=True,
)
