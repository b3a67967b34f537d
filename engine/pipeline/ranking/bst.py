"""A transformer block over what somebody liked last, seen from the candidate.

Source: Chen et al., "Behavior sequence transformer for e-commerce recommendation in Alibaba",
DLP-KDD 2019. Otherwise than there: likes do not look at one another or at the candidate, so that
they are read once per person; of the block's outputs the candidate's alone joins the features; a
like has its place counted from the last one and its gap in time to that one, for when somebody
will be shown the list is not known; a line over the features stands beside the layers.
"""

from __future__ import annotations

from engine.pipeline.ranking.dense_record import dense_record

__all__ = ["RECORD"]

RECORD = dense_record("bst", "BST (a transformer block over likes)", ("deep", "block"))
