"""From which value on an interaction counts as liked, where nobody says.

The rule, in the order in which it is tried:

1. All values alike, or no values: every interaction is a like.
2. **Ratings.** Values that fill a scale whose top is 1, 2, 3, 5, 7, 10, 20 or 100, or that are few
   different ones: the upper quarter of the scale. That is 4 of 5, 8 of 10, 75 of 100, .75 of 1, 1
   of 0 and 1.
3. **Amounts** (counts, minutes, money): most are small and few are large, so that the middle one
   lies in the lowest quarter of the range, or the lowest is by far the most frequent. Every amount
   above 0 is a like: choosing was the answer.
4. **Scores** of any other range: the upper quarter of the range.

Where the upper quarter holds less than one in ten, the upper third of the interactions is liked
instead. The threshold is always said, with the share of interactions that reach it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.data.contract import IMPRESSION
from engine.data.wording import counted
from engine.errors import DataError
from engine.formats import percent

__all__ = ["Liked", "check_liked", "liked_from", "liked_from_counts", "liked_of"]

TOPS = (1.0, 2.0, 3.0, 5.0, 7.0, 10.0, 20.0, 100.0)
"""Highest values of usual scales."""

UPPER = 0.75
FEWEST = 0.10
INSTEAD = 1 / 3
FEW_VALUES = 21
BY_FAR = 0.4


@dataclass(frozen=True)
class Liked:
    """A threshold, and how it came about.

    Attributes
    ----------
    threshold : float
        An interaction with at least this value is liked.
    why : str
        Half a sentence.
    n_liked, n : int
        Interactions that reach it, of how many.
    """

    threshold: float
    why: str
    n_liked: int = 0
    n: int = 0

    @property
    def sentence(self) -> str:
        """The threshold with its reason and its reach, and how to set another."""
        return (
            f"An interaction is liked where its value is {self.threshold:g} or more ({self.why}): "
            f"{percent(self.n_liked / max(self.n, 1))} of {counted(self.n, 'interaction')}. "
            "Another threshold: `make run LIKED=…`, or `--liked` on the command line."
        )


def check_liked(liked: float | None) -> None:
    """Raise :class:`DataError` for a threshold that is no number."""
    if liked is not None and not math.isfinite(liked):
        raise DataError(f"The threshold for liked must be a number; got {liked}.")


def liked_of(
    interactions: pd.DataFrame, liked: float | None, about: str, *, usual: Liked | None = None
) -> Liked:
    """Return the threshold asked for or, where it is None, the one derived from the values.

    Impressions are no interactions here; a table without values is all likes.

    Parameters
    ----------
    interactions : DataFrame
        With ``value`` (float) and ``event`` where the file has them.
    liked : float, optional
    about : str
        File and row count, the opening of the sentence.
    usual : Liked, optional
        Stands where nobody asked, in place of the rule.

    Raises
    ------
    DataError
        No interaction has so high a value.
    """
    check_liked(liked)
    values = np.ones(len(interactions), np.float32)
    if "value" in interactions:
        values = interactions["value"].to_numpy().astype(np.float32)
    if "event" in interactions:
        is_chosen = (interactions["event"] != IMPRESSION).to_numpy()
        values = values[is_chosen] if is_chosen.any() else values
    found = usual or liked_from(values)
    if liked is not None:
        found = Liked(float(liked), "as asked for")
    # Values are kept with 32 bits; the threshold is compared with them as such.
    n_liked = int(np.count_nonzero(values >= np.float32(found.threshold)))
    if not n_liked:
        raise DataError(
            f"{about}: no row has a `value` of {found.threshold:g} or more, so nothing counts as "
            f"liked (the largest is {values.max():g}); give a lower threshold for liked."
        )
    return replace(found, n_liked=n_liked, n=len(values))


def liked_from(values: NDArray[np.floating]) -> Liked:
    """Derive the threshold from the values of all interactions; see the module for the rule.

    Parameters
    ----------
    values : float array of shape (n,)
        Finite; n at least 1.

    Examples
    --------
    >>> liked_from(np.array([1, 2, 3, 4, 4, 5, 5])).threshold
    4.0
    >>> liked_from(np.array([0, 3, 5, 6, 8, 9, 10])).threshold
    8.0
    >>> liked_from(np.array([1, 1, 1, 2, 9, 240])).threshold
    1.0
    """
    found, counts = np.unique(np.asarray(values, dtype=np.float64), return_counts=True)
    return liked_from_counts(found, counts)


def liked_from_counts(found: NDArray[np.float64], counts: NDArray[np.int64]) -> Liked:
    """Derive the threshold from the different values, rising, and how often each is there."""
    if len(found) == 1:
        return Liked(float(found[0]), "all values are the same")
    if _is_amount(found, counts):
        least = found[found > 0][0] if found[-1] > 0 else found[-1]
        return Liked(float(least), "values are amounts, and every amount above 0 is an answer")
    low, high = _scale(found)
    cut = low + UPPER * (high - low)
    liked = Liked(_from_here(found, cut), f"the upper quarter of values from {low:g} to {high:g}")
    if counts[found >= liked.threshold].sum() >= FEWEST * counts.sum():
        return liked
    above = np.cumsum(counts[::-1])[::-1] / counts.sum()
    within = np.flatnonzero(above <= INSTEAD)
    place = within[0] if len(within) else len(found) - 1
    return Liked(float(found[place]), "the upper third of all interactions")


def _is_amount(found: NDArray[np.float64], counts: NDArray[np.int64]) -> bool:
    """Whether most values are small and few are large; see the module."""
    if found[0] < 0 < found[-1]:
        is_gain = found > 0  # what was taken back is below nought, and no sign of a scale
        found, counts = found[is_gain], counts[is_gain]
    if len(found) <= 2 or found[-1] <= 1:
        return False
    share = counts / counts.sum()
    positive = found > 0
    is_whole = (found % 1 == 0).all()
    first = share[positive][:3]
    falls = len(first) == 3 and first[0] >= BY_FAR and first[0] > first[1] >= first[2]
    if is_whole and falls:
        return True
    middle = found[np.searchsorted(np.cumsum(share), 0.5)]
    lies_low = middle - found[0] < (found[-1] - found[0]) / 4
    is_wide = found[-1] > TOPS[-1] or len(found) > FEW_VALUES / 3
    return bool(lies_low and found[-1] not in TOPS and is_wide)


def _scale(found: NDArray[np.float64]) -> tuple[float, float]:
    """Lowest and highest value of the scale that the values are on."""
    low, high = float(found[0]), float(found[-1])
    is_known = high in TOPS or len(found) <= FEW_VALUES
    top = next((top for top in TOPS if high <= top), None)
    if low < 0 or top is None or not is_known or high <= 0:
        return low, high
    return (1.0 if low >= 1 and 1 < top <= 10 else 0.0), top


def _from_here(found: NDArray[np.float64], cut: float) -> float:
    """Return the first value from ``cut`` on where values are few, else ``cut`` with few digits."""
    at_least = found[found >= cut]
    if not len(at_least):
        return cut
    if len(found) <= FEW_VALUES:
        return float(at_least[0])
    digits = 2 - math.floor(math.log10(abs(cut))) if cut else 0
    return float(math.ceil(cut * 10**digits - 1e-9) / 10**digits)
