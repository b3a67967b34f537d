"""What was measured of groups and of models of their own, judged together and written down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import nan

import numpy as np

from engine.pipeline.ranking.departure import Departure
from engine.pipeline.ranking.group_evidence import (
    best_clear,
    closed_by,
    estimate,
    gain_verdicts,
    gap_verdicts,
)
from engine.pipeline.ranking.group_measure import SHRUNK, Measured, people_of
from engine.pipeline.ranking.group_rows import GroupRow, GroupTable, Tried
from engine.user_groups import UNKNOWN, Attribute

__all__ = ["table_of"]

TOO_FEW = "too few people, or they would tell of a group with too few"
NOT_BELOW = "not below the others"
NO_GROUP = "no group: they did not say"


def table_of(
    attribute: Attribute,
    measured: Measured,
    departures: Mapping[int, Departure],
    seconds: float,
) -> GroupTable:
    """Judge what was measured, choose what serves, and write it down group by group."""
    judged = _judged(measured, departures)
    serves = {code: best_clear(kinds) for code, kinds in judged.items()}
    after, is_changed = measured.ndcg.copy(), np.zeros(len(measured.ndcg))
    for code, kind in serves.items():
        if kind:
            people = people_of(measured.codes, code)
            after[people] = measured.tried[code][kind].ndcg
            is_changed[people] = measured.tried[code][kind].is_changed
    later = gap_verdicts(after, measured.codes, measured.shown)
    rows = [
        _row(code, label, measured, judged.get(code, {}), serves.get(code, ""))
        for code, label in enumerate(attribute.labels)
    ]
    gain = after - measured.ndcg
    rows = [
        replace(
            row,
            gap_after=later.get(row.code),
            closed=closed_by(gain, measured.codes == row.code),
        )
        if row.serves
        else row
        for row in rows
    ]
    return GroupTable(
        attribute.name,
        tuple(rows),
        estimate(measured.ndcg),
        estimate(after),
        estimate(gain),
        estimate(is_changed),
        int(sum((measured.codes == code).sum() for code, kind in serves.items() if kind)),
        seconds,
    )


def _judged(measured: Measured, departures: Mapping[int, Departure]) -> dict[int, dict[str, Tried]]:
    pairs = [(code, kind) for code, kinds in measured.tried.items() for kind in kinds]
    before = [measured.ndcg[measured.codes == code] for code, _ in pairs]
    after = [measured.tried[code][kind] for code, kind in pairs]
    gains = [one.ndcg - old for one, old in zip(after, before, strict=True)]
    found: dict[int, dict[str, Tried]] = {}
    for (code, kind), one, verdict in zip(pairs, after, gain_verdicts(gains, before), strict=True):
        ridge = departures[code].ridge if kind == SHRUNK else nan
        found.setdefault(code, {})[kind] = Tried(
            estimate(one.ndcg),
            verdict,
            estimate(one.is_changed.astype(np.float64)),
            ridge,
            one.seconds,
        )
    return found


def _row(
    code: int, label: str, measured: Measured, kinds: Mapping[str, Tried], serves: str
) -> GroupRow:
    is_mine = measured.codes == code
    if not measured.shown[code]:
        return GroupRow(code, label, None, TOO_FEW)
    reason = "" if kinds else NO_GROUP if label == UNKNOWN else NOT_BELOW
    return GroupRow(
        code,
        label,
        int(is_mine.sum()),
        reason,
        estimate(measured.ndcg[is_mine]),
        estimate(measured.ndcg[~is_mine]),
        measured.gaps.get(code),
        kinds,
        serves,
    )
