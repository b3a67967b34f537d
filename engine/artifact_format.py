"""How a fit is laid out on disk, and written whole or not at all.

An artifact directory holds one folder per fit and a file ``CURRENT`` that names the one in use::

    OUT/CURRENT                      "fit-20260101T120000-1a2b3c"
    OUT/fit-…/CHECKSUMS              written last; SHA-256 of every other file of the fit
    OUT/fit-…/manifest.json          what the fit says of itself
    OUT/fit-…/arrays/*.npy           opened memory-mapped and read-only
    OUT/fit-…/tables/*.parquet       users, items and, where the data have one, the log
    OUT/fit-…/models/*               in each library's own format; never pickle

A fit writes into a folder of its own and then replaces ``CURRENT``, so a killed fit leaves the old
artifacts whole, and two fits at once do not meet. A folder without ``CHECKSUMS`` is no fit: it is
being written, or whoever wrote it is gone and it can be swept away.
"""

from __future__ import annotations

import fcntl
import json
import re
import secrets
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.checksums import CHECKSUMS, checksums_of
from engine.manifest import Manifest
from engine.written_beside import write_beside

__all__ = [
    "ARRAYS",
    "CURRENT",
    "LOG",
    "OPTIONAL",
    "current_name",
    "publish",
    "scratch_folder",
    "sweep",
]

CURRENT = "CURRENT"
USERS, ITEMS, CANDIDATES = "users", "items", "candidates"

ARRAYS: dict[str, tuple[str, tuple[str, ...]]] = {
    "candidates": ("int32", (USERS, CANDIDATES)),
    "scores": ("float32", (USERS, CANDIDATES)),
    "source_masks": ("uint16", (USERS, CANDIDATES)),
    "retrieved": ("int32", (USERS, "retrieved")),
    "filtered": ("int32", (USERS, CANDIDATES)),
    "item_factors": ("float32", (ITEMS, "likeness dimensions")),
    "mf_item_factors": ("float32", (ITEMS, "factors")),
    "mf_user_factors": ("float32", (USERS, "factors")),
    "genre_matrix": ("bool", (ITEMS, "genres")),
    "released_day": ("float64", (ITEMS,)),
    "popularity": ("int32", (ITEMS,)),
    "provider_codes": ("int16", (ITEMS,)),
    "user_groups": ("int16", (USERS, "attributes")),
    "history_indptr": ("int64", ("users + 1",)),
    "history_indices": ("int32", ("history",)),
    "history_is_liked": ("bool", ("history",)),
    "holdout_indptr": ("int64", ("users + 1",)),
    "holdout_indices": ("int32", ("holdout",)),
    "later_not_liked_indptr": ("int64", ("users + 1",)),
    "later_not_liked_indices": ("int32", ("later not liked",)),
    "service": ("float32", (USERS,)),
}
"""Array name → dtype and what its dimensions count; every artifact directory holds these.

Dimensions of one name must have one size in all arrays.
"""

OPTIONAL: dict[str, tuple[str, tuple[str, ...]]] = {
    "features": ("float32", (USERS, CANDIDATES, "features")),
    "history_day": ("float64", ("history",)),
    "history_count": ("int32", ("history",)),
    "history_amount": ("float32", ("history",)),
    "history_where": ("int16", ("history",)),
    "history_did": ("uint16", ("history",)),
    "objectives": ("float32", (USERS, CANDIDATES, "objectives")),
    "objective_holdout_indptr": ("int64", ("objectives times users + 1",)),
    "objective_holdout_indices": ("int32", ("objective holdout",)),
    "fallback": ("uint8", (USERS,)),
    "filtered_out": ("uint8", (ITEMS,)),
}
"""The same for arrays that may be missing."""

LOG = "log"
"""Table of what was shown, where the data have one: see :mod:`engine.data.shown`."""

YOUNG = 3600
"""Seconds for which a fit that is no longer current stays: somebody may have it open."""

FIT_NAME = re.compile(r"fit-[0-9T]+-[0-9a-f]+\n")


