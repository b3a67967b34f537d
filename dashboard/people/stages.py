"""One person's list at every stage, as the chart and the table of it need it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard.charts.stage_flow import FlowItem, FlowStage
from engine.arrays import PAD
from engine.artifacts import Artifacts

__all__ = ["STAGE_LABELS", "Stage", "flow_of", "person_stages", "stage_table"]

STAGE_LABELS: Mapping[str, str] = {
    "retrieved": "Retrieved",
    "filtered": "Retrieved",
    "ranked": "Ranked",
    "reranked": "Re-ranked",
}
"""Stage → its heading. What was already seen is left out of ``filtered``."""


@dataclass(frozen=True, eq=False)
class Stage:
    """The whole order of one stage for one person.

    Attributes
    ----------
    name : str
        One of :data:`engine.artifacts.STAGES`.
    items : int32 array of shape (n,)
        Best first, without padding.
    """

    name: str
    items: NDArray[np.int32]

    def rank_of(self, item: int) -> int | None:
        """Rank of an item, 1 = top; ``None`` where it is not there."""
        found = np.flatnonzero(self.items == item)
        return int(found[0]) + 1 if len(found) else None


def person_stages(
    artifacts: Artifacts, user: int, reranked: NDArray[np.int32], *, with_seen: bool = False
) -> tuple[Stage, ...]:
    """Return the stages of one person in order.

    Parameters
    ----------
    artifacts : Artifacts
    user : int
    reranked : int32 array of shape (k,)
        The person's list.
    with_seen : bool
        Show retrieval with the items that the person has already seen.
    """
    first = "retrieved" if with_seen else "filtered"
    orders = {
        first: getattr(artifacts, first)[user],
        "ranked": artifacts.candidates[user],
        "reranked": reranked,
    }
    return tuple(Stage(name, _items(order)) for name, order in orders.items())


def _items(order: NDArray[np.int32]) -> NDArray[np.int32]:
    order = np.asarray(order)
    return order[order != PAD]


def flow_of(artifacts: Artifacts, user: int, stages: tuple[Stage, ...], k: int) -> list[FlowStage]:
    """Describe the first ``k`` of each stage for :func:`dashboard.charts.stage_flow.stage_flow`."""
    titles = artifacts.items["title"]
    held_out = set(artifacts.holdout.row(user).tolist())
    seen = set(artifacts.history.row(user).tolist())
    columns: list[FlowStage] = []
    for place, stage in enumerate(stages):
        before = stages[place - 1] if place else None
        items = tuple(
            FlowItem(
                item=item,
                title=str(titles.iloc[item]),
                rank_before=before.rank_of(item) if before else None,
                is_held_out=item in held_out,
                is_seen=item in seen,
            )
            for item in stage.items[:k].tolist()
        )
        n_found = sum(one.is_held_out for one in items)
        note = f"{n_found} of {len(held_out)} ★" if held_out else ""
        if columns:
            listed = {one.item for one in columns[-1].items}
            n_kept = sum(one.item in listed for one in items)
            note = " · ".join(filter(None, (f"{n_kept} kept", note)))
        columns.append(FlowStage(STAGE_LABELS[stage.name], items, note))
    return columns


def stage_table(flow: list[FlowStage]) -> pd.DataFrame:
    """Return the same as a table, one row per rank: a title and a held-out mark per stage."""
    n_rows = max((len(stage.items) for stage in flow), default=0)
    table: dict[str, list[Any]] = {"rank": list(range(1, n_rows + 1))}
    for stage in flow:
        missing = n_rows - len(stage.items)
        name = stage.label.lower()
        table[name] = [one.title for one in stage.items] + [""] * missing
        table[f"{name}: held out"] = [one.is_held_out for one in stage.items] + [False] * missing
        table[f"{name}: rank before"] = [one.rank_before for one in stage.items] + [None] * missing
    return pd.DataFrame(table)
