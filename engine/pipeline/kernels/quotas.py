"""Places among the candidates that a source keeps for its best proposals."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.compiled import inner

__all__ = ["keep_quotas"]

FREE, THERE, RESERVED = 0, 1, 2


@inner
def _mask_of(items: NDArray[Any], depths: NDArray[Any], person: int, item: int) -> np.uint16:
    mask = np.uint16(0)
    for source in range(items.shape[0]):
        for place in range(depths[source]):
            if items[source, person, place] == item:
                mask |= np.uint16(1 << source)
                break
    return mask


@inner
def _put_last(
    row: NDArray[Any], masks: NDArray[Any], state: NDArray[Any], item: int, mask: np.uint16
) -> None:
    """Take the last item that is not reserved out, and put another at the end."""
    out = len(row) - 1
    while out >= 0 and row[out] >= 0 and state[row[out]] == RESERVED:
        out -= 1
    if out < 0:
        return
    if row[out] >= 0:
        state[row[out]] = FREE
    for place in range(out, len(row) - 1):
        row[place] = row[place + 1]
        masks[place] = masks[place + 1]
    row[-1] = item
    masks[-1] = mask
    state[item] = RESERVED


@inner
def _mark(row: NDArray[Any], state: NDArray[Any], value: int) -> None:
    for place in range(len(row)):
        if row[place] >= 0:
            state[row[place]] = value


@inner
def _reserve(items: NDArray[Any], quotas: NDArray[Any], person: int, state: NDArray[Any]) -> None:
    """Mark what is in the row and reserved by any source."""
    for source in range(items.shape[0]):
        for place in range(quotas[source]):
            item = items[source, person, place]
            if item >= 0 and state[item] == THERE:
                state[item] = RESERVED


@inner
def keep_quotas(
    items: NDArray[np.int32],
    depths: NDArray[np.int64],
    quotas: NDArray[np.int64],
    n_items: int,
    start: int,
    stop: int,
    rows: NDArray[np.int32],
    masks: NDArray[np.uint16],
) -> None:
    """Put each source's first proposals into people's rows, in the place of the last others.

    What is not in a full row has a lower fused score than all that is: it goes to the end, sources
    in their order. A row that is not full holds every proposal already.

    Parameters
    ----------
    items : int32 array of shape (n_sources, n_people, deepest)
    depths, quotas : int64 arrays of shape (n_sources,)
        ``quotas <= depths``, and ``sum(quotas) <= n``.
    n_items, start, stop : int
    rows : int32 array of shape (n_people, n), written
    masks : uint16 array of shape (n_people, n), written
    """
    state = np.zeros(n_items, np.uint8)
    for person in range(start, stop):
        _mark(rows[person], state, THERE)
        _reserve(items, quotas, person, state)
        for source in range(items.shape[0]):
            for place in range(quotas[source]):
                item = items[source, person, place]
                if item >= 0 and state[item] == FREE:
                    mask = _mask_of(items, depths, person, item)
                    _put_last(rows[person], masks[person], state, item, mask)
        _mark(rows[person], state, FREE)
