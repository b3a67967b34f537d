"""D(i|S) of one person's candidates, in float64 from the definition: for explaining a list.

The kernel has the same terms in a form that is fast for everyone; these are plain array formulas
over a matrix of likeness, for one person at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from engine.reranking.kernel.history_mix import ALPHA
from engine.reranking.kernel.span import SMALLEST_RESIDUAL

__all__ = ["aspect_coverage", "calibration_gain", "diversity_by_likeness"]

Chosen = Sequence[int]
Matrix = NDArray[np.float64]


def _nearest(likeness: Matrix, chosen: Chosen, window: int) -> Matrix:
    del window
    return 1.0 - np.clip(likeness[:, chosen], 0.0, 1.0).max(axis=1)


def _average(likeness: Matrix, chosen: Chosen, window: int) -> Matrix:
    del window
    return np.clip(0.5 * (1.0 - likeness[:, chosen].mean(axis=1)), 0.0, 1.0)


def _directions(likeness: Matrix, chosen: Chosen, window: int) -> Matrix:
    """Part of each candidate along each new direction, shape (len(chosen), n)."""
    parts = np.zeros((len(chosen), len(likeness)))
    for level, j in enumerate(chosen):
        recent = parts[max(0, level - window) : level]
        part = likeness[:, j] - recent[:, j] @ recent
        residual = 1.0 - (recent[:, j] ** 2).sum()
        if residual > SMALLEST_RESIDUAL:
            parts[level] = part / np.sqrt(residual)
    return parts


def _volume(likeness: Matrix, chosen: Chosen, window: int) -> Matrix:
    parts = _directions(likeness, chosen[-window:], window)
    residual = np.maximum(1.0 - (parts**2).sum(axis=0), SMALLEST_RESIDUAL)
    return 1.0 + 0.5 * np.log(residual)


def _residual_length(likeness: Matrix, chosen: Chosen, window: int) -> Matrix:
    parts = _directions(likeness, chosen, window)[-window:]
    return np.sqrt(np.maximum(1.0 - (parts**2).sum(axis=0), 0.0))


def _coverage(likeness: Matrix, chosen: Chosen, window: int) -> Matrix:
    del window
    near = np.clip(likeness, 0.0, None)
    cover = near[:, chosen].sum(axis=1)
    return (np.sqrt(cover + near) - np.sqrt(cover)).mean(axis=1)


_METHODS: dict[str, Callable[[Matrix, Chosen, int], Matrix]] = {
    "mmr": _nearest,
    "msd": _average,
    "dpp": _volume,
    "ssd": _residual_length,
    "cover": _coverage,
}


def diversity_by_likeness(method: str, likeness: Matrix, chosen: Chosen, window: int) -> Matrix:
    """Return D(i|S) of every candidate.

    Parameters
    ----------
    method : str
        Any method that uses a likeness.
    likeness : float64 array of shape (n, n)
    chosen : sequence of int
        S, in order.
    window : int
        DPP and SSD; at least ``len(chosen)`` for the whole list.
    """
    if not chosen and method != "cover":
        return np.ones(len(likeness))
    return _METHODS[method](likeness, chosen, window)


def aspect_coverage(shares: Matrix, profile: Matrix, chosen: Chosen) -> Matrix:
    """Return xQuAD's D(i|S), from p(g|i) of shape (n, n_genres) and p(g|u)."""
    left = profile * np.prod(1.0 - shares[chosen], axis=0)
    return shares @ left


def calibration_gain(shares: Matrix, profile: Matrix, chosen: Chosen, k: int) -> Matrix:
    """Return C(i|S): how much nearer each candidate brings the list's genres to the profile."""
    mix = (1.0 - ALPHA) * shares[chosen].sum(axis=0) / k + ALPHA * profile
    seen = profile > 0
    growth = 1.0 + (1.0 - ALPHA) * shares[:, seen] / (k * mix[seen])
    return (profile[seen] * np.log(growth)).sum(axis=1) / np.log(1.0 / ALPHA)
