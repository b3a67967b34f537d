"""What each neural ranker is worth on the labels, alone and beside the usual rankers.

Part of ``python -m tests.benchmarks neural``. Everybody's candidates are scored by rankers that
did not see the person's labels; weights of blends are those best on the people of the other folds.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from engine.data import Dataset
from engine.fit import _moment
from engine.fit_config import FitConfig, suited
from engine.fit_data import prepared
from engine.held_out import mean_with_half_width
from engine.pipeline.neural.extra import has_torch
from engine.pipeline.ranking.blend import person_standard
from engine.pipeline.ranking.choice import GRID
from engine.pipeline.ranking.folds import N_FOLDS, folds_of, label_ndcg, out_of_fold
from engine.pipeline.ranking.ranker import RankerConfig, TrainingSet
from engine.pipeline.ranking.registry import ALONE
from engine.pipeline.source_quality import source_quality, source_weights
from engine.pipeline.teaching import teaching_lists
from engine.stage_clock import StageClock

USUAL = FitConfig.rankers
NEURAL = tuple(name for name, record in ALONE.items() if record.is_neural and has_torch())
MIXED = "{} beside the usual"


@dataclass(frozen=True, eq=False)
class Measured:
    """NDCG@10 of each person's labels by ranker, and CPU seconds of scoring all out of fold."""

    ndcg: Mapping[str, np.ndarray]
    seconds: Mapping[str, float]


def taught(dataset: Dataset, seed: int) -> TrainingSet:
    """Lists of the usual sources before the labels, as a fit's rankers learn from them."""
    config = suited(FitConfig(seed=seed), dataset)
    data = prepared(dataset, config)
    moment = _moment(data, data.train, config, StageClock(None), "before")
    quality = source_quality(moment.retrieval, data.train, data.parts.labels)
    return teaching_lists(
        moment.weighed(source_weights(quality)),
        data.train,
        data.read_codes,
        data.parts.labels,
        max_bytes=config.ranker.max_training_bytes,
        tell=lambda _: None,
    ).training


def standard(scores: np.ndarray, sample: TrainingSet) -> np.ndarray:
    """Bring each person's scores to mean 0 and deviation 1 over the candidates."""
    mean, deviation = person_standard(scores, sample.is_candidate)
    return (scores - mean) / deviation


def mixed(first: np.ndarray, second: np.ndarray, sample: TrainingSet) -> np.ndarray:
    """Blend two rankers' scores, for each fold by the weight that is best on the others' people."""
    parts = standard(first, sample), standard(second, sample)
    options = [weight * parts[0] + (1 - weight) * parts[1] for weight in GRID]
    reached = np.stack([label_ndcg(one, sample) for one in options])
    fold, found = folds_of(sample.n_people), np.empty(sample.is_label.shape)
    for number in range(N_FOLDS):
        own = fold == number
        found[own] = options[int(np.argmax(reached[:, ~own].mean(axis=1)))][own]
    return found


def measured(training: TrainingSet, names: Sequence[str], seed: int) -> Measured:
    """Measure the usual blend, each neural ranker alone, and each beside the usual blend."""
    scores, seconds = {}, {}
    for name in (*USUAL, *names):
        begun = time.process_time()
        fit = partial(ALONE[name].fit, config=RankerConfig(), seed=seed)
        scores[name] = out_of_fold(fit, training).astype(np.float64)
        seconds[name] = time.process_time() - begun
    scores["the usual"] = mixed(scores[USUAL[0]], scores[USUAL[1]], training)
    for name in names:
        scores[MIXED.format(name)] = mixed(scores[name], scores["the usual"], training)
    return Measured({name: label_ndcg(one, training) for name, one in scores.items()}, seconds)


def rankers(dataset: Dataset, n_seeds: int, names: Sequence[str] = NEURAL) -> dict[str, dict]:
    """Print a line a ranker: means of seeds, paired intervals over people, the range over seeds."""
    found = [measured(taught(dataset, seed), names, seed) for seed in range(n_seeds)]
    n = min(len(one.ndcg["the usual"]) for one in found)
    print(f"\n{dataset.title}, labels, n = {n}, {n_seeds} seeds; gain over {' and '.join(USUAL)}")
    print(f"{'':30}{'NDCG@10':>9}{'gain':>20}{'by seed':>20}{'CPU s':>8}", flush=True)
    rows = {}
    for name in found[0].ndcg:
        reached = np.mean([one.ndcg[name].mean() for one in found])
        gains = [one.ndcg[name] - one.ndcg["the usual"] for one in found]
        # another seed breaks ties of time in another way, and may teach a few other people
        people = np.mean(gains, axis=0) if len({len(g) for g in gains}) == 1 else gains[0]
        gain, half = mean_with_half_width(people)
        ends = [min(g.mean() for g in gains), max(g.mean() for g in gains)]
        spent = np.mean([one.seconds.get(name, 0.0) for one in found])
        by_seed = f"{ends[0]:+.4f} to {ends[1]:+.4f}"
        print(f"{name:30}{reached:9.4f}  {gain:+.4f} ± {half:.4f}{by_seed:>20}{spent:8.1f}")
        rows[f"{name}, {dataset.name}, labels"] = {
            "seconds": float(spent),
            "ratio": float(reached),
            "unit": " NDCG@10",
            "against": f"{gain:+.4f} ± {half:.4f} over the usual rankers, {n_seeds} seeds",
        }
    return rows
