"""Every file under ``models/``, by its kind."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from engine.model_checks.graph_file import graph_complaint
from engine.model_checks.plain_arrays import (
    DESIGN_ARRAYS,
    LINEAR_ARRAYS,
    LINK_FILES,
    TREE_ARRAYS,
    design_complaint,
    linear_complaint,
    links_complaint,
    per_item_complaint,
    statistics_complaint,
    trees_complaint,
)
from engine.model_checks.tree_text import tree_complaint
from engine.pipeline.ranking.objective_features import OWN_FEATURES
from engine.pipeline.ranking.objective_rankers import FOLDER as OBJECTIVES_FOLDER

__all__ = ["model_complaints"]

TREES = b"tree\n"
"""How LightGBM's text begins."""

STATISTICS_FILE = "statistics.npz"
SPARSE = {"indptr", "indices", "data", "shape"}


def model_complaints(models: Path, n_items: int, n_features: int) -> Iterator[str]:
    """Say which file a library must not be given, and why.

    LightGBM, hnswlib and SciPy follow the numbers of a file in compiled code: one that is wrong
    ends the process without a word. Whoever changed a file could have written checksums to match.

    Parameters
    ----------
    models : Path
    n_items : int
        Labels of a graph and columns of item-item links are below it.
    n_features : int
        Columns that trees may split by; rankers of other objectives read more.

    Yields
    ------
    str
        Half a sentence each; nothing where all is well.
    """
    for path in sorted(path for path in models.rglob("*") if path.is_file()):
        is_of_objective = path.relative_to(models).parts[0] == OBJECTIVES_FOLDER
        n_read = n_features + len(OWN_FEATURES) * is_of_objective
        complaint = _complaint(path, n_items, n_read)
        if complaint:
            yield f"{path.relative_to(models.parent).as_posix()} {complaint}"


def _complaint(path: Path, n_items: int, n_features: int) -> str:
    try:
        if path.suffix == ".hnsw":
            return graph_complaint(path.read_bytes(), n_items)
        if path.suffix == ".txt":
            content = path.read_bytes()
            return tree_complaint(content, n_features) if content.startswith(TREES) else ""
        if path.suffix == ".npy":
            return _array_complaint(path, n_items)
        if path.suffix == ".npz":
            return _packed_complaint(path, n_items, n_features)
    except (OSError, ValueError, EOFError, SyntaxError, KeyError, zipfile.BadZipFile):
        return "cannot be read"
    return ""


def _array_complaint(path: Path, n_items: int) -> str:
    np.load(path, mmap_mode="r", allow_pickle=False)
    if path.name == LINK_FILES[0]:
        return links_complaint(path.parent, n_items)
    return per_item_complaint(path, n_items)


def _packed_complaint(path: Path, n_items: int, n_features: int) -> str:
    """Look into arrays packed as one file; nothing in it may be larger than the file."""
    with zipfile.ZipFile(path) as packed:
        if any(part.compress_type != zipfile.ZIP_STORED for part in packed.infolist()):
            return "holds arrays that are compressed, which a fit never writes"
    with np.load(path, allow_pickle=False) as arrays:
        if set(arrays.files) >= SPARSE:
            return _sparse_complaint({name: arrays[name] for name in SPARSE})
        if set(arrays.files) == TREE_ARRAYS:
            return trees_complaint(dict(arrays), n_features)
        if set(arrays.files) == DESIGN_ARRAYS:
            return design_complaint(dict(arrays), n_features)
        if set(arrays.files) == LINEAR_ARRAYS:
            return linear_complaint(dict(arrays), n_features)
        if path.name == STATISTICS_FILE:
            return statistics_complaint(dict(arrays), n_items)
    return ""


def _sparse_complaint(parts: dict[str, np.ndarray]) -> str:
    indptr, indices, shape = parts["indptr"], parts["indices"], parts["shape"]
    are_whole = all(parts[name].dtype.kind == "i" for name in ("indptr", "indices", "shape"))
    if not are_whole or shape.shape != (2,) or indptr.ndim != 1 or indices.ndim != 1:
        return "is no sparse matrix"
    if len(indptr) != shape[0] + 1 or indptr[0] != 0 or indptr[-1] != len(indices):
        return "has pointers that do not rise from 0 to its entries"
    if (np.diff(indptr) < 0).any():
        return "has pointers that do not rise from 0 to its entries"
    if len(indices) and (indices.min() < 0 or indices.max() >= shape[1]):
        return f"names a column outside of its {int(shape[1])}"
    if parts["data"].shape != indices.shape or not np.isfinite(parts["data"]).all():
        return "has entries that are missing or not finite"
    return ""
