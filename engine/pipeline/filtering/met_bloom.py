"""What each person has met, held in a Bloom filter: few bits, and wrong now and then.

What was met is always found. Of what was not, about a share ``rate`` is taken for met: it is
offered to nobody whose filter says so. A filter is made from the history alone, so a person's is
the same in the fit, in serving and in what-if.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from rbloom import Bloom

from engine.arrays import PAD, Ragged

__all__ = ["bits_of", "predicted_rate", "taken_for_met"]

WORD = 8
"""Filters are whole bytes."""


def bits_of(lengths: NDArray[np.integer], rate: float) -> NDArray[np.int64]:
    """Bits of filters that hold so many items each: ``⌊n · −ln rate / ln² 2⌋``, up to whole bytes.

    >>> bits_of(np.array([0, 5, 100]), 0.01).tolist()
    [0, 48, 960]
    """
    asked = np.floor(np.asarray(lengths) * (-math.log(rate) / math.log(2) ** 2))
    return (np.ceil(asked / WORD) * WORD).astype(np.int64)


def predicted_rate(lengths: NDArray[np.integer], rate: float) -> NDArray[np.float64]:
    """Chance that a filter of so many items takes another one for met: ``(1 − (1 − 1/m)ᵏⁿ)ᵏ``.

    ``m`` bits, ``k = ⌊−log₂ rate⌋`` of them for each of ``n`` items; 0 where nothing was met. In
    filters of a few bytes the true chance is a little higher (Bose and others, "On the
    false-positive rate of Bloom filters", Information Processing Letters 2008).

    Parameters
    ----------
    lengths : int array of shape (n_people,)
    rate : float in (0, 1)
        As asked for.

    Source
    ------
    Bloom, "Space/time trade-offs in hash coding with allowable errors", CACM 1970.
    """
    n = np.asarray(lengths, np.float64)
    bits = np.maximum(bits_of(lengths, rate), WORD)
    k = max(int(-math.log2(rate)), 1)
    return np.where(n > 0, (1 - (1 - 1 / bits) ** (k * n)) ** k, 0.0)


def taken_for_met(lists: NDArray[np.int32], met: Ragged, rate: float) -> NDArray[np.bool_]:
    """Say which entries each person's filter takes for met; O(entries), in Python.

    Parameters
    ----------
    lists : int32 array of shape (n_people, n)
        :data:`PAD` is never met.
    met : Ragged
        A row of items per person.
    rate : float in (0, 1)

    Returns
    -------
    bool array of shape (n_people, n)
        True for everything in ``met``, and for about ``rate`` of the rest.
    """
    said = np.zeros(lists.shape, bool)
    for person in range(len(lists)):
        own = met.row(person)
        if len(own):
            filled = Bloom(len(own), rate)
            filled.update(own.tolist())
            said[person] = [item in filled for item in lists[person].tolist()]
    return said & (lists != PAD)
