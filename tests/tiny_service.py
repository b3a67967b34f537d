"""A tiny invented data set for tests: people with tastes, items with genres, plausible ratings."""

from __future__ import annotations

import numpy as np
import pandas as pd

from engine.data import Dataset
from engine.data.assembly import assemble

GENRES = ("Comedy", "Crime", "Drama", "Fantasy", "Romance", "Western")
PROVIDERS = ("Aurora", "Borealis", "Cirrus")


def tiny_dataset(
    n_users: int = 120, n_items: int = 80, n_per_user: int = 25, *, seed: int = 0
) -> Dataset:
    """Invent a service: each person favours two genres, so what they like can be predicted."""
    rng = np.random.default_rng(seed)
    items, genres = _items(rng, n_items)
    users = pd.DataFrame(
        {
            "user_id": [f"u{index}" for index in range(n_users)],
            "gender": rng.choice(["man", "woman"], n_users),
            "age band": rng.choice(["under 18", "18-24", "25-34", "35+"], n_users),
        }
    )
    taste = rng.dirichlet(np.full(len(GENRES), 0.4), n_users)
    appeal = taste @ genres.T + 0.3 * rng.random(n_items) ** 3
    rows = []
    for user in range(n_users):
        n_chosen = min(n_items, int(rng.integers(n_per_user // 3 + 1, n_per_user * 2)))
        weight = appeal[user] / appeal[user].sum()
        chosen = rng.choice(n_items, n_chosen, replace=False, p=weight)
        value = 2 + 3 * appeal[user, chosen] / appeal[user].max() + rng.normal(0, 0.7, n_chosen)
        second = 1_700_000_000 + np.sort(rng.integers(0, 90 * 86_400, n_chosen))
        rows.append(
            pd.DataFrame(
                {
                    "user_id": f"u{user}",
                    "item_id": [f"i{item}" for item in chosen],
                    "timestamp": second.astype("datetime64[s]"),
                    "value": np.clip(np.round(value), 1, 5),
                }
            )
        )
    shown = _shown(np.random.default_rng((seed, 1)), appeal)
    return dataset_of(pd.concat(rows, ignore_index=True), items, users, shown=shown)


def tiny_with_finishes(seed: int = 0) -> Dataset:
    """The same service with what was finished, mostly every second item, and a few shares."""
    plain = tiny_dataset(seed=seed)
    return with_events(plain, finishes_of(plain, seed))


def finishes_of(plain: Dataset, seed: int = 0) -> pd.DataFrame:
    """Rows of events for the plays of a service: an even item is finished nine times in ten."""
    rng = np.random.default_rng((seed, 2))
    plays = plain.interactions
    is_even = plays["item_id"].str[1:].astype(int).to_numpy() % 2 == 0
    is_finished = rng.random(len(plays)) < np.where(is_even, 0.9, 0.1)
    is_shared = rng.random(len(plays)) < 0.02
    parts = [
        plays[which].assign(
            event=word, timestamp=plays["timestamp"][which] + pd.Timedelta(minutes=minutes)
        )
        for which, word, minutes in ((is_finished, "finish", 5), (is_shared, "share", 6))
    ]
    return pd.concat(parts, ignore_index=True)


def with_events(plain: Dataset, events: pd.DataFrame) -> Dataset:
    """A service whose plays say so, with rows of other events."""
    plays = plain.interactions.assign(event="play")
    said = {"name": "eventful", "title": "Eventful service"}
    rows = pd.concat([plays, events], ignore_index=True)
    return dataset_of(rows, plain.items, plain.users, shown=plain.shown, **said)


def _shown(rng: np.random.Generator, appeal: np.ndarray, n_lists: int = 1500) -> pd.DataFrame:
    """Log lists of five drawn evenly from everything, after all plays; half by either policy."""
    n_users, n_items = appeal.shape
    width = min(5, n_items)
    user = np.repeat(rng.integers(0, n_users, n_lists), width)
    item = np.concatenate([rng.permutation(n_items)[:width] for _ in range(n_lists)])
    position = np.tile(np.arange(width), n_lists)
    chance = 0.8 * appeal[user, item] / appeal.max() / np.log2(position + 2)
    what = np.where(rng.random(len(user)) < 0.3, "finish", "click")
    is_chosen = rng.random(len(user)) < chance
    return pd.DataFrame(
        {
            "user_id": [f"u{one}" for one in user],
            "item_id": [f"i{one}" for one in item],
            "timestamp": (1_710_000_000 + np.repeat(np.arange(n_lists), width) * 60).astype(
                "datetime64[s]"
            ),
            "event": np.where(is_chosen, what, "impression"),
            "position": position,
            "propensity": 1 / (n_items - position),
            "policy": np.repeat(np.where(np.arange(n_lists) % 2, "old", "new"), width),
            "slate": [f"s{one}" for one in np.repeat(np.arange(n_lists), width)],
            "seconds": np.where(is_chosen, rng.exponential(60, len(user)).round(), 0.0),
        }
    )


def _items(rng: np.random.Generator, n_items: int) -> tuple[pd.DataFrame, np.ndarray]:
    genres = np.zeros((n_items, len(GENRES)), bool)
    genres[np.arange(n_items), rng.integers(0, len(GENRES), n_items)] = True
    genres |= rng.random(genres.shape) < 0.15
    items = pd.DataFrame(
        {
            "item_id": [f"i{index}" for index in range(n_items)],
            "title": [f"Invented Title {index}" for index in range(n_items)],
            "genres": ["|".join(np.array(GENRES)[row]) for row in genres],
            "released": (rng.integers(3650, 19_500, n_items)).astype("datetime64[D]"),
            "provider": rng.choice(PROVIDERS, n_items),
        }
    )
    return items, genres


def dataset_of(
    interactions: pd.DataFrame, items: pd.DataFrame, users: pd.DataFrame, **about: object
) -> Dataset:
    """Bring three tables into the contract's form, as a simulated data set."""
    said = {"name": "tiny", "title": "Tiny service", "provenance": "simulated"}
    return assemble(interactions, items, users, **{**said, "liked_threshold": 4.0, **about})
