"""Cross layers beside deep ones, over features and the numbers of items and groups.

Source: Wang et al., "DCN V2: improved deep & cross network", WWW 2021, its parallel structure.
"""

from __future__ import annotations

from engine.pipeline.ranking.dense_record import dense_record

__all__ = ["RECORD"]

RECORD = dense_record("dcn_v2", "DCN-v2", ("deep", "crosses"))
