"""What a fit says of models of their own for groups of people, as the manifest holds it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from engine.metrics.statistics.verdict import Verdict
    from engine.pipeline.ranking.group_rows import Estimate, GroupRow, GroupTable, Tried

__all__ = ["DifferenceSaid", "EstimateSaid", "ForGroupsSaid", "GroupSaid", "TriedSaid"]
__all__ += ["groups_said"]


class EstimateSaid(TypedDict):
    """A mean over ``n`` people, and half of its 95 % interval (t)."""

    value: float | None
    half_width: float | None
    n: int


class DifferenceSaid(TypedDict):
    """A difference with its interval, of ``confidence``, and the word that it earns."""

    value: float | None
    low: float | None
    high: float | None
    confidence: float | None
    word: str


class TriedSaid(TypedDict):
    """One kind of model for a group; see :class:`engine.pipeline.ranking.group_rows.Tried`.

    ``ridge`` is undefined for a separate model, and for a shrunk one that is everybody's.
    """

    kind: str
    ndcg_at_10: EstimateSaid
    gain: DifferenceSaid
    changed: EstimateSaid
    ridge: float | None
    seconds: float


class GroupSaid(TypedDict):
    """One group; see :class:`engine.pipeline.ranking.group_rows.GroupRow`."""

    group: str
    n: int | None
    reason: str
    ndcg_at_10: EstimateSaid | None
    others: EstimateSaid | None
    gap: DifferenceSaid | None
    tried: list[TriedSaid]
    serves: str
    gap_after: DifferenceSaid | None
    closed: float | None
    closed_low: float | None
    closed_high: float | None


class ForGroupsSaid(TypedDict):
    """The groups of one attribute; see :class:`engine.pipeline.ranking.group_rows.GroupTable`."""

    attribute: str
    groups: list[GroupSaid]
    before: EstimateSaid
    after: EstimateSaid
    change: EstimateSaid
    changed: EstimateSaid
    n_own: int
    seconds: float


def groups_said(table: GroupTable) -> ForGroupsSaid:
    """Write the table down; what is undefined is NaN here and null in the file."""
    return ForGroupsSaid(
        attribute=table.attribute,
        groups=[_group(row) for row in table.rows],
        before=_estimate(table.before),
        after=_estimate(table.after),
        change=_estimate(table.change),
        changed=_estimate(table.changed),
        n_own=table.n_own,
        seconds=table.seconds,
    )


def _group(row: GroupRow) -> GroupSaid:
    closed, low, high = row.closed
    return GroupSaid(
        group=row.group,
        n=row.n,
        reason=row.reason,
        ndcg_at_10=_estimate(row.ndcg) if row.ndcg else None,
        others=_estimate(row.others) if row.others else None,
        gap=_difference(row.gap) if row.gap else None,
        tried=[_tried(kind, one) for kind, one in row.tried.items()],
        serves=row.serves,
        gap_after=_difference(row.gap_after) if row.gap_after else None,
        closed=closed,
        closed_low=low,
        closed_high=high,
    )


def _tried(kind: str, one: Tried) -> TriedSaid:
    return TriedSaid(
        kind=kind,
        ndcg_at_10=_estimate(one.ndcg),
        gain=_difference(one.gain),
        changed=_estimate(one.changed),
        ridge=one.ridge,
        seconds=one.seconds,
    )


def _estimate(one: Estimate) -> EstimateSaid:
    return EstimateSaid(value=one.value, half_width=one.half_width, n=one.n)


def _difference(one: Verdict) -> DifferenceSaid:
    return DifferenceSaid(
        value=one.value,
        low=one.low,
        high=one.high,
        confidence=one.confidence,
        word=str(one.word),
    )
