"""The simulated streaming service: the committed one, other sizes of it, and its truth."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from demo_data.finishes import with_finishes
from demo_data.simulate import GENERATOR_VERSION, most_interactions, simulate
from engine.arrays import read_only
from engine.data.assembly import assemble
from engine.data.contract import Dataset
from engine.data.download import Progress, folder_in_progress
from engine.data.home import data_folder
from engine.data.liked import Liked, liked_of
from engine.errors import DataError

__all__ = [
    "SIMULATED",
    "WITH_FINISHES",
    "Truth",
    "load_simulated",
    "open_truth",
    "truth_behind",
]

SIMULATED = "simulated"
WITH_FINISHES, FINISHES = "simulated:finishes", "simulated-finishes"
IMPRESSIONS = "impressions.parquet"
COMMITTED = Path(__file__).resolve().parents[2] / "demo_data"
LIKED_RATING = Liked(4.0, "four of five stars")
ONE_PLAYED_IN = 5
PER_PERSON, MOST_BY_DEFAULT = 100, 20_000_000
LARGEST = {"users": 5_000_000, "items": 1_000_000, "interactions": 200_000_000}
LICENCE = "Made up by a program, free of any restriction. Nobody and nothing in it is real."


def load_simulated(
    name: str, on_progress: Progress | None = None, *, liked: float | None = None
) -> Dataset:
    """Load ``simulated`` or ``simulated:USERSxITEMS`` or ``simulated:USERSxITEMSxINTERACTIONS``.

    ``simulated:finishes`` is the first with what people finished and shared of what they played.

    A size is generated once and kept; without a number of interactions there are 100 for each
    person, and at most 20 million and a fifth of people × titles. ``liked`` is the rating from
    which on an interaction is liked, 4 by default.

    Raises
    ------
    DataError
        If the size cannot be read or is out of range.
    """
    if name == SIMULATED:
        return _read(COMMITTED, SIMULATED, "Simulated streaming service", liked)
    if name == WITH_FINISHES:
        title = "Simulated streaming service, with finishes"
        return _read(COMMITTED, FINISHES, title, liked)
    sizes = _sizes(name)
    folder = data_folder(name.replace(":", "-"))
    if not _is_current(folder):
        if on_progress:
            on_progress(f"Simulating {name}", 0.0)
        with folder_in_progress(folder) as fresh:
            simulate(
                fresh,
                users=sizes["users"],
                items=sizes["items"],
                interactions=sizes["interactions"],
            )
        if on_progress:
            on_progress(f"Simulating {name}", 1.0)
    title = f"Simulated streaming service, {sizes['users']:,} people × {sizes['items']:,} titles"
    return _read(folder, folder.name, title, liked)


def _is_current(folder: Path) -> bool:
    planted = folder / "truth" / "planted.json"
    if not planted.is_file():
        return False
    return json.loads(planted.read_text(encoding="utf-8")).get("version") == GENERATOR_VERSION


def _sizes(name: str) -> dict[str, int]:
    match = re.fullmatch(rf"{SIMULATED}:(\d+)x(\d+)(?:x(\d+))?", name)
    if match is None:
        raise DataError(
            f"{name!r} is no size of the simulated service: write it as simulated:6000x4000 "
            f"(people × titles), simulated:6000x4000x600000 (with interactions) or {WITH_FINISHES}."
        )
    users, items = int(match[1]), int(match[2])
    few = max(users * items // ONE_PLAYED_IN, 1)
    interactions = int(match[3]) if match[3] else min(PER_PERSON * users, MOST_BY_DEFAULT, few)
    sizes = {"users": users, "items": items, "interactions": interactions}
    for what, size in sizes.items():
        if not 1 <= size <= LARGEST[what]:
            raise DataError(f"{name!r} asks for {size:,} {what}: give from 1 to {LARGEST[what]:,}.")
    most = most_interactions(users, items)
    if interactions > most:
        raise DataError(
            f"{name!r} asks for {interactions:,} interactions of {users:,} people with {items:,} "
            f"titles, and nobody plays a title twice: give from 1 to {most:,}."
        )
    return sizes


def _read(folder: Path, name: str, title: str, liked: float | None = None) -> Dataset:
    tables = {
        table: pd.read_parquet(folder / f"{table}.parquet")
        for table in ("interactions", "items", "users")
    }
    planted = json.loads((folder / "truth" / "planted.json").read_text(encoding="utf-8"))
    found = liked_of(tables["interactions"], liked, "interactions.parquet", usual=LIKED_RATING)
    if name == FINISHES:
        truth = _truth_in(folder / "truth")
        tables["interactions"] = with_finishes(
            **tables, item_vectors=truth.item_vectors, seed=planted["seed"]
        )
    return assemble(
        **tables,
        name=name,
        title=title,
        provenance="simulated",
        liked_threshold=found.threshold,
        licence=LICENCE,
        source=f"demo_data/simulate.py, seed {planted['seed']}",
        truth_dir=folder / "truth",
        shown=_shown_in(folder),
        notes=(
            "Simulated: people, titles and interactions were made up by a program.",
            found.sentence,
        ),
    )


@dataclass(frozen=True, eq=False)
class Truth:
    """The true preferences that a simulated log was drawn from. Arrays are read-only.

    Attributes
    ----------
    base : float
        Logit of an average person's preference for an average item.
    user_vectors, item_vectors : float32 arrays of shape (n_users, d) and (n_items, d)
        Rows as in ``dataset.users`` and ``dataset.items``.
    user_bias, item_bias : float32 arrays of shape (n_users,) and (n_items,)
    planted : dict
        Seed, dials, the region with the quality gap, and the attention of each place of a row.
    """

    base: float
    user_vectors: NDArray[np.float32]
    item_vectors: NDArray[np.float32]
    user_bias: NDArray[np.float32]
    item_bias: NDArray[np.float32]
    planted: dict[str, Any]

    def preference(self, users: NDArray[np.integer]) -> NDArray[np.float64]:
        """Chance that each of ``users`` plays each item once they notice it.

        Parameters
        ----------
        users : int array of shape (n,)
            Rows of ``dataset.users``.

        Returns
        -------
        float64 array of shape (n, n_items)
            ``sigmoid(base + user bias + item bias + user vector · item vector)``, in (0, 1).
        """
        products = self.user_vectors[users].astype(np.float64) @ self.item_vectors.T
        logits = self.base + self.user_bias[users][:, np.newaxis] + self.item_bias + products
        return 1 / (1 + np.exp(-logits))


def open_truth(dataset: Dataset) -> Truth:
    """Open the true preferences of a simulated data set.

    Raises
    ------
    DataError
        If the data set is not simulated.
    """
    if dataset.truth_dir is None:
        raise DataError(f"{dataset.title} is not simulated: its true preferences are not known.")
    return _truth_in(dataset.truth_dir)


def _truth_in(folder: Path) -> Truth:
    planted = json.loads((folder / "planted.json").read_text(encoding="utf-8"))
    arrays = {
        name: read_only(np.load(folder / f"{name}.npy", allow_pickle=False))
        for name in ("user_vectors", "item_vectors", "user_bias", "item_bias")
    }
    return Truth(base=planted["base_logit"], planted=planted, **arrays)


def truth_behind(
    name: str, user_ids: NDArray[np.object_], item_ids: NDArray[np.object_]
) -> Truth | None:
    """Return the true preferences behind a fit, in the order of its people and items.

    Parameters
    ----------
    name : str
        Of the data set, as the fit has it: ``simulated``, ``simulated-6000x4000``.
    user_ids, item_ids : str arrays of shapes (n_users,) and (n_items,)

    Returns
    -------
    Truth or None
        None where the data were not simulated here, or other ones were: an id that the kept
        tables lack.
    """
    if name.partition("-")[0] != SIMULATED:
        return None
    folder = COMMITTED if name in (SIMULATED, FINISHES) else data_folder(name)
    if not _is_current(folder):
        return None
    truth = _truth_in(folder / "truth")
    rows = []
    for table, ids in (("user", user_ids), ("item", item_ids)):
        known = pd.read_parquet(folder / f"{table}s.parquet", columns=[f"{table}_id"])
        rows.append(pd.Index(known[f"{table}_id"].astype("str")).get_indexer(pd.Index(ids)))
    users, items = rows
    if (users < 0).any() or (items < 0).any():
        return None
    return Truth(
        base=truth.base,
        user_vectors=read_only(truth.user_vectors[users]),
        item_vectors=read_only(truth.item_vectors[items]),
        user_bias=read_only(truth.user_bias[users]),
        item_bias=read_only(truth.item_bias[items]),
        planted=truth.planted,
    )


def _shown_in(folder: Path) -> pd.DataFrame:
    """Return the log of the shop window under the contract's names."""
    table = pd.read_parquet(folder / IMPRESSIONS).rename(columns={"row_id": "slate"})
    return table.assign(policy="shop window")
