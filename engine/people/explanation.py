"""One person's list explained: every move, and of an item its rank and what would bring it in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from engine.artifacts import Artifacts
from engine.people.moves import move_in_words, moves_table
from engine.people.rank_reasons import RankReasons, rank_reasons, reasons_table
from engine.people.ways_in import no_way_in_words, ways_in
from engine.rank_explanation import explain_ranks
from engine.reranking.counterfactual import Change, counterfactual
from engine.reranking.ledger import Ledger, LedgerEntry, explain_list
from engine.scenario import Scenario
from engine.table_json import plain, rows_of

__all__ = ["Explanation", "ItemExplanation", "explain_item", "explain_person"]


@dataclass(frozen=True, eq=False)
class ItemExplanation:
    """Why one item stands where it stands.

    Attributes
    ----------
    item : int
    title : str
    rank : int or None
        By the ranker, from 1; None where the item is no candidate.
    why : RankReasons or None
        The ranker's score against that of the mean candidate, by family of reasons.
    reasons : DataFrame
        The same, a row per input of the ranker.
    entry : LedgerEntry or None
        Its move; None where it is neither in the list nor in the ranker's.
    changes : list of Change
        What would bring it in, a row per control; empty where it is in the list or no candidate.
    """

    item: int
    title: str
    rank: int | None
    why: RankReasons | None
    reasons: pd.DataFrame
    entry: LedgerEntry | None
    changes: list[Change]


@dataclass(frozen=True, eq=False)
class Explanation:
    """One person's list under a scenario; ``about`` is the item asked for."""

    artifacts: Artifacts
    scenario: Scenario
    user: int
    ledger: Ledger
    about: ItemExplanation | None = None

    @property
    def moves(self) -> pd.DataFrame:
        """Every item of the list, then what dropped out, with the parts of its move."""
        return moves_table(self.artifacts, self.ledger)

    def to_json(self) -> dict[str, Any]:
        """Return a JSON-ready dict; what is undefined is null."""
        return {
            "data": self.artifacts.manifest["title"],
            "fit_id": self.artifacts.fit_id,
            "person": str(self.artifacts.users["user_id"].iloc[self.user]),
            "scenario": self.scenario.to_dict(),
            "moves": rows_of(self.moves),
            "item": None if self.about is None else self._item_json(self.about),
        }

    def _item_json(self, about: ItemExplanation) -> dict[str, Any]:
        why, entry = about.why, about.entry
        return {
            "item_id": str(self.artifacts.items["item_id"].iloc[about.item]),
            "title": about.title,
            "rank": about.rank,
            "score": plain(why.score) if why else None,
            "mean_score": plain(why.mean_score) if why else None,
            "families": dict(zip(why.families, why.values.tolist(), strict=True)) if why else {},
            "reasons": rows_of(about.reasons),
            "move": move_in_words(self.artifacts, entry) if entry else None,
            "ways_in": [
                {"words": way.words, "scenario": way.scenario.to_dict()}
                for way in ways_in(about.changes, self.scenario)
            ],
            "no_way_in": no_way_in_words(about.changes, self.scenario),
        }


def explain_person(
    artifacts: Artifacts, scenario: Scenario, user: int, item: int | None = None
) -> Explanation:
    """Explain a person's list, and one item where it is asked for.

    Parameters
    ----------
    artifacts : Artifacts
    scenario : Scenario
    user, item : int
        Indices.

    Raises
    ------
    ScoreError, ScenarioError, ArtifactError
        As :func:`engine.reranking.prepare` and :func:`engine.rank_explanation.explain_ranks`.
    """
    ledger = explain_list(artifacts, scenario, user)
    about = None if item is None else explain_item(artifacts, scenario, ledger, item)
    return Explanation(artifacts, scenario, user, ledger, about)


def explain_item(
    artifacts: Artifacts, scenario: Scenario, ledger: Ledger, item: int
) -> ItemExplanation:
    """Explain one item of, or outside of, the list that the ledger is of."""
    found = np.flatnonzero(np.asarray(artifacts.candidates[ledger.user]) == item)
    place = int(found[0]) if len(found) else None
    title = str(artifacts.items["title"].iloc[item])
    names = artifacts.manifest["feature_names"]
    parts = None if place is None else explain_ranks(artifacts, ledger.user)
    return ItemExplanation(
        item=item,
        title=title,
        rank=None if place is None else place + 1,
        why=None if parts is None or place is None else rank_reasons(names, parts, place),
        reasons=reasons_table(names, parts, place, title),
        entry=next((entry for entry in ledger.entries if entry.item == item), None),
        changes=counterfactual(artifacts, scenario, ledger.user, item),
    )
