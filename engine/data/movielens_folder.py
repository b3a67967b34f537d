"""Read a folder that holds MovieLens in one of its forms, with the checks of any other folder."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from engine.data.account import Account
from engine.data.archive import extract, member_names
from engine.data.assembly import assemble
from engine.data.columns import RawTable
from engine.data.contract import Dataset
from engine.data.genres import read_genres
from engine.data.liked import Liked, liked_of
from engine.data.movielens import LICENCE, NOTES, Tables, find_layout
from engine.data.validation import (
    with_all_people,
    with_known_items,
    without_repeats,
    without_strays,
)
from engine.errors import DataError

__all__ = ["read_movielens", "unpack"]

STARS = 5.0
LIKED_STARS = Liked(4.0, "four of five stars")


def read_movielens(folder: Path, *, name: str, title: str, liked: float | None = None) -> Dataset:
    """Read a folder that holds MovieLens in one of its forms.

    Parameters
    ----------
    folder : Path
    name, title : str
        Of the data set.
    liked : float, optional
        An interaction with at least this value is liked; by default 4 of 5 stars or, where values
        go beyond 5, what :func:`engine.data.liked.liked_from` derives.

    Raises
    ------
    DataError
        If no known form is there, or a file does not hold what its name promises.
    """
    layout = find_layout({path.name for path in folder.iterdir()})
    if layout is None:
        raise DataError(f"{folder} holds none of the known MovieLens forms.")
    try:
        tables = layout.read(folder)
    except (ValueError, KeyError, TypeError, OSError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        missing = f"there is no column {reason}" if isinstance(error, KeyError) else reason
        raise DataError(
            f"The files {', '.join(layout.files)} in {folder} have the names of MovieLens files "
            f"but cannot be read as such ({missing}): fetch them again or, if they are your own, "
            "name them interactions.csv and items.csv and give their columns the names of the "
            "data contract."
        ) from error
    account = Account()
    interactions, items, users = _checked(tables, layout.files, account)
    usual = LIKED_STARS if LIKED_STARS.threshold <= interactions["value"].max() <= STARS else None
    found = liked_of(interactions, liked, layout.files[0], usual=usual)
    account.note(found.sentence)
    return assemble(
        interactions,
        items,
        users,
        name=name,
        title=title,
        provenance="own",
        liked_threshold=found.threshold,
        licence=LICENCE,
        source=f"GroupLens, {layout.origin}",
        drops=tuple(account.drops),
        notes=(*NOTES, *account.notes),
    )


def _checked(tables: Tables, files: tuple[str, ...], account: Account) -> Tables:
    interactions, items, users = tables
    log, catalogue = files[:2]
    raw = RawTable(log, interactions, account)
    interactions = interactions.assign(
        timestamp=raw.moments("timestamp", may_miss=False),
        value=raw.numbers("value", -np.inf, np.inf, may_miss=False).astype(np.float32),
    )
    about = RawTable(catalogue, items).about
    items = items.assign(genres=read_genres(items["genres"].astype("str"), about, account))
    items, repeats = without_repeats(items, catalogue, "item_id")
    interactions, strays = without_strays(interactions, log)
    interactions, unknown = with_known_items(interactions, items, log, catalogue)
    users, missing = with_all_people(interactions, users, log, files[-1])
    account.add(notes=missing, drops=(*repeats, *strays, *unknown))
    return interactions, items, users


def unpack(archive: Path, folder: Path) -> None:
    """Write the MovieLens files of a zip archive into ``folder``, flat.

    Raises
    ------
    DataError
        If the archive cannot be read, holds none of the known forms or is too large.
    """
    members = member_names(archive)
    layout = find_layout(set(members))
    if layout is None:
        raise DataError(
            f"{archive} holds none of the known MovieLens forms: unpack it, and give the folder "
            "with your interactions and items files."
        )
    extract(archive, {file: members[file] for file in layout.files}, folder)
