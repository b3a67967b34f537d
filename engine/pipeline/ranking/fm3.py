"""Products of two and of three inputs through one set of factors.

Source: Blondel et al., "Higher-order factorization machines", NIPS 2016, section 5.
"""

from __future__ import annotations

from engine.pipeline.ranking.dense_record import dense_record

__all__ = ["RECORD"]

RECORD = dense_record("fm3", "factorisation machine of third order", ("pairs", "triples"))
