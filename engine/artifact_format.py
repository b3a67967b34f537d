"""How a fit is laid out on disk, written whole, and refused when it is not.

An artifact directory holds one folder per fit and a file ``CURRENT`` that names the one in use::

    OUT/CURRENT                      "fit-20260101T120000-1a2b3c"
    OUT/fit-…/manifest.json          written last; names every file with its size
    OUT/fit-…/arrays/*.npy           opened memory-mapped and read-only
    OUT/fit-…/tables/*.parquet       users and items
    OUT/fit-…/models/*               in each library's own format; never pickle

A fit writes into a folder of its own and then replaces ``CURRENT``, so a killed fit leaves the old
artifacts whole, and two fits at once do not meet.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.errors import ArtifactError

__all__ = [
    "ARRAYS",
    "FORMAT_VERSION",
    "OPTIONAL",
    "StoredFit",
    "publish",
    "read_fit",
    "scratch_folder",
]

FORMAT_VERSION = 1

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
    "service": ("float32", (USERS,)),
}
"""Array name → dtype and what its dimensions count; every artifact directory holds these.

Dimensions of one name must have one size in all arrays.
"""

OPTIONAL: dict[str, tuple[str, tuple[str, ...]]] = {
    "features": ("float32", (USERS, CANDIDATES, "features")),
    "history_day": ("float64", ("history",)),
    "fallback": ("uint8", (USERS,)),
}
"""The same for arrays that may be missing."""

REMEDY = "run `python -m engine fit` for this data set"
YOUNG = 3600
"""Seconds in which a folder that is not current may still be being written."""

Value = TypeVar("Value")


@dataclass(frozen=True, eq=False)
class StoredFit:
    """A fit as read: arrays memory-mapped, checked for form and for agreement with each other."""

    folder: Path
    manifest: dict[str, Any]
    arrays: dict[str, NDArray]
    tables: dict[str, pd.DataFrame]


def scratch_folder(out: Path) -> Path:
    """Create a new, uniquely named folder under ``out`` for one fit to write into."""
    stamp = time.strftime("%Y%m%dT%H%M%S", time.gmtime())
    folder = out / f"fit-{stamp}-{secrets.token_hex(3)}"
    for part in ("arrays", "tables", "models"):
        (folder / part).mkdir(parents=True)
    return folder


def publish(
    out: Path,
    folder: Path,
    *,
    arrays: Mapping[str, NDArray],
    tables: Mapping[str, pd.DataFrame],
    manifest: Mapping[str, Any],
) -> Path:
    """Write a fit into ``folder`` (from :func:`scratch_folder`) and make it the current one.

    Models are expected in ``folder/models`` already. Older fits under ``out`` are removed, except
    the last one, which an open dashboard may still be reading, and those younger than an hour,
    which another process may be writing.
    """
    known = {**ARRAYS, **OPTIONAL}
    for name, (_, dimensions) in ARRAYS.items():
        if name not in arrays or arrays[name].ndim != len(dimensions):
            raise ValueError(f"array {name} of {len(dimensions)} dimensions is missing")
    for name, array in arrays.items():
        np.save(folder / "arrays" / f"{name}.npy", np.asarray(array, dtype=known[name][0]))
    for name, table in tables.items():
        table.to_parquet(folder / "tables" / f"{name}.parquet", index=False)
    files = {
        path.relative_to(folder).as_posix(): path.stat().st_size
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    said = {"format_version": FORMAT_VERSION, **manifest, "files": files}
    _write_beside(folder / "manifest.json", json.dumps(said, indent=1, allow_nan=False))
    previous = _current(out)
    _write_beside(out / "CURRENT", folder.name + "\n")
    _remove_old(out, keep={folder.name, previous or ""})
    return folder


def _write_beside(path: Path, text: str) -> None:
    beside = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
    beside.write_text(text, encoding="utf-8")
    os.replace(beside, path)


def _current(out: Path) -> str | None:
    pointer = out / "CURRENT"
    if not pointer.is_file():
        return None
    return pointer.read_text(encoding="utf-8", errors="replace").strip()


def _remove_old(out: Path, keep: set[str]) -> None:
    for folder in out.glob("fit-*"):
        if folder.name not in keep and time.time() - folder.stat().st_mtime > YOUNG:
            shutil.rmtree(folder, ignore_errors=True)


def read_fit(out: Path) -> StoredFit:
    """Read the current fit under ``out``.

    Raises
    ------
    ArtifactError
        Nothing fitted there, half-written, another version, a file missing, cut or garbled, or
        arrays that do not agree with each other.
    """
    name = _current(out)
    if name is None:
        raise ArtifactError(f"No fitted pipeline in {out}: {REMEDY}.")
    if Path(name).name != name or not name.startswith("fit-"):
        raise ArtifactError(f"{out / 'CURRENT'} names no fit ({name[:60]!r}): {REMEDY}.")
    folder = out / name
    manifest = _read_manifest(folder)
    for relative, size in manifest["files"].items():
        path = folder / relative
        if not path.is_file() or path.stat().st_size != size:
            raise _damaged(folder, f"{relative} is missing or not {size} bytes long")
    arrays = {}
    for array_name in (*ARRAYS, *OPTIONAL):
        path = folder / "arrays" / f"{array_name}.npy"
        if array_name in ARRAYS or path.is_file():
            arrays[array_name] = _read(path, folder, _open_array)
    _check_arrays(arrays, folder)
    tables = {
        table: _read(folder / "tables" / f"{table}.parquet", folder, pd.read_parquet)
        for table in ("users", "items")
    }
    return StoredFit(folder, manifest, arrays, tables)


def _open_array(path: Path) -> NDArray:
    return np.load(path, mmap_mode="r", allow_pickle=False)


def _read(path: Path, folder: Path, read: Callable[[Path], Value]) -> Value:
    try:
        return read(path)
    except (OSError, ValueError) as error:  # pyarrow's errors are ValueErrors too
        raise _damaged(folder, f"{path.relative_to(folder)} cannot be read") from error


def _damaged(folder: Path, what: str) -> ArtifactError:
    return ArtifactError(f"The fitted pipeline in {folder} is damaged: {what}; {REMEDY} again.")


def _read_manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        manifest = None
    if not isinstance(manifest, dict) or not isinstance(manifest.get("files"), dict):
        raise ArtifactError(
            f"The fitted pipeline in {folder} is half-written (no readable manifest): {REMEDY}."
        )
    version = manifest.get("format_version")
    if version != FORMAT_VERSION:
        raise ArtifactError(
            f"The fitted pipeline in {folder} has format version {version}, this program reads "
            f"{FORMAT_VERSION}: {REMEDY} again."
        )
    return manifest


def _check_arrays(arrays: Mapping[str, NDArray], folder: Path) -> None:
    sizes: dict[str, int] = {}
    for name, array in arrays.items():
        dtype, dimensions = {**ARRAYS, **OPTIONAL}[name]
        if array.dtype != np.dtype(dtype) or array.ndim != len(dimensions):
            raise _damaged(folder, f"array {name} is not {len(dimensions)}-dimensional {dtype}")
        for dimension, size in zip(dimensions, array.shape, strict=True):
            if sizes.setdefault(dimension, size) != size:
                raise _damaged(
                    folder, f"array {name} counts {size} {dimension}, others {sizes[dimension]}"
                )
    if sizes["users + 1"] != sizes[USERS] + 1:
        raise _damaged(folder, f"the histories are not those of {sizes[USERS]} users")
