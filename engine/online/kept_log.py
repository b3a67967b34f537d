"""The log that a fit keeps: opened, checked, and brought into the form that estimators read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from pyarrow import parquet

from engine.artifact_format import LOG
from engine.artifacts import Artifacts
from engine.data.contract import LOG_TEXTS
from engine.data.shown import strengths
from engine.data.wording import counted
from engine.fit_reading import REMEDY, damaged
from engine.online.log import Log
from engine.online.log_columns import ONE_POLICY, optional_texts
from engine.recent import Recent

__all__ = ["UNNAMED", "has_kept_log", "kept_log", "n_kept"]

COLUMNS = {
    "user": "i",
    "item": "i",
    "timestamp": "M",
    "position": "i",
    "propensity": "f",
    "seconds": "f",
}
"""Column → kind of its dtype; ``event`` and the texts are text."""

UNNAMED = "no policy named"
_OPENED: Recent[Any] = Recent(2)


def _path(artifacts: Artifacts) -> Path:
    return artifacts.folder / "tables" / f"{LOG}.parquet"


def has_kept_log(artifacts: Artifacts) -> bool:
    """Whether the fit keeps a log of what was shown."""
    return _path(artifacts).is_file()


def n_kept(artifacts: Artifacts) -> int:
    """Count the places of the log of a fit, without reading them."""
    try:
        return int(parquet.read_metadata(_path(artifacts)).num_rows)
    except (OSError, ValueError) as error:
        raise damaged(artifacts.folder, f"its log cannot be read ({REMEDY})") from error


def kept_log(artifacts: Artifacts) -> Log | None:
    """Return the log of a fit; None where its data have none.

    Raises
    ------
    ArtifactError
        The table cannot be read, or points at people or items that are not there.
    """
    if not has_kept_log(artifacts):
        return None
    return _OPENED.get(artifacts.folder, lambda: _read(artifacts))


def _read(artifacts: Artifacts) -> Log:
    try:
        table = pd.read_parquet(_path(artifacts))
    except (OSError, ValueError) as error:
        raise damaged(artifacts.folder, f"its log cannot be read ({REMEDY})") from error
    _check(table, artifacts)
    position = table["position"].to_numpy(np.int64)
    known = position[position >= 0]
    first = int(known.min()) if len(known) else 0
    notes = []
    if first == 1:
        notes.append("Positions are numbered from 1 in the data.")
        position = np.where(position >= 0, position - 1, -1)
    policy = table["policy"].astype(str).to_numpy(object)
    is_blank = policy == ""
    if is_blank.all():
        policy = np.full(len(policy), ONE_POLICY, object)
    elif is_blank.any():
        policy = np.where(is_blank, UNNAMED, policy)
        notes.append(
            f"`policy` is empty in {counted(int(is_blank.sum()), 'row')} and named in others: "
            f"those are shown as “{UNNAMED}”."
        )
    seconds = table["seconds"].to_numpy(np.float64)
    return Log(
        artifacts.users["user_id"].astype(str).to_numpy(object)[table["user"]],
        artifacts.items["item_id"].astype(str).to_numpy(object)[table["item"]],
        position,
        table["propensity"].to_numpy(np.float64),
        np.nan_to_num(strengths(table["event"])),
        policy,
        table["timestamp"].to_numpy().astype("datetime64[s]").astype(np.int64) / 86_400,
        optional_texts(table, "slate"),
        seconds if np.isfinite(seconds).any() else None,
        tuple(notes),
    )


def _check(table: pd.DataFrame, artifacts: Artifacts) -> None:
    for name in (*COLUMNS, "event", *LOG_TEXTS):
        if name not in table or table[name].dtype.kind not in COLUMNS.get(name, "OTU"):
            raise damaged(artifacts.folder, f"its log has no column {name} of the kind expected")
    for name, n in (("user", artifacts.n_users), ("item", artifacts.n_items)):
        if len(table) and not 0 <= table[name].min() <= table[name].max() < n:
            raise damaged(artifacts.folder, f"its log names a row of {name}s outside of 0 to {n}")
    chance = table["propensity"].to_numpy()
    if (chance <= 0).any() or (chance > 1).any() or np.isinf(table["seconds"]).any():
        raise damaged(artifacts.folder, "its log holds chances outside of 0 to 1")
