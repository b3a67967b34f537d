"""Chance by counter: one number for a seed, a person, a thing and a purpose."""

from __future__ import annotations

import numpy as np

from engine.compiled import leaf

__all__ = ["EXPLORED", "NOTICED", "PLAYED", "STAYED", "draw", "round_key"]

NOTICED, PLAYED, STAYED, EXPLORED = np.uint64(1), np.uint64(2), np.uint64(3), np.uint64(4)
"""What a draw is for."""

STEP = np.uint64(0x9E3779B97F4A7C15)
FIRST, SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
UNIT = 1.0 / 9007199254740992.0


@leaf
def _mixed(value: np.uint64) -> np.uint64:
    """Finalise splitmix64 (Steele, Lea and Flood 2014)."""
    value = (value ^ (value >> np.uint64(30))) * FIRST
    value = (value ^ (value >> np.uint64(27))) * SECOND
    return value ^ (value >> np.uint64(31))


@leaf
def draw(key: np.uint64, purpose: np.uint64, person: int, thing: int) -> float:
    """Return a number in [0, 1) that depends on its four arguments alone.

    Parameters
    ----------
    key : uint64
        From :func:`round_key`.
    purpose : uint64
    person, thing : int
        At least 0.
    """
    mixed = _mixed(key + STEP * (purpose + np.uint64(1)))
    mixed = _mixed(mixed + STEP * (np.uint64(person) + np.uint64(1)))
    mixed = _mixed(mixed + STEP * (np.uint64(thing) + np.uint64(1)))
    return float(mixed >> np.uint64(11)) * UNIT


def round_key(seed: int, number: int) -> np.uint64:
    """Return the key of one round of one repetition.

    >>> bool(round_key(1, 2) != round_key(2, 1))
    True
    """
    state = np.random.SeedSequence((seed, number)).generate_state(1, np.uint64)
    return np.uint64(state[0])
