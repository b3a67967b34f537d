"""What a visit leaves behind: plays, and for some visits the row that was shown."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

__all__ = ["Plays", "Shown", "joined", "numbered", "taken"]


@dataclass(frozen=True, eq=False)
class Plays:
    """What was played. All arrays have shape (n_plays,)."""

    user: NDArray[np.int32]
    item: NDArray[np.int32]
    second: NDArray[np.int64]
    rating: NDArray[np.int8]


@dataclass(frozen=True, eq=False)
class Shown:
    """The impression log: one entry per place of a logged row. All arrays have one length."""

    row: NDArray[np.int32]
    user: NDArray[np.int32]
    item: NDArray[np.int32]
    second: NDArray[np.int64]
    position: NDArray[np.int8]
    propensity: NDArray[np.float32]
    is_played: NDArray[np.bool_]


Table = TypeVar("Table", Plays, Shown)


def joined(kind: type[Table], parts: list[Table]) -> Table:
    """Put the columns of several tables one after another."""
    return kind(
        **{f.name: np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(kind)}
    )


def taken(table: Table, rows: NDArray[np.int64]) -> Table:
    """Select rows by position."""
    return type(table)(**{f.name: getattr(table, f.name)[rows] for f in fields(table)})


def numbered(logs: list[Shown]) -> Shown:
    """Join the logs of all fortnights, by time, and number their rows from 0 in that order."""
    shown = joined(Shown, logs)
    lengths = np.array([log.row.max(initial=-1) + 1 for log in logs])
    base = np.repeat(np.cumsum(lengths) - lengths, [len(log.row) for log in logs])
    unique = shown.row + base
    order = np.lexsort((shown.position, unique, shown.second))
    shown = taken(shown, order)
    starts = shown.position == 0
    return Shown(**{**vars(shown), "row": (np.cumsum(starts) - 1).astype(np.int32)})
