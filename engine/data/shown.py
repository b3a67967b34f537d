"""The log of what was shown, out of a data set: one row for each place that was shown.

Programs log in two forms, and both are read. In one, a place is one row, whose ``event`` is
``impression`` or what came of it. In the other, the impression is a row, and a click, a purchase or
a finish is a row more; it is joined to its impression:

- by person, title and ``slate`` (the list it stood in), where rows name a slate;
- else to the last impression of the same person, title and place, earlier by at most a day, where
  nearly all such rows have one;
- a row without a place, to the person's last impression of the title.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.data.contract import LOG_NUMBERS, LOG_TEXTS, Dataset
from engine.importing.event_words import strength_of

__all__ = ["LOG_COLUMNS", "has_log", "log_table", "one_row_a_place", "strengths"]

LOG_COLUMNS = ("user_id", "item_id", "timestamp", "event", *LOG_NUMBERS, *LOG_TEXTS)
JOINED_WITHIN = pd.Timedelta(days=1)
TWO_ROWS = 0.95
"""Share of choices with a place that have an impression of their own, from which on they are joined
to it."""


def strengths(events: pd.Series) -> NDArray[np.float64]:
    """Return how strong each event is; NaN for an impression.

    >>> strengths(pd.Series(["impression", "click", "purchase", "skip"])).tolist()
    [nan, 1.0, 5.0, -1.0]
    """
    codes, words = pd.factorize(events.astype(str))
    known = [strength_of(str(word)) for word in words]
    each = np.array([np.nan if one is None else one for one in known], np.float64)
    return each[codes] if len(each) else np.empty(len(events))


def has_log(table: pd.DataFrame) -> bool:
    """Whether interactions say what was shown: with impressions, and places or chances."""
    if "event" not in table or not ({"position", "propensity"} & set(table.columns)):
        return False
    return bool(np.isnan(strengths(table["event"])).any())


def log_table(dataset: Dataset, user_ids: pd.Series) -> tuple[pd.DataFrame | None, int]:
    """Return the log of a data set as the fit keeps it, and the rows of people it leaves out.

    Parameters
    ----------
    dataset : Dataset
    user_ids : str Series of shape (n_users,)
        Of the people of the fit, in their order.

    Returns
    -------
    DataFrame or None
        ``user``, ``item`` (int32, rows of the fit), ``timestamp``, ``event``, ``position``
        (int16, as in the file; -1 where unknown), ``propensity``, ``seconds`` (float32),
        ``policy``, ``slate``, ``context`` (text), in order of time; None where nothing was logged.
    n_left_out : int
    """
    table = dataset.shown if dataset.shown is not None else dataset.interactions
    if not has_log(table):
        return None, 0
    given = table[[name for name in LOG_COLUMNS if name in table]]
    is_log = np.isnan(strengths(given["event"]))
    for name in ("position", "propensity"):
        if name in given:
            is_log |= given[name].notna().to_numpy()
    # what came of a place may be a row without one; rows of titles never shown are history alone
    pair = _pairs(given)
    is_log |= np.isin(pair, pair[is_log])
    rows = one_row_a_place(given[is_log].reset_index(drop=True))
    user = pd.Index(user_ids).get_indexer(pd.Index(rows["user_id"].astype(str)))
    item = pd.Index(dataset.items["item_id"]).get_indexer(pd.Index(rows["item_id"].astype(str)))
    is_known = (user >= 0) & (item >= 0)
    position = rows["position"] if "position" in rows else pd.Series(np.nan, index=rows.index)
    columns = {
        "user": user.astype(np.int32),
        "item": item.astype(np.int32),
        "timestamp": rows["timestamp"].astype("datetime64[s]"),
        "event": rows["event"].astype(str).str.strip().str.casefold(),
        "position": position.fillna(-1).clip(-1, np.iinfo(np.int16).max).astype(np.int16),
    }
    for name in ("propensity", "seconds"):
        columns[name] = rows.get(name, pd.Series(np.nan, index=rows.index)).astype(np.float32)
    for name in LOG_TEXTS:
        columns[name] = rows.get(name, pd.Series("", index=rows.index)).astype(str)
    kept = pd.DataFrame(columns)[is_known]
    return kept.sort_values("timestamp", kind="stable", ignore_index=True), int((~is_known).sum())


def one_row_a_place(table: pd.DataFrame) -> pd.DataFrame:
    """Join what came of a place to its impression, see the module.

    Parameters
    ----------
    table : DataFrame
        ``user_id``, ``item_id``, ``event`` and some of the other columns of a log; index 0, 1, 2 …

    Returns
    -------
    DataFrame
        One row for each place, the row of its impression where there is one, with the strongest
        event; the index tells the row of ``table``. Events without a place are left out.
    """
    strength = strengths(table["event"])
    is_shown = np.isnan(strength)
    if not is_shown.any() or is_shown.all():
        return table
    place = _place_of(table, is_shown)
    # the impression first, else the first row of its place
    order = np.lexsort((np.arange(len(table)), ~is_shown, place))
    order = order[place[order] >= 0]
    first = order[np.r_[True, np.diff(place[order]) != 0]]
    strongest = np.lexsort((np.where(is_shown, -np.inf, strength), place))
    strongest = strongest[place[strongest] >= 0]
    last = strongest[np.r_[np.diff(place[strongest]) != 0, True]]
    kept = table.iloc[first].copy()
    kept["event"] = table["event"].astype(str).to_numpy(object)[last]
    if "seconds" in table:
        longest = pd.Series(table["seconds"].to_numpy()).groupby(place).max()
        kept["seconds"] = longest.reindex(place[first]).to_numpy()
    return kept.sort_index()


def _pairs(table: pd.DataFrame) -> NDArray[np.int64]:
    """Return a number for each person and title together, shape (n,)."""
    user, item = (pd.factorize(table[name])[0] for name in ("user_id", "item_id"))
    return pd.factorize(user.astype(np.int64) * (int(item.max()) + 1) + item)[0]


def _place_of(table: pd.DataFrame, is_shown: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the number of the place that each row speaks of; -1 where it speaks of none."""
    pair = _pairs(table)
    place = np.arange(len(table), dtype=np.int64)
    slate = np.full(len(table), -1)
    if "slate" in table:
        texts = table["slate"].fillna("").astype(str)
        codes, _ = pd.factorize(texts)
        slate = np.where(texts.to_numpy() == "", -1, codes)
    in_slate = slate >= 0
    if in_slate.any():
        key = pd.factorize(pair[in_slate] * (int(slate.max()) + 1) + slate[in_slate])[0]
        first = np.full(int(key.max()) + 1, len(table))
        np.minimum.at(first, key, np.flatnonzero(in_slate))
        place[in_slate] = first[key]
    loose = ~in_slate & ~is_shown
    if loose.any():
        position = _numbers(table, "position")
        has_place = np.isfinite(position)
        place[loose & ~has_place] = -1
        for is_asked, by in ((loose & has_place, position), (loose & ~has_place, None)):
            found = _last_shown(table, pair, is_shown, is_asked, by)
            # a row with a place of its own may be the whole story of it, as in the other form
            is_joined = by is None or (found >= 0).sum() >= TWO_ROWS * is_asked.sum()
            if is_joined:
                place[found >= 0] = place[found[found >= 0]]
    return place


