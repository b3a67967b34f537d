"""What a fit says of its rankers: how each was measured, and what the one that serves is worth."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, NotRequired, TypedDict, cast

if TYPE_CHECKING:
    from collections.abc import Sequence

    from _typeshed import DataclassInstance

    from engine.pipeline.ranking.choice import RankerTable
    from engine.pipeline.ranking.stability import StabilityPoint

__all__ = [
    "LearningSaid",
    "ObjectiveSaid",
    "RankerSaid",
    "ReliabilitySaid",
    "SecondSaid",
    "StabilitySaid",
    "learning_said",
    "rankers_said",
    "reliability_said",
    "stability_said",
]


class RankerSaid(TypedDict):
    """What a ranker reached on people whose labels it did not see, and its gain over retrieval.

    Half-widths are those of 95 % intervals over people; ``members`` are the rankers of a blend
    with their weights, which fits of before do not have.
    """

    name: str
    ndcg_at_10: float
    half_width: float | None
    gain: float
    gain_half_width: float | None
    n: int
    members: NotRequired[list[Any]]  # a pair each: read from JSON, where pairs are lists


class _ObjectiveSaid(TypedDict):
    """A ranker of its own for what people do beside liking.

    Attributes
    ----------
    name : str
        Of :data:`engine.objectives.OBJECTIVES`.
    n_labels, n_people : int
        Events among the candidates that it learned from, and people behind them.
    n_held_out : int
        Events in the test.
    ndcg_at_10, half_width : float or None
        On the labels of people that it was not taught by, and half of the 95 % interval (t).
    gain, gain_half_width : float or None
        The same of the difference from the retrieved order, person by person.
    n : int
        Those people.
    """

    name: str
    n_labels: int
    n_people: int
    n_held_out: int
    ndcg_at_10: float | None
    half_width: float | None
    gain: float | None
    gain_half_width: float | None
    n: int


class ObjectiveSaid(_ObjectiveSaid, total=False):
    """The same, where a network with several heads was asked for.

    Attributes
    ----------
    ranker : str
        What serves: ``heads`` or ``logistic``; a logistic regression where nothing is said.
    head_gain, head_half_width : float or None
        Difference of the head's NDCG@10 from the regression's, person by person, both not taught by
        them, and half of its 95 % interval (t).
    head_n : int
        Those people.
    """

    ranker: str
    head_gain: float | None
    head_half_width: float | None
    head_n: int


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
    weight : float
        Of its standardised scores beside the ranker's, in [0, 1].
    """

    name: str
    serves: bool
    ndcg_at_10: float
    first_ndcg_at_10: float
    gain: float
    gain_half_width: float | None
    n: int
    weight: float


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


class StabilitySaid(TypedDict):
    """What a weight of the last ranker's word costs and keeps; see ``StabilityPoint``."""

    stay: float
    ndcg_at_10: float
    half_width: float | None
    correlation: float | None
    correlation_half_width: float | None
    changed: float
    changed_half_width: float | None
    n: int


def rankers_said(table: RankerTable | None) -> list[RankerSaid]:
    """Write the rankers that were compared, best first; none where nothing was."""
    return cast("list[RankerSaid]", _said(table.rows if table else ()))


def reliability_said(table: RankerTable | None) -> list[ReliabilitySaid]:
    """Write the bins of chances, lowest first."""
    return cast("list[ReliabilitySaid]", _said(table.reliability if table else ()))


def learning_said(table: RankerTable | None) -> list[LearningSaid]:
    """Write the points of the learning curves."""
    return cast("list[LearningSaid]", _said(table.learning if table else ()))


def stability_said(points: Sequence[StabilityPoint]) -> list[StabilitySaid]:
    """Write the points of the curve of stability; none where no last ranker was asked."""
    return cast("list[StabilitySaid]", _said(points))


def _said(records: Sequence[DataclassInstance]) -> list[dict[str, Any]]:
    """Write records by the names of their fields, which are those of what is said."""
    return [asdict(one) for one in records]
