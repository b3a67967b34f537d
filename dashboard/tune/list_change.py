"""One person's list before and after, row by row."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.arrays import PAD
from engine.artifacts import Artifacts
from engine.formats import MISSING, movement
from engine.reranking import Lists

__all__ = ["list_change"]


def list_change(
    artifacts: Artifacts,
    row: int,
    before: Lists,
    after: Lists,
    reasons: Mapping[int, str],
) -> pd.DataFrame:
    """Return one row per place of the list.

    Parameters
    ----------
    artifacts : Artifacts
    row : int
        The person's row.
    before, after : Lists
        Everybody's lists, of the same length.
    reasons : mapping of int to str
        Item index → why it moved, in a word or two.

    Returns
    -------
    DataFrame
        ``place`` from 1; ``before`` the title that stood there and ``now`` where it went
        (``out`` if it left) and why; ``after`` the title that stands there, ``move`` from the
        ranker's order and why, ``year`` and ``genres``.
    """
    old, new = before.items[row], after.items[row]
    ranker_rank = after.positions[row] + 1
    places = np.arange(1, len(new) + 1)
    moves = [
        MISSING if item == PAD else movement(int(rank), int(place))
        for item, rank, place in zip(new, ranker_rank, places, strict=True)
    ]
    return pd.DataFrame(
        {
            "place": places,
            "before": _titles(artifacts, old),
            "now": [_destination(item, new, reasons) for item in old],
            "after": _titles(artifacts, new),
            "move": [_with_reason(m, reasons.get(int(i))) for m, i in zip(moves, new, strict=True)],
            "year": _years(artifacts, new),
            "genres": _column(artifacts, new, "genres", "|", ", "),
        }
    )


def _with_reason(move: str, reason: str | None) -> str:
    return f"{move}  {reason}" if reason else move


def _destination(item: int, new: NDArray[np.integer], reasons: Mapping[int, str]) -> str:
    if item == PAD:
        return ""
    places = np.flatnonzero(new == item)
    if len(places):
        return str(places[0] + 1)
    return _with_reason("out", reasons.get(int(item)))


def _titles(artifacts: Artifacts, items: NDArray[np.integer]) -> list[str]:
    return _column(artifacts, items, "title", "", "")


def _column(
    artifacts: Artifacts, items: NDArray[np.integer], name: str, old: str, new: str
) -> list[str]:
    column = artifacts.items[name]
    texts = ["" if item == PAD else str(column.iloc[item]) for item in items]
    return [text.replace(old, new) if old else text for text in texts]


def _years(artifacts: Artifacts, items: NDArray[np.integer]) -> list[str]:
    released = artifacts.items["released"]
    years = []
    for item in items:
        day = None if item == PAD else released.iloc[item]
        years.append("" if day is None or pd.isna(day) else str(day.year))
    return years
