"""The arrays and numbers that the kernel reads and writes.

All arrays that the kernel only reads are locked and C-ordered (:func:`frozen`), so that the kernel
is compiled for exactly one combination of types.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numba
import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from engine.compiled import inner
from engine.reranking.kernel.records import GENRE, N_BINS, SLOT, STATE

__all__ = [
    "Limits",
    "Output",
    "Problem",
    "Scratch",
    "Setting",
    "Sizes",
    "frozen",
    "new_scratch",
]

_records: Any = numba.from_dtype
_slot, _genre, _state = _records(SLOT), _records(GENRE), _records(STATE)


class Problem(NamedTuple):
    """Everything about ``n_users`` people and ``n_items`` items.

    Attributes
    ----------
    candidates : uint32 array of shape (n_users, n_candidates)
    scores : float32 array of shape (n_users, n_candidates), falling along rows
    n_valid : int32 array of shape (n_users,)
        Candidates that each person really has.
    shares : float64 array of shape (n_users,)
        The part of every weight that applies to a person, in [0, 1].
    offsets : float64 array of shape (n_items, 2)
        Static lift, which ``shares`` scales, and boost, which it does not; -inf boost hides.
    items : array of :data:`ITEM` of shape (n_items,)
    genre_ids : uint16 array
    vectors : float32 array of shape (n_items, d)
        Their dot product is the likeness.
    profiles : float32 array of shape (n_users, n_genres) or (0, n_genres)
        Shares of genres in each person's history.
    aims : float32 array of shape (n_users, n_candidates, n_aims), or 0 long
        What each candidate is worth to a person by other objectives, which ``shares`` scales too.
    aim_weights : float64 array of shape (n_aims,)
        Empty where no objective has a weight: ``aims`` is not read then.
    """

    candidates: NDArray[np.uint32]
    scores: NDArray[np.float32]
    n_valid: NDArray[np.int32]
    shares: NDArray[np.float64]
    offsets: NDArray[np.float64]
    items: NDArray[np.void]
    genre_ids: NDArray[np.uint16]
    vectors: NDArray[np.float32]
    profiles: NDArray[np.float32]
    aims: NDArray[np.float32]
    aim_weights: NDArray[np.float64]


class Limits(NamedTuple):
    """Caps and floors, as tables over places.

    Attributes
    ----------
    caps : array of :data:`CAP` of shape (n_caps,)
    genre_limits : int32 array of shape (n_caps + 1, k + 1, n_genres)
        How many of a genre there may be when place ``t`` is filled; the first axis counts the
        caps, from the last, that are lifted.
    provider_limits : int32 array of shape (n_caps + 1, k + 1, n_providers + 1), or 0 wide
    floors : int32 array of shape (k + 1,)
        How many of the lifted group the first ``t`` places must hold.
    last_capped : int
        No cap holds from this place on.
    """

    caps: NDArray[np.void]
    genre_limits: NDArray[np.int32]
    provider_limits: NDArray[np.int32]
    floors: NDArray[np.int32]
    last_capped: int


class Setting(NamedTuple):
    """The numbers of one scenario.

    ``method`` is a code of :mod:`engine.terms.diversity_methods`. ``first_level`` is 0 where an
    empty list leaves every candidate's diversity at 1, and -1 where it has to be evaluated.
    ``is_falling`` says that a candidate's diversity can only fall as the list grows; ``slack``
    covers the rounding of sums; ``is_sorted`` says that static scores keep the ranker's order.
    """

    k: int
    method: int
    window: int
    diversity: float
    calibration: float
    slack: float
    first_level: int
    is_falling: bool
    is_sorted: bool
    has_pins: bool


class Output(NamedTuple):
    """Arrays that the kernel fills, one row per user asked for.

    ``broken`` has shape (n_rows, n_caps + 1): places where each cap, and last the floor, had to
    give way.
    """

    items: NDArray[np.int32]
    positions: NDArray[np.int32]
    broken: NDArray[np.int16]


class Sizes(NamedTuple):
    """How large the scratch memory must be; ``n_rows`` and ``n_cover`` are ``n`` or 0."""

    n: int
    k: int
    d: int
    n_genres: int
    n_providers: int
    n_rows: int
    n_cover: int


class Scratch(NamedTuple):
    """Working memory of one thread.

    Attributes
    ----------
    state : array of :data:`STATE` of shape (1,)
    slots : array of :data:`SLOT` of shape (n,)
    raw, bins, counts, order
        Static scores in the ranker's order, what sorts them, and the candidates sorted.
    genres : array of :data:`GENRE` of shape (n_genres,)
    provider_counts : int32 array of shape (n_providers + 1,)
    chosen : float32 array of shape (k + 1, d)
        Vectors of the items chosen so far; the last row is their sum.
    rows : float64 array of shape (n, k)
        What a slot knows of each choice: a Cholesky row, or plain products.
    choices : float64 array of shape (k, 2 k + 2)
        Rows of the chosen slots, the factor of the window, pivots, and a solution.
    across : float32 array of shape (d, n)
        Vectors of the candidates, one a column.
    cover : float32 array of shape (2, n)
        How well the list stands for each candidate, and the root of it.
    likeness : float32 array of shape (n, n)
        Of slots with candidates.
    """

    state: NDArray[np.void]
    slots: NDArray[np.void]
    raw: NDArray[np.float64]
    bins: NDArray[np.uint32]
    counts: NDArray[np.uint32]
    order: NDArray[np.uint32]
    genres: NDArray[np.void]
    provider_counts: NDArray[np.int32]
    chosen: NDArray[np.float32]
    rows: NDArray[np.float64]
    choices: NDArray[np.float64]
    across: NDArray[np.float32]
    cover: NDArray[np.float32]
    likeness: NDArray[np.float32]


@inner
def new_scratch(sizes: Sizes) -> Scratch:
    """Allocate the working memory of one thread."""
    n, k = sizes.n, sizes.k
    return Scratch(
        np.empty(1, _state),
        np.empty(n, _slot),
        np.empty(n, np.float64),
        np.empty(n, np.uint32),
        np.empty(N_BINS + 2, np.uint32),
        np.empty(n, np.uint32),
        np.empty(sizes.n_genres, _genre),
        np.zeros(sizes.n_providers + 1, np.int32),
        np.empty((k + 1, sizes.d), np.float32),
        np.empty((sizes.n_rows, k), np.float64),
        np.empty((k, 2 * k + 2), np.float64),
        np.empty((sizes.d, sizes.n_cover), np.float32),
        np.empty((2, sizes.n_cover), np.float32),
        np.empty((sizes.n_cover, sizes.n_cover), np.float32),
    )


def frozen(array: ArrayLike, dtype: DTypeLike) -> NDArray[Any]:
    """Return ``array`` as a locked, C-ordered plain array of ``dtype``; a view where possible."""
    out = np.ascontiguousarray(np.asarray(array), dtype=dtype).view(np.ndarray)
    if out.flags.writeable:
        out = out.view()
        out.setflags(write=False)
    return out
