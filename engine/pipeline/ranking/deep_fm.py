"""DeepFM over the ranker's features, served in NumPy.

Source: Guo et al., "DeepFM: a factorization-machine based neural network", IJCAI 2017.
"""

from __future__ import annotations

from engine.pipeline.neural.extra import need_torch
from engine.pipeline.ranking.dense_network import DenseRanker
from engine.pipeline.ranking.ranker import RankerConfig, RankerRecord, TrainingSet

__all__ = ["RECORD", "fit_deep_fm"]


def fit_deep_fm(training: TrainingSet, config: RankerConfig, seed: int) -> DenseRanker:
    """Learn it; the same seed gives the same bits.

    Raises
    ------
    DataError
        PyTorch is not installed.
    """
    need_torch("DeepFM")
    from engine.pipeline.ranking.dense_learning import learned_dense

    return learned_dense(training, config, seed, has_pairs=True, name="DeepFM")


RECORD = RankerRecord("deep_fm", "DeepFM", fit_deep_fm, DenseRanker.load, is_neural=True)
