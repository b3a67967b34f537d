"""A fitted moment on disk, so that one person can be served anew without a fit."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from engine.pipeline.moment import Moment
from engine.pipeline.ranking.item_statistics import ItemStatistics
from engine.pipeline.recipe import SourceUse
from engine.pipeline.retrieval.catalogue import Catalogue
from engine.pipeline.retrieval.source_config import SourceConfig
from engine.pipeline.retrieval.stage import load_retrieval

__all__ = ["open_moment", "save_moment"]

SOURCES_FOLDER = "sources"
STATISTICS_FILE = "statistics.npz"
LIFT = "group_lift_"


def save_moment(moment: Moment, folder: Path) -> None:
    """Write what ``moment`` learned under ``folder``."""
    moment.retrieval.save(folder / SOURCES_FOLDER)
    columns = dict(vars(moment.statistics))
    lifts = columns.pop("group_lift")
    named = zip(moment.group_names, lifts, strict=True)
    columns.update({f"{LIFT}{name}": lift for name, lift in named})
    np.savez(folder / STATISTICS_FILE, allow_pickle=False, **columns)


def open_moment(
    folder: Path,
    catalogue: Catalogue,
    *,
    uses: tuple[SourceUse, ...],
    config: SourceConfig,
    families: tuple[str, ...],
    group_names: tuple[str, ...],
    n_candidates: int,
) -> Moment:
    """Open what :func:`save_moment` wrote."""
    with np.load(folder / STATISTICS_FILE, allow_pickle=False) as file:
        columns = dict(file)
    lifts = tuple(columns.pop(f"{LIFT}{name}") for name in group_names)
    columns = {name: values for name, values in columns.items() if not name.startswith(LIFT)}
    statistics = ItemStatistics(**columns, group_lift=lifts)
    return Moment(
        catalogue=catalogue,
        retrieval=load_retrieval(
            folder / SOURCES_FOLDER,
            uses,
            config,
            popularity=statistics.seen.astype(np.int64),
            n_candidates=n_candidates,
        ),
        statistics=statistics,
        group_names=group_names,
        families=families,
    )
