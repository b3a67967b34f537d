"""What a fit says of its rankers: how each was measured, and what the one that serves is worth."""

from __future__ import annotations

from typing import TypedDict

__all__ = ["LearningSaid", "RankerSaid", "ReliabilitySaid", "SecondSaid"]


class RankerSaid(TypedDict):
    """What a ranker reached on people whose labels it did not see, and its gain over retrieval.

    Half-widths are those of 95 % intervals over people.
    """

    name: str
    ndcg_at_10: float
    half_width: float | None
    gain: float
    gain_half_width: float | None
    n: int


class SecondSaid(TypedDict):
    """What a second stage reached on people whose labels neither stage saw.

    Attributes
    ----------
    name : str
    serves : bool
        Whether it stands behind the ranker, which it does where ``gain`` is above 0.
    ndcg_at_10, first_ndcg_at_10 : float
        With it, and of the ranker alone.
    gain, gain_half_width : float
        Paired over people, with half of its 95 % interval.
    n : int
    """

    name: str
    serves: bool
    ndcg_at_10: float
    first_ndcg_at_10: float
    gain: float
    gain_half_width: float | None
    n: int


class ReliabilitySaid(TypedDict):
    """Candidates whose chance of a like was said to be alike, and the share that was liked."""

    said: float
    came: float
    half_width: float | None
    n_rows: int
    n: int


class LearningSaid(TypedDict):
    """What a ranker reaches that learned from a part of the people; see ``LearningPoint``."""

    name: str
    share: float
    n_taught: int
    ndcg_at_10: float
    half_width: float | None
    loss: float
    loss_half_width: float | None
    n: int
