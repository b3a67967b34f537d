"""What people did with items beside liking them, cut at the same moments as everything else.

An event counts at its own moment: what was begun before a cut and finished after it was not
finished before it. So nothing that a moment knows, and no label, is from later than that moment.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.arrays import Ragged
from engine.data.contract import IMPRESSION, Dataset
from engine.data.split import Split
from engine.objectives import CAME_BACK, FINISHED, OBJECTIVES, objectives_of_word

__all__ = ["ObjectiveEvents", "Sliced", "objective_events"]

DAY = 86_400
NO_TIME = "The data have no time, so what came before the test cannot be told from what came after."


@dataclass(frozen=True, eq=False)
class Sliced:
    """One objective's events, parted by the moments of a split.

    Attributes
    ----------
    in_train, in_seen : bool arrays of shape (nnz,)
        Which entries of the split's ``train`` and ``seen`` it was done with by then.
    labels : Ragged
        Items that each person did it with from the labels' first second to the test's.
    holdout : Ragged
        Items that they did it with from the test's first second on; not met before it, unless items
        come again.
    """

    in_train: NDArray[np.bool_]
    in_seen: NDArray[np.bool_]
    labels: Ragged
    holdout: Ragged


@dataclass(frozen=True, eq=False)
class ObjectiveEvents:
    """Objective → its events; and, of the others, why there are none."""

    found: Mapping[str, Sliced] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)


def objective_events(
    dataset: Dataset, parts: Split, *, finished_from: float | None = None, again: bool = False
) -> ObjectiveEvents:
    """Find what people did, O(rows of interactions).

    Parameters
    ----------
    dataset : Dataset
    parts : Split
        Of it.
    finished_from : float, optional
        An interaction with at least this value counts as finished, whatever its event says: for
        logs whose value is the share that was watched.
    again : bool
        Whether what was met before may be recommended again.
    """
    if not dataset.has_time:
        return ObjectiveEvents(missing=dict.fromkeys(OBJECTIVES, NO_TIME))
    rows = _Rows.of(dataset, parts)
    masks = _marks(dataset, rows, finished_from)
    found, missing = {}, {}
    for name, one in OBJECTIVES.items():
        done = rows.came_back() if name == CAME_BACK else rows.take(masks[name])
        if len(done.pair):
            found[name] = done.sliced(parts, again=again)
        else:
            missing[name] = one.missing
    return ObjectiveEvents(found, missing)


@dataclass(frozen=True, eq=False)
class _Rows:
    """Interactions of the people of a split: person × catalogue + item, and the second."""

    pair: NDArray[np.int64]
    time: NDArray[np.int64]
    value: NDArray[np.float32]
    row: NDArray[np.int64]
    n_items: int

    @classmethod
    def of(cls, dataset: Dataset, parts: Split) -> _Rows:
        table = dataset.interactions
        user = pd.Index(parts.user_ids).get_indexer(pd.Index(table["user_id"]))
        item = pd.Index(parts.item_ids).get_indexer(pd.Index(table["item_id"]))
        is_shown = (table["event"] == IMPRESSION).to_numpy() if "event" in table else user < -1
        row = np.flatnonzero((user >= 0) & ~is_shown)
        time = table["timestamp"].to_numpy().astype("datetime64[s]").view(np.int64)
        pair = user[row].astype(np.int64) * parts.n_items + item[row]
        value = table["value"].to_numpy(dtype=np.float32)[row]
        return cls(pair, time[row], value, row, parts.n_items)

    def take(self, kept: NDArray[np.bool_]) -> _Rows:
        """Take rows by mask."""
        return _Rows(
            self.pair[kept], self.time[kept], self.value[kept], self.row[kept], self.n_items
        )

    def came_back(self) -> _Rows:
        """Return the rows that are a day or more after the first of the same person and item."""
        kept = self.take(self.value >= 0)  # what was taken back is no coming back
        _, place = np.unique(kept.pair, return_inverse=True)
        first = np.full(int(place.max(initial=-1)) + 1, np.iinfo(np.int64).max)
        np.minimum.at(first, place, kept.time)
        return kept.take(kept.time >= first[place] + DAY)

    def sliced(self, parts: Split, *, again: bool) -> Sliced:
        """Part the rows by the moments of the split."""
        user = self.pair // self.n_items
        is_past = self.time < parts.test_begins[user]
        is_train = self.time < parts.label_begins[user]
        seen, train = (_pairs(rows, self.n_items) for rows in (parts.seen, parts.train))
        later = np.unique(self.pair[~is_past])
        if not again:
            later = later[~np.isin(later, seen)]
        return Sliced(
            in_train=np.isin(train, self.pair[is_train]),
            in_seen=np.isin(seen, self.pair[is_past]),
            labels=_ragged(np.unique(self.pair[is_past & ~is_train]), parts),
            holdout=_ragged(later, parts),
        )


def _marks(
    dataset: Dataset, rows: _Rows, finished_from: float | None
) -> dict[str, NDArray[np.bool_]]:
    """Objective → which rows say it."""
    marks = {name: np.zeros(len(rows.row), bool) for name in OBJECTIVES}
    if "event" in dataset.interactions:
        codes, words = pd.factorize(dataset.interactions["event"].iloc[rows.row])
        said = [objectives_of_word(str(word)) for word in words]
        for name in OBJECTIVES:
            marks[name] = np.array([name in one for one in said] + [False], bool)[codes]
    if finished_from is not None:
        marks[FINISHED] = rows.value >= np.float32(finished_from)
    return marks


def _pairs(rows: Ragged, n_items: int) -> NDArray[np.int64]:
    people = np.repeat(np.arange(rows.n_rows), rows.lengths())
    return people * n_items + rows.indices


def _ragged(pairs: NDArray[np.int64], parts: Split) -> Ragged:
    """Lay rising numbers of person and item out as rows."""
    counts = np.bincount(pairs // parts.n_items, minlength=parts.n_users)
    indptr = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return Ragged(indptr, (pairs % parts.n_items).astype(np.int32))
