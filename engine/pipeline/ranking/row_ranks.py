"""Ranks within a row, ties always broken the same way."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["ranks_in_row"]


def ranks_in_row(values: NDArray[np.float32]) -> NDArray[np.int32]:
    """Rank of each value within its row, 1 = largest; among equals the lower column comes first.

    Examples
    --------
    >>> ranks_in_row(np.array([[0.2, 0.9, 0.2]]))
    array([[2, 1, 3]], dtype=int32)
    """
    order = np.argsort(-values, axis=1, kind="stable")
    ranks = np.empty(values.shape, np.int32)
    np.put_along_axis(ranks, order, np.arange(1, values.shape[1] + 1, dtype=np.int32)[None], axis=1)
    return ranks
