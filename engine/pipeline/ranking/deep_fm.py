"""DeepFM over features and the numbers of items and groups.

Source: Guo et al., "DeepFM: a factorization-machine based neural network", IJCAI 2017.
"""

from __future__ import annotations

from engine.pipeline.ranking.dense_record import dense_record

__all__ = ["RECORD"]

RECORD = dense_record("deep_fm", "DeepFM", ("deep", "pairs"))
