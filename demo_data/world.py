"""The people and the catalogue of the simulated service, with the tastes behind them.

The chance that person u, having noticed item i, plays it is the *true preference*::

    sigmoid(base + user_bias[u] + item_bias[i] + user_vectors[u] · item_vectors[i])
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from demo_data.titles import GENRES, invent_titles

__all__ = ["Dials", "World", "build_world", "true_logits"]

GENDERS = {"woman": 0.49, "man": 0.49, "non-binary": 0.02}
AGE_BANDS = {
    "under 18": 0.08,
    "18-24": 0.17,
    "25-34": 0.27,
    "35-44": 0.19,
    "45-49": 0.10,
    "50-55": 0.09,
    "56+": 0.10,
}
REGIONS = {"Coast": 0.30, "Lakes": 0.22, "Plains": 0.18, "Highlands": 0.12, "Islands": 0.18}
DEVICES = {"television": 0.45, "phone": 0.35, "laptop": 0.20}
NOISY_REGION = "Islands"

PROVIDERS = (
    "Lantern House|Northlight Pictures|Blue Heron|Tidewater Films|Papermoon|Ninth Street|"
    "Kestrel & Co|Wild Orchard|Little Otter|Copperplate"
)
IN_HOUSE = "Lantern House"
COUNTRIES = (
    "United Kingdom|France|Japan|Brazil|India|Nigeria|South Korea|Canada|Denmark|Mexico|Italy|"
    "New Zealand"
)

N_FACTORS = 12
BASE_LOGIT = -3.2
TASTE_SCALE = 1.6
FACTOR_SCALES = 1 / (1 + np.arange(N_FACTORS) / 5)
START, DAYS = np.datetime64("2023-01-01"), 728
OLDEST = np.datetime64("1962-01-01")
SHARE_NEW = 0.35


@dataclass(frozen=True)
class Dials:
    """What is planted; each dial at 0 switches its effect off.

    Attributes
    ----------
    taste_gap : float
        How far the tastes of genders and age bands lie apart, in units of one person's own
        standard deviation.
    quality_gap : float
        Share of the visits from the Islands that are a shuffle: shown are any released items
        alike, and what is played and how it is rated has nothing to do with taste. In [0, 1].
    popularity_bias : float
        How strongly the shop window follows what was played before, and the in-house provider.
    position_bias : float
        How fast attention falls along a row: place j is noticed with chance (1 / log2(1 + j)) to
        this power.
    """

    taste_gap: float = 1.0
    quality_gap: float = 0.4
    popularity_bias: float = 1.0
    position_bias: float = 1.0

    def __post_init__(self) -> None:
        for name, top in (
            ("taste_gap", 5),
            ("quality_gap", 1),
            ("popularity_bias", 2),
            ("position_bias", 5),
        ):
            if not 0 <= getattr(self, name) <= top:
                raise ValueError(f"`{name}` must be from 0 to {top}; got {getattr(self, name)}.")


@dataclass(frozen=True, eq=False)
class World:
    """Everyone and everything, before anybody has played anything.

    Attributes
    ----------
    users, items : DataFrame
        As in the files, in index order.
    user_vectors, item_vectors : float32 arrays of shape (n_users, d) and (n_items, d)
    user_bias, item_bias : float32 arrays of shape (n_users,) and (n_items,)
    released_day : int64 array of shape (n_items,)
        Days since the first day of the log; negative for what was there already.
    push : float64 array of shape (n_items,)
        How much the shop window favours an item for its provider; 1 where it does not.
    activity : float64 array of shape (n_users,)
        Expected share of all visits.
    joined_day : int64 array of shape (n_users,)
    is_noisy : bool array of shape (n_users,)
        People whose visits are partly a shuffle.
    """

    users: pd.DataFrame
    items: pd.DataFrame
    user_vectors: NDArray[np.float32]
    item_vectors: NDArray[np.float32]
    user_bias: NDArray[np.float32]
    item_bias: NDArray[np.float32]
    released_day: NDArray[np.int64]
    push: NDArray[np.float64]
    activity: NDArray[np.float64]
    joined_day: NDArray[np.int64]
    is_noisy: NDArray[np.bool_]


def true_logits(world: World, users: NDArray[Any], items: NDArray[Any]) -> NDArray[np.float64]:
    """Logits of the true preference of pairs; shapes are broadcast.

    Adds up one factor at a time, in a fixed order and in double precision, so that every machine
    gives the same bits, and with them the same log.
    """
    total = BASE_LOGIT + world.user_bias[users].astype(np.float64) + world.item_bias[items]
    for factor in range(world.user_vectors.shape[1]):
        left = world.user_vectors[users, factor].astype(np.float64)
        total = total + left * world.item_vectors[items, factor]
    return total


def build_world(n_users: int, n_items: int, dials: Dials, rng: np.random.Generator) -> World:
    """Draw the people, the catalogue and their tastes."""
    genre_vectors = rng.standard_normal((len(GENRES), N_FACTORS))
    items, item_vectors, released_day, push = _catalogue(n_items, genre_vectors, rng)
    users, codes = _people(n_users, rng)
    shift = _group_shift(codes, dials, rng)
    own = rng.standard_normal((n_users, N_FACTORS))
    joined = np.where(rng.random(n_users) < 0.5, 0, rng.integers(0, int(DAYS * 0.6), n_users))
    activity = rng.lognormal(0.0, 0.7, n_users)
    region = users["region"].to_numpy()
    return World(
        users=users,
        items=items,
        user_vectors=((own + shift) * TASTE_SCALE * FACTOR_SCALES).astype(np.float32),
        item_vectors=item_vectors.astype(np.float32),
        user_bias=(0.3 * rng.standard_normal(n_users)).astype(np.float32),
        item_bias=(0.7 * rng.standard_normal(n_items)).astype(np.float32),
        released_day=released_day,
        push=push,
        activity=activity / activity.sum(),
        joined_day=joined,
        is_noisy=region == NOISY_REGION,
    )


def _pick(options: dict[str, float], n: int, rng: np.random.Generator) -> NDArray[np.int64]:
    shares = np.array(list(options.values()))
    return rng.choice(len(options), n, p=shares / shares.sum())


def _categorical(codes: NDArray[Any], labels: list[str]) -> pd.Categorical:
    return pd.Categorical.from_codes(codes, categories=labels)


def _ids(letter: str, n: int) -> pd.Categorical:
    width = max(4, len(str(n)))
    return _categorical(np.arange(n), [f"{letter}{index + 1:0{width}d}" for index in range(n)])


def _people(n_users: int, rng: np.random.Generator) -> tuple[pd.DataFrame, dict[str, NDArray[Any]]]:
    columns = {"gender": GENDERS, "age band": AGE_BANDS, "region": REGIONS, "device": DEVICES}
    codes = {name: _pick(options, n_users, rng) for name, options in columns.items()}
    table = {name: _categorical(codes[name], list(columns[name])) for name in columns}
    return pd.DataFrame({"user_id": _ids("u", n_users), **table}), codes


def _group_shift(
    codes: dict[str, NDArray[Any]], dials: Dials, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Shift of each person's taste by gender and age band, shape (n_users, d).

    Genders lie at random points; age bands lie in order along a line.
    """
    by_gender = rng.standard_normal((len(GENDERS), N_FACTORS)) * 0.5
    age_line = rng.standard_normal(N_FACTORS)
    by_age = np.linspace(-1, 1, len(AGE_BANDS))[:, np.newaxis] * age_line * 0.7
    return dials.taste_gap * (by_gender[codes["gender"]] + by_age[codes["age band"]])


