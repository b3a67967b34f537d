"""What a network with several heads is worth: to likes, and against the rankers of other aims.

Usage: ``python -m tests.benchmarks.heads [DATA] [--seeds N] [--finished-from VALUE] [--weights]``
(simulated:finishes, 1 seed). All of it is measured on the labels, on people that no ranker was
taught by; ``--weights`` tries others of the heads' losses. Plain heads read what the main ranker
reads, the others also the own features of every aim, as a fit's do.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from dataclasses import replace
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray

from engine.data import load_dataset
from engine.fit_config import FitConfig, suited
from engine.fit_data import prepared
from engine.fit_heads import _heads_out_of_fold, _of_one
from engine.fit_moment import fitted_moment
from engine.fit_objectives import _for_heads, learnable
from engine.held_out import mean_with_half_width
from engine.pipeline.ranking.dense_learning import AIM_WEIGHT
from engine.pipeline.ranking.folds import evenly, label_ndcg, out_of_fold
from engine.pipeline.ranking.objective_features import OWN_FEATURES
from engine.pipeline.ranking.ranker import Ranker, RankerConfig, TrainingSet
from engine.pipeline.ranking.registry import ALONE
from engine.pipeline.source_quality import source_quality, source_weights
from engine.pipeline.teaching import teaching_lists
from engine.stage_clock import StageClock

MOST_PEOPLE = 1000
WEIGHTS = (0.1, 0.3, 1.0)
WEIGHT = "engine.pipeline.ranking.dense_learning.AIM_WEIGHT"
Reached = dict[str, NDArray[np.float64]]


def begun(config: FitConfig, name: str) -> tuple[TrainingSet, TrainingSet]:
    """Return what likes and what all aims teach, as of the moment before the labels."""
    dataset = load_dataset(name)
    config = suited(config, dataset)
    data = prepared(dataset, config)
    moment = fitted_moment(data, data.train, config, StageClock(None), "before")
    quality = source_quality(moment.retrieval, data.train, data.parts.labels)
    moment = moment.weighed(source_weights(quality))
    taught = teaching_lists(
        moment,
        data.train,
        data.read_codes,
        data.parts.labels,
        max_bytes=config.ranker.max_training_bytes,
        tell=lambda _: None,
    )
    able = learnable(data, taught.filtered)
    liked = replace(taught.training, aims=able.of(taught.people))
    return liked, _for_heads(data, moment, taught.filtered, able)


def fitted(name: str, seed: int) -> Callable[[TrainingSet], Ranker]:
    """Return what fits a ranker."""
    return lambda training: ALONE[name].fit(training, RankerConfig(), seed)


def of_likes(liked: TrainingSet, seed: int, weights: tuple[float, ...]) -> Iterator[Reached]:
    """Measure likes by the network with one head, and with all."""
    alone = label_ndcg(out_of_fold(fitted("wide_deep", seed), liked), liked)
    for weight in weights:
        with patch(WEIGHT, weight):
            found = label_ndcg(out_of_fold(fitted("heads", seed), liked), liked)
        yield {"one head": alone, f"several heads, weight {weight}": found}


def of_aims(lessons: TrainingSet, seed: int, weights: tuple[float, ...]) -> Iterator[Reached]:
    """Measure each aim by its regression, by heads with the own features, and by plain ones."""
    sample, names = evenly(lessons, MOST_PEOPLE), tuple(lessons.aims)
    n_main = len(sample.feature_names) - len(names) * len(OWN_FEATURES)
    plain = replace(
        sample,
        features=sample.features[:, :, :n_main],
        feature_names=sample.feature_names[:n_main],
    )
    for weight in weights:
        with patch(WEIGHT, weight):
            heads = [_heads_out_of_fold(names, s, RankerConfig(), seed) for s in (sample, plain)]
        for bit, name in enumerate(names):
            people = np.flatnonzero(sample.aims[name].any(axis=1))
            own = _of_one(sample, bit, name, len(names)).take(people)
            line = label_ndcg(out_of_fold(fitted("logistic", seed), own), own)
            reached = [label_ndcg(scores[name][people], own) for scores in heads]
            yield {
                f"{name}, logistic regression": line,
                f"{name}, its head, weight {weight}": reached[0],
                f"{name}, plain head, weight {weight}": reached[1],
            }


def show(found: Reached, seed: int) -> None:
    """Print a line each: the mean, and the gain over the first one, person by person."""
    first = next(iter(found.values()))
    for name, values in found.items():
        gain, half = mean_with_half_width(values - first)
        said = f"{values.mean():.4f}, gain {gain:+.4f} ± {half:.4f}, n = {len(values):,}"
        print(f"seed {seed}: {name}: {said}", flush=True)


def main() -> None:
    """Measure every seed."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.heads")
    parser.add_argument("data", nargs="?", default="simulated:finishes")
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--finished-from", type=float)
    parser.add_argument("--weights", action="store_true")
    asked = parser.parse_args()
    weights = WEIGHTS if asked.weights else (AIM_WEIGHT,)
    for seed in range(asked.seeds):
        config = FitConfig(seed=seed, finished_from=asked.finished_from)
        liked, lessons = begun(config, asked.data)
        for found in (*of_likes(liked, seed, weights), *of_aims(lessons, seed, weights)):
            show(found, seed)


if __name__ == "__main__":
    main()
