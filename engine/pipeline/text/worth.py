"""Whether the texts of a catalogue say enough that a sentence model is worth its time."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.data.wording import counted
from engine.formats import percent

__all__ = ["TextWorth", "text_worth"]

LEAST_WORDS = 2
"""Telling words of a text: with one, new items were ordered no better than by chance, with two
clearly better (``python -m tests.benchmarks texts``)."""

LEAST_SHARE = 0.5
"""Of the items: where fewer have such a text, a sentence model is left out."""

MOST_COMMON = 0.5
"""A word that more than such a share of the texts hold tells nothing apart."""

LOOKED_AT = 5_000
"""Texts, evenly spaced."""

WORD = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True)
class TextWorth:
    """What texts hold.

    Attributes
    ----------
    n_items : int
        Looked at.
    share : float
        Of these, how many have a text of :data:`LEAST_WORDS` telling words; NaN of none.
    n_words : float
        Telling words of the text in the middle; NaN of none.
    """

    n_items: int
    share: float
    n_words: float

    @property
    def lacking(self) -> str:
        """Why a sentence model is not worth its time here; empty where it is."""
        if not self.n_items:
            return "there is no item"
        return "" if self.share >= LEAST_SHARE else f"texts say too little: {self.said}"

    @property
    def said(self) -> str:
        """What texts hold, for people."""
        able = f"{percent(self.share)} of {counted(self.n_items, 'item')}"
        return (
            f"{able} have a text of {LEAST_WORDS} words or more that tell it from others, "
            f"{self.n_words:.0f} in the middle"
        )


def text_worth(texts: Sequence[str]) -> TextWorth:
    """Count the words that tell texts apart: letters, two at least, and not in most of the texts.

    >>> text_worth(["The Heat", "The film of two thieves", "The film of a dog"])
    TextWorth(n_items=3, share=0.3333333333333333, n_words=1.0)
    """
    if not texts:
        return TextWorth(0, float("nan"), float("nan"))
    places = np.unique(np.linspace(0, len(texts) - 1, min(len(texts), LOOKED_AT)).astype(int))
    words = [set(WORD.findall(texts[place].casefold())) for place in places]
    n_with = Counter(word for own in words for word in own)
    most = MOST_COMMON * len(words) if len(words) > 1 else 1
    n_words = np.array([sum(n_with[word] <= most for word in own) for own in words])
    return TextWorth(len(words), float(np.mean(n_words >= LEAST_WORDS)), float(np.median(n_words)))
