"""What each neural source and ranker is worth: alone, and by what it adds to the usual ones.

Usage: ``python -m tests.benchmarks neural [--seeds N] [--test]`` (1 seed, labels alone). Everything
is measured on the labels, which no source saw; the test is for one look, at the end. Beside
MovieLens 100K stand two invented services whose order is planted: the demo data plant none.

It runs in pieces, see :mod:`tests.benchmarks.pieces`.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

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
from tests.benchmarks.neural_rankers import print_rankers, ranker_pieces
from tests.benchmarks.pieces import Arrays, Piece, measured_folder, read_pieces, run_pieces
from tests.benchmarks.sources import N_CANDIDATES, reached

NEURAL = tuple(name for name in learnable() if SOURCES[name].is_neural)
BESIDE = ("ease", "weighted_als", "popular")
PARTS, FOLLOWS = 5, 0.6
Values = tuple[np.ndarray, np.ndarray]


def planted(
    n_people: int = 600, n_likes: int = 40, n_series: int = 80, *, seed: int = 0
) -> Dataset:
    """Invent people who, after a part of a series, take the next part six times in ten.

    80 series of five parts; else a part is drawn by its popularity among the person's four genres:
    the first one left of an order drawn by clocks, each as fast as its part is popular.
    """
    rng = np.random.default_rng(seed)
    n_items = n_series * PARTS
    genre = rng.integers(0, 8, n_series)
    pull = rng.lognormal(0, 1, n_series)
    rows = []
    for person in range(n_people):
        own = np.isin(genre, rng.choice(8, 4, replace=False))
        weight = np.repeat(pull * np.where(own, 1.0, 0.1), PARTS)
        order = iter(np.argsort(rng.exponential(size=n_items) / weight).tolist())
        met: list[int] = []
        while len(met) < n_likes:
            after = met[-1] + 1 if met else n_items
            follows = after % PARTS and after not in met and rng.random() < FOLLOWS
            met.append(after if follows else next(one for one in order if one not in met))
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
    data: Prepared, audience: Histories, config: FitConfig, names: Sequence[str]
) -> tuple[dict[str, Proposed], dict[str, float], np.ndarray]:
    """Everything that every source proposes; CPU seconds of learning the neural ones."""
    retrieval = fit_retrieval(
        audience, data.catalogue, config.sources, n_candidates=N_CANDIDATES, seed=config.seed
    )
    proposed, seconds = retrieval.propose(audience), {}
    for name in names:
        record, begun = SOURCES[name], time.process_time()
        model = MODELS[record.model].fit(audience, data.catalogue, config.sources, config.seed)
        seconds[name] = time.process_time() - begun
        proposed[name] = model.source(record.profile).propose(audience, record.depth)
    return proposed, seconds, retrieval.popularity


def measured(
    data: Prepared,
    audience: Histories,
    judged: Ragged,
    config: FitConfig,
    weights: dict | None,
    names: Sequence[str],
) -> tuple[dict[str, Values], dict[str, Values], dict[str, float], dict[str, float]]:
    """Per person, each source alone and the paired change of the union with it; with all, "all".

    Weights follow from how each does alone on ``judged``, unless they are given.
    """
    proposed, seconds, popularity = proposals_of(data, audience, config, names)
    alone = {n: reached(one.items, judged, audience.n_items) for n, one in proposed.items()}
    found = {name: {"ndcg_at_10": float(np.nanmean(row[0]))} for name, row in alone.items()}
    weights = weights or source_weights(found)

    def union(names: list[str]) -> Values:
        parts = [Proposals(proposed[n], SOURCES[n].depth, weights[n]) for n in names]
        fused = fuse(parts, audience, popularity, N_CANDIDATES)
        return reached(fused.filtered, judged, audience.n_items)

    usual = [name for name in proposed if name not in names]
    base = union(usual)
    adds = {
        name: tuple(new - old for new, old in zip(union([*usual, *more]), base, strict=True))
        for name, more in {**{one: [one] for one in names}, "all": list(names)}.items()
    }
    return {**alone, "the union": base}, adds, seconds, weights


def words(values: np.ndarray, sign: str = "") -> str:
    """Mean over people and half of its 95 % interval."""
    mean, half = mean_with_half_width(values)
    return f"{mean:{sign}.4f} ± {half:.4f}"


DATA = {
    "movielens-100k": partial(load_dataset, "movielens-100k"),
    "planted": planted,
    "planted 6000x4000": partial(planted, 6_000, 40, 800),
}
LARGE = "planted 6000x4000"
OF_LARGE = ("sasrec", "two_towers")
"""Sources that are learned there: the others would take an hour of a core."""

LABELS, TEST = "labels", "test, once"


def piece(name: str, seed: int, *, with_test: bool) -> Arrays:
    """Measure every source on a data set; the weights of the union are those of the labels."""
    dataset = DATA[name]()
    config = suited(FitConfig(seed=seed), dataset)
    config = replace(config, sources=replace(config.sources, options=()))
    data = prepared(dataset, config)
    weights: dict[str, float] | None = None
    found: Arrays = {}
    names = [one for one in NEURAL if name != LARGE or one in OF_LARGE]
    for part in (LABELS, TEST)[: 1 + with_test]:
        of = (data.train, data.parts.labels), (data.seen, data.parts.holdout)
        audience, judged = of[part != LABELS]
        alone, adds, seconds, weights = measured(data, audience, judged, config, weights, names)
        for what, table in (("alone", alone), ("adds", adds)):
            for one, values in table.items():
                found[f"{part}|{what}|{one}"] = np.stack(values)
        found |= {f"{part}|seconds|{one}": np.array(spent) for one, spent in seconds.items()}
    return found


def taken(seeds: list[Arrays], start: str) -> dict[str, np.ndarray]:
    """Means over seeds of what begins so, by the name that follows."""
    names = [key.removeprefix(start) for key in seeds[0] if key.startswith(start)]
    return {name: np.mean([one[start + name] for one in seeds], axis=0) for name in names}


def table(title: str, part: str, seeds: list[Arrays]) -> dict[str, dict]:
    """Print a data set's table; values of a person are means over seeds, intervals over people."""
    alone, adds, seconds = (
        taken(seeds, f"{part}|{what}|") for what in ("alone", "adds", "seconds")
    )
    n = int((~np.isnan(alone["the union"][0])).sum())
    print(f"\n{title}, {part}, n = {n}, {len(seeds)} seeds; ± half of the 95 % interval")
    print(f"{'':14}{'NDCG@10':>16}{'recall@200':>16}{'adds NDCG@10':>18}{'adds recall':>18}")
    names = [one for one in NEURAL if one in alone]
    for name in [*names, "all", *BESIDE, "the union"]:
        cells = [words(one) for one in alone[name]] if name in alone else ["", ""]
        more = [words(one, "+") for one in adds[name]] if name in adds else ["", ""]
        spent = f"{seconds[name]:8.1f} CPU s" if name in seconds else ""
        print(f"{name:14}{cells[0]:>16}{cells[1]:>16}{more[0]:>18}{more[1]:>18}{spent}", flush=True)
    for name in names:
        gain = words(alone[name][0] - alone["ease"][0], "+")
        by_seed = [one[f"{part}|alone|{name}"] - one[f"{part}|alone|ease"] for one in seeds]
        said = " ".join(f"{np.nanmean(one[0]):+.4f}" for one in by_seed)
        print(f"{name:14}{gain} NDCG@10 over EASE alone, by seed {said}", flush=True)
    return {
        f"{name}, {title}, {part}": {
            "seconds": float(seconds[name]),
            "ratio": float(np.nanmean(alone[name][0])),
            "unit": " NDCG@10",
            "against": f"adds {words(adds[name][1], '+')} recall@200",
        }
        for name in names
    }


def run(n_seeds: int = 1, *, with_test: bool = False) -> dict[str, dict]:
    """Measure sources on three data sets, then rankers on MovieLens."""
    if not NEURAL:
        print("PyTorch is an extra: make setup NEURAL=1")
        return {}
    folder = measured_folder("neural, with the test" if with_test else "neural")
    pieces: dict[str, Piece] = {
        f"{name}, seed {seed}": partial(piece, name, seed, with_test=with_test)
        for name in DATA
        for seed in range(n_seeds)
    }
    of_rankers = ranker_pieces("movielens-100k", n_seeds)
    run_pieces({**pieces, **of_rankers}, folder)
    found = read_pieces({**pieces, **of_rankers}, folder)
    rows: dict[str, dict] = {}
    for name in DATA:
        seeds = [found.get(f"{name}, seed {seed}") for seed in range(n_seeds)]
        there = [one for one in seeds if one is not None]
        for part in (LABELS, TEST)[: (1 + with_test) * bool(there)]:
            rows |= table(name, part, there)
    return rows | print_rankers("movielens-100k", found, n_seeds)