@contextmanager
def scratch_folder(out: Path) -> Iterator[Path]:
    """Hold a new, uniquely named folder under ``out`` for one fit to write into.

    Unless :func:`publish` has made a fit of it by the end, it is removed, whatever went wrong.
    What writers that were killed have left is swept away first.
    """
    out.mkdir(parents=True, exist_ok=True)
    sweep(out)
    stamp = time.strftime("%Y%m%dT%H%M%S", time.gmtime())
    folder = out / f"fit-{stamp}-{secrets.token_hex(3)}"
    lock = _lock_of(folder)
    try:
        with lock.open("w") as held:  # let go of when this process ends, however it does
            fcntl.flock(held, fcntl.LOCK_EX)
            for part in ("arrays", "tables", "models"):
                (folder / part).mkdir(parents=True)
            yield folder
    finally:
        if not _is_finished(folder):
            shutil.rmtree(folder, ignore_errors=True)
        lock.unlink(missing_ok=True)


def sweep(out: Path) -> None:
    """Remove the unfinished folders under ``out`` whose writers are gone.

    One without a lock, which an older version of this program may be writing, only after an hour.
    """
    for folder in out.glob("fit-*"):
        if _is_finished(folder) or folder.name == current_name(out):
            continue
        lock = _lock_of(folder)
        is_left = _is_free(lock) if lock.is_file() else _age(folder) > YOUNG
        if is_left:
            shutil.rmtree(folder, ignore_errors=True)
            lock.unlink(missing_ok=True)


def _is_finished(folder: Path) -> bool:
    return (folder / CHECKSUMS).is_file()


def _lock_of(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.lock")


def _is_free(lock: Path) -> bool:
    try:
        with lock.open("r") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:  # BlockingIOError: its writer is at work
        return False
    return True


def _age(folder: Path) -> float:
    try:
        return time.time() - folder.stat().st_mtime
    except OSError:  # another fit has just swept it
        return 0.0


def publish(
    out: Path,
    folder: Path,
    *,
    arrays: Mapping[str, NDArray[Any]],
    tables: Mapping[str, pd.DataFrame],
    manifest: Manifest,
) -> Path:
    """Write a fit into ``folder`` (from :func:`scratch_folder`) and make it the current one.

    Models are expected in ``folder/models`` already. Older fits under ``out`` are removed, except
    the last one, which an open dashboard may still be reading, and those younger than an hour.
    """
    known = {**ARRAYS, **OPTIONAL}
    for name, (_, dimensions) in ARRAYS.items():
        if name not in arrays or arrays[name].ndim != len(dimensions):
            raise ValueError(f"array {name} of {len(dimensions)} dimensions is missing")
    for name, array in arrays.items():
        stored = np.ascontiguousarray(array, dtype=known[name][0])
        np.save(folder / "arrays" / f"{name}.npy", stored)
    for name, table in tables.items():
        table.to_parquet(folder / "tables" / f"{name}.parquet", index=False)
    write_beside(folder / "manifest.json", json.dumps(manifest, indent=1, allow_nan=False))
    write_beside(folder / CHECKSUMS, checksums_of(folder))
    previous = current_name(out)
    try:
        write_beside(out / CURRENT, folder.name + "\n")
    except BaseException:  # a full disk: no fit, so that its folder is removed
        (folder / CHECKSUMS).unlink()
        raise
    _remove_old(out, keep={folder.name, previous or ""})
    return folder


def current_name(out: Path) -> str | None:
    """Return the name of the fit in use; empty where ``CURRENT`` names none, ``None`` without."""
    pointer = out / CURRENT
    if not pointer.is_file():
        return None
    text = pointer.read_text(encoding="utf-8", errors="replace")
    return text[:-1] if FIT_NAME.fullmatch(text) else ""


def _remove_old(out: Path, keep: set[str]) -> None:
    for folder in out.glob("fit-*"):
        if _is_finished(folder) and folder.name not in keep and _age(folder) > YOUNG:
            shutil.rmtree(folder, ignore_errors=True)
