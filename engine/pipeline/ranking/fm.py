"""Products of two inputs through factors.

Source: Rendle, "Factorization machines", ICDM 2010.
"""

from __future__ import annotations

from engine.pipeline.ranking.dense_record import dense_record

__all__ = ["RECORD"]

RECORD = dense_record("fm", "factorisation machine", ("pairs",))
