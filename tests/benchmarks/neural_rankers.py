"""What each neural ranker is worth on the labels, alone and beside the usual rankers.

Part of ``python -m tests.benchmarks neural``. Everybody's candidates are scored by rankers that
did not see the person's labels; weights of blends are those best on the people of the other folds.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np

from engine.fit_config import FitConfig
from engine.held_out import mean_with_half_width
from engine.pipeline.neural.extra import has_torch
from engine.pipeline.ranking.blend_choice import blendings
from engine.pipeline.ranking.folds import label_ndcg, out_of_fold
from engine.pipeline.ranking.ranker import RankerConfig, TrainingSet
from engine.pipeline.ranking.registry import ALONE
from tests.benchmarks.paper_figures import over_seeds
from tests.benchmarks.pieces import Arrays, Piece
from tests.benchmarks.taught_world import World, learner

USUAL = FitConfig.rankers
NEURAL = tuple(
    name
    for name, record in ALONE.items()
    if record.is_neural and has_torch() and name != "heads"  # here it would be wide_deep to the bit
)
BLEND, MIXED = "the usual", "{} beside the usual"


def mixed(first: np.ndarray, second: np.ndarray, sample: TrainingSet) -> np.ndarray:
    """Blend two rankers' scores, for each fold by the weight that is best on the others' people."""
    (pair,) = blendings({"first": first, "second": second}, ("first", "second"), sample)
    return pair.scores


def piece(name: str, ranker: str, seed: int) -> Arrays:
    """Measure the usual blend, a neural ranker alone, and beside it; NDCG@10 of people's labels."""
    world = World.named(name, seed)
    training, scores, seconds = world.training, {}, {}
    for one in (*USUAL, ranker):
        begun = time.process_time()
        fit = learner(one, RankerConfig(), seed)
        scores[one] = out_of_fold(fit, training).astype(np.float64)
        seconds[f"seconds {one}"] = np.array(time.process_time() - begun)
    scores[BLEND] = mixed(scores[USUAL[0]], scores[USUAL[1]], training)
    scores[MIXED.format(ranker)] = mixed(scores[ranker], scores[BLEND], training)
    reached = {one: label_ndcg(table, training) for one, table in scores.items()}
    return {one: world.of_everybody(values) for one, values in reached.items()} | seconds


def ranker_pieces(name: str, n_seeds: int, rankers: Sequence[str] = NEURAL) -> dict[str, Piece]:
    """Return a piece for each neural ranker and seed."""
    return {
        f"{name}, {ranker}, seed {seed}": partial(piece, name, ranker, seed)
        for seed in range(n_seeds)
        for ranker in rankers
    }


def print_rankers(
    name: str, found: Mapping[str, Arrays], n_seeds: int, rankers: Sequence[str] = NEURAL
) -> dict[str, dict]:
    """Print a line a ranker: means of seeds, paired intervals over people, each seed's gain."""
    print(f"\n{name}, labels, {n_seeds} seeds; gain over {' and '.join(USUAL)}")
    print(f"{'':30}{'NDCG@10':>9}{'gain':>20}  by seed", flush=True)
    rows, told = {}, set()
    for ranker in rankers:
        seeds = [found.get(f"{name}, {ranker}, seed {seed}") for seed in range(n_seeds)]
        there = [one for one in seeds if one is not None]
        if len(there) < n_seeds:
            print(f"{ranker}: not every seed was measured")
            continue
        for one in (*USUAL, BLEND, ranker, MIXED.format(ranker)):
            if one not in told:
                told.add(one)
                rows[f"{one}, {name}, labels"] = _line(one, there)
    return rows


def _line(one: str, seeds: Sequence[Arrays]) -> dict:
    gains = [seed[one] - seed[BLEND] for seed in seeds]
    gain, half = mean_with_half_width(over_seeds(gains))
    reached = float(np.mean([np.nanmean(seed[one]) for seed in seeds]))
    spent = float(np.mean([seed.get(f"seconds {one}", 0.0) for seed in seeds]))
    by_seed = " ".join(f"{np.nanmean(g):+.4f}" for g in gains)
    print(f"{one:30}{reached:9.4f}  {gain:+.4f} ± {half:.4f}  {by_seed}{spent:8.1f} CPU s")
    return {
        "seconds": spent,
        "ratio": reached,
        "unit": " NDCG@10",
        "against": f"{gain:+.4f} ± {half:.4f} over the usual rankers, {len(seeds)} seeds",
    }
