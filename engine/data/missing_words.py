"""Words that stand for "nothing" in files that other programs wrote."""

from __future__ import annotations

import pandas as pd

__all__ = ["is_missing"]

WORDS = frozenset(
    {
        "",
        "nan",
        "<na>",
        "n/a",
        "#n/a",
        "null",
        "<null>",
        "nat",
        "\\n",
        "-",
        "--",
        "?",
        "unknown",
        "(unknown)",
        "missing",
        "undefined",
    }
)
"""Compared without case and without blanks around."""

EXACT = frozenset({"None", "NA"})
"""Only in this spelling: ``none`` may be an answer, and ``na`` a word."""


def is_missing(text: pd.Series) -> pd.Series:
    """Mark cells that hold nothing or a word for it.

    ``NA`` is a code like others, not a word for nothing, where every other cell is a code of two
    capitals too (``EU``, ``US``, ``NA`` for North America).

    Parameters
    ----------
    text : Series of str
        Without missing values; ``""`` where there was nothing.

    Returns
    -------
    Series of bool

    Examples
    --------
    >>> is_missing(pd.Series(["man", "NaN", " ", "NA"])).tolist()
    [False, True, True, True]
    >>> is_missing(pd.Series(["EU", "NA", ""])).tolist()
    [False, False, True]
    """
    bare = text.str.strip()
    found = bare.str.casefold().isin(WORDS)
    exact = bare.isin(EXACT)
    others = bare[~found & ~exact]
    if len(others) and others.str.fullmatch("[A-Z]{2}").all():
        exact &= bare != "NA"
    return found | exact
