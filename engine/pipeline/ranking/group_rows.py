"""What was found of groups of people and of models of their own, as records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import nan

from engine.metrics.statistics.verdict import Verdict

__all__ = ["Estimate", "GroupRow", "GroupTable", "Tried"]


@dataclass(frozen=True)
class Estimate:
    """A mean over people, half of its 95 % interval (t), and the people."""

    value: float
    half_width: float
    n: int


@dataclass(frozen=True)
class Tried:
    """One kind of model of its own for one group, on people whose labels it did not see.

    Attributes
    ----------
    ndcg : Estimate
        NDCG@10 on the labels.
    gain : Verdict
        Of that over everybody's ranker, person by person, judged with all that were tried.
    changed : Estimate
        Share of the group's lists of ten that hold another item.
    ridge : float
        Of the model that is learned from all of the group; infinite where that is everybody's, NaN
        for a separate one.
    seconds : float
        CPU seconds of measuring it, and of learning it where it serves.
    """

    ndcg: Estimate
    gain: Verdict
    changed: Estimate
    ridge: float
    seconds: float


@dataclass(frozen=True)
class GroupRow:
    """What was found of one group.

    Attributes
    ----------
    code : int
    group : str
        Its label.
    n : int or None
        People; None where they are too few to be told.
    reason : str
        Why nothing was tried; empty where something was.
    ndcg, others : Estimate or None
        NDCG@10 on the labels by everybody's ranker: of the group, and of all other people. None
        where it may not be shown, as ``gap``.
    gap : Verdict or None
        The group's mean minus the others', corrected for the number of groups.
    tried : mapping of str to Tried
        By kind of model; empty where nothing was tried.
    serves : str
        The kind that serves; empty where everybody's ranker does.
    gap_after : Verdict or None
        As ``gap``, with all models that serve.
    closed : tuple of float
        How much nearer the group came to the others: value, and its 95 % interval (Welch).
    """

    code: int
    group: str
    n: int | None
    reason: str = ""
    ndcg: Estimate | None = None
    others: Estimate | None = None
    gap: Verdict | None = None
    tried: Mapping[str, Tried] = field(default_factory=dict)
    serves: str = ""
    gap_after: Verdict | None = None
    closed: tuple[float, float, float] = (nan, nan, nan)


@dataclass(frozen=True)
class GroupTable:
    """What was found of the groups of one attribute.

    Attributes
    ----------
    attribute : str
    rows : tuple of GroupRow
        In the order of the attribute's labels.
    before, after, change : Estimate
        NDCG@10 of everybody asked: by the one ranker, with the models that serve, and the change
        person by person.
    changed : Estimate
        Share of everybody's lists of ten that hold another item.
    n_own : int
        People asked who have a model of their own.
    seconds : float
        CPU seconds of fitting everybody's ranker without each part and each pair of parts.
    """

    attribute: str
    rows: tuple[GroupRow, ...]
    before: Estimate
    after: Estimate
    change: Estimate
    changed: Estimate
    n_own: int
    seconds: float

    @property
    def served(self) -> dict[int, str]:
        """Return group → kind of model, of those that have one."""
        return {row.code: row.serves for row in self.rows if row.serves}
