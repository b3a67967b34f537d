"""What a round of lists is measured by, for people and for items."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.formats import SHARE, Style

__all__ = ["MEASURES", "Measure", "item_measures", "means_of_groups"]


@dataclass(frozen=True)
class Measure:
    """One figure of a round.

    ``direction`` says which way is better: higher, lower, or neither, where lists drawn at random
    would come out best. ``bend`` is the way that people mean who want to bend its curve.
    ``question`` is what its curve answers.
    """

    name: str
    label: str
    direction: str
    bend: int
    style: Style
    words: str
    question: str


MEASURES: dict[str, Measure] = {
    one.name: one
    for one in (
        Measure(
            "ndcg",
            "NDCG by preference",
            "higher",
            1,
            Style(),
            "how near each list comes to the best one of titles that may be shown, by the "
            "preferences of this world",
            "Do lists stay what people like?",
        ),
        Measure(
            "plays",
            "Plays per person",
            "higher",
            1,
            Style(2),
            "in one round",
            "Do people play more?",
        ),
        Measure(
            "gini",
            "Gini of exposure",
            "neither",
            -1,
            Style(),
            "0 = every title of the catalogue is seen alike, 1 = one title takes all",
            "Does it end in a few titles?",
        ),
        Measure(
            "coverage",
            "Coverage",
            "neither",
            1,
            SHARE,
            "titles that stand in anybody's list",
            "How much is seen?",
        ),
        Measure(
            "tail",
            "Long-tail share",
            "neither",
            1,
            SHARE,
            "places that go to the long tail, as it was before the first round",
            "Does the long tail fade?",
        ),
        Measure(
            "overlap",
            "Overlap of lists",
            "neither",
            -1,
            SHARE,
            "share of a list that another person's list holds too: homogenisation",
            "Do lists grow alike?",
        ),
        Measure(
            "unseen",
            "True likes never shown",
            "lower",
            -1,
            SHARE,
            "of the 50 titles that each person prefers most of those that may be shown, those "
            "that no list has shown them so far",
            "What is never found?",
        ),
        Measure(
            "gap",
            "NDCG gap",
            "lower",
            -1,
            Style(),
            "between the group served best and the one served worst",
            "Does the gap grow?",
        ),
    )
}
"""Name → measure, in the order of the page; ``gap`` depends on the attribute chosen."""


def item_measures(
    lists: NDArray[np.int32], is_tail: NDArray[np.bool_], discounts: NDArray[np.float64]
) -> dict[str, float]:
    """Measure a round of lists on the side of the items.

    Parameters
    ----------
    lists : int32 array of shape (n_people, k)
        -1 where a place is empty.
    is_tail : bool array of shape (n_items,)
    discounts : float64 array of shape (k,)
        Attention of each place.

    Returns
    -------
    dict
        ``gini`` over all items, those never shown included; ``coverage``; ``tail``; ``overlap``,
        the expected share of one list in another's: ``Σ c (c − 1) / (n (n − 1) k)`` for counts c.
        NaN where nothing is shown (``overlap``: or nobody else is there).
    """
    n_items, (n_people, k) = len(is_tail), lists.shape
    is_there = lists >= 0
    shown = lists[is_there]
    counts = np.bincount(shown, minlength=n_items).astype(np.float64)
    weights = np.broadcast_to(discounts, lists.shape)[is_there]
    exposure = np.sort(np.bincount(shown, weights=weights, minlength=n_items))
    total = exposure.sum()
    ranks = 2 * np.arange(1, n_items + 1) - n_items - 1
    pairs = n_people * (n_people - 1) * k
    return {
        "gini": float(ranks @ exposure / (n_items * total)) if total else np.nan,
        "coverage": float((counts > 0).mean()) if total else np.nan,
        "tail": float(counts[is_tail].sum() / counts.sum()) if total else np.nan,
        "overlap": float((counts * (counts - 1)).sum() / pairs) if pairs else np.nan,
    }


def means_of_groups(
    values: NDArray[np.float64], codes: NDArray[np.int64], n_groups: int
) -> NDArray[np.float64]:
    """Return the mean of each group over its people with a value, shape (n_groups,).

    Parameters
    ----------
    values : float64 array of shape (n_people,)
    codes : int64 array of shape (n_people, n_attributes)
        Number of each person's group among the ``n_groups`` of all attributes.
    n_groups : int
    """
    is_known = np.isfinite(values)
    sums, counts = np.zeros(n_groups), np.zeros(n_groups)
    for column in codes.T:
        sums += np.bincount(column[is_known], weights=values[is_known], minlength=n_groups)
        counts += np.bincount(column[is_known], minlength=n_groups)
    return np.divide(sums, counts, out=np.full(n_groups, np.nan), where=counts > 0)
