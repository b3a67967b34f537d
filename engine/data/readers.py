"""Your own files: a folder with interactions, items and, if you have them, users."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from engine.data.account import Account
from engine.data.assembly import assemble
from engine.data.attributes import read_users
from engine.data.columns import RawTable
from engine.data.contract import (
    INTERACTION_COLUMNS,
    ITEM_COLUMNS,
    LOG_TEXTS,
    REQUIRED,
    USER_ID,
    Dataset,
)
from engine.data.genres import read_genres
from engine.data.liked import liked_of
from engine.data.limits import MOST_PROVIDERS
from engine.data.movielens_sources import RELEASES
from engine.data.simulated import SIMULATED
from engine.data.tables import find_table, read_table
from engine.data.validation import (
    with_all_people,
    with_known_items,
    without_repeats,
    without_strays,
)
from engine.errors import DataError

__all__ = ["dataset_name", "read_folder"]

EXPECTED = {"interactions": INTERACTION_COLUMNS, "items": ITEM_COLUMNS, "users": (USER_ID,)}
FIRST_YEAR = np.datetime64("1971-01-01", "s")


def dataset_name(folder: Path) -> str:
    """Name of a folder, with only letters, digits, dots, dashes and underscores.

    A folder named like a data set that comes with the studio is ``own-`` and that name.
    """
    name = re.sub(r"[^\w.-]+", "-", folder.resolve().name).strip(".-") or "data"
    return f"own-{name}" if name in RELEASES or name.startswith(SIMULATED) else name


def read_folder(
    folder: Path,
    *,
    liked: float | None = None,
    columns: Mapping[str, Mapping[str, str]] | None = None,
) -> Dataset:
    """Read and check a folder of your own.

    Parameters
    ----------
    folder : Path
        With ``interactions``, ``items`` and optionally ``users``, each ``.csv`` or ``.parquet``;
        see :mod:`engine.data.contract` for the columns and :mod:`engine.data.validation` for what
        is refused and what is left out.
    liked : float, optional
        An interaction with at least this value is liked; by default
        :func:`engine.data.liked.liked_from` derives it from the values.
    columns : mapping, optional
        Table → contract's column → name of that column in the file, where they differ.

    Raises
    ------
    DataError
        One sentence: which file, column and rows, and what to do.
    """
    account = Account()
    raw = {name: _open(folder, name, (columns or {}).get(name, {}), account) for name in REQUIRED}
    log, catalogue = _required(raw, "interactions", folder), _required(raw, "items", folder)
    items, repeats = without_repeats(_items(catalogue), catalogue.file, "item_id")
    account.add(drops=repeats)
    interactions, unknown = with_known_items(_interactions(log), items, log.file, catalogue.file)
    account.add(drops=unknown)
    users = _people(raw["users"], interactions, log.file, account)
    found = liked_of(interactions, liked, log.about)
    account.note(found.sentence)
    return assemble(
        interactions,
        items,
        users,
        name=dataset_name(folder),
        title=folder.resolve().name,
        provenance="own",
        liked_threshold=found.threshold,
        drops=tuple(account.drops),
        source=f"Your files in {folder}",
        notes=tuple(account.notes),
    )


def _open(folder: Path, name: str, names: Mapping[str, str], account: Account) -> RawTable | None:
    path = find_table(folder, name)
    if path is None:
        return None
    rows = read_table(path, (*EXPECTED[name], *names.values()), account)
    table = RawTable(path.name, rows, account).renamed(names)
    table.require(*REQUIRED[name])
    return table


def _required(raw: Mapping[str, RawTable | None], name: str, folder: Path) -> RawTable:
    table = raw[name]
    if table is None:
        raise DataError(
            f"{folder} has no file {name}.csv or {name}.parquet: it needs one with the columns "
            f"{', '.join(REQUIRED[name])}."
        )
    return table


def _items(raw: RawTable) -> pd.DataFrame:
    table = pd.DataFrame({"item_id": raw.ids("item_id")})
    raw.refuse(
        "title", (raw.texts("title") == "").to_numpy(), "holds no title", "give every item a title"
    )
    others = sorted(set(raw.rows.columns) - set(ITEM_COLUMNS))
    for name in (*(c for c in ITEM_COLUMNS[1:] if c in raw.rows), *others):
        if name == "released":
            table[name] = raw.moments(name, may_miss=True)
        else:
            table[name] = raw.texts(name)
    if "genres" in table:
        table["genres"] = read_genres(table["genres"], raw.about, raw.account)
    if "provider" in table and table["provider"].nunique() > MOST_PROVIDERS:
        raise DataError(
            f"{raw.about}: column `provider` has {table['provider'].nunique():,} different "
            f"providers, and at most {MOST_PROVIDERS:,} can be told apart: join the small ones."
        )
    return table


def _people(
    raw: RawTable | None, interactions: pd.DataFrame, log_file: str, account: Account
) -> pd.DataFrame:
    table = None
    users_file = "users.csv"
    if raw is not None:
        table, repeats = without_repeats(read_users(raw), raw.file, USER_ID)
        account.add(drops=repeats)
        users_file = raw.file
    users, notes = with_all_people(interactions, table, log_file, users_file)
    account.add(notes=notes)
    return users


def _interactions(raw: RawTable) -> pd.DataFrame:
    table = pd.DataFrame(
        {
            "user_id": raw.ids("user_id"),
            "item_id": raw.ids("item_id"),
            "timestamp": raw.moments("timestamp", may_miss=False),
        }
    )
    if "value" in raw.rows:
        table["value"] = raw.numbers("value", -np.inf, np.inf, may_miss=False)
    _add_log_columns(raw, table)
    kept, strays = without_strays(table, raw.file)
    raw.account.add(drops=strays)
    if kept["timestamp"].max() < pd.Timestamp(FIRST_YEAR):
        raw.account.note(
            f"{raw.about}: every `timestamp` lies in 1970 or before: if the numbers are no seconds "
            "since 1970, only their order means something, and ages and freshness mean nothing."
        )
    return kept


def _add_log_columns(raw: RawTable, table: pd.DataFrame) -> None:
    """Add what rows say of what was shown, where they do."""
    if "event" in raw.rows:
        table["event"] = raw.texts("event")
    if "position" in raw.rows:
        table["position"] = raw.numbers("position", 0, np.inf, may_miss=True)
    if "propensity" in raw.rows:
        table["propensity"] = raw.numbers("propensity", 0, 1, may_miss=True)
        raw.refuse(
            "propensity",
            (table["propensity"] == 0).to_numpy(),
            "holds 0",
            "put the chance that the item was shown there, more than 0 and at most 1",
        )
    if "seconds" in raw.rows:
        table["seconds"] = raw.numbers("seconds", 0, np.inf, may_miss=True)
    for name in LOG_TEXTS:
        if name in raw.rows:
            table[name] = raw.texts(name)
