"""Why the ranker puts an item where it is, in plain words that add up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.people.feature_words import family_of, in_families

__all__ = ["RankReasons", "rank_reasons", "reasons_table"]

ITSELF = "What was learned of the item itself"
"""The last column, where a ranker knows items by their number: no input says it."""

ALIKE = 1e-9
"""A last column that differs by less is alike for all candidates."""


@dataclass(frozen=True, eq=False)
class RankReasons:
    """One candidate's score against the mean of the person's candidates, by family of reasons.

    Attributes
    ----------
    families : tuple of str
        Strongest first, whichever way.
    values : float64 array of shape (n_families,)
        They add up to ``score - mean_score``.
    score, mean_score : float
    """

    families: tuple[str, ...]
    values: NDArray[np.float64]
    score: float
    mean_score: float


def rank_reasons(
    feature_names: Sequence[str], contributions: NDArray[np.float64], place: int
) -> RankReasons:
    """Compare the candidate at ``place`` with the person's mean candidate.

    What is alike for all candidates of a person (how much they have seen, the ranker's mean score)
    cannot decide an order, and comparing takes it out. What a ranker learned of the item by its
    number is a reason of its own.

    Parameters
    ----------
    feature_names : sequence of str, of length n_features
    contributions : float64 array of shape (n_candidates, n_features + 1)
        From :func:`engine.rank_explanation.explain_ranks`; rows of padding are NaN.
    place : int
        0 is the ranker's first.
    """
    known = contributions[np.isfinite(contributions).all(axis=1)]
    against_mean = contributions[place] - known.mean(axis=0)
    families, sums = in_families(feature_names, against_mean[None, :-1])
    values = sums[0]
    if np.ptp(known[:, -1]) > ALIKE:
        families, values = (*families, ITSELF), np.append(values, against_mean[-1])
    order = np.argsort(-np.abs(values), kind="stable")
    return RankReasons(
        families=tuple(families[place] for place in order),
        values=values[order],
        score=float(contributions[place].sum()),
        mean_score=float(known.sum(axis=1).mean()),
    )


REASON_COLUMNS = ("item", "reason", "input", "score against the mean candidate")


def reasons_table(
    feature_names: Sequence[str],
    contributions: NDArray[np.float64] | None,
    place: int | None,
    title: str,
) -> pd.DataFrame:
    """Return every reason for an item's rank: a row per input of the ranker, strongest first.

    Columns: the item, the reason and the input behind it, and its part of the ranker's score, less
    what the same input gives the person's mean candidate. Empty where the item is no candidate
    (``place`` is None); the other arguments are those of :func:`rank_reasons`.
    """
    if contributions is None or place is None:
        return pd.DataFrame(columns=list(REASON_COLUMNS))
    known = contributions[np.isfinite(contributions).all(axis=1)]
    against_mean = contributions[place] - known.mean(axis=0)
    families, inputs = [family_of(name) for name in feature_names], list(feature_names)
    if np.ptp(known[:, -1]) > ALIKE:
        families, inputs = [*families, ITSELF], [*inputs, "its number"]
    parts = against_mean[: len(inputs)]
    cells = zip([title] * len(inputs), families, inputs, parts, strict=True)
    frame = pd.DataFrame(list(cells), columns=list(REASON_COLUMNS))
    return frame.sort_values(REASON_COLUMNS[-1], key=abs, ascending=False, kind="stable")
