"""What staying near the last ranker costs and keeps, on labels that the last one did not see.

Usage: ``python -m tests.benchmarks.stability [DATA] [RANKER …]`` (movielens-100k logistic). The
last ranker is taught by every other person, the new one by the rest, in turns of three folds.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import partial

import numpy as np

from engine.fit_config import FitConfig
from engine.pipeline.ranking.candidate_features import USUAL_FAMILIES
from engine.pipeline.ranking.ranker import Ranker, TrainingSet
from engine.pipeline.ranking.registry import ALONE
from engine.pipeline.ranking.stability import stability_curve
from tests.benchmarks.families import taught


def _fit(name: str, config: FitConfig, training: TrainingSet) -> Ranker:
    return ALONE[name].fit(training, config.ranker, config.seed)


def main(name: str, rankers: list[str]) -> None:
    """Print a line a weight."""
    sample, columns, config = taught(name)
    kept = sorted(place for family in USUAL_FAMILIES for place in columns[family])
    names = tuple(sample.feature_names[place] for place in kept)
    sample = replace(sample, features=sample.features[:, :, kept], feature_names=names)
    is_old = np.arange(sample.n_people) % 2 == 0
    for ranker in rankers:
        fit = partial(_fit, ranker, config)
        new = sample.take(~is_old)
        last = fit(sample.take(is_old)).score(new.features, new.is_candidate)
        last = np.where(new.is_candidate, last, 0.0).astype(np.float32)
        print(f"{name}, {ranker}: the last one taught by {int(is_old.sum()):,} other people")
        for one in stability_curve(fit, replace(new, last=last)):
            print(
                f"  weight {one.stay:4.2f}: NDCG@10 {one.ndcg_at_10:.4f} ± {one.half_width:.4f}, "
                f"rank correlation {one.correlation:.3f} ± {one.correlation_half_width:.3f}, "
                f"lists that change {one.changed:.1%} ± {one.changed_half_width:.1%}, "
                f"n = {one.n:,}",
                flush=True,
            )


if __name__ == "__main__":
    main(
        sys.argv[1] if len(sys.argv) > 1 else "movielens-100k",
        sys.argv[2:] or ["logistic"],
    )
