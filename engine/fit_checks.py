"""What the arrays of a fit must say, whoever wrote them: every index within what it points into.

Compiled code follows indices without looking, so an item number past the catalogue reads another
program's memory, or ends the server and every session in it. Checksums do not help against a fit
that was written wrong; these checks do. They read each array once, in blocks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.arrays import PAD
from engine.data.events import MOST_PLACES
from engine.data.split import SPLITS
from engine.objectives import OBJECTIVES
from engine.pipeline.ranking.ordering import GROUP

__all__ = ["array_complaints", "list_complaints", "table_complaints"]

BLOCK_CELLS = 4_000_000
MAX_SOURCES = 16
"""Bits of ``source_masks``."""

OF_OBJECTIVES = (
    "objectives",
    "history_did",
    "objective_holdout_indptr",
    "objective_holdout_indices",
)

TABLE_COLUMNS = {
    "users": ("user_id",),
    "items": ("item_id", "title", "genres", "released", "provider"),
}


def _blocks(array: NDArray[Any]) -> Iterator[NDArray[Any]]:
    """Rows of ``array`` by the block, so that a memory-mapped one is never copied whole."""
    width = max(1, array[:1].size)
    step = max(1, BLOCK_CELLS // width)
    for start in range(0, len(array), step):
        yield array[start : start + step]


def _is_within(array: NDArray[np.integer], low: int, high: int) -> bool:
    """Whether all of ``array`` is from ``low`` to ``high - 1``."""
    return not array.size or (int(array.min()) >= low and int(array.max()) < high)


def array_complaints(arrays: Mapping[str, NDArray[Any]]) -> Iterator[str]:
    """Say what is wrong with the arrays, given that their types and shapes agree.

    Yields
    ------
    str
        Half a sentence each; nothing where all is well.
    """
    n_items = len(arrays["popularity"])
    for name in ("candidates", "retrieved", "filtered"):
        yield from _lists(name, arrays[name], n_items)
    for name in ("history", "holdout", "later_not_liked"):
        yield from _ragged(name, arrays[f"{name}_indptr"], arrays[f"{name}_indices"], n_items)
    yield from _scores(arrays["scores"], arrays["candidates"])
    yield from _objectives(arrays, n_items)
    for name, is_right, what in _VALUES:
        if name in arrays and not all(is_right(block) for block in _blocks(arrays[name])):
            yield f"array {name} holds values that are not {what}"


def _objectives(arrays: Mapping[str, NDArray[Any]], n_items: int) -> Iterator[str]:
    """Look at what a fit with rankers of other objectives has, which is all of it or nothing."""
    missing = [name for name in OF_OBJECTIVES if name not in arrays]
    if missing:
        if len(missing) < len(OF_OBJECTIVES):
            yield f"array {missing[0]} is missing beside the others of objectives"
        return
    name = "objective_holdout"
    indptr, indices = arrays[f"{name}_indptr"], arrays[f"{name}_indices"]
    n_users, _, n_objectives = arrays["objectives"].shape
    if len(indptr) != n_users * n_objectives + 1:
        yield f"array {name}_indptr has not {n_objectives} rows for each of {n_users} users"
        return
    yield from _ragged(name, indptr, indices, n_items)
    if not _is_within(arrays["history_did"], 0, 1 << n_objectives):
        yield f"array history_did names an objective outside of the fit's {n_objectives}"


def _lists(name: str, lists: NDArray[np.int32], n_items: int) -> Iterator[str]:
    if not _is_within(lists, PAD, n_items):
        yield f"array {name} names an item outside of 0 to {n_items - 1}"
        return
    for block in _blocks(lists):
        is_pad = block == PAD
        if (is_pad[:, :-1] & ~is_pad[:, 1:]).any():
            yield f"array {name} has a gap before the end of a row"
            return
        placed = np.sort(block, axis=1)
        if ((placed[:, 1:] == placed[:, :-1]) & (placed[:, 1:] != PAD)).any():
            yield f"array {name} names an item twice in a row"
            return


def _ragged(
    name: str, indptr: NDArray[np.int64], indices: NDArray[np.int32], n_items: int
) -> Iterator[str]:
    ends_right = int(indptr[0]) == 0 and int(indptr[-1]) == len(indices)
    if not ends_right or (np.diff(indptr) < 0).any():
        yield f"array {name}_indptr does not rise from 0 to the {len(indices)} entries"
    if not _is_within(indices, 0, n_items):
        yield f"array {name}_indices names an item outside of 0 to {n_items - 1}"


def _scores(scores: NDArray[np.float32], candidates: NDArray[np.int32]) -> Iterator[str]:
    for rows, items in zip(_blocks(scores), _blocks(candidates), strict=True):
        if not np.isfinite(rows).all():
            yield "array scores holds values that are not finite"
            return
        if ((rows[:, 1:] > rows[:, :-1]) & (items[:, 1:] != PAD)).any():
            yield "array scores does not fall along its rows"
            return


def _are_finite(values: NDArray[np.float32]) -> bool:
    return bool(np.isfinite(values).all())


def _are_finite_or_unknown(values: NDArray[np.floating]) -> bool:
    return not np.isinf(values).any()


def _are_shares_or_unknown(values: NDArray[np.float32]) -> bool:
    return not ((values < 0) | (values > 1)).any()


def _are_shares(values: NDArray[np.float32]) -> bool:
    return bool(((values >= 0) & (values <= 1)).all())


def _are_places_or_unknown(values: NDArray[np.int16]) -> bool:
    return bool(((values >= -1) & (values < MOST_PLACES)).all())


def _are_truths(values: NDArray[np.bool_]) -> bool:
    return bool((values.view(np.uint8) <= 1).all())


def _are_leanings(values: NDArray[np.uint8]) -> bool:
    return bool((values <= GROUP).all())


def _are_counts(values: NDArray[np.int32]) -> bool:
    return bool((values >= 0).all())


_VALUES: tuple[tuple[str, Callable[[NDArray[Any]], bool], str], ...] = (
    ("item_factors", _are_finite, "finite"),
    ("mf_item_factors", _are_finite, "finite"),
    ("mf_user_factors", _are_finite, "finite"),
    ("features", _are_finite_or_unknown, "finite or unknown"),
    ("released_day", _are_finite_or_unknown, "finite or unknown"),
    ("history_day", _are_finite_or_unknown, "finite or unknown"),
    ("history_amount", _are_finite_or_unknown, "finite or unknown"),
    ("service", _are_shares_or_unknown, "shares from 0 to 1, or unknown"),
    ("history_where", _are_places_or_unknown, f"-1 or from 0 to {MOST_PLACES - 1}"),
    ("objectives", _are_shares, "shares from 0 to 1"),
    ("popularity", _are_counts, "counts"),
    ("history_count", _are_counts, "counts"),
    ("genre_matrix", _are_truths, "true or false"),
    ("history_is_liked", _are_truths, "true or false"),
    ("fallback", _are_leanings, "0, 1 or 2"),
)
"""Array, what its values must be, and that in words."""


def list_complaints(
    manifest: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]
) -> Iterator[str]:
    """Say where a list of the manifest is not as long as its array, or a code has no name."""
    groups = manifest["attributes"]
    widths = [
        ("genre_names", len(manifest["genre_names"]), arrays["genre_matrix"].shape[1]),
        ("attributes", len(groups), arrays["user_groups"].shape[1]),
    ]
    if "features" in arrays:
        widths.append(
            ("feature_names", len(manifest["feature_names"]), arrays["features"].shape[2])
        )
    said = manifest["metrics"].get("objectives", [])
    n_columns = arrays["objectives"].shape[2] if "objectives" in arrays else 0
    widths.append(("metrics.objectives", len(said), n_columns))
    if manifest["split"]["name"] not in SPLITS:
        yield f"the manifest's split {manifest['split']['name']!r:.40} is none that there is"
    n_sources = len(manifest["source_names"])
    for name in ("source_labels", "source_weights"):
        widths.append((name, len(manifest[name]), n_sources))
    for name, n_names, n_needed in widths:
        if n_names != n_needed:
            yield f"the manifest's {name} has {n_names} entries instead of {n_needed}"
            return
    for one in said:
        if one["name"] not in OBJECTIVES:
            yield f"the manifest's objective {one['name']!r:.40} is none that there is"
    yield from _codes(manifest, arrays, n_sources)


def _codes(
    manifest: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]], n_sources: int
) -> Iterator[str]:
    n_providers = len(manifest["provider_names"])
    if not _is_within(arrays["provider_codes"], -1, n_providers):
        yield f"array provider_codes names a provider outside of the manifest's {n_providers}"
    for column, (name, labels) in enumerate(manifest["attributes"].items()):
        if not _is_within(arrays["user_groups"][:, column], 0, len(labels)):
            yield f"array user_groups names a group outside of the {len(labels)} of {name!r:.60}"
    if n_sources > MAX_SOURCES or not _is_within(arrays["source_masks"], 0, 1 << n_sources):
        yield f"array source_masks names a source outside of the manifest's {n_sources}"
    for name in manifest["demographic"]:
        if name not in manifest["attributes"]:
            yield f"the manifest's demographic {name!r:.60} is none of its attributes"


def table_complaints(
    tables: Mapping[str, pd.DataFrame], arrays: Mapping[str, NDArray[Any]]
) -> Iterator[str]:
    """Say where a table has not one row for each person or item, or lacks a column."""
    n_rows = {"users": len(arrays["candidates"]), "items": len(arrays["popularity"])}
    for name, columns in TABLE_COLUMNS.items():
        table = tables[name]
        if len(table) != n_rows[name]:
            yield f"table {name} has {len(table)} rows instead of {n_rows[name]}"
        for column in columns:
            if column not in table.columns:
                yield f"table {name} has no column {column}"
                return
        if table[columns[0]].astype(str).duplicated().any():
            yield f"table {name} names one {columns[0]} twice"
