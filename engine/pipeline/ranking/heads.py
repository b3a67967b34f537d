"""A network with a head for likes and one for every other objective that the data have.

All heads read the same two layers and the same tables of items and groups, so what people finish
teaches of what they like, and the other way round. Its first head is the ranking score. Where the
data have no other objective it is the plain network of the same layers.

Source: Caruana, "Multitask learning", Machine Learning 28, 1997 (the shared bottom).
"""

from __future__ import annotations

from engine.pipeline.ranking.dense_record import dense_record

__all__ = ["RECORD"]

RECORD = dense_record("heads", "several heads (liked and other aims)", ("deep", "heads"))
