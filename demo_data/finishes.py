"""What people finish and share of what they play: drawn beside the committed plays, not in them.

Whether somebody finishes a title is a taste of its own: it hangs on how much they like it, on how
well the title holds everybody, and on a direction of their own among the titles' taste vectors that
has nothing to do with what they like. So a list of what people like is not one of what they finish.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from demo_data.visits import PLAY_SECONDS

__all__ = ["LOGITS", "PLAY", "with_finishes"]

PLAY, FINISH, SHARE = "play", "finish", "share"

LOGITS: Mapping[str, tuple[float, float, float, float]] = {
    FINISH: (0.3, 0.4, 0.9, 0.9),
    SHARE: (-3.0, 1.0, 0.5, 0.8),
}
"""Event → logit of its chance: base, and the weights of a rating's distance from 3, of the title's
hold, and of the person's own direction; the latter two have mean 0 and deviation 1."""


def with_finishes(
    interactions: pd.DataFrame,
    items: pd.DataFrame,
    users: pd.DataFrame,
    item_vectors: NDArray[np.float32],
    *,
    seed: int,
) -> pd.DataFrame:
    """Add to every play whether the person finished it, and whether they shared it.

    Parameters
    ----------
    interactions, items, users : DataFrame
        The three tables of a simulated service.
    item_vectors : float32 array of shape (n_items, d)
        True taste vectors of the titles.
    seed : int
        Of the draws.

    Returns
    -------
    DataFrame
        The plays with ``event`` :data:`PLAY`, in their order, then a row for each event of them, as
        long after it as a play takes, with the value of the play.
    """
    plays = interactions.assign(event=PLAY)
    user = pd.Index(users["user_id"].astype("str")).get_indexer(plays["user_id"].astype("str"))
    item = pd.Index(items["item_id"].astype("str")).get_indexer(plays["item_id"].astype("str"))
    lengths = np.linalg.norm(item_vectors, axis=1, keepdims=True)
    unit = item_vectors / np.maximum(lengths, 1e-9)
    parts = [plays]
    for place, (event, (base, liking, hold, own)) in enumerate(LOGITS.items()):
        rng = np.random.default_rng((seed, 7, place))
        direction = rng.standard_normal((len(users), unit.shape[1]))
        logit = base + liking * (plays["value"].to_numpy(np.float64) - 3.0)
        logit += hold * rng.standard_normal(len(items))[item]
        logit += own * np.einsum("nd,nd->n", direction[user], unit[item])
        is_done = rng.random(len(plays)) < 1.0 / (1.0 + np.exp(-logit))
        later = pd.Timedelta(seconds=PLAY_SECONDS - 60 * (len(LOGITS) - place))
        done = plays[is_done]
        parts.append(done.assign(event=event, timestamp=done["timestamp"] + later))
    return pd.concat(parts, ignore_index=True)
