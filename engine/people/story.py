"""What a setting did to one person's list, in a sentence."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.artifacts import Artifacts
from engine.data.wording import counted
from engine.formats import percent
from engine.people.taste import genre_membership, liked_items

__all__ = ["introduction", "story"]


def story(
    artifacts: Artifacts, user: int, before: NDArray[np.int32], after: NDArray[np.int32]
) -> str:
    """Say how many items were swapped, and which of those that they did like left or came.

    Titles come from data: they are text, not markup.

    Parameters
    ----------
    before, after : int32 arrays of shape (k,)
        The person's list in the baseline, and now; -1 at empty places.
    """
    old, new = before[before >= 0], after[after >= 0]
    came, left = np.setdiff1d(new, old), np.setdiff1d(old, new)
    n_swapped = max(len(came), len(left))
    k = max(len(old), len(new))
    if not n_swapped:
        n_moved = int((old != new).sum())
        if not n_moved:
            return f"The setting leaves all {k} of their items where they were."
        stay = f"The setting leaves their {counted(k, 'item')} in"
        return f"{stay}, and puts {n_moved} at another place."
    liked = artifacts.holdout.row(user)
    parts = [
        f"{_titles(artifacts, np.intersect1d(items, liked))}, which they did like, {what}"
        for items, what in ((left, "fell out"), (came, "came in"))
        if len(np.intersect1d(items, liked))
    ]
    swapped = f"The setting swapped {n_swapped} of {counted(k, 'item')}"
    if not parts:
        return f"{swapped}, none of which they are known to like."
    return f"{swapped}; {'; '.join(parts)}."


def introduction(artifacts: Artifacts, user: int) -> str:
    """Say who the person is and what they like most: ``Person 7 (woman, writer) likes Drama …``.

    Of what is known of people only the columns of the data are named, not the groups by taste.
    """
    known = artifacts.users.iloc[user]
    told = [str(known[name]) for name in artifacts.users.columns if name != "user_id"][:4]
    who = ", ".join(one for one in told if one not in ("unknown", "nan", ""))
    name = f"Person {known['user_id']}" + (f" ({who})" if who else "")
    liked = liked_items(artifacts, user)
    if not len(liked):
        return f"{name} is not known to like anything."
    n_liked = counted(len(liked), "item")
    if not artifacts.genre_names:
        return f"{name} liked {n_liked}."
    labels, membership = genre_membership(artifacts, liked)
    shares = membership.mean(axis=0, dtype=np.float64)
    first = int(np.argmax(shares))
    share = percent(float(shares[first]))
    return f"{name} likes {labels[first]} most: {share} of the {n_liked} they liked."


def _titles(artifacts: Artifacts, items: NDArray[np.integer]) -> str:
    titles = artifacts.items["title"].iloc[items].astype(str).tolist()
    return titles[0] if len(titles) == 1 else f"{', '.join(titles[:-1])} and {titles[-1]}"
