"""Whether any pipeline with neural stages is better than the default one on MovieLens 100K.

Usage: ``python -m tests.benchmarks neural_pipelines [--seeds N] [--test]``. They are compared on
the labels, by people whom their rankers did not see; with ``--test`` the best one by its mean over
the seeds is held against the default on the held-out likes, once.

It runs in pieces, see :mod:`tests.benchmarks.pieces`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from engine.data import load_dataset
from engine.fit_config import FitConfig
from engine.fit_moment import fitted_moment
from engine.held_out import is_in_rows, mean_with_half_width, ndcg_at
from engine.pipeline.lists import serve_everybody
from engine.pipeline.second.out_of_fold import TaughtLists, scored_out_of_fold
from engine.pipeline.second.registry import SECONDS, fit_second
from tests.benchmarks.paper_figures import beside, in_order, over_seeds
from tests.benchmarks.pieces import Arrays, Piece, measured_folder, read_pieces, run_pieces
from tests.benchmarks.taught_world import World

DATA = "movielens-100k"
USUAL = FitConfig.rankers


@dataclass(frozen=True)
class Pipeline:
    """What is asked for beside the default: sources, rankers, a second stage."""

    sources: tuple[str, ...] = ()
    rankers: tuple[str, ...] = USUAL
    second: str = ""

    def config(self, seed: int) -> FitConfig:
        """Return the settings of a fit."""
        config = FitConfig(seed=seed, rankers=self.rankers, second=self.second)
        return replace(config, sources=replace(config.sources, options=self.sources))


DEFAULT = "the default"
PIPELINES = {
    DEFAULT: Pipeline(),
    "two towers": Pipeline(("two_towers",)),
    "SASRec": Pipeline(("sasrec",)),
    "two towers, SASRec": Pipeline(("two_towers", "sasrec")),
    "two towers, NeuMF": Pipeline(("two_towers", "neumf")),
    "all four": Pipeline(("two_towers", "sasrec", "neumf", "lightgcn")),
    "Wide & Deep": Pipeline(rankers=(*USUAL, "wide_deep")),
    "two towers, SASRec, Wide & Deep": Pipeline(("two_towers", "sasrec"), (*USUAL, "wide_deep")),
    "two towers, SASRec, PRM": Pipeline(("two_towers", "sasrec"), second="prm"),
}


def on_labels(name: str, seed: int) -> Arrays:
    """NDCG@10 of everybody's labels by rankers that did not see them, 0 where none is retrieved."""
    world = World(load_dataset(DATA), PIPELINES[name].config(seed))
    taught: TaughtLists = world.rank(seed)
    order = None
    if second := PIPELINES[name].second:
        config = world.config.second_stage
        order = beside(taught, scored_out_of_fold(SECONDS[second], taught, config, seed))
    n = world.data.parts.labels.lengths()
    ndcg = np.where(n > 0, 0.0, np.nan)
    ndcg[world.people] = ndcg_at(10, in_order(taught, order), n[world.people])
    return {"ndcg": ndcg, "ranker": np.array(world.chosen.name)}


def on_test(name: str, seed: int) -> Arrays:
    """NDCG@10 of everybody's held-out likes by the whole pipeline."""
    world = World(load_dataset(DATA), PIPELINES[name].config(seed))
    world.rank(seed)
    ranker, config, data = world.chosen.ranker, world.config, world.data
    if config.second:
        second = config.second, ranker, world.again, world.training, config.second_stage
        ranker, _ = fit_second(*second, seed=seed)
    moment = fitted_moment(data, data.seen, config, world.clock, "whole").weighed(world.weights)
    served = serve_everybody(
        moment, ranker, data.seen, data.read_codes, max_feature_bytes=0, tell=lambda _: None
    )
    is_hit = is_in_rows(served.candidates, data.parts.holdout, data.parts.n_items)
    return {"ndcg": ndcg_at(10, is_hit, data.parts.holdout.lengths())}


def print_pipelines(title: str, names: Sequence[str], found: dict[str, Arrays], n: int) -> dict:
    """Print each pipeline against the default, paired over people; return means by name."""
    means = {}
    base = [found[f"{title}, {DEFAULT}, seed {seed}"]["ndcg"] for seed in range(n)]
    people = int((~np.isnan(base[0])).sum())
    print(f"\n{DATA}, {title}, {n} seeds, n = {people}; NDCG@10, and the gain over the default")
    for name in names:
        tables = [found.get(f"{title}, {name}, seed {seed}") for seed in range(n)]
        if any(table is None for table in tables):
            print(f"{name}: not every seed was measured")
            continue
        values = [table["ndcg"] for table in tables]
        gains = [own - other for own, other in zip(values, base, strict=True)]
        gain, half = mean_with_half_width(over_seeds(gains))
        means[name] = float(np.mean([np.nanmean(one) for one in values]))
        spent = float(np.mean([table["seconds"] for table in tables]))
        by_seed = " ".join(f"{np.nanmean(one):+.4f}" for one in gains)
        said = f"{means[name]:.4f}  {gain:+.4f} ± {half:.4f}   by seed {by_seed}"
        print(f"{name:34}{said}{spent:8.0f} CPU s", flush=True)
    return means


def run(n_seeds: int = 1, *, with_test: bool = False) -> dict[str, dict]:
    """Compare on the labels; look at the test with the best."""
    folder = measured_folder("neural_pipelines")
    pieces: dict[str, Piece] = {
        f"labels, {name}, seed {seed}": partial(on_labels, name, seed)
        for name in reversed(PIPELINES)
        for seed in range(n_seeds)
    }
    run_pieces(pieces, folder)
    means = print_pipelines("labels", list(PIPELINES), read_pieces(pieces, folder), n_seeds)
    best = max((name for name in means if name != DEFAULT), key=lambda name: means[name])
    print(f"Best on the labels: {best}")
    if not with_test:
        return {}
    names = [DEFAULT, best]
    pieces = {
        f"test, {name}, seed {seed}": partial(on_test, name, seed)
        for name in names
        for seed in range(n_seeds)
    }
    run_pieces(pieces, folder)
    print_pipelines("test", names, read_pieces(pieces, folder), n_seeds)
    return {}
