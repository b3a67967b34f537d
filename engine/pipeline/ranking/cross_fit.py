"""Scores for what learns behind a ranker: nobody's own labels, nor those of who is held out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from engine.pipeline.ranking.folds import scored_by_others
from engine.pipeline.ranking.ranker import Ranker, TrainingSet
from engine.threads import side_by_side

__all__ = ["N_PARTS", "CrossFit", "cross_fitted"]

N_PARTS = 5
"""Parts that people are dealt to in turn."""

Fit = Callable[[TrainingSet], Ranker]


@dataclass(frozen=True, eq=False)
class CrossFit:
    """A ranker's scores of some people, by what it learned without them.

    Attributes
    ----------
    part : int64 array of shape (n_people,)
        In [0, N_PARTS).
    outside : float32 array of shape (n_people, n)
        By the ranker that learned from all other parts.
    without : float32 array of shape (N_PARTS, n_people, n)
        Table ``k`` holds no word of part ``k``'s labels: that part is scored as in ``outside``,
        every other one by a ranker that learned neither from it nor from part ``k``.
    """

    part: NDArray[np.int64]
    outside: NDArray[np.float32]
    without: NDArray[np.float32]


def cross_fitted(fit: Fit, training: TrainingSet, *, most_at_once: int = 1) -> CrossFit:
    """Fit a ranker without each part and without each pair of parts; 15 fits for five parts.

    What is learned on scores that saw a label trusts them too much, and what is then measured on
    people whose labels shaped those scores looks better than it is. Leaving out pairs rules out
    both.

    Parameters
    ----------
    fit : callable
        Fits the ranker on some of the people.
    training : TrainingSet
    most_at_once : int
        Fits that run side by side at most.

    Source
    ------
    Wolpert, "Stacked generalization", 1992; Chernozhukov et al., "Double/debiased machine learning
    for treatment and structural parameters", 2018, for crossing the fits.
    """
    part = np.arange(training.n_people) % N_PARTS
    outside = np.zeros(training.is_label.shape, np.float32)
    without = np.zeros((N_PARTS, *training.is_label.shape), np.float32)

    left_out = [(one,) for one in range(N_PARTS)] + list(combinations(range(N_PARTS), 2))
    pieces = [partial(scored_by_others, fit, training, np.isin(part, names)) for names in left_out]
    found = side_by_side(pieces, most_at_once)
    for names, scores in zip(left_out, found, strict=True):
        mine = part[np.isin(part, names)]
        if len(names) == 1:
            outside[part == names[0]] = scores
            without[names[0], part == names[0]] = scores
        else:
            one, other = names
            without[one, part == other] = scores[mine == other]
            without[other, part == one] = scores[mine == one]
    return CrossFit(part, outside, without)
