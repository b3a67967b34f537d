"""A person's history as it is, and as it would be with other items at its end."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Ragged
from engine.artifacts import Artifacts
from engine.errors import StudioError
from engine.pipeline.retrieval.histories import Histories
from engine.pipeline.serving import everybodys_histories

__all__ = ["changed_history", "history_of"]


def changed_history(
    artifacts: Artifacts,
    user: int | None,
    liked: NDArray[np.int32],
    unliked: NDArray[np.int32],
    keep: int | None,
) -> Histories:
    """Return the person's history with the changed items moved to its end.

    Parameters
    ----------
    artifacts : Artifacts
    user : int or None
        None for somebody new, who has met nothing.
    liked, unliked : int32 arrays of shape (n,)
        Items that are imagined, just now.
    keep : int, optional
        How many of the latest items of the history are kept; all by default.

    Raises
    ------
    StudioError
        For a person that does not exist.
    """
    known, added = history_of(artifacts, user), np.concatenate([unliked, liked])
    items, count = known.seen.indices, known.count
    stays = ~np.isin(items, added)
    if keep is not None:
        stays[: max(0, len(items) - keep)] = False
    now = known.day[-1] if len(items) else artifacts.now_day
    if count is not None:
        before = [count[items == item].sum() for item in added]
        count = np.concatenate([count[stays], np.array(before, np.int32) + 1])
    seen = np.concatenate([items[stays], added])
    amount, where = known.amount, known.where
    if amount is not None:
        amount = np.concatenate([amount[stays], np.full(len(added), np.nan, np.float32)])
    if where is not None:
        here = np.full(len(added), where[-1] if len(where) else -1, np.int16)
        where = np.concatenate([where[stays], here])
    did = known.did
    if did is not None:
        before = [did[items == item] for item in added]
        again = [one[-1] if len(one) else 0 for one in before]
        did = np.concatenate([did[stays], np.array(again, np.uint16)])
    of_added = np.repeat([False, True], [len(unliked), len(liked)])
    return Histories(
        artifacts.n_items,
        Ragged(np.array([0, len(seen)]), seen),
        np.concatenate([known.is_liked[stays], of_added]),
        np.concatenate([known.day[stays], np.full(len(added), now)]),
        count,
        amount,
        where,
        did,
    )


def history_of(artifacts: Artifacts, user: int | None) -> Histories:
    """Return what the person did; nothing of somebody new."""
    everybody = everybodys_histories(artifacts)
    if user is None:
        return everybody.block(0, 1).forgotten()
    if not 0 <= user < artifacts.n_users:
        raise StudioError(
            f"There is no person {user}: people are numbered 0 to {artifacts.n_users - 1}."
        )
    return everybody.block(user, user + 1)
