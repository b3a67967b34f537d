"""Who lost something that they did like: the list before held it, the list now does not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.artifacts import Artifacts
from engine.held_out import is_in_rows

__all__ = ["LostItem", "find_lost"]


@dataclass(frozen=True)
class LostItem:
    """A person and an item that left their list; ``was_liked`` says whether they did like it."""

    user: int
    item: int
    was_liked: bool


def find_lost(
    artifacts: Artifacts, before: NDArray[np.int32], after: NDArray[np.int32]
) -> LostItem | None:
    """Return the person to show: of those who lost a held-out like, the one with most changes.

    Where nobody lost one, anybody who lost anything, most changes first; ``None`` where all lists
    hold what they held. O(users · k²).

    Parameters
    ----------
    before, after : int32 arrays of shape (n_users, k)
        Everyone's lists in the baseline, and now.
    """
    has_left = (before >= 0) & ~(before[:, :, None] == after[:, None, :]).any(axis=2)
    n_left = has_left.sum(axis=1)
    was_liked = has_left & is_in_rows(before, artifacts.holdout, len(artifacts.items))
    for marks, is_like in ((was_liked, True), (has_left, False)):
        people = np.flatnonzero(marks.any(axis=1))
        if len(people):
            user = int(people[np.argmax(n_left[people])])
            place = int(np.argmax(marks[user]))
            return LostItem(user, int(before[user, place]), is_like)
    return None
