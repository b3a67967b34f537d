"""An invented corner shop: people with habits, who take the same again and try a little."""

from __future__ import annotations

import numpy as np
import pandas as pd

from engine.data import Dataset
from tests.tiny_service import dataset_of

WEEK = 7 * 86_400


def habit_rows(n_people=90, n_items=70, n_visits=12, *, seed=0):
    """Rows of person, item and second: each person's six staples, and what they try."""
    rng = np.random.default_rng(seed)
    popular = 1.0 / np.arange(1, n_items + 1) ** 0.7
    for person in range(n_people):
        staples = rng.choice(n_items, 6, replace=False, p=popular / popular.sum())
        habit = rng.uniform(0.15, 0.8, 6)
        for visit in range(n_visits):
            second = 1_600_000_000 + visit * WEEK + int(rng.integers(0, 86_400))
            taken = {int(item) for item in staples[rng.random(6) < habit]}
            taken |= {int(item) for item in rng.choice(n_items, rng.integers(0, 3))}
            yield from ((person, item, second) for item in sorted(taken))


def habits(**how) -> Dataset:
    """Return the same as a data set whose items come again."""
    rows = pd.DataFrame(list(habit_rows(**how)), columns=["user_id", "item_id", "timestamp"])
    n_items = int(rows["item_id"].max()) + 1
    table = rows.assign(
        user_id="p" + rows["user_id"].astype(str),
        item_id="g" + rows["item_id"].astype(str),
        timestamp=rows["timestamp"].to_numpy().astype("datetime64[s]"),
        value=1.0,
    )
    items = pd.DataFrame(
        {
            "item_id": [f"g{n}" for n in range(n_items)],
            "title": [f"Ware {n}" for n in range(n_items)],
            "genres": [("Fruit", "Bread", "Milk")[n % 3] for n in range(n_items)],
        }
    )
    people = pd.DataFrame({"user_id": sorted(set(table["user_id"]))})
    return dataset_of(table, items, people, liked_threshold=1.0, again=True)
