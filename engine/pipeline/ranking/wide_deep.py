"""Wide & Deep over the ranker's features, served in NumPy.

Source: Cheng et al., "Wide & deep learning for recommender systems", DLRS 2016.
"""

from __future__ import annotations

from engine.pipeline.neural.extra import need_torch
from engine.pipeline.ranking.dense_network import DenseRanker
from engine.pipeline.ranking.ranker import RankerConfig, RankerRecord, TrainingSet

__all__ = ["RECORD", "fit_wide_deep"]


def fit_wide_deep(training: TrainingSet, config: RankerConfig, seed: int) -> DenseRanker:
    """Learn it; the same seed gives the same bits.

    Raises
    ------
    DataError
        PyTorch is not installed.
    """
    need_torch("Wide & Deep")
    from engine.pipeline.ranking.dense_learning import learned_dense

    return learned_dense(training, config, seed, has_pairs=False, name="Wide & Deep")


RECORD = RankerRecord("wide_deep", "Wide & Deep", fit_wide_deep, DenseRanker.load, is_neural=True)
