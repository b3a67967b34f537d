"""A small network as a ranker: learned with PyTorch, served without."""

from __future__ import annotations

from engine.pipeline.neural.extra import need_torch
from engine.pipeline.ranking.dense_network import DenseRanker
from engine.pipeline.ranking.ranker import RankerConfig, RankerRecord, TrainingSet

__all__ = ["dense_record"]


def dense_record(name: str, label: str, parts: tuple[str, ...]) -> RankerRecord:
    """Make the record of a network of some parts.

    Its ``fit`` gives the same bits for the same seed, and refuses with a DataError where PyTorch
    is not installed.

    Parameters
    ----------
    name, label : str
    parts : tuple of str
        Of :data:`~engine.pipeline.ranking.dense_weights.PARTS`.
    """

    def fit(training: TrainingSet, config: RankerConfig, seed: int) -> DenseRanker:
        need_torch(f"The ranker {label}")
        from engine.pipeline.ranking.dense_learning import learned_dense

        return learned_dense(training, config, seed, parts=parts, name=label)

    return RankerRecord(name, label, fit, DenseRanker.load, is_neural=True)
