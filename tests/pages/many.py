"""A fit of as many people and items as wanted, made of a small one: the small one's, over again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from engine.arrays import Ragged
from engine.artifacts import Artifacts

__all__ = ["many"]


def many(fitted: Artifacts, n_people: int, n_items: int) -> Artifacts:
    """Return a fit in which each person stands in several times, beside items that nobody met.

    Lists hold the first items alone; the others are there to be counted, searched and sent.
    """
    who = np.arange(n_people) % fitted.n_users
    more = n_items - fitted.n_items
    places = Ragged(fitted.history.indptr, np.arange(len(fitted.history.indices), dtype=np.int32))
    of_history = places.take(who).indices
    return replace(
        fitted,
        users=_again(fitted.users, who, "user_id", "u"),
        items=_again(fitted.items, np.arange(n_items) % fitted.n_items, "item_id", "i").assign(
            title=[f"Title {n}" for n in range(n_items)]
        ),
        **{name: getattr(fitted, name)[who] for name in OF_PEOPLE},
        **{name: getattr(fitted, name).take(who) for name in RAGGED},
        history_is_liked=fitted.history_is_liked[of_history],
        history_day=None if fitted.history_day is None else fitted.history_day[of_history],
        fallback=None if fitted.fallback is None else fitted.fallback[who],
        features=None if fitted.features is None else fitted.features[who],
        popularity=np.concatenate([fitted.popularity, np.zeros(more, np.int32)]),
        filtered_out=None,
        **{name: getattr(fitted, name)[np.arange(n_items) % fitted.n_items] for name in OF_ITEMS},
    )


OF_PEOPLE = (
    "candidates", "scores", "source_masks", "retrieved", "filtered", "mf_user_factors",
    "user_groups", "service",
)  # fmt: skip
OF_ITEMS = ("item_factors", "mf_item_factors", "genre_matrix", "released_day", "provider_codes")
RAGGED = ("history", "holdout", "later_not_liked")


def _again(table: pd.DataFrame, rows: np.ndarray, name: str, letter: str) -> pd.DataFrame:
    found = table.iloc[rows].reset_index(drop=True)
    return found.assign(**{name: [f"{letter}{n}" for n in range(len(rows))]})
