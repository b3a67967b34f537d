"""What a fit leaves on disk, and how it is opened: the seam between fit and tune.

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
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.arrays import PAD, Ragged, read_only
from engine.errors import ArtifactError

__all__ = ["FORMAT_VERSION", "STAGES", "Artifacts", "open_artifacts", "publish", "scratch_folder"]

FORMAT_VERSION = 1
STAGES = ("retrieved", "filtered", "ranked", "reranked")
"""The stages of the pipeline, in order; the same words in code, charts and text."""

ARRAYS: dict[str, tuple[str, int]] = {
    "candidates": ("int32", 2),
    "scores": ("float32", 2),
    "source_masks": ("uint16", 2),
    "retrieved": ("int32", 2),
    "filtered": ("int32", 2),
    "item_factors": ("float32", 2),
    "mf_item_factors": ("float32", 2),
    "mf_user_factors": ("float32", 2),
    "genre_matrix": ("bool", 2),
    "released_day": ("float64", 1),
    "popularity": ("int32", 1),
    "provider_codes": ("int16", 1),
    "user_groups": ("int16", 2),
    "history_indptr": ("int64", 1),
    "history_indices": ("int32", 1),
    "history_is_liked": ("bool", 1),
    "holdout_indptr": ("int64", 1),
    "holdout_indices": ("int32", 1),
    "service": ("float32", 1),
}
"""Array name → dtype and number of dimensions: what every artifact directory must hold."""


@dataclass(frozen=True, eq=False)
class Artifacts:
    """All that tuning needs of one fitted data set; every array is read-only.

    ``n_users`` people × ``n_candidates`` ranked candidates each; ``-1`` (:data:`PAD`) fills rows
    that have fewer.

    Attributes
    ----------
    folder : Path
        The fit's folder (``models/`` is in it). Its name identifies the fit.
    manifest : dict
        ``name, title, is_simulated, fingerprint, licence, source, now_day, liked_threshold,
        genre_names, provider_names, attributes, source_names, feature_names, config, versions,
        timings, metrics, counts, drops, notes``.
    users, items : DataFrame
        One row per user / item, in index order; text columns.
    candidates : int32 array of shape (n_users, n_candidates)
        Item indices, best ranker score first, :data:`PAD` at the end.
    scores : float32 array of shape (n_users, n_candidates)
        Ranker scores, falling along each row; 0 where padded.
    source_masks : uint16 array of shape (n_users, n_candidates)
        Bit ``b`` is set where source ``source_names[b]`` proposed the candidate.
    retrieved : int32 array of shape (n_users, n_retrieved)
        The retrieval stage's order (reciprocal-rank fusion), with items already seen still in.
    filtered : int32 array of shape (n_users, n_candidates)
        The same order without items already seen.
    item_factors : float32 array of shape (n_items, d)
        Unit-length latent factors; likeness is their dot product.
    mf_item_factors, mf_user_factors : float32 arrays of shape (n_items, d) and (n_users, d)
        The matrix factorisation as fitted, for folding in a what-if history.
    genre_matrix : bool array of shape (n_items, n_genres)
    released_day : float64 array of shape (n_items,)
        Release as days since 1970; NaN where unknown.
    popularity : int32 array of shape (n_items,)
        Number of people with the item in their history (test interactions not counted).
    provider_codes : int16 array of shape (n_items,)
        Index into ``provider_names``; -1 where unknown.
    user_groups : int16 array of shape (n_users, n_attributes)
        Index into the labels of each attribute, in the order of ``manifest["attributes"]``.
    history : Ragged
        Everything before the test part, oldest first.
    history_is_liked : bool array of shape (nnz of history,)
    holdout : Ragged
        Liked items held out for the test; may be empty for a user.
    service : float32 array of shape (n_users,)
        NDCG@10 of the *retrieved* order on the ranker's label slice, which retrieval never saw:
        how well a person is served before any re-ranking. NaN where nothing was in the slice.
    features : float32 array of shape (n_users, n_candidates, n_features), or None
        The ranker's inputs, for explaining a rank; None where they were not kept.
    history_day : float64 array of shape (nnz of history,), or None
        Moment of each interaction, as days since 1970.
    fallback : uint8 array of shape (n_users,), or None
        1 where a history is so short that the list leans on what is popular, else 0.
    """

    folder: Path
    manifest: dict[str, Any]
    users: pd.DataFrame
    items: pd.DataFrame
    candidates: NDArray[np.int32]
    scores: NDArray[np.float32]
    source_masks: NDArray[np.uint16]
    retrieved: NDArray[np.int32]
    filtered: NDArray[np.int32]
    item_factors: NDArray[np.float32]
    mf_item_factors: NDArray[np.float32]
    mf_user_factors: NDArray[np.float32]
    genre_matrix: NDArray[np.bool_]
    released_day: NDArray[np.float64]
    popularity: NDArray[np.int32]
    provider_codes: NDArray[np.int16]
    user_groups: NDArray[np.int16]
    history: Ragged
    history_is_liked: NDArray[np.bool_]
    holdout: Ragged
    service: NDArray[np.float32]
    features: NDArray[np.float32] | None = None
    history_day: NDArray[np.float64] | None = None
    fallback: NDArray[np.uint8] | None = None

    @property
    def n_users(self) -> int:
        """Number of people."""
        return self.candidates.shape[0]

    @property
    def n_items(self) -> int:
        """Number of items in the catalogue."""
        return len(self.popularity)

    @property
    def fit_id(self) -> str:
        """Identifies this fit; a key for caches."""
        return self.folder.name

    @property
    def now_day(self) -> float:
        """The moment of the last interaction, as days since 1970: ages are counted from it."""
        return float(self.manifest["now_day"])

    @property
    def genre_names(self) -> tuple[str, ...]:
        """Names of the columns of ``genre_matrix``."""
        return tuple(self.manifest["genre_names"])

    @property
    def provider_names(self) -> tuple[str, ...]:
        """Names that ``provider_codes`` index."""
        return tuple(self.manifest["provider_names"])

    @property
    def attributes(self) -> dict[str, tuple[str, ...]]:
        """Attribute → its group labels, in the order of the columns of ``user_groups``."""
        return {name: tuple(labels) for name, labels in self.manifest["attributes"].items()}

    @cached_property
    def n_valid(self) -> NDArray[np.int32]:
        """Number of candidates that each user really has, shape (n_users,)."""
        return read_only((self.candidates != PAD).sum(axis=1).astype(np.int32))

    @cached_property
    def user_index(self) -> dict[str, int]:
        """External user id → row."""
        return {str(user): row for row, user in enumerate(self.users["user_id"])}

    @cached_property
    def item_index(self) -> dict[str, int]:
        """External item id → index."""
        return {str(item): row for row, item in enumerate(self.items["item_id"])}

    @cached_property
    def is_long_tail(self) -> NDArray[np.bool_]:
        """Items outside the short head, shape (n_items,).

        The short head is the smallest set of most popular items that covers 80 % of history
        (Abdollahpouri et al. 2019). Ties in popularity are broken by item index.
        """
        order = np.argsort(-self.popularity.astype(np.int64), kind="stable")
        before = np.cumsum(self.popularity[order], dtype=np.int64) - self.popularity[order]
        tail = np.empty(self.n_items, dtype=bool)
        tail[order] = before >= 0.8 * self.popularity.sum(dtype=np.int64)
        return read_only(tail)


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
    for name, (dtype, ndim) in ARRAYS.items():
        if name not in arrays or arrays[name].ndim != ndim:
            raise ValueError(f"array {name} of {ndim} dimensions is missing")
        np.save(folder / "arrays" / f"{name}.npy", np.asarray(arrays[name], dtype=dtype))
    for name in arrays.keys() - ARRAYS.keys():
        np.save(folder / "arrays" / f"{name}.npy", arrays[name])
    for name, table in tables.items():
        table.to_parquet(folder / "tables" / f"{name}.parquet", index=False)
    files = {
        str(path.relative_to(folder)): path.stat().st_size
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    text = json.dumps({"format_version": FORMAT_VERSION, **manifest, "files": files}, indent=1)
    _write_beside(folder / "manifest.json", text)
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
    return pointer.read_text(encoding="utf-8").strip() if pointer.is_file() else None


def _remove_old(out: Path, keep: set[str]) -> None:
    for folder in out.glob("fit-*"):
        if folder.name not in keep and time.time() - folder.stat().st_mtime > 3600:
            shutil.rmtree(folder, ignore_errors=True)


def open_artifacts(out: Path) -> Artifacts:
    """Open the current fit under ``out``, memory-mapped and read-only.

    Raises
    ------
    ArtifactError
        Nothing fitted there, half-written, another version, or a file missing or of wrong size.
    """
    remedy = "run `python -m engine fit` for this data set"
    name = _current(out)
    if name is None:
        raise ArtifactError(f"No fitted pipeline in {out}: {remedy}.")
    if Path(name).name != name or not name.startswith("fit-"):
        raise ArtifactError(f"{out / 'CURRENT'} names no fit ({name[:60]!r}): {remedy}.")
    folder = out / name
    manifest = _read_manifest(folder, remedy)
    for relative, size in manifest["files"].items():
        path = folder / relative
        if not path.is_file() or path.stat().st_size != size:
            raise ArtifactError(
                f"The fitted pipeline in {folder} is damaged: {relative} is missing or not "
                f"{size} bytes long; {remedy} again."
            )
    arrays = {
        path.stem: np.load(path, mmap_mode="r", allow_pickle=False)
        for path in sorted((folder / "arrays").glob("*.npy"))
    }
    _check_arrays(arrays, folder, remedy)
    history = Ragged(arrays.pop("history_indptr"), arrays.pop("history_indices"))
    holdout = Ragged(arrays.pop("holdout_indptr"), arrays.pop("holdout_indices"))
    return Artifacts(
        folder=folder,
        manifest=manifest,
        users=pd.read_parquet(folder / "tables" / "users.parquet"),
        items=pd.read_parquet(folder / "tables" / "items.parquet"),
        history=history,
        holdout=holdout,
        **arrays,
    )


def _read_manifest(folder: Path, remedy: str) -> dict[str, Any]:
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, json.JSONDecodeError) as error:
        raise ArtifactError(
            f"The fitted pipeline in {folder} is half-written (no readable manifest): {remedy}."
        ) from error
    version = manifest.get("format_version")
    if version != FORMAT_VERSION:
        raise ArtifactError(
            f"The fitted pipeline in {folder} has format version {version}, this program reads "
            f"{FORMAT_VERSION}: {remedy} again."
        )
    return manifest


def _check_arrays(arrays: Mapping[str, NDArray], folder: Path, remedy: str) -> None:
    for name, (dtype, ndim) in ARRAYS.items():
        found = arrays.get(name)
        if found is None or found.dtype != np.dtype(dtype) or found.ndim != ndim:
            raise ArtifactError(
                f"The fitted pipeline in {folder} has no usable array {name} "
                f"({ndim}-dimensional {dtype}): {remedy} again."
            )
