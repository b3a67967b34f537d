"""Pass, fail, or cannot tell: a limit held against an interval, never against an estimate alone."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import isnan, nan

import numpy as np

from engine.analysis.answer import limit_words, people_needed, reached_words
from engine.analysis.constraints import Part
from engine.analysis.margins import ROUNDING, Margins

__all__ = ["Answer", "Guardrail", "answer_of", "guardrails_of", "together"]


class Answer(StrEnum):
    """All that can be said of a limit."""

    PASS = "pass"
    FAIL = "fail"
    OPEN = "cannot tell"


@dataclass(frozen=True)
class Guardrail:
    """One limit and what can be said of it.

    Attributes
    ----------
    limit : str
        As it is written: ``ndcg loss <= 1%``.
    words : str
        For people: ``NDCG: at most 1 % lost``.
    answer : Answer
        ``PASS`` where the whole interval is on the right side, ``FAIL`` where it is on the wrong
        one.
    value, before : float
        The metric now and in the baseline, of the people it is about.
    margin, margin_low, margin_high : float
        How far on the right side, in the metric's unit; two one-sided bounds, corrected.
    reached, at_worst : str
        The estimate, and its bound towards the limit, in the limit's words.
    needed : int or None
        People that would show a limit that the estimate keeps.
    """

    limit: str
    words: str
    answer: Answer
    value: float = nan
    before: float = nan
    margin: float = nan
    margin_low: float = nan
    margin_high: float = nan
    reached: str = ""
    at_worst: str = ""
    needed: int | None = None

    @property
    def sentence(self) -> str:
        """Say it in one sentence, without a full stop."""
        if isnan(self.margin):
            return f"{self.words}: {self.answer}, nobody here has a value for it"
        more = ""
        if self.answer is Answer.OPEN:
            more = (
                f"; about {self.needed:,} people would be needed"
                if self.needed
                else "; the estimate is on the wrong side"
            )
        return f"{self.words}: {self.answer} ({self.reached}, at worst {self.at_worst}{more})"


def answer_of(margins: Margins, at: int, confidence: float) -> Answer:
    """Hold one margin against 0 with the confidence asked for, corrected for all of them."""
    if margins.certain(confidence)[at] >= -ROUNDING:
        return Answer.PASS
    return Answer.FAIL if margins.is_broken(confidence)[at] else Answer.OPEN


def together(answers: list[Answer]) -> Answer:
    """Return what holds of several: a fail fails all, and all must pass to pass.

    >>> together([Answer.PASS, Answer.OPEN]), together([])
    (<Answer.OPEN: 'cannot tell'>, <Answer.PASS: 'pass'>)
    """
    for one in (Answer.FAIL, Answer.OPEN):
        if one in answers:
            return one
    return Answer.PASS


def guardrails_of(
    margins: Margins, parts: tuple[Part, ...], confidence: float, n_people: int
) -> tuple[Guardrail, ...]:
    """Say of each limit whether it is kept.

    Parameters
    ----------
    margins : Margins
        Of the parts, in their order.
    parts : tuple of Part
    confidence : float
        Of every pass together, and of every fail together.
    n_people : int
    """
    low = margins.certain(confidence)
    found = []
    for at, part in enumerate(parts):
        margin = float(margins.margin[at])
        is_known = not np.isnan(margin)
        found.append(
            Guardrail(
                str(part.constraint),
                part.words,
                answer_of(margins, at, confidence),
                float(margins.value[at]),
                float(margins.before[at]),
                margin,
                float(low[at]),
                2 * margin - float(low[at]),
                reached_words(part, margins, margin, at) if is_known else limit_words(part, nan),
                reached_words(part, margins, float(low[at]), at) if is_known else "",
                people_needed(margins, at, confidence, n_people),
            )
        )
    return tuple(found)
