"""Everything the page shows of one person under one setting, gathered once a redraw."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dashboard.charts.stage_flow import FlowStage
from dashboard.people.stages import Stage, flow_of, person_stages
from dashboard.unique_labels import unique_labels
from engine.arrays import PAD
from engine.artifacts import Artifacts
from engine.scenario import Scenario

__all__ = ["PersonView", "item_called", "item_words", "person_view"]


@dataclass(frozen=True, eq=False)
class PersonView:
    """One person under one setting.

    Attributes
    ----------
    artifacts : Artifacts
    user : int
    scenario : Scenario
    before, after : int32 arrays of shape (k,)
        The list under the baseline and the list under the setting.
    stages : tuple of Stage
    flow : list of FlowStage
        The first ``k`` of each stage.
    item : int
        The item to explain.
    """

    artifacts: Artifacts
    user: int
    scenario: Scenario
    before: NDArray[np.int32]
    after: NDArray[np.int32]
    stages: tuple[Stage, ...]
    flow: list[FlowStage]
    item: int

    @property
    def title(self) -> str:
        """Title of the item to explain."""
        return str(self.artifacts.items["title"].iloc[self.item])

    def rank(self, stage: int) -> int | None:
        """Rank of the item to explain at a stage."""
        return self.stages[stage].rank_of(self.item)


def person_view(
    artifacts: Artifacts,
    user: int,
    scenario: Scenario,
    before: NDArray[np.int32],
    after: NDArray[np.int32],
    *,
    with_seen: bool = False,
    item_id: str = "",
) -> PersonView:
    """Gather a person's view.

    Parameters
    ----------
    artifacts : Artifacts
    user : int
    scenario : Scenario
    before, after : int32 arrays of shape (k,)
        The person's list under the baseline and under the scenario.
    with_seen : bool
        Show retrieval with items already seen.
    item_id : str
        Item to explain; where it is unknown, the one of the list that moved most.
    """
    stages = person_stages(artifacts, user, after, with_seen=with_seen)
    item = artifacts.item_index.get(item_id)
    return PersonView(
        artifacts=artifacts,
        user=user,
        scenario=scenario,
        before=before,
        after=after,
        stages=stages,
        flow=flow_of(artifacts, user, stages, scenario.k),
        item=_most_moved(stages) if item is None else item,
    )


def _most_moved(stages: tuple[Stage, ...]) -> int:
    """Find the item of the last stage that rose most; its first one if none did."""
    *_, ranked, last = stages
    if not len(last.items):
        return int(ranked.items[0]) if len(ranked.items) else 0
    rank = {int(item): place for place, item in enumerate(ranked.items)}
    rose = [rank.get(int(item), place) - place for place, item in enumerate(last.items)]
    return int(last.items[int(np.argmax(rose))])


OUTSIDE = " (not in the list)"
_AROUND = re.compile(r"^\d+\. |" + re.escape(OUTSIDE) + "$")


def item_called(words: str, labels: Sequence[str]) -> int | None:
    """Return the item that :func:`item_words` called so, at whatever place it stood then.

    >>> item_called("7. Speed", ["Batman", "Speed"]), item_called("Gone", ["Batman"])
    (1, None)
    """
    label = _AROUND.sub("", words)
    return labels.index(label) if label in labels else None


def item_words(
    view: PersonView, labels: Sequence[str], found: Sequence[int] = ()
) -> dict[int, str]:
    """Items that can be explained → what to call them, the list first, then other candidates.

    ``labels`` are those of all items; ``found`` by their title stand before other candidates.
    """
    items = [int(item) for item in view.after if item != PAD]
    listed = set(items)
    others = [*found, *view.stages[1].items.tolist(), view.item]
    others = [item for item in dict.fromkeys(others) if item not in listed]
    words = {item: f"{rank}. {labels[item]}" for rank, item in enumerate(items, start=1)}
    words.update({item: f"{labels[item]}{OUTSIDE}" for item in others})
    ids = view.artifacts.items["item_id"]
    return dict(
        zip(words, unique_labels(list(words.values()), [ids.iloc[at] for at in words]), strict=True)
    )
