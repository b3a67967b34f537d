"""Attention over what somebody liked last, by the candidate.

Source: Zhou et al., "Deep interest network for click-through rate prediction", KDD 2018; beside the
features, and with a line over them.
"""

from __future__ import annotations

from engine.pipeline.ranking.dense_record import dense_record

__all__ = ["RECORD"]

RECORD = dense_record("din", "DIN (attention over likes)", ("deep", "interest"))
