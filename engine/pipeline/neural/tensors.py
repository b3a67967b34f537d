"""Arrays as networks want them: histories of one width, missing values filled and marked.

All of it is NumPy, for serving needs it too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.arrays import PAD, Ragged
from engine.errors import ScoreError
from engine.pipeline.retrieval.histories import entry_rows, steps_back

__all__ = ["Filling", "blocks_within", "finite", "last_items"]

MOST_BYTES = 64_000_000
"""Of one array of a block."""


def last_items(rows: Ragged, width: int) -> NDArray[np.int32]:
    """Return the last ``width`` items of each row at the right, :data:`PAD` before them.

    The last item stands in the last column whatever a row's length, so the mask is
    ``items != PAD``.

    Parameters
    ----------
    rows : Ragged
    width : int >= 1

    Returns
    -------
    int32 array of shape (n_rows, width)

    Examples
    --------
    >>> last_items(Ragged.from_rows([[4, 5, 6], [7], []]), 2).tolist()
    [[5, 6], [-1, 7], [-1, -1]]
    """
    back = steps_back(rows)
    kept = back < width
    items = np.full((rows.n_rows, width), PAD, np.int32)
    items[entry_rows(rows)[kept], width - 1 - back[kept]] = rows.indices[kept]
    return items


def blocks_within(
    n_rows: int, bytes_a_row: int, most_bytes: int = MOST_BYTES
) -> Iterator[tuple[int, int]]:
    """Yield ``(start, stop)`` of blocks whose rows take no more than ``most_bytes``.

    >>> list(blocks_within(5, 10, 20))
    [(0, 2), (2, 4), (4, 5)]
    """
    height = max(1, most_bytes // max(bytes_a_row, 1))
    for start in range(0, n_rows, height):
        yield start, min(start + height, n_rows)


@dataclass(frozen=True, eq=False)
class Filling:
    """How columns are brought to mean 0 and deviation 1, with what is missing filled and marked.

    Attributes
    ----------
    mean, deviation : float32 arrays of shape (n_columns,)
        Of what is there; 0 and 1 where nothing is, and deviation 1 where nothing varies.
    marked : int64 array
        Columns in which something was missing when this was learned: each gets a mask beside it.
    """

    mean: NDArray[np.float32]
    deviation: NDArray[np.float32]
    marked: NDArray[np.int64]

    @classmethod
    def learn(cls, values: NDArray[Any]) -> Filling:
        """Learn from ``values`` of shape (…, n_columns); what is not finite counts as missing."""
        flat = np.asarray(values, np.float64).reshape(-1, values.shape[-1])
        is_there = np.isfinite(flat)
        n = np.maximum(is_there.sum(axis=0), 1)
        mean = np.where(is_there, flat, 0.0).sum(axis=0) / n
        spread = np.sqrt((np.where(is_there, flat - mean, 0.0) ** 2).sum(axis=0) / n)
        deviation = np.where(spread > 1e-6 * (1.0 + np.abs(mean)), spread, 1.0)
        return cls(
            mean.astype(np.float32),
            deviation.astype(np.float32),
            np.flatnonzero(~is_there.all(axis=0)),
        )

    @property
    def n_inputs(self) -> int:
        """How many columns :meth:`apply` returns."""
        return len(self.mean) + len(self.marked)

    def apply(self, values: NDArray[Any]) -> NDArray[np.float32]:
        """Standardise; what is missing becomes 0, and 1 in its column's mask, which come last.

        Parameters
        ----------
        values : array of shape (…, n_columns)

        Returns
        -------
        float32 array of shape (…, n_columns + len(marked)), finite
        """
        is_there = np.isfinite(values)
        scaled = (np.where(is_there, values, self.mean) - self.mean) / self.deviation
        is_missing = ~is_there[..., self.marked]
        return np.concatenate([scaled, is_missing], axis=-1).astype(np.float32)


def finite(scores: NDArray[Any], what: str) -> NDArray[Any]:
    """Return ``scores``, which must be numbers: NaN would silently leave the order as it was.

    Raises
    ------
    ScoreError
        Some are not finite.
    """
    n_bad = int(np.size(scores) - np.isfinite(scores).sum())
    if n_bad:
        raise ScoreError(
            f"{what} gave {n_bad:,} of {np.size(scores):,} scores that are not finite; fit it "
            "again with a lower learning rate, or leave it out."
        )
    return scores
