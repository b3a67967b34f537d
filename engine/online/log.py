"""The log of what was shown: read, checked, and refused in a sentence where it cannot be used."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.data.contract import IMPRESSION
from engine.data.wording import counted
from engine.errors import DataError

__all__ = ["Log", "read_log"]

NEEDED = ("user_id", "item_id", "event", "position", "propensity")
ONE_POLICY = "the logging policy"


@dataclass(frozen=True, eq=False)
class Log:
    """Places that were shown, one entry each.

    Attributes
    ----------
    user_ids, item_ids : str arrays of shape (n,)
    position : int64 array of shape (n,)
        From 0, the top.
    propensity : float64 array of shape (n,)
        Chance that the policy put this title at this place, in (0, 1].
    reward : float64 array of shape (n,)
        1 where it was chosen, else 0.
    policy : str array of shape (n,)
    day : float64 array of shape (n,), or None
        Moment of each row as days since 1970, where the file has times.
    notes : tuple of str
        How the file was understood.
    """

    user_ids: NDArray[np.object_]
    item_ids: NDArray[np.object_]
    position: NDArray[np.int64]
    propensity: NDArray[np.float64]
    reward: NDArray[np.float64]
    policy: NDArray[np.object_]
    day: NDArray[np.float64] | None = None
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        """Count the places."""
        return len(self.reward)

    def rows(self, is_kept: NDArray[np.bool_]) -> Log:
        """Keep some of the places."""
        return Log(
            self.user_ids[is_kept],
            self.item_ids[is_kept],
            self.position[is_kept],
            self.propensity[is_kept],
            self.reward[is_kept],
            self.policy[is_kept],
            None if self.day is None else self.day[is_kept],
            self.notes,
        )


def read_log(table: pd.DataFrame, file: str = "the log") -> Log:
    """Check a log and bring it into one form.

    Parameters
    ----------
    table : DataFrame
        ``user_id``, ``item_id``, ``event`` (``impression`` where it was not chosen, anything else
        where it was), ``position``, ``propensity`` and, with several policies, ``policy``.
    file : str
        Its name, for sentences.

    Raises
    ------
    DataError
        One sentence that names the column, the rows and the remedy.
    """
    where = f"{file} ({counted(len(table), 'row')})"
    lacking = [name for name in NEEDED if name not in table]
    if lacking:
        raise DataError(
            f"{where}: column `{lacking[0]}` is missing; a log needs {', '.join(NEEDED)}, one row "
            "for each place that was shown."
        )
    if not len(table):
        raise DataError(f"{where}: holds nothing; give the places that were shown.")
    propensity = _propensities(table["propensity"], where)
    position, note = _positions(table["position"], where)
    policy = _policies(table, where)
    item_ids = table["item_id"].astype(str).to_numpy(object)
    if len(set(item_ids)) < 2:
        raise DataError(
            f"{where}: column `item_id` holds one title alone, so nothing was chosen between; log "
            "a policy that shows several."
        )
    event = table["event"].astype(str).str.strip().str.casefold()
    reward = (event != IMPRESSION).to_numpy(np.float64)
    if not reward.any():
        raise DataError(
            f"{where}: column `event` is `{IMPRESSION}` everywhere: nothing was ever chosen, and "
            "every policy would earn nothing; log clicks or plays too."
        )
    return Log(
        table["user_id"].astype(str).to_numpy(object),
        item_ids,
        position,
        propensity,
        reward,
        policy,
        _days(table, where),
        (note,) if note else (),
    )


def _days(table: pd.DataFrame, where: str) -> NDArray[np.float64] | None:
    if "timestamp" not in table:
        return None
    column = table["timestamp"]
    is_number = pd.api.types.is_numeric_dtype(column)
    times = pd.to_datetime(column, unit="s" if is_number else None, errors="coerce", utc=True)
    if times.isna().any():
        at = int(np.argmax(times.isna().to_numpy()))
        raise DataError(
            f"{where}: column `timestamp` is no time in {counted(int(times.isna().sum()), 'row')}, "
            f"first in row {at + 1:,}; write seconds since 1970, or a date."
        )
    moments = times.dt.tz_localize(None).to_numpy().astype("datetime64[s]")
    return moments.astype(np.int64) / 86_400


def _propensities(column: pd.Series, where: str) -> NDArray[np.float64]:
    values = pd.to_numeric(column, errors="coerce").to_numpy(np.float64)
    for is_bad, what, remedy in (
        (np.isnan(values), "is missing or no number", "log the chance of every place shown"),
        (values <= 0, "is 0 or less", "what was shown had a chance above 0: log it as it was"),
        (values > 1, "is above 1", "a chance is at most 1: divide percentages by 100"),
    ):
        if is_bad.any():
            raise DataError(
                f"{where}: column `propensity` {what} in {counted(int(is_bad.sum()), 'row')}, "
                f"first in row {int(np.argmax(is_bad)) + 1:,}; {remedy}."
            )
    return values


def _positions(column: pd.Series, where: str) -> tuple[NDArray[np.int64], str]:
    values = pd.to_numeric(column, errors="coerce").to_numpy(np.float64)
    is_bad = ~np.isfinite(values) | (values < 0) | (values % 1 != 0)
    if is_bad.any():
        raise DataError(
            f"{where}: column `position` is no whole number from 0 (or 1) in "
            f"{counted(int(is_bad.sum()), 'row')}, first in row {int(np.argmax(is_bad)) + 1:,}; "
            "number places from the top."
        )
    first = int(values.min())
    if first > 1:
        raise DataError(
            f"{where}: column `position` begins at {first}; number places from 0 or from 1, with "
            "the top among them."
        )
    note = "Positions are numbered from 1 in the file." if first == 1 else ""
    return values.astype(np.int64) - first, note


def _policies(table: pd.DataFrame, where: str) -> NDArray[np.object_]:
    if "policy" not in table:
        return np.full(len(table), ONE_POLICY, object)
    given = table["policy"]
    is_blank = (given.isna() | (given.astype(str).str.strip() == "")).to_numpy()
    if is_blank.any() and not is_blank.all():
        raise DataError(
            f"{where}: column `policy` is empty in {counted(int(is_blank.sum()), 'row')}, first in "
            f"row {int(np.argmax(is_blank)) + 1:,}, and named in others; name every policy."
        )
    return (
        np.full(len(table), ONE_POLICY, object)
        if is_blank.all()
        else given.astype(str).to_numpy(object)
    )
