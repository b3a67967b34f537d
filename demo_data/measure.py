"""Measure in the files what was planted in them: the table in the card.

``python -m demo_data.measure [FOLDER]`` prints it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

__all__ = ["as_table", "measured"]

HERE = Path(__file__).parent


def measured(folder: Path = HERE) -> dict[str, float]:
    """Measure the files in ``folder``; what is measured → value."""
    tables = {
        name: pd.read_parquet(folder / f"{name}.parquet")
        for name in ("interactions", "items", "users", "impressions")
    }
    truth = {path.stem: np.load(path) for path in (folder / "truth").glob("*.npy")}
    planted = json.loads((folder / "truth" / "planted.json").read_text(encoding="utf-8"))
    logits = (
        planted["base_logit"]
        + truth["user_bias"][:, np.newaxis]
        + truth["item_bias"]
        + truth["user_vectors"] @ truth["item_vectors"].T
    )
    preference = 1 / (1 + np.exp(-logits.astype(np.float64)))
    return {
        **_sizes(tables["interactions"]),
        **_taste(tables["users"], truth["user_vectors"]),
        **_quality(tables, preference),
        **_popularity(tables, preference),
        **_positions(tables, preference),
    }


def _sizes(plays: pd.DataFrame) -> dict[str, float]:
    per_person = plays["user_id"].value_counts()
    return {
        "interactions": len(plays),
        "interactions per person, median": float(per_person.median()),
        "share rated 4 or 5": float((plays["value"] >= 4).mean()),
    }


def _taste(users: pd.DataFrame, vectors: NDArray[Any]) -> dict[str, float]:
    spread = np.sqrt(vectors.var(axis=0).sum())

    def distance(column: str, one: str, other: str) -> float:
        means = [
            vectors[(users[column] == label).to_numpy()].mean(axis=0) for label in (one, other)
        ]
        return float(np.linalg.norm(means[0] - means[1]) / spread)

    return {
        "taste gap, women to men (in spreads of taste)": distance("gender", "woman", "man"),
        "taste gap, 18-24 to 56+": distance("age band", "18-24", "56+"),
        "taste gap, television to phone (none planted)": distance("device", "television", "phone"),
    }


def _codes(tables: dict[str, pd.DataFrame], table: str) -> tuple[NDArray[Any], NDArray[Any]]:
    return tuple(
        pd.Index(tables[f"{kind}s"][f"{kind}_id"].astype("str")).get_indexer(
            pd.Index(tables[table][f"{kind}_id"].astype("str"))
        )
        for kind in ("user", "item")
    )


def _quality(tables: dict[str, pd.DataFrame], preference: NDArray[Any]) -> dict[str, float]:
    users, items = _codes(tables, "interactions")
    of_plays = preference[users, items]
    is_island = (tables["users"]["region"] == "Islands").to_numpy()[users]
    return {
        "mean true preference for what was played, Islands": float(of_plays[is_island].mean()),
        "mean true preference for what was played, elsewhere": float(of_plays[~is_island].mean()),
    }


def _gini(values: NDArray[Any]) -> float:
    ordered, n = np.sort(values.astype(np.float64)), len(values)
    return float(((2 * np.arange(1, n + 1) - n - 1) * ordered).sum() / (n * ordered.sum()))


def _popularity(tables: dict[str, pd.DataFrame], preference: NDArray[Any]) -> dict[str, float]:
    _, items = _codes(tables, "interactions")
    plays = np.bincount(items, minlength=preference.shape[1])
    merit = preference.mean(axis=0)
    _, shown = _codes(tables, "impressions")
    views = np.bincount(shown, minlength=preference.shape[1])
    in_house = (tables["items"]["provider"] == "Lantern House").to_numpy()
    return {
        "Gini of plays over items": _gini(plays),
        "Gini of merit (mean true preference) over items": _gini(merit),
        "in-house provider, share of impressions": float(views[in_house].sum() / views.sum()),
        "in-house provider, share of merit": float(merit[in_house].sum() / merit.sum()),
    }


def _positions(tables: dict[str, pd.DataFrame], preference: NDArray[Any]) -> dict[str, float]:
    log = tables["impressions"]
    users, items = _codes(tables, "impressions")
    is_play = (log["event"] == "play").to_numpy()
    expected = preference[users, items]
    result = {}
    for place in (0, 4, 19):
        at = (log["position"] == place).to_numpy()
        result[f"plays over true preference at place {place + 1}"] = float(
            is_play[at].sum() / expected[at].sum()
        )
    return result


def as_table(values: dict[str, float]) -> str:
    """Write the values as a Markdown table."""
    lines = ["| measured | value |", "|---|---|"]
    for name, value in values.items():
        shown = f"{value:,.0f}" if value >= 10 else f"{value:.3f}"
        lines.append(f"| {name} | {shown} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(as_table(measured(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)))
