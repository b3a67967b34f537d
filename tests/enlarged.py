"""A fit of as many people as asked for, made of a smaller one: for looking at pages at full size.

Everybody of the smaller fit is there many times, each time with candidates that were put in another
order by noise: as many people as a large service has, of few kinds.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.arrays import Ragged
from engine.artifact_format import ARRAYS, USERS, publish, scratch_folder
from engine.artifacts import open_artifacts
from engine.fit_reading import read_fit

__all__ = ["enlarge"]

RAGGED = ("history", "holdout", "later_not_liked")
WITH_HISTORY = ("history_is_liked", "history_day")
NOISE = 0.2
"""Standard deviation of what is added to a score, in standard deviations of a person's scores."""


def enlarge(folder: Path, out: Path, n_people: int, *, n_candidates: int = 100) -> int:
    """Write a fit of about ``n_people`` under ``out``, from the fit under ``folder``.

    Returns
    -------
    int
        How many people there are: a multiple of those of the smaller fit.
    """
    small = read_fit(folder)
    n_small = len(small.tables["users"])
    times = max(1, round(n_people / n_small))
    arrays = {name: np.asarray(small.arrays[name]) for name in ARRAYS}
    made: dict[str, NDArray[Any]] = {}
    for name, (_, dimensions) in ARRAYS.items():
        if dimensions[0] == USERS:
            cut = arrays[name][:, :n_candidates] if "candidates" in dimensions else arrays[name]
            made[name] = np.concatenate([cut] * times)
        elif not name.startswith(RAGGED):
            made[name] = arrays[name]
    made["popularity"] = arrays["popularity"] * times
    for name in RAGGED:
        ragged = Ragged(arrays[f"{name}_indptr"], arrays[f"{name}_indices"])
        made[f"{name}_indices"] = np.tile(ragged.indices, times)
        lengths = np.tile(ragged.lengths(), times)
        made[f"{name}_indptr"] = np.concatenate([[0], np.cumsum(lengths)])
    for name in WITH_HISTORY:
        made[name] = np.tile(np.asarray(small.arrays[name]), times)
    _shuffle(made, n_small)
    users = pd.concat([small.tables["users"]] * times, ignore_index=True)
    users["user_id"] = np.arange(len(users)).astype(str)
    with scratch_folder(out) as scratch:
        shutil.copytree(small.folder / "models", scratch / "models", dirs_exist_ok=True)
        publish(
            out,
            scratch,
            arrays=made,
            tables={"users": users, "items": small.tables["items"]},
            manifest=small.manifest,
        )
    return open_artifacts(out, is_checked=True).n_users


def _shuffle(made: dict[str, NDArray[Any]], n_small: int) -> None:
    """Order everybody's candidates by scores with noise, but for those of the first copy."""
    rng = np.random.default_rng(0)
    for start in range(n_small, len(made["scores"]), n_small):
        rows = slice(start, start + n_small)
        scores = made["scores"][rows]
        is_there = made["candidates"][rows] >= 0
        spread = scores.std(axis=1, keepdims=True)
        noisy = scores + NOISE * spread * rng.normal(size=scores.shape).astype(np.float32)
        order = np.argsort(-np.where(is_there, noisy, -np.inf), axis=1, kind="stable")
        made["scores"][rows] = np.take_along_axis(np.where(is_there, noisy, 0), order, axis=1)
        for name in ("candidates", "source_masks"):
            made[name][rows] = np.take_along_axis(made[name][rows], order, axis=1)
