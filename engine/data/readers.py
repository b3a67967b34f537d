"""Your own files: a folder with interactions, items and, if you have them, users."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from engine.data.age_bands import age_bands
from engine.data.assembly import as_text, assemble
from engine.data.columns import RawTable
from engine.data.contract import ITEM_COLUMNS, REQUIRED, USER_ID, Dataset, Drop
from engine.data.movielens_sources import RELEASES
from engine.data.simulated import SIMULATED
from engine.data.tables import find_table, read_table
from engine.data.validation import with_all_people, with_known_items, without_repeats
from engine.errors import DataError

__all__ = ["dataset_name", "read_folder"]

RATING_MAX = 5.0
LIKED_RATING = 4.0
LIKED_OTHERWISE = 1.0
MOST_LABELS = 50
"""A column of users with more labels than this is no grouping of people."""


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
        An interaction with at least this value is liked. By default 4 where values look like
        ratings (their maximum is 5), else 1.
    columns : mapping, optional
        Table → contract's column → name of that column in the file, where they differ.

    Raises
    ------
    DataError
        One sentence: which file, column and rows, and what to do.
    """
    raw = {name: _open(folder, name, (columns or {}).get(name, {})) for name in REQUIRED}
    log, catalogue = _required(raw, "interactions", folder), _required(raw, "items", folder)
    items, drops = without_repeats(_items(catalogue), catalogue.file, "item_id")
    interactions, unknown = with_known_items(_interactions(log), items, log.file, catalogue.file)
    users, repeats, notes = _people(raw["users"], interactions, log.file)
    threshold = _threshold(interactions, liked, log)
    return assemble(
        interactions,
        items,
        users,
        name=dataset_name(folder),
        title=folder.resolve().name,
        provenance="own",
        liked_threshold=threshold,
        drops=(*drops, *unknown, *repeats),
        source=f"Your files in {folder}",
        notes=(*notes, f"An interaction is liked where its value is {threshold:g} or more."),
    )


def _open(folder: Path, name: str, names: Mapping[str, str]) -> RawTable | None:
    path = find_table(folder, name)
    if path is None:
        return None
    table = RawTable(path.name, read_table(path)).renamed(names)
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
    table = raw.rows.copy()
    table["item_id"] = raw.ids("item_id")
    raw.refuse(
        "title", raw.rows["title"].isna().to_numpy(), "holds no title", "give every item a title"
    )
    for name in set(table.columns) - {"item_id", "released"}:
        table[name] = as_text(raw.rows[name]).str.strip()
    if "genres" in table:
        table["genres"] = table["genres"].str.replace(r"\s*\|\s*", "|", regex=True)
    if "released" in table:
        table["released"] = raw.moments("released", may_miss=True)
    return table[
        [*(c for c in ITEM_COLUMNS if c in table), *table.columns.difference(ITEM_COLUMNS)]
    ]


def _people(
    raw: RawTable | None, interactions: pd.DataFrame, log_file: str
) -> tuple[pd.DataFrame, list[Drop], list[str]]:
    if raw is None:
        users, notes = with_all_people(interactions, None, log_file, "users.csv")
        return users, [], notes
    table, notes = _users(raw)
    table, drops = without_repeats(table, raw.file, USER_ID)
    users, more = with_all_people(interactions, table, log_file, raw.file)
    return users, drops, [*notes, *more]


def _users(raw: RawTable) -> tuple[pd.DataFrame, list[str]]:
    table = pd.DataFrame({USER_ID: raw.ids(USER_ID)})
    notes: list[str] = []
    for name in raw.rows.columns.drop(USER_ID):
        if name == "age" and "age band" not in raw.rows:
            table["age band"] = age_bands(raw.numbers("age", 0, 130, may_miss=True))
            continue
        labels = as_text(raw.rows[name]).str.strip()
        if labels.nunique() <= MOST_LABELS:
            table[name] = labels
        else:
            notes.append(
                f"Column `{name}` of {raw.file} has {labels.nunique():,} different labels, too "
                f"many for groups of people (at most {MOST_LABELS}): it is not used."
            )
    return table, notes


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
    if "event" in raw.rows:
        table["event"] = as_text(raw.rows["event"]).str.strip()
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
    return table


def _threshold(interactions: pd.DataFrame, liked: float | None, raw: RawTable) -> float:
    values = interactions["value"] if "value" in interactions else pd.Series([1.0])
    if liked is None:
        liked = LIKED_RATING if values.max() == RATING_MAX else LIKED_OTHERWISE
    if not (values >= liked).any():
        raise DataError(
            f"{raw.about}: no row has a `value` of {liked:g} or more, so nothing counts as liked "
            f"(the largest is {values.max():g}); give a lower threshold for liked."
        )
    return float(liked)
