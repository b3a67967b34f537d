"""A fit as read: refused in one sentence unless every byte and every index is as it must be."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.artifact_format import ARRAYS, CURRENT, OPTIONAL, current_name
from engine.checksums import CHECKSUMS, first_difference
from engine.errors import ArtifactError, StudioError
from engine.fit_checks import array_complaints, list_complaints, table_complaints
from engine.manifest import FORMAT_VERSION, Manifest
from engine.manifest_reading import as_manifest, manifest_complaint, read_manifest
from engine.model_checks import model_complaints

__all__ = ["REMEDY", "StoredFit", "fit_in_use", "read_fit", "refused_if_unreadable"]

REMEDY = "run `python -m engine fit` for this data set"

Value = TypeVar("Value")


@dataclass(frozen=True, eq=False)
class StoredFit:
    """A fit as read: arrays memory-mapped, checked for form and for agreement with each other."""

    folder: Path
    manifest: Manifest
    arrays: dict[str, NDArray[Any]]
    tables: dict[str, pd.DataFrame]


def fit_in_use(out: Path) -> Path:
    """Return the folder of the current fit under ``out``, which may yet be damaged.

    Raises
    ------
    ArtifactError
        Nothing is fitted there, or ``CURRENT`` is garbled.
    """
    name = current_name(out)
    if name is None:
        raise ArtifactError(f"No fitted pipeline in {out}: {REMEDY}.")
    if not name:
        raise ArtifactError(f"{out / CURRENT} names no fit: {REMEDY}.")
    return out / name


def read_fit(out: Path, *, is_checked: bool = False) -> StoredFit:
    """Read the current fit under ``out``.

    ``is_checked``: the contents were compared with their checksums, and with each other, by a
    process that asks this one for help; only the form is looked at again.

    Raises
    ------
    ArtifactError
        Nothing fitted there, half-written, another version, a file missing, foreign or not as it
        was written, arrays that do not agree with each other, or an index, code, score or list
        that is out of bounds.
    """
    folder = fit_in_use(out)
    manifest = _manifest(folder)
    if not is_checked:
        _refuse(folder, (_read(folder, folder / CHECKSUMS, lambda _: first_difference(folder)),))
    _refuse(folder, (manifest_complaint(manifest),))
    arrays = {}
    for name in (*ARRAYS, *OPTIONAL):
        path = folder / "arrays" / f"{name}.npy"
        if name in ARRAYS or path.is_file():
            arrays[name] = _read(folder, path, _open_array)
    _refuse(folder, _form_complaints(arrays))
    tables = {
        table: _read(folder, folder / "tables" / f"{table}.parquet", pd.read_parquet)
        for table in ("users", "items")
    }
    if is_checked:
        return StoredFit(folder, as_manifest(manifest), arrays, tables)
    about = chain(
        list_complaints(manifest, arrays),
        array_complaints(arrays),
        table_complaints(tables, arrays),
        model_complaints(
            folder / "models", len(arrays["popularity"]), len(manifest["feature_names"])
        ),
    )
    _refuse(folder, about)
    return StoredFit(folder, as_manifest(manifest), arrays, tables)


def _manifest(folder: Path) -> dict[str, Any]:
    manifest = read_manifest(folder / "manifest.json")
    if manifest is None:
        raise ArtifactError(
            f"The fitted pipeline in {folder} is half-written (no readable manifest): {REMEDY}."
        )
    version = manifest.get("format_version")
    if version != FORMAT_VERSION:
        raise ArtifactError(
            f"The fitted pipeline in {folder} has format version {version!r:.20}, this program "
            f"reads {FORMAT_VERSION}: {REMEDY} again."
        )
    return manifest


def _refuse(folder: Path, complaints: tuple[str, ...] | Iterator[str]) -> None:
    """Raise the first complaint, if there is one."""
    found = next(filter(None, complaints), "")
    if found:
        raise damaged(folder, found)


def _open_array(path: Path) -> NDArray[Any]:
    return np.load(path, mmap_mode="r", allow_pickle=False)


def _read(folder: Path, path: Path, read: Callable[[Path], Value]) -> Value:
    try:
        return read(path)
    except (OSError, ValueError, EOFError, SyntaxError) as error:  # pyarrow's are ValueErrors too
        raise damaged(folder, f"{path.relative_to(folder)} cannot be read") from error


def damaged(folder: Path, what: str) -> ArtifactError:
    """Return the error that says what is wrong with a fit, given as half a sentence."""
    return ArtifactError(f"The fitted pipeline in {folder} is damaged: {what}; {REMEDY} again.")


@contextmanager
def refused_if_unreadable(folder: Path, what: str) -> Iterator[None]:
    """Turn what a library says of a file that it cannot read into the error of a damaged fit."""
    try:
        yield
    except StudioError:
        raise
    except Exception as error:
        raise damaged(folder, what) from error


def _form_complaints(arrays: Mapping[str, NDArray[Any]]) -> Iterator[str]:
    sizes: dict[str, int] = {}
    known = {**ARRAYS, **OPTIONAL}
    for name, array in arrays.items():
        dtype, dimensions = known[name]
        if array.dtype != np.dtype(dtype) or array.ndim != len(dimensions):
            yield f"array {name} is not {len(dimensions)}-dimensional {dtype}"
            return
        if not array.flags.c_contiguous:
            yield f"array {name} is not stored row by row"
        for dimension, size in zip(dimensions, array.shape, strict=True):
            if sizes.setdefault(dimension, size) != size:
                yield f"array {name} counts {size} {dimension}, others {sizes[dimension]}"
    if sizes["users + 1"] != sizes["users"] + 1:
        yield f"the histories are not those of {sizes['users']} users"
