"""Models kept as plain arrays: compiled code follows their numbers without looking."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.pipeline.ranking.context_features import SIZES

__all__ = [
    "DESIGN_ARRAYS",
    "LINEAR_ARRAYS",
    "LINK_FILES",
    "TREE_ARRAYS",
    "design_complaint",
    "linear_complaint",
    "links_complaint",
    "per_item_complaint",
    "statistics_complaint",
    "trees_complaint",
]

LINK_FILES = ("link_indptr.npy", "link_items.npy", "link_values.npy")
PER_ITEM = frozenset({"item_factors.npy", "item_scores.npy"})
"""Arrays with a row for each item of the fit."""

TREE_ARRAYS = frozenset(
    {
        "feature",
        "threshold",
        "missing_left",
        "left",
        "right",
        "values",
        "roots",
        "gains",
        "baseline",
    }
)


DESIGN_ARRAYS = frozenset({"logged", "mean", "scale", "masked", "crossed"})
LINEAR_ARRAYS = DESIGN_ARRAYS | {"weights", "intercept"}


def design_complaint(model: Mapping[str, NDArray[Any]], n_features: int) -> str:
    """Say what is wrong with how features become columns; empty where nothing is."""
    if any(model[name].shape != (n_features,) for name in ("logged", "mean", "scale")):
        return f"is not about the fit's {n_features} features"
    masked, crossed = model["masked"], model["crossed"]
    if masked.dtype.kind != "i" or crossed.dtype.kind != "i" or crossed.ndim != 2:
        return "has columns that are no whole numbers"
    for places in (masked, crossed):
        if places.size and (places.min() < 0 or places.max() >= n_features):
            return f"has a column outside of the {n_features} features"
    kept = (model["mean"], model["scale"])
    return "" if all(np.isfinite(array).all() for array in kept) else "has a value not finite"


def linear_complaint(model: Mapping[str, NDArray[Any]], n_features: int) -> str:
    """Say what is wrong with a linear model, as half a sentence; empty where nothing is."""
    complaint = design_complaint(model, n_features)
    if complaint:
        return complaint
    masked, crossed = model["masked"], model["crossed"]
    n_columns = n_features + len(masked) + len(crossed)
    if model["weights"].shape != (n_columns,) or model["intercept"].shape != (1,):
        return "has not one weight for each column"
    kept = [model[name] for name in ("weights", "intercept")]
    return "" if all(np.isfinite(array).all() for array in kept) else "has a value not finite"


def links_complaint(folder: Path, n_items: int) -> str:
    """Say what is wrong with the links in ``folder``, as half a sentence; empty if nothing is."""
    indptr, items, values = (
        np.load(folder / name, mmap_mode="r", allow_pickle=False) for name in LINK_FILES
    )
    if indptr.ndim != 1 or len(indptr) < 2 or indptr.dtype.kind != "i":
        return "has no pointers to links"
    ends, n_linked = indptr[:-1], int(indptr[-1])
    if n_linked != n_items:
        return f"links to {n_linked} items, not to the fit's {n_items}"
    if ends[0] != 0 or ends[-1] != len(items) or (np.diff(ends) < 0).any():
        return "has pointers that do not rise from 0 to its links"
    if items.dtype.kind != "i" or items.shape != values.shape or items.ndim != 1:
        return "has links that are not one item and one value each"
    if len(items) and (int(items.min()) < 0 or int(items.max()) >= n_items):
        return f"links to an item outside of the fit's {n_items}"
    if values.dtype.kind != "f" or not np.isfinite(values).all():
        return "has links that are not finite"
    return (
        "" if len(ends) == n_items + 1 else f"has not a row for each of the fit's {n_items} items"
    )


def per_item_complaint(path: Path, n_items: int) -> str:
    """Say what is wrong with an array that has a row for each item."""
    if path.name not in PER_ITEM:
        return ""
    array = np.load(path, mmap_mode="r", allow_pickle=False)
    if array.dtype != np.float32 or array.shape[:1] != (n_items,):
        return f"has not a float32 row for each of the fit's {n_items} items"
    return "" if np.isfinite(array).all() else "has a number that is not finite"


def statistics_complaint(arrays: Mapping[str, NDArray[Any]], n_items: int) -> str:
    """Say what is wrong with counts of items, whose last axis is the items."""
    if any(
        array.dtype != np.float32 or array.shape[-1:] != (n_items,) for array in arrays.values()
    ):
        return f"has not a float32 column for each of the fit's {n_items} items"
    if "context_lift" in arrays and arrays["context_lift"].shape != (sum(SIZES), n_items):
        return f"has not a row for each of {sum(SIZES)} moments"
    return ""


def trees_complaint(trees: Mapping[str, NDArray[Any]], n_features: int) -> str:
    """Say what is wrong with trees kept as arrays, as half a sentence; empty where nothing is."""
    left, right, feature = trees["left"], trees["right"], trees["feature"]
    nodes = ("feature", "threshold", "missing_left", "left", "right", "values")
    n_nodes = len(left)
    if any(trees[name].shape != (n_nodes,) for name in nodes) or not n_nodes:
        return "has nodes that lack a part"
    whole = ("feature", "left", "right", "roots")
    if any(trees[name].dtype.kind != "i" for name in whole):
        return "has nodes that are no whole numbers"
    if trees["gains"].shape != (n_features,) or trees["baseline"].shape != (1,):
        return f"is not about the fit's {n_features} features"
    inner = left >= 0
    places = np.flatnonzero(inner)
    below = np.stack([left[inner], right[inner]])
    if below.size and ((below <= places).any() or (below >= n_nodes).any()):
        return "has a node that leads out or in a circle"
    roots = trees["roots"]
    if len(roots) and (roots.min() < 0 or roots.max() >= n_nodes):
        return "has a root outside of its nodes"
    if (feature[inner] < 0).any() or (feature[inner] >= n_features).any():
        return f"splits by a feature outside of the {n_features}"
    kept = (trees["values"], trees["gains"], trees["baseline"])
    return "" if all(np.isfinite(array).all() for array in kept) else "has a value not finite"
