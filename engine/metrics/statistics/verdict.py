"""One kind of verdict: a word, and the interval of the same procedure, so that they never disagree.

A difference comes in as an :class:`Evidence`: its value, its p, and its interval at any error.
:func:`judge` corrects a family of them together and hands back a :class:`Verdict` each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import isnan, nan

import numpy as np

from engine.metrics.statistics.evidence import Evidence, is_rounding
from engine.metrics.statistics.policy import POLICY, Policy

__all__ = ["Verdict", "Word", "direction_word", "judge"]


class Word(StrEnum):
    """All that can be said of a difference."""

    BETTER = "better"
    WORSE = "worse"
    NEARER = "nearer"
    FURTHER = "further"
    HIGHER = "higher"
    LOWER = "lower"
    NOT_CLEAR = "no clear change"
    AS_BEFORE = "as before"
    TOO_FEW_PEOPLE = "too few people"
    TOO_FEW_EVENTS = "too few events"
    UNDEFINED = "undefined"

    @property
    def is_clear(self) -> bool:
        """True where a difference was found beyond the noise."""
        return self in _CLEAR

    @property
    def tone(self) -> str:
        """``good``, ``bad``, ``moved`` (neither way is better) or ``none``."""
        return _TONES.get(self, "none")


_TONES = {
    Word.BETTER: "good",
    Word.NEARER: "good",
    Word.WORSE: "bad",
    Word.FURTHER: "bad",
    Word.HIGHER: "moved",
    Word.LOWER: "moved",
}
_CLEAR = frozenset(_TONES)


@dataclass(frozen=True)
class Verdict:
    """What can be said of a difference.

    Attributes
    ----------
    word : Word
    value : float
        The difference; 0 where it is rounding, NaN where undefined.
    low, high : float
        Its interval by the test and the correction behind ``word``: it leaves 0 out exactly where
        the word is clear. NaN where there is too little to tell.
    confidence : float
        Of that interval: 0.95 for one difference alone, more where several are corrected together.
    p, p_adjusted : float
        Of no difference, as it stands and corrected.
    reason : str
        What is undefined, or too few, and why; empty otherwise.
    before : float
        What it is a difference from; NaN where that is not known.
    """

    word: Word
    value: float = nan
    low: float = nan
    high: float = nan
    confidence: float = nan
    p: float = nan
    p_adjusted: float = nan
    reason: str = ""
    before: float = nan

    @property
    def is_clear(self) -> bool:
        """True where a difference was found beyond the noise."""
        return self.word.is_clear

    def __str__(self) -> str:
        return str(self.word)


def direction_word(
    direction: str, difference: float, *, before: float = nan, target: float = nan
) -> Word:
    """Say a clear difference in the words that its metric's direction allows.

    >>> str(direction_word("lower", -0.1)), str(direction_word("neither", -0.1))
    ('better', 'lower')
    >>> str(direction_word("target", 0.3, before=0.5, target=0.6))
    'further'
    """
    if direction in ("higher", "lower"):
        return Word.BETTER if (difference > 0) == (direction == "higher") else Word.WORSE
    if direction == "target" and not (isnan(before) or isnan(target)):
        gain = abs(before - target) - abs(before + difference - target)
        if not is_rounding(gain, before, target):
            return Word.NEARER if gain > 0 else Word.FURTHER
    return Word.HIGHER if difference > 0 else Word.LOWER


def judge(family: Sequence[Evidence], policy: Policy = POLICY) -> list[Verdict]:
    """Judge differences that are looked at together.

    Parameters
    ----------
    family : sequence of Evidence
        All of them, also those that cannot be tested: those do not count in the correction.
    policy : Policy

    Returns
    -------
    list of Verdict
        In the order given.
    """
    silent = [_silence(one, policy) for one in family]
    p = np.array(
        [nan if word else one.p for one, word in zip(family, silent, strict=True)], np.float64
    )
    adjusted = policy.adjust(p)
    alpha = policy.alpha(p, adjusted)
    rows = zip(family, silent, p.tolist(), adjusted.tolist(), strict=True)
    return [
        _unheard(one, word, policy) if word else _heard(one, p_, p_adjusted, alpha, policy)
        for one, word, p_, p_adjusted in rows
    ]


def _silence(one: Evidence, policy: Policy) -> Word | None:
    """Return the word for what cannot be judged, or ``None``."""
    if isnan(one.value):
        return Word.UNDEFINED
    if one.n < policy.least_n:
        return Word.TOO_FEW_PEOPLE
    if _has_few_events(one, policy) and not one.is_exact:
        return Word.TOO_FEW_EVENTS
    return Word.UNDEFINED if isnan(one.p) else None


def _has_few_events(one: Evidence, policy: Policy) -> bool:
    return one.n_events < policy.least_events and not is_rounding(one.value, one.before)


def _unheard(one: Evidence, word: Word, policy: Policy) -> Verdict:
    reasons = {
        Word.UNDEFINED: one.reason or "There is nothing to compare.",
        Word.TOO_FEW_PEOPLE: f"{one.n:,} people, fewer than {policy.least_n}.",
        Word.TOO_FEW_EVENTS: (
            f"Fewer than {policy.least_events} of {one.n:,} people "
            f"{'would be expected to' if one.is_exact else ''} have anything but the usual value."
        ).replace("  ", " "),
    }
    value = nan if word is Word.TOO_FEW_PEOPLE else one.value
    return Verdict(word, value, reason=reasons[word], before=one.before)


def _heard(one: Evidence, p: float, adjusted: float, alpha: float, policy: Policy) -> Verdict:
    low, high = one.ends(alpha)
    after = one.before + one.value
    if is_rounding(one.value, one.before, after):
        word, value = Word.AS_BEFORE, 0.0
        low, high = min(low, 0.0), max(high, 0.0)
    elif adjusted < policy.level:
        word, value = (
            direction_word(one.direction, one.value, before=one.before, target=one.target),
            one.value,
        )
    elif _has_few_events(one, policy):
        return replace(_unheard(one, Word.TOO_FEW_EVENTS, policy), p=p, p_adjusted=adjusted)
    else:
        word, value = Word.NOT_CLEAR, one.value
    return Verdict(word, value, low, high, 1 - alpha, p, adjusted, before=one.before)