def _catalogue(
    n_items: int, genre_vectors: NDArray[Any], rng: np.random.Generator
) -> tuple[pd.DataFrame, NDArray[Any], NDArray[Any], NDArray[Any]]:
    genre_share = 1 / (np.arange(len(GENRES)) + 2.0)
    n_genres = rng.choice([1, 2, 3], n_items, p=[0.35, 0.45, 0.20])
    # The first genres of a random order, drawn in proportion to the shares (Gumbel's trick).
    keys = np.log(genre_share) + rng.gumbel(size=(n_items, len(GENRES)))
    order = np.argsort(-keys, axis=1, kind="stable")
    has_genre = np.zeros((n_items, len(GENRES)), dtype=bool)
    for place in range(3):
        rows = np.flatnonzero(n_genres > place)
        has_genre[rows, order[rows, place]] = True
    vectors = np.zeros((n_items, N_FACTORS))
    for genre in range(len(GENRES)):
        vectors += np.outer(has_genre[:, genre] / np.sqrt(n_genres), genre_vectors[genre])
    vectors = (0.75 * vectors + 0.65 * rng.standard_normal(vectors.shape)) / np.sqrt(5.0)
    released_day = _release_days(n_items, rng)
    provider_share = 1 / (np.arange(len(PROVIDERS.split("|"))) + 1.5)
    provider = rng.choice(len(provider_share), n_items, p=provider_share / provider_share.sum())
    names = np.array(GENRES)
    push = np.where(np.array(PROVIDERS.split("|"))[provider] == IN_HOUSE, 2.5, 1.0)
    table = pd.DataFrame(
        {
            "item_id": _ids("f", n_items),
            "title": invent_titles(order[:, 0], rng),
            "genres": ["|".join(names[row]) for row in has_genre],
            "released": (START + released_day).astype("datetime64[s]"),
            "provider": _categorical(provider, PROVIDERS.split("|")),
            "country": _categorical(
                rng.integers(0, len(COUNTRIES.split("|")), n_items), COUNTRIES.split("|")
            ),
        }
    )
    return table, vectors, released_day, push


def _release_days(n_items: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Days from the start of the log; a third appears during it, the rest lies before it."""
    span = float((START - OLDEST).astype(int))
    before = -1 - np.floor(span * rng.beta(0.8, 3.0, n_items)).astype(np.int64)
    during = rng.integers(0, int(DAYS * 0.9), n_items)
    return np.where(rng.random(n_items) < SHARE_NEW, during, before)