def _numbers(table: pd.DataFrame, name: str) -> NDArray[np.float64]:
    if name not in table:
        return np.full(len(table), np.nan)
    return pd.to_numeric(table[name], errors="coerce").to_numpy(np.float64)


def _last_shown(
    table: pd.DataFrame,
    pair: NDArray[np.int64],
    is_shown: NDArray[np.bool_],
    is_asked: NDArray[np.bool_],
    position: NDArray[np.float64] | None,
) -> NDArray[np.int64]:
    """Return the row of the last impression before each row asked about; -1 where there is none."""
    found = np.full(len(table), -1, np.int64)
    has_time = "timestamp" in table and table["timestamp"].dtype.kind == "M"
    if not is_asked.any() or (position is not None and not has_time):
        return found
    rows = pd.DataFrame(
        {
            "pair": pair,
            "place": 0.0 if position is None else position,
            "row": np.arange(len(table)),
            "at": table["timestamp"].to_numpy() if has_time else np.arange(len(table)),
        }
    )
    shown, asked = (rows[one].sort_values("at", kind="stable") for one in (is_shown, is_asked))
    joined = pd.merge_asof(
        asked,
        shown.rename(columns={"row": "of"}),
        on="at",
        by=["pair", "place"],
        tolerance=None if position is None else JOINED_WITHIN,
        allow_exact_matches=position is None,
    )
    is_found = joined["of"].notna().to_numpy()
    found[joined["row"].to_numpy()[is_found]] = joined["of"].to_numpy()[is_found].astype(np.int64)
    return found
