"""What each neural source and ranker is worth: alone, and by what it adds to the usual ones.

Usage: ``python -m tests.benchmarks neural [--seeds N] [--test]`` (1 seed, labels alone). Everything
is measured on the labels, which no source saw; the test is for one look, at the end. Beside
MovieLens 100K stands an invented service whose order is planted: the demo data plant none.
"""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pandas as pd

from engine.arrays import Ragged
from engine.data import Dataset, load_dataset
from engine.data.assembly import assemble
from engine.fit_config import FitConfig, suited
from engine.fit_data import Prepared, prepared
from engine.held_out import mean_with_half_width
from engine.pipeline.retrieval.fusion import Proposals, fuse
from engine.pipeline.retrieval.histories import Histories
from engine.pipeline.retrieval.registry import MODELS, SOURCES, learnable
from engine.pipeline.retrieval.source import Proposed
from engine.pipeline.retrieval.stage import fit_retrieval
from engine.pipeline.source_quality import source_weights
from tests.benchmarks.neural_rankers import rankers
from tests.benchmarks.sources import N_CANDIDATES, reached

NEURAL = tuple(name for name in learnable() if SOURCES[name].is_neural)
BESIDE = ("ease", "weighted_als", "popular")
N_SERIES, PARTS, FOLLOWS = 80, 5, 0.6
Values = tuple[np.ndarray, np.ndarray]


def planted(n_people: int = 600, n_likes: int = 40, *, seed: int = 0) -> Dataset:
    """Invent people who, after a part of a series, take the next part six times in ten.

    80 series of five parts; else a part is drawn by its popularity among the person's four genres.
    """
    rng = np.random.default_rng(seed)
    n_items = N_SERIES * PARTS
    genre = rng.integers(0, 8, N_SERIES)
    pull = rng.lognormal(0, 1, N_SERIES)
    rows = []
    for person in range(n_people):
        own = np.isin(genre, rng.choice(8, 4, replace=False))
        weight = np.repeat(pull * np.where(own, 1.0, 0.1), PARTS)
        met: list[int] = []
        while len(met) < n_likes:
            after = met[-1] + 1 if met else n_items
            follows = after % PARTS and after not in met and rng.random() < FOLLOWS
            left = np.where(np.isin(np.arange(n_items), met), 0.0, weight)
            met.append(after if follows else int(rng.choice(n_items, p=left / left.sum())))
        day = np.sort(rng.integers(0, 365 * 86_400, n_likes)) + 1_600_000_000
        rows.append(pd.DataFrame({"user_id": f"u{person}", "item_id": met, "timestamp": day}))
    table = pd.concat(rows, ignore_index=True)
    table["timestamp"] = table["timestamp"].to_numpy().astype("datetime64[s]")
    table["item_id"] = "i" + table["item_id"].astype(str)
    items = pd.DataFrame(
        {
            "item_id": [f"i{item}" for item in range(n_items)],
            "title": [f"Series {item // PARTS}, part {item % PARTS}" for item in range(n_items)],
            "genres": [f"genre {one}" for one in np.repeat(genre, PARTS)],
        }
    )
    users = pd.DataFrame({"user_id": [f"u{person}" for person in range(n_people)]})
    said = {"name": "planted", "title": "Planted sequences", "provenance": "simulated"}
    return assemble(table.assign(value=5.0), items, users, **said, liked_threshold=4.0)


def proposals_of(
    data: Prepared, audience: Histories, config: FitConfig
) -> tuple[dict[str, Proposed], dict[str, float], np.ndarray]:
    """Everything that every source proposes; CPU seconds of learning the neural ones."""
    retrieval = fit_retrieval(
        audience, data.catalogue, config.sources, n_candidates=N_CANDIDATES, seed=config.seed
    )
    proposed, seconds = retrieval.propose(audience), {}
    for name in NEURAL:
        record, begun = SOURCES[name], time.process_time()
        model = MODELS[record.model].fit(audience, data.catalogue, config.sources, config.seed)
        seconds[name] = time.process_time() - begun
        proposed[name] = model.source(record.profile).propose(audience, record.depth)
    return proposed, seconds, retrieval.popularity


