"""The data contract: what a data set is once it has been read and checked.

Three tables; see the README for the columns. Everything after this module may rely on it:
ids are strings, unique in ``items`` and ``users``; every interaction points at a known item and
a known user; timestamps are UTC seconds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from engine.data.provenance import ProvenanceName
from engine.data.wording import left_out

__all__ = [
    "IMPRESSION",
    "INTERACTION_COLUMNS",
    "ITEM_COLUMNS",
    "LOG_NUMBERS",
    "LOG_TEXTS",
    "REQUIRED",
    "USER_ID",
    "Dataset",
    "Drop",
]

USER_ID = "user_id"
IMPRESSION = "impression"
"""The ``event`` of an item that was shown and not chosen."""
REQUIRED = {
    "interactions": ("user_id", "item_id", "timestamp"),
    "items": ("item_id", "title"),
    "users": ("user_id",),
}
INTERACTION_COLUMNS = (
    "user_id",
    "item_id",
    "timestamp",
    "value",
    "event",
    "position",
    "propensity",
    "policy",
    "slate",
    "seconds",
    "context",
)
LOG_TEXTS = ("policy", "slate", "context")
"""Who filled the place, in which list, and where it was shown: text, ``""`` where not said."""

LOG_NUMBERS = ("position", "propensity", "seconds")
"""Place, its chance, and how long it was looked at or played: NaN where not said."""

ITEM_COLUMNS = ("item_id", "title", "genres", "released", "provider")


@dataclass(frozen=True)
class Drop:
    """Rows that reading left out, and why: counted and shown, never silent."""

    file: str
    column: str
    n_rows: int
    reason: str

    @property
    def sentence(self) -> str:
        """What was left out, for people."""
        return left_out(self.file, self.column, self.n_rows, self.reason)


@dataclass(frozen=True, eq=False)
class Dataset:
    """A data set that passed the contract.

    Attributes
    ----------
    name : str
        Short name, usable as a folder name: ``movielens-100k``, ``simulated``, a folder's name.
    title : str
        Name for people: ``MovieLens 100K``.
    provenance : {"real", "simulated", "own"}
        What is known of where it comes from, see :mod:`engine.data.provenance`; on every page.
    interactions : DataFrame
        ``user_id`` str, ``item_id`` str, ``timestamp`` datetime64[s], ``value`` float32 (1.0 where
        the file has none), and ``event``, :data:`LOG_NUMBERS` and :data:`LOG_TEXTS` where the file
        has them.
        Sorted by user, then time.
    items : DataFrame
        ``item_id`` str, ``title`` str, ``genres`` str (``|``-separated, ``""`` if unknown),
        ``released`` datetime64[s] (NaT if unknown), ``provider`` str (``""`` if unknown), others.
    users : DataFrame
        ``user_id`` str and one str column per demographic attribute (``"unknown"`` if missing).
    liked_threshold : float
        An interaction with ``value >= liked_threshold`` is "liked".
    fingerprint : str
        SHA-256 over the content of the three tables (hex).
    drops : tuple of Drop
        What reading left out.
    licence : str
        Text to show beside the data.
    source : str
        Where it came from, for people.
    truth_dir : Path or None
        Folder with the true preferences (simulated service only).
    has_time : bool
        Whether ``timestamp`` says when; else it is one moment for all, and means nothing.
    again : bool
        Whether people take the same item again and again, as groceries: a fit then keeps repeats
        and may recommend what was met before, unless it is told otherwise.
    shown : DataFrame or None
        What was shown, where that is a table of its own; else it is among the interactions. See
        :mod:`engine.data.shown`.
    """

    name: str
    title: str
    provenance: ProvenanceName
    interactions: pd.DataFrame
    items: pd.DataFrame
    users: pd.DataFrame
    liked_threshold: float
    fingerprint: str
    drops: tuple[Drop, ...] = ()
    licence: str = ""
    source: str = ""
    truth_dir: Path | None = None
    notes: tuple[str, ...] = field(default=())
    has_time: bool = True
    again: bool = False
    shown: pd.DataFrame | None = None

    @property
    def attributes(self) -> tuple[str, ...]:
        """Names of the demographic columns of ``users``."""
        return tuple(c for c in self.users.columns if c != USER_ID)
