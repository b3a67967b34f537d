"""Items by words of their title, over the whole catalogue."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["folded", "titles_matching"]


def folded(text: str) -> str:
    """Return a text as it is compared: without case and without accents.

    >>> folded("Amélie"), folded("STRASSE") == folded("Straße")
    ('amelie', True)
    """
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


def titles_matching(
    titles: Sequence[str], words: str, popularity: ArrayLike, *, at_most: int = 50
) -> NDArray[np.int64]:
    """Return the items whose title holds every word, in any order and as a part of a word too.

    Titles that begin with what was typed come first, then those with a word that begins with its
    first word, then the others; of equals the most popular.

    Parameters
    ----------
    titles : sequence of str, of length n_items
        From :func:`folded`.
    words : str
        What was typed; nothing finds nothing.
    popularity : array of shape (n_items,)
    at_most : int
        How many to return, 1 or more.

    Returns
    -------
    int64 array of shape (n,)
        Indices of items. O(n_items · words).

    Example
    -------
    >>> titles = ["batman", "the bat", "combat", "batman returns"]
    >>> titles_matching(titles, "Bat", [5, 9, 9, 7]).tolist()
    [3, 0, 1, 2]
    """
    typed = folded(words).split()
    if not typed:
        return np.empty(0, np.int64)
    found = [at for at, title in enumerate(titles) if all(word in title for word in typed)]
    start, first = " ".join(typed), typed[0]

    def grade(title: str) -> int:
        if title.startswith(start):
            return 0
        return 1 if any(word.startswith(first) for word in title.split()) else 2

    known = np.asarray(popularity)
    order = sorted(found, key=lambda at: (grade(titles[at]), -known[at], at))
    return np.array(order[:at_most], np.int64)
