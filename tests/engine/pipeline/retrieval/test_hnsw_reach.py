"""A graph that does not reach every item answers with what it reaches."""

from __future__ import annotations

import numpy as np

from engine.arrays import PAD
from engine.pipeline.retrieval.hnsw_search import HnswIndex


class Unreached:
    """A graph that reaches ``reach`` items, and raises as hnswlib does when more are asked for."""

    def __init__(self, reach):
        self.reach = reach

    def get_current_count(self):
        return 70

    def set_ef(self, ef):
        self.ef = ef

    def knn_query(self, queries, k):
        if k > self.reach:
            raise RuntimeError("Cannot return the results in a contiguous 2D array.")
        return np.tile(np.arange(k, dtype=np.uint64), (len(queries), 1)), None


def test_items_that_the_graph_does_not_reach_are_padding_and_end_no_fit():
    queries = np.ones((3, 4), np.float32)
    found = HnswIndex(Unreached(40)).search(queries, 70)
    assert found.shape == (3, 70)
    assert (found[:, :39] == np.arange(39)).all()
    assert (found[:, 39:] == PAD).all()
    assert (HnswIndex(Unreached(0)).search(queries, 5) == PAD).all()