def measured(
    data: Prepared, audience: Histories, judged: Ragged, config: FitConfig, weights: dict | None
) -> tuple[dict[str, Values], dict[str, Values], dict[str, float], dict[str, float]]:
    """Per person, each source alone and the paired change of the union with it; with all, "all".

    Weights follow from how each does alone on ``judged``, unless they are given.
    """
    proposed, seconds, popularity = proposals_of(data, audience, config)
    alone = {n: reached(one.items, judged, audience.n_items) for n, one in proposed.items()}
    found = {name: {"ndcg_at_10": float(np.nanmean(row[0]))} for name, row in alone.items()}
    weights = weights or source_weights(found)

    def union(names: list[str]) -> Values:
        parts = [Proposals(proposed[n], SOURCES[n].depth, weights[n]) for n in names]
        fused = fuse(parts, audience, popularity, N_CANDIDATES)
        return reached(fused.filtered, judged, audience.n_items)

    usual = [name for name in proposed if name not in NEURAL]
    base = union(usual)
    adds = {
        name: tuple(new - old for new, old in zip(union([*usual, *more]), base, strict=True))
        for name, more in {**{one: [one] for one in NEURAL}, "all": list(NEURAL)}.items()
    }
    return {**alone, "the union": base}, adds, seconds, weights


def words(values: np.ndarray, sign: str = "") -> str:
    """Mean over people and half of its 95 % interval."""
    mean, half = mean_with_half_width(values)
    return f"{mean:{sign}.4f} ± {half:.4f}"


def report(dataset: Dataset, n_seeds: int = 1, *, with_test: bool = False) -> dict[str, dict]:
    """Print a data set's tables; returns a row a neural source for ``bench.json``.

    Values of a person are means over seeds, intervals are over people. The weights of the union
    are those of the labels, also where the test is looked at.
    """
    rows: dict[str, dict] = {}
    slices = ("labels", "test, once")[: 1 + with_test]
    found: dict[str, list] = {part: [] for part in slices}
    for seed in range(n_seeds):
        config = suited(FitConfig(seed=seed), dataset)
        config = replace(config, sources=replace(config.sources, options=()))
        data = prepared(dataset, config)
        weights: dict[str, float] | None = None
        for part in slices:
            of = (data.train, data.parts.labels), (data.seen, data.parts.holdout)
            audience, judged = of[part != "labels"]
            *figures, weights = measured(data, audience, judged, config, weights)
            found[part].append(figures)
    for part in slices:
        rows |= _table(dataset, part, found[part])
    return rows


def _means(tables: list[dict[str, Values]]) -> dict[str, Values]:
    return {name: tuple(np.mean([t[name] for t in tables], axis=0)) for name in tables[0]}


def _table(dataset: Dataset, part: str, found: list) -> dict[str, dict]:
    alone, adds = (_means([one[at] for one in found]) for at in (0, 1))
    seconds = {name: np.mean([one[2][name] for one in found]) for name in NEURAL}
    n = int((~np.isnan(alone["the union"][0])).sum())
    print(f"\n{dataset.title}, {part}, n = {n}, {len(found)} seeds; ± half of the 95 % interval")
    print(f"{'':14}{'NDCG@10':>16}{'recall@200':>16}{'adds NDCG@10':>18}{'adds recall':>18}")
    for name in [*NEURAL, "all", *BESIDE, "the union"]:
        cells = [words(one) for one in alone[name]] if name in alone else ["", ""]
        more = [words(one, "+") for one in adds[name]] if name in adds else ["", ""]
        spent = f"{seconds[name]:8.1f} CPU s" if name in seconds else ""
        print(f"{name:14}{cells[0]:>16}{cells[1]:>16}{more[0]:>18}{more[1]:>18}{spent}", flush=True)
    return {
        f"{name}, {dataset.name}, {part}": {
            "seconds": float(seconds[name]),
            "ratio": float(np.nanmean(alone[name][0])),
            "unit": " NDCG@10",
            "against": f"adds {words(adds[name][1], '+')} recall@200",
        }
        for name in NEURAL
    }


def run(n_seeds: int = 1, *, with_test: bool = False) -> dict[str, dict]:
    """Measure sources on both data sets, then rankers on MovieLens."""
    if not NEURAL:
        print("PyTorch is an extra: make setup NEURAL=1")
        return {}
    movies = load_dataset("movielens-100k")
    rows = report(planted(), n_seeds, with_test=with_test)
    return rows | report(movies, n_seeds, with_test=with_test) | rankers(movies, n_seeds)
