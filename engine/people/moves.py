"""Why items moved, from the ledger, as a table and in sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.artifacts import Artifacts
from engine.formats import movement
from engine.reranking.ledger import PARTS, Ledger, LedgerEntry
from engine.terms import TERMS

__all__ = ["PART_LABELS", "labels_of", "move_in_words", "moved", "moves_table", "parts_of"]

PART_LABELS: Mapping[str, str] = {
    "relevance": "Ranker score",
    **{term.part.name: term.part.label for term in TERMS.values() if term.part},
    "boost": "Boost or bury",
    "cap": "Cap",
    "pin": "Pin",
    "hide": "Hidden",
}
"""Part → its words."""


def moved(ledger: Ledger) -> list[LedgerEntry]:
    """Entries of items that moved, in the order of the list, those that dropped out last."""
    return [entry for entry in ledger.entries if entry.rival is not None]


def parts_of(entries: Sequence[LedgerEntry]) -> NDArray[np.float64]:
    """Parts of each entry, shape (n_entries, len(PARTS)), in the order of ``PARTS``."""
    rows = [[entry.parts[part] for part in PARTS] for entry in entries]
    return np.array(rows, dtype=float).reshape(len(entries), len(PARTS))


def labels_of(artifacts: Artifacts, entries: Sequence[LedgerEntry]) -> list[str]:
    """Name each row: ``▲ 9  Much Ado About Nothing``."""
    titles = artifacts.items["title"]
    return [
        f"{movement(entry.rank_before, entry.rank_after)}  {titles.iloc[entry.item]}"
        for entry in entries
    ]


def moves_table(artifacts: Artifacts, ledger: Ledger) -> pd.DataFrame:
    """Return one row per item of the list, then those that dropped out.

    Returns
    -------
    DataFrame
        ``item, before, after`` (ranks), ``why, against`` (whom it was compared with), ``at``
        (which place they competed for), ``difference`` (of their scores there) and one column per
        part; the parts of a row add up to its difference.
    """
    titles = artifacts.items["title"]
    rows = [
        {
            "item": titles.iloc[entry.item],
            "before": entry.rank_before,
            "after": entry.rank_after,
            "why": entry.text,
            "against": "" if entry.rival is None else titles.iloc[entry.rival],
            "at": entry.place,
            "difference": entry.difference,
            **{PART_LABELS[part].lower(): entry.parts[part] for part in PARTS},
        }
        for entry in ledger.entries
    ]
    return pd.DataFrame(rows).astype({"after": "Int64", "at": "Int64"})


def move_in_words(artifacts: Artifacts, entry: LedgerEntry) -> str:
    """Say one item's move and whom it won or lost its place to."""
    if entry.rival is None or entry.place is None:
        return f"It stands at {entry.rank_before}, where the ranker put it."
    rival = artifacts.items["title"].iloc[entry.rival]
    after = "out of the list" if entry.rank_after is None else f"to {entry.rank_after}"
    rose = entry.rank_after is not None and entry.rank_after < entry.rank_before
    duel = "it won over" if rose else "it lost to"
    return f"From {entry.rank_before} {after}: {entry.text}. Place {entry.place} {duel} {rival}."
