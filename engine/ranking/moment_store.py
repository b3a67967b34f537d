"""A fitted moment on disk, so that one person can be served anew without a fit."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.ranking.item_statistics import ItemStatistics
from engine.ranking.moment import Moment
from engine.retrieval.als import Als, AlsConfig
from engine.retrieval.catalogue import Catalogue
from engine.retrieval.hnsw_search import HnswIndex
from engine.retrieval.parts_store import open_parts, save_parts

__all__ = ["open_moment", "save_moment"]

INDEX_FILE = "items.hnsw"
STATISTICS_FILE = "statistics.npz"
LIFT = "group_lift_"


def save_moment(moment: Moment, folder: Path) -> None:
    """Write what ``moment`` learned under ``folder``; its factors are saved as arrays."""
    save_parts(moment.parts, folder)
    moment.index.save(folder / INDEX_FILE)
    columns = dict(vars(moment.statistics))
    lifts = columns.pop("group_lift")
    columns.update({f"{LIFT}{place}": lift for place, lift in enumerate(lifts)})
    np.savez(folder / STATISTICS_FILE, allow_pickle=False, **columns)


def open_moment(
    folder: Path,
    catalogue: Catalogue,
    item_factors: NDArray[np.float32],
    *,
    als: AlsConfig,
    ef: int,
    group_names: tuple[str, ...],
    n_candidates: int,
    source_weights: tuple[float, ...],
) -> Moment:
    """Open what :func:`save_moment` wrote."""
    with np.load(folder / STATISTICS_FILE, allow_pickle=False) as file:
        columns = dict(file)
    lifts = tuple(columns.pop(f"{LIFT}{place}") for place in range(len(group_names)))
    dim = item_factors.shape[1]
    return Moment(
        catalogue=catalogue,
        parts=open_parts(folder, Als(np.array(item_factors), als)),
        index=HnswIndex.load(folder / INDEX_FILE, dim=dim, default_ef=ef),
        index_recall=float("nan"),
        statistics=ItemStatistics(**columns, group_lift=lifts),
        group_names=group_names,
        n_candidates=n_candidates,
        source_weights=source_weights,
    )
