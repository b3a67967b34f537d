"""Unfairness of scores between two groups of people (Yao & Huang 2017).

These need scores and truth per pair of a person and an item, for instance the ranker's scores of
the candidates and whether the candidate was a held-out like. Scores and truth must be on one scale.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["ScoreUnfairness", "score_unfairness"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class ScoreUnfairness:
    """Five measures, each at least 0; NaN where undefined.

    With d_i = mean score − mean truth of item i, over the people of one group that have it:

    Attributes
    ----------
    value : float
        mean_i |d_i(G) − d_i(¬G)|: one group is overestimated where the other is not.
    absolute : float
        mean_i ||d_i(G)| − |d_i(¬G)||: one group is estimated worse, in whichever direction.
    under : float
        mean_i |max(−d_i(G), 0) − max(−d_i(¬G), 0)|: one group is underestimated more.
    over : float
        mean_i |max(d_i(G), 0) − max(d_i(¬G), 0)|: one group is overestimated more.
    non_parity : float
        |mean score of G − mean score of ¬G|.
    n_items : int
        Items that both groups have; the first four are means over these.
    n_pairs : int
        Pairs of a person and an item that were given.
    """

    value: float
    absolute: float
    under: float
    over: float
    non_parity: float
    n_items: int
    n_pairs: int


def score_unfairness(
    items: NDArray[np.integer],
    is_group: NDArray[np.bool_],
    scores: NDArray[np.floating],
    truth: NDArray[np.floating],
    n_items: int,
) -> ScoreUnfairness:
    """Measure how unequally a scorer treats a group and everyone else; O(pairs).

    Parameters
    ----------
    items : integer array of shape (n_pairs,)
    is_group : bool array of shape (n_pairs,)
        True where the person belongs to the group.
    scores, truth : float arrays of shape (n_pairs,)
    n_items : int

    Source: Yao & Huang, NeurIPS 2017, equations 3 to 7; RecBole-FairRec.
    """
    error = np.asarray(scores, np.float64) - np.asarray(truth, np.float64)
    sides = [_mean_by_item(items[part], error[part], n_items) for part in (is_group, ~is_group)]
    has = ~np.isnan(sides[0]) & ~np.isnan(sides[1])
    group, rest = sides[0][has], sides[1][has]
    both = is_group.any() and (~is_group).any()
    parity = abs(scores[is_group].mean() - scores[~is_group].mean()) if both else np.nan
    return ScoreUnfairness(
        value=_mean(np.abs(group - rest)),
        absolute=_mean(np.abs(np.abs(group) - np.abs(rest))),
        under=_mean(np.abs(np.maximum(-group, 0) - np.maximum(-rest, 0))),
        over=_mean(np.abs(np.maximum(group, 0) - np.maximum(rest, 0))),
        non_parity=float(parity),
        n_items=int(has.sum()),
        n_pairs=len(items),
    )


def _mean_by_item(items: NDArray[np.integer], values: Floats, n_items: int) -> Floats:
    n = np.bincount(items, minlength=n_items)
    total = np.bincount(items, values, n_items)
    return np.divide(total, n, out=np.full(n_items, np.nan), where=n > 0)


def _mean(values: Floats) -> float:
    return float(values.mean()) if len(values) else np.nan
