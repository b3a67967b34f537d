"""What each family of features is worth to the ranker, measured on the labels.

Usage: ``python -m tests.benchmarks.families [DATA]`` (movielens-100k). Rankers are taught on two
thirds of the people and asked for the others, in turns; no test is looked at.
"""

from __future__ import annotations

import sys
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from engine.data import load_dataset
from engine.fit_config import FitConfig, suited
from engine.held_out import mean_with_half_width
from engine.pipeline.ranking import folds
from engine.pipeline.ranking.candidate_features import FEATURE_FAMILIES, USUAL_FAMILIES
from engine.pipeline.ranking.ranker import TrainingSet
from engine.pipeline.ranking.registry import ALONE
from tests.benchmarks.taught_world import World

MOST_PEOPLE = 2000


def taught(data_name: str) -> tuple[TrainingSet, dict[str, list[int]], FitConfig]:
    """Describe candidates by every family; return the columns of each."""
    dataset = load_dataset(data_name)
    config = suited(replace(FitConfig(), features=tuple(FEATURE_FAMILIES)), dataset)
    world = World(dataset, config)
    data, moment, training = world.data, world.moment, world.training
    columns: dict[str, list[int]] = {}
    nobody = data.train.block(0, 0)
    for family in FEATURE_FAMILIES:
        _, own = replace(moment, families=(family,)).features(
            nobody, data.read_codes[:0], np.empty((0, config.n_candidates), np.int32)
        )
        columns[family] = [training.feature_names.index(name) for name in own]
    return folds.evenly(training, MOST_PEOPLE), columns, config


def out_of_fold(ranker: str, sample: TrainingSet, kept: list[int], config: FitConfig) -> NDArray:
    """NDCG@10 of everybody by rankers that did not see their labels and read some columns."""
    names = tuple(sample.feature_names[place] for place in kept)
    part = replace(sample, features=sample.features[:, :, kept], feature_names=names)
    scores = folds.out_of_fold(
        lambda taught: ALONE[ranker].fit(taught, config.ranker, config.seed), part
    )
    return folds.label_ndcg(scores, part)


def main(name: str, rankers: list[str]) -> None:
    """Print a line a family: what leaving it out, or adding it, does."""
    sample, columns, config = taught(name)
    for ranker in rankers:
        usual = sorted(place for family in USUAL_FAMILIES for place in columns[family])
        base = out_of_fold(ranker, sample, usual, config)
        mean, half = mean_with_half_width(base)
        print(f"{name}, {ranker}, usual families: {mean:.4f} ± {half:.4f}, n = {len(base):,}")
        for family, own in columns.items():
            adds = family not in USUAL_FAMILIES
            kept = sorted({*usual, *own}) if adds else [p for p in usual if p not in own]
            other = out_of_fold(ranker, sample, kept, config)
            gain, width = mean_with_half_width(other - base if adds else base - other)
            print(
                f"  {family:10} {len(own):3} features, worth {gain:+.4f} ± {width:.4f}"
                f"{'  (not usual: what it adds)' if adds else ''}",
                flush=True,
            )


if __name__ == "__main__":
    main(
        sys.argv[1] if len(sys.argv) > 1 else "movielens-100k",
        sys.argv[2:] or ["logistic"],
    )
