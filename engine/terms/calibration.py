"""Calibration: keeps the mix of genres near the person's own history."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.terms.record import Candidates, Floats, Part, Term, weight

__all__ = ["ALPHA", "CALIBRATION"]

ALPHA = 0.01
"""Steck's smoothing: a hundredth of the person's own mix is mixed into the list's."""


def _gain(given: Candidates, chosen: Sequence[int]) -> Floats:
    """Return C(i|S): how much nearer each candidate brings the list's genres to the profile."""
    shares, profile, k = given.genre_shares, given.profile, given.scenario.k
    mix = (1.0 - ALPHA) * shares[chosen].sum(axis=0) / k + ALPHA * profile
    seen = profile > 0
    growth = 1.0 + (1.0 - ALPHA) * shares[:, seen] / (k * mix[seen])
    return (profile[seen] * np.log(growth)).sum(axis=1) / np.log(1.0 / ALPHA)


CALIBRATION = Term(
    weight(
        "calibration",
        "calib",
        "Calibration",
        "Keeps the mix of genres near the person's own history.",
    ),
    serves="people",
    part=Part("calibration", "Calibration", "brown"),
    dynamic=_gain,
)
