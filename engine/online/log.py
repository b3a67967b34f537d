"""The log of what was shown: read, checked, and refused in a sentence where it cannot be used."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.data.shown import one_row_a_place, strengths
from engine.data.wording import counted
from engine.errors import DataError
from engine.online.log_columns import days, optional_texts, policies, positions, propensities

__all__ = ["CONVERTS", "Log", "read_log", "refuse_what_says_nothing"]

NEEDED = ("user_id", "item_id", "event", "position", "propensity")
CONVERTS = 5.0
"""Strength of an event from which on it is a conversion: bought, finished, rented."""


@dataclass(frozen=True, eq=False)
class Log:
    """Places that were shown, one entry each.

    Attributes
    ----------
    user_ids, item_ids : str arrays of shape (n,)
    position : int64 array of shape (n,)
        From 0, the top; -1 where unknown.
    propensity : float64 array of shape (n,)
        Chance that the policy put this title at this place, in (0, 1]; NaN where unknown.
    strength : float64 array of shape (n,)
        How strong what came of it is, see :func:`engine.data.shown.strengths`; 0 for nothing.
    policy : str array of shape (n,)
    day : float64 array of shape (n,), or None
        Moment of each row as days since 1970, where the log has times.
    slate : str array of shape (n,), or None
        The list that each place belongs to, where the log names it.
    seconds : float64 array of shape (n,), or None
        How long it was looked at or played, where the log says; NaN where unknown.
    notes : tuple of str
        How the log was understood.
    """

    user_ids: NDArray[np.object_]
    item_ids: NDArray[np.object_]
    position: NDArray[np.int64]
    propensity: NDArray[np.float64]
    strength: NDArray[np.float64]
    policy: NDArray[np.object_]
    day: NDArray[np.float64] | None = None
    slate: NDArray[np.object_] | None = None
    seconds: NDArray[np.float64] | None = None
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        """Count the places."""
        return len(self.strength)

    @property
    def reward(self) -> NDArray[np.float64]:
        """1 where it was chosen, else 0, shape (n,)."""
        return (self.strength > 0).astype(np.float64)

    @property
    def is_converted(self) -> NDArray[np.float64]:
        """1 where it was bought or finished, else 0, shape (n,)."""
        return (self.strength >= CONVERTS).astype(np.float64)

    def rows(self, is_kept: NDArray[np.bool_]) -> Log:
        """Keep some of the places."""
        parts = {one.name: getattr(self, one.name) for one in fields(self) if one.name != "notes"}
        kept: dict[str, Any] = {
            name: None if part is None else part[is_kept] for name, part in parts.items()
        }
        return replace(self, **kept)


def read_log(table: pd.DataFrame, file: str = "the log") -> Log:
    """Check a log and bring it into one form.

    Parameters
    ----------
    table : DataFrame
        ``user_id``, ``item_id``, ``event`` (``impression`` where it was not chosen), ``position``,
        ``propensity`` and, where known, ``timestamp``, ``policy``, ``slate``, ``seconds``; what
        came of a place may be a row of its own, see :mod:`engine.data.shown`.
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
    table = table.reset_index(drop=True)
    day, moments = days(table, where)
    if moments is not None:
        table = table.assign(timestamp=moments)
    places = one_row_a_place(table)
    notes = []
    if len(places) < len(table):
        notes.append(
            f"{counted(len(table) - len(places), 'row')} of what came of a place joined to the "
            "impression, or left out for want of one."
        )
    propensity = propensities(places["propensity"], where)
    position, said = positions(places["position"], where)
    policy, unnamed = policies(places, where)
    log = Log(
        places["user_id"].astype(str).to_numpy(object),
        places["item_id"].astype(str).to_numpy(object),
        position,
        propensity,
        np.nan_to_num(strengths(places["event"])),
        policy,
        None if day is None else day[places.index],
        optional_texts(places, "slate"),
        _seconds(places),
        tuple(one for one in (*notes, said, unnamed) if one),
    )
    refuse_what_says_nothing(log, where)
    return log


def refuse_what_says_nothing(log: Log, where: str) -> None:
    """Refuse a log from which nothing can be learned of any policy.

    Raises
    ------
    DataError
        It shows one title alone, or nothing was ever chosen.
    """
    if len(pd.unique(log.item_ids)) < 2:
        raise DataError(
            f"{where}: column `item_id` holds one title alone, so nothing was chosen between; log "
            "a policy that shows several."
        )
    if not log.reward.any():
        raise DataError(
            f"{where}: column `event` names nothing but impressions: nothing was ever chosen, and "
            "every policy would earn nothing; log clicks or plays too."
        )


def _seconds(places: pd.DataFrame) -> NDArray[np.float64] | None:
    if "seconds" not in places:
        return None
    return pd.to_numeric(places["seconds"], errors="coerce").to_numpy(np.float64)
