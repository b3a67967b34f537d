"""Wide & Deep over features and the numbers of items and groups.

Source: Cheng et al., "Wide & deep learning for recommender systems", DLRS 2016.
"""

from __future__ import annotations

from engine.pipeline.ranking.dense_record import dense_record

__all__ = ["RECORD"]

RECORD = dense_record("wide_deep", "Wide & Deep", ("deep",))
