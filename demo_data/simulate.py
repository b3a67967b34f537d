"""Make the simulated streaming service: people, catalogue, two years of plays, and the truth.

``python -m demo_data.simulate`` writes the committed files again; sizes, seed and what is planted
are arguments. Other sizes: ``python -m demo_data.simulate --users 6000 --items 4000
--interactions 600000 --out FOLDER``.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from dataclasses import asdict, fields
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from demo_data.records import Plays, Shown
from demo_data.visits import simulate_visits
from demo_data.window import attention
from demo_data.world import BASE_LOGIT, NOISY_REGION, START, Dials, World, build_world

__all__ = [
    "DEFAULT_SEED",
    "GENERATOR_VERSION",
    "most_interactions",
    "simulate",
    "write_checksums",
]

DEFAULT_SEED = 20240
GENERATOR_VERSION = 1
"""Goes up with every change that gives other content for the same arguments."""

N_LOGGED = 6000
MOST_PLAYED = 0.5
"""Share of people × items that may be played: nobody plays an item twice, few would play all."""
CHUNK = 2_000_000
"""Interactions are written this many at a time."""


def simulate(
    out: Path,
    *,
    users: int = 2000,
    items: int = 1500,
    interactions: int = 200_000,
    seed: int = DEFAULT_SEED,
    dials: Dials | None = None,
) -> None:
    """Simulate the service and write its files into ``out``.

    Parameters
    ----------
    out : Path
        Folder; made if missing.
    users, items, interactions : int
        Sizes; the number of interactions is met to within about 1 %, and people who visited but
        found nothing have none.
    seed : int
        The same seed and sizes give the same content on every machine.
    dials : Dials, optional
        What is planted.

    Raises
    ------
    ValueError
        If a size is not positive, or more interactions are asked for than half of people × items.
    """
    if min(users, items, interactions) < 1:
        raise ValueError("`users`, `items` and `interactions` must be at least 1.")
    if interactions > most_interactions(users, items):
        raise ValueError(
            f"`interactions` must be at most {most_interactions(users, items):,}, half of the "
            f"{users:,} people × {items:,} items: nobody plays an item twice."
        )
    dials = dials or Dials()
    rng = np.random.default_rng(seed)
    world = build_world(users, items, dials, rng)
    plays, shown = simulate_visits(world, dials, interactions, n_logged=N_LOGGED, rng=rng)
    (out / "truth").mkdir(parents=True, exist_ok=True)
    _write_table(world.users, out / "users.parquet")
    _write_table(world.items, out / "items.parquet")
    _write_interactions(plays, world, out / "interactions.parquet")
    _write_table(_impressions(shown, world), out / "impressions.parquet")
    _write_truth(world, dials, seed, out / "truth")


def most_interactions(users: int, items: int) -> int:
    """Return how many interactions a service of this size can have."""
    return max(int(MOST_PLAYED * users * items), 1)


def _write_table(table: pd.DataFrame, path: Path) -> None:
    columns = pa.Table.from_pandas(table, preserve_index=False).replace_schema_metadata(None)
    pq.write_table(columns, path, compression="zstd", compression_level=19)


def _moments(seconds: np.ndarray) -> np.ndarray:
    return START.astype("datetime64[s]") + seconds


def _write_interactions(plays: Plays, world: World, path: Path) -> None:
    writer = None
    for at in range(0, max(len(plays.user), 1), CHUNK):
        part = slice(at, at + CHUNK)
        columns = pa.table(
            {
                "user_id": _id_column(world.users["user_id"], plays.user[part]),
                "item_id": _id_column(world.items["item_id"], plays.item[part]),
                "timestamp": pa.array(_moments(plays.second[part])),
                "value": pa.array(plays.rating[part].astype(np.float32)),
            }
        )
        writer = writer or pq.ParquetWriter(
            path, columns.schema, compression="zstd", compression_level=9
        )
        writer.write_table(columns)
    if writer:
        writer.close()


def _id_column(ids: pd.Series, codes: np.ndarray) -> pa.DictionaryArray:
    """Ids of ``codes``, with no more of the dictionary than lies between the first and the last."""
    low, high = (int(codes.min()), int(codes.max()) + 1) if len(codes) else (0, 0)
    names = pa.array(ids.cat.categories[low:high].astype("object"), type=pa.string())
    return pa.DictionaryArray.from_arrays(pa.array(codes - low, type=pa.int32()), names)


def _impressions(shown: Shown, world: World) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "row_id": shown.row,
            "user_id": world.users["user_id"].take(shown.user).to_numpy(),
            "item_id": world.items["item_id"].take(shown.item).to_numpy(),
            "timestamp": _moments(shown.second),
            "event": pd.Categorical.from_codes(
                shown.is_played.astype(np.int8), categories=["impression", "play"]
            ),
            "position": shown.position,
            "propensity": shown.propensity,
        }
    )


def _write_truth(world: World, dials: Dials, seed: int, out: Path) -> None:
    for name in ("user_vectors", "item_vectors", "user_bias", "item_bias"):
        np.save(out / f"{name}.npy", getattr(world, name))
    planted = {
        "version": GENERATOR_VERSION,
        "seed": seed,
        "base_logit": BASE_LOGIT,
        "dials": asdict(dials),
        "noisy_region": NOISY_REGION,
        "attention": attention(dials).round(6).tolist(),
    }
    (out / "planted.json").write_text(json.dumps(planted, indent=1) + "\n", encoding="utf-8")


def write_checksums(folder: Path) -> None:
    """Write ``CHECKSUMS``: SHA-256 of each data file, as ``sha256sum --check`` reads it."""
    paths = sorted([*folder.glob("*.parquet"), *folder.glob("truth/*")])
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}\n"
        for path in paths
    ]
    (folder / "CHECKSUMS").write_text("".join(lines), encoding="utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--users", type=int, default=2000)
    parser.add_argument("--items", type=int, default=1500)
    parser.add_argument("--interactions", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent)
    for dial in fields(Dials):
        parser.add_argument(f"--{dial.name.replace('_', '-')}", type=float, default=dial.default)
    return parser.parse_args()


def main() -> None:
    """Run the command line."""
    arguments = vars(_arguments())
    dials = Dials(**{dial.name: arguments.pop(dial.name) for dial in fields(Dials)})
    simulate(dials=dials, **arguments)
    write_checksums(arguments["out"])


if __name__ == "__main__":
    main()
