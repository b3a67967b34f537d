"""Who a person is, in facts that a page can show."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.arrays import PAD
from engine.artifacts import Artifacts
from engine.data.wording import counted
from engine.formats import Style, count, number
from engine.people import genre_membership, liked_items, list_genre_mix

__all__ = [
    "GenreMix",
    "Portrait",
    "genre_frame",
    "genre_mix_of",
    "genres_in_words",
    "history_table",
    "portrait",
]

SHOWN_GENRES = 8
REST = "all others"
WHOLE_PERCENT = Style(0, as_percent=True)


@dataclass(frozen=True)
class Portrait:
    """One person.

    ``traits`` are (attribute, group) pairs; ``leans_on`` says what the list of somebody with so
    short a history leans on, see :data:`engine.pipeline.ranking.ordering.LEANS_ON`.
    """

    user_id: str
    traits: tuple[tuple[str, str], ...]
    n_history: int
    n_liked: int
    n_held_out: int
    leans_on: int

    @property
    def history_in_words(self) -> str:
        """``83 items in the history, 54 of them liked; 11 later ones held out``."""
        later = count(self.n_held_out) if self.n_held_out else "nothing"
        return (
            f"{counted(self.n_history, 'item')} in the history, {count(self.n_liked)} of them "
            f"liked; {later} held out"
        )


def portrait(artifacts: Artifacts, user: int) -> Portrait:
    """Gather what is known of the person in row ``user``."""
    history = artifacts.history
    span = slice(history.indptr[user], history.indptr[user + 1])
    codes = artifacts.user_groups[user]
    traits = (
        (name, labels[code])
        for (name, labels), code in zip(artifacts.attributes.items(), codes, strict=True)
        if code >= 0
    )
    fallback = artifacts.fallback
    return Portrait(
        user_id=str(artifacts.users["user_id"].iloc[user]),
        traits=tuple(traits),
        n_history=int(span.stop - span.start),
        n_liked=int(np.count_nonzero(artifacts.history_is_liked[span])),
        n_held_out=len(artifacts.holdout.row(user)),
        leans_on=0 if fallback is None else int(fallback[user]),
    )


@dataclass(frozen=True, eq=False)
class GenreMix:
    """Shares of the genres that matter most to a person; the rest is added up.

    Attributes
    ----------
    labels : tuple of str
    liked, before, after : float64 arrays of shape (len(labels),)
        Of the liked history, of the baseline's list and of the list; NaN where empty.
    """

    labels: tuple[str, ...]
    liked: NDArray[np.float64]
    before: NDArray[np.float64]
    after: NDArray[np.float64]


def genre_mix_of(
    artifacts: Artifacts, user: int, before: NDArray[np.int32], after: NDArray[np.int32]
) -> GenreMix:
    """Compare the genres that a person liked with those of their lists.

    The genres with the largest share in the liked history are named, so that their order stands
    still while lists change.
    """
    rows = (liked_items(artifacts, user), before, after)
    labels, (liked, old, new) = _mixes(artifacts, rows)
    order = np.argsort(-np.nan_to_num(liked), kind="stable")
    named, rest = order[:SHOWN_GENRES], order[SHOWN_GENRES:]
    names = tuple(labels[g] for g in named) + ((REST,) if len(rest) else ())
    return GenreMix(names, *(_folded(mix, named, rest) for mix in (liked, old, new)))


def _mixes(
    artifacts: Artifacts, rows: tuple[NDArray[np.int32], ...]
) -> tuple[tuple[str, ...], list[NDArray[np.float64]]]:
    """Genre mix of each row of items, looking up only the items in them."""
    mixes = []
    for row in rows:
        labels, membership = genre_membership(artifacts, row[row != PAD])
        places = np.arange(len(membership), dtype=np.int32)
        mixes.append(list_genre_mix(places[None, :], membership)[0])
    return labels, mixes


def _folded(
    mix: NDArray[np.float64], named: NDArray[np.integer], rest: NDArray[np.integer]
) -> NDArray[np.float64]:
    return np.append(mix[named], mix[rest].sum()) if len(rest) else mix[named]


def genre_frame(mix: GenreMix) -> pd.DataFrame:
    """Return the mix as a table, a row per genre."""
    shares = {"liked": mix.liked, "list before": mix.before, "list now": mix.after}
    return pd.DataFrame({"genre": mix.labels, **shares})


def genres_in_words(mix: GenreMix, n: int = 3) -> str:
    """Name the main genres liked and shown: ``Likes Drama 31 %; gets Comedy 33 %``."""
    liked = [f"{label} {_whole(share)}" for label, share in _largest(mix, mix.liked, n)]
    shown = [f"{label} {_whole(share)}" for label, share in _largest(mix, mix.after, n)]
    return f"Likes {', '.join(liked) or 'nothing known'}; gets {', '.join(shown) or 'nothing'}"


def _largest(mix: GenreMix, shares: NDArray[np.float64], n: int) -> list[tuple[str, float]]:
    order = np.argsort(-np.nan_to_num(shares), kind="stable")
    named = [(mix.labels[g], float(shares[g])) for g in order if mix.labels[g] != REST]
    return [(label, share) for label, share in named[:n] if share > 0]


def _whole(share: float) -> str:
    return number(share, WHOLE_PERCENT)


def history_table(artifacts: Artifacts, user: int) -> pd.DataFrame:
    """Return a person's history, latest first: ``title, genres, liked`` and ``on`` (the day)."""
    history = artifacts.history
    span = slice(history.indptr[user], history.indptr[user + 1])
    items = np.asarray(history.indices[span])[::-1]
    frame = artifacts.items.iloc[items][["title", "genres"]].reset_index(drop=True)
    frame["genres"] = frame["genres"].str.replace("|", ", ", regex=False)
    frame["liked"] = np.asarray(artifacts.history_is_liked[span])[::-1]
    if artifacts.history_day is not None:
        day = np.floor(np.asarray(artifacts.history_day[span])[::-1])
        frame["on"] = day.astype("datetime64[D]").astype("datetime64[s]")
    return frame
