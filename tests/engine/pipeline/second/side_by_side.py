"""Lists in which neighbours of one genre take from each other."""

import numpy as np

from engine.pipeline.second.stage import ListSet


def side_by_side(seed, n_people=400, n=12):
    """What appeals is liked, less so beside somebody of the same genre; further off is nothing."""
    rng = np.random.default_rng(seed)
    appeal = -np.sort(-rng.standard_normal((n_people, n)))
    genre = rng.integers(0, 4, (n_people, n))
    beside = 2 * (genre[:, 1:] == genre[:, :-1])
    worth = appeal.copy()
    worth[:, 1:] -= beside
    worth[:, :-1] -= beside
    is_label = worth >= np.sort(worth, axis=1)[:, -2:-1]
    features = np.stack([appeal, *(genre == one for one in range(4))], axis=2)
    scores, is_candidate = appeal.astype(np.float32), np.ones((n_people, n), bool)
    return ListSet(features.astype(np.float32), scores, is_candidate), is_label
