"""What another value of each attribute that the ranker reads would change, as a table."""

from __future__ import annotations

import pandas as pd

from engine.audit.audit import Audit
from engine.fit_words import flip_rows

__all__ = ["HOW_FLIPPED", "flip_frame"]

HOW_FLIPPED = (
    "Each person is given one other value of the attribute, drawn with equal chance, and ranked "
    "anew; history, candidates and every other input stay as they are. Retrieval reads no "
    "attribute. This says what the ranker does with the attribute, not who is served worse."
)


def flip_frame(audit: Audit) -> pd.DataFrame:
    """Return a row per attribute that the ranker reads."""
    return pd.DataFrame(flip_rows(audit.artifacts.manifest))
