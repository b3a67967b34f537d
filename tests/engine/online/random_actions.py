"""Invented logs of actions at the first place."""

from __future__ import annotations

import numpy as np

from engine.online.estimators import Actions


def random_actions(
    rng: np.random.Generator, n: int, *, sigma: float = 1.0, n_people: int = 30
) -> Actions:
    """Draw n contexts of at most ``n_people``; ``sigma`` says how far weights go."""
    return Actions(
        reward=(rng.random(n) < 0.4).astype(float),
        weight=rng.lognormal(0, sigma, n),
        is_same=rng.random(n) < 0.6,
        model_own=rng.random(n),
        model_policy=rng.random(n),
        person=rng.integers(0, n_people, n),
    )
