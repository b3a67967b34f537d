"""Lists as a table: a row for each place that holds an item."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.artifacts import Artifacts
from engine.reranking import Lists

__all__ = ["list_table"]


def list_table(
    artifacts: Artifacts, lists: Lists, users: NDArray[np.integer] | None = None
) -> pd.DataFrame:
    """Return a row per place, in the order of people and ranks.

    Parameters
    ----------
    artifacts : Artifacts
    lists : Lists
    users : integer array of shape (n_rows,), optional
        Whose each row is; everyone in order by default.

    Returns
    -------
    DataFrame
        ``user_id``, ``rank`` (from 1), ``item_id``, ``title``, ``rank_before`` (where the ranker
        had put the item).
    """
    row, place = np.nonzero(lists.items >= 0)
    who = row if users is None else users[row]
    items = artifacts.items.iloc[lists.items[row, place]]
    return pd.DataFrame(
        {
            "user_id": artifacts.users["user_id"].iloc[who].to_numpy(),
            "rank": place + 1,
            "item_id": items["item_id"].to_numpy(),
            "title": items["title"].to_numpy(),
            "rank_before": lists.positions[row, place] + 1,
        }
    )
