"""One fitted data set, as one works with it from Python: open, evaluate, list, search, explain.

The examples run as tests, on a small invented data set.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.analysis.aims import Aim
from engine.analysis.constraints import Constraint
from engine.analysis.goal import Solution, SolveConfig
from engine.analysis.kept_sweeps import kept_sweep
from engine.analysis.solve import solve
from engine.analysis.space import make_space
from engine.analysis.swept import Sweep, SweepConfig
from engine.artifacts import Artifacts, open_artifacts
from engine.data import artifact_folder
from engine.data.naming import name_of
from engine.decision.desk import Decisions
from engine.evaluation import Evaluation, evaluate_scenario
from engine.list_table import list_table
from engine.metrics.settings import Settings
from engine.people.traits import person_row
from engine.reranking import Ledger, explain_list, rerank
from engine.scenario import NEUTRAL, Scenario

__all__ = ["Studio"]


@dataclass(frozen=True, eq=False)
class Studio:
    """A fitted data set: ``Studio.open("movielens-100k")``.

    Attributes
    ----------
    artifacts : Artifacts
        Everything that the fit holds, as read-only arrays and tables.

    Examples
    --------
    >>> studio.n_people, studio.n_items
    (120, 80)
    >>> studio.people.columns[0], studio.items.columns[0]
    ('user_id', 'item_id')
    """

    artifacts: Artifacts

    @classmethod
    def open(cls, data: str | Path = "movielens-100k") -> Studio:
        """Open the latest fit of a data set: of a name, or of one's own folder or archive.

        Raises
        ------
        ArtifactError
            It was never fitted, or the fit cannot be used; the sentence says what to do.
        """
        return cls(open_artifacts(artifact_folder(name_of(str(data)))))

    @property
    def n_people(self) -> int:
        """Number of people."""
        return self.artifacts.n_users

    @property
    def n_items(self) -> int:
        """Number of items."""
        return self.artifacts.n_items

    @property
    def people(self) -> pd.DataFrame:
        """A copy of the people's table: ``user_id`` and attributes, one row per person."""
        return self.artifacts.users.copy()

    @property
    def items(self) -> pd.DataFrame:
        """A copy of the items' table: ``item_id``, ``title``, genres …, one row per item."""
        return self.artifacts.items.copy()

    def evaluate(
        self,
        scenario: Scenario = NEUTRAL,
        *,
        baseline: Scenario | None = None,
        settings: Settings | None = None,
        people: Sequence[str] | None = None,
    ) -> Evaluation:
        """Re-rank under a scenario and measure it, with the change from a baseline.

        Parameters
        ----------
        scenario, baseline : Scenario
            The ranker's own order at the same list length by default.
        settings : Settings, optional
            How to measure: attention, patience, grouping of items, target.
        people : sequence of str, optional
            Only these ids.

        Returns
        -------
        Evaluation
            ``.figures["ndcg"]`` has value, interval, n, change, verdict; ``.groups("gender")`` all
            by group; ``.lists.items`` is int32 of shape (n_people, k); ``.frame()`` is a table.

        Raises
        ------
        ScenarioError, DataError
            What was given does not fit the data, or nobody has that id.

        Examples
        --------
        >>> found = studio.evaluate(Scenario(diversity=0.3, k=5))
        >>> found.lists.items.shape
        (120, 5)
        >>> found.groups("gender").labels
        ('man', 'woman')
        >>> found.frame().loc[["ndcg", "ild"], ["value", "low", "high", "n", "verdict"]].shape
        (2, 5)
        >>> studio.evaluate(people=["u3", "u4"]).n_users
        2
        """
        rows = None if people is None else self._rows(people)
        return evaluate_scenario(
            self.artifacts, scenario, baseline=baseline, settings=settings, users=rows
        )

    def lists(
        self, scenario: Scenario = NEUTRAL, *, people: Sequence[str] | None = None
    ) -> pd.DataFrame:
        """Return the lists of a scenario as a table, one row per place that holds an item.

        Columns: ``user_id``, ``rank`` (from 1), ``item_id``, ``title``, ``rank_before`` (where the
        ranker had put the item); in the order of people and ranks.

        Examples
        --------
        >>> shown = studio.lists(Scenario(k=3), people=["u7"])
        >>> list(shown["rank"]), list(shown["rank_before"])
        ([1, 2, 3], [1, 2, 3])
        """
        users = None if people is None else self._rows(people)
        return list_table(self.artifacts, rerank(self.artifacts, scenario, users=users), users)

    @property
    def decisions(self) -> Decisions:
        """Scenarios side by side, guardrails, and the record of a decision."""
        return Decisions(self.artifacts)

    def sweep(
        self,
        controls: Sequence[str] = ("diversity", "freshness", "calibration"),
        aims: Sequence[str] = ("ndcg", "ild"),
        *,
        origin: Scenario = NEUTRAL,
        config: SweepConfig | None = None,
    ) -> Sweep:
        """Map what two metrics could be over many settings; kept beside the fit.

        Parameters
        ----------
        controls : sequence of str
            What may move; a choice can be narrowed: ``"diversity_method=mmr,dpp"``.
        aims : sequence of str
            The two axes, then what else to measure: ``"ndcg@worst:gender"`` …
        origin : Scenario
            Has all other controls.

        Returns
        -------
        Sweep
            ``.settings`` is all that was tried; ``.front`` what, measured on everyone, none beats.

        Examples
        --------
        >>> found = studio.sweep(["diversity"], config=SweepConfig(n_settings=8))
        >>> len(found.front) >= 1 and all(one.is_confirmed for one in found.front)
        True
        """
        found = kept_sweep(self.artifacts, make_space(origin, controls), aims, config=config)
        assert found is not None  # only where nothing may be measured
        return found

    def solve(
        self,
        aim: Aim | str,
        such_that: Sequence[Constraint | str],
        *,
        controls: Sequence[str] = ("diversity", "freshness", "calibration"),
        origin: Scenario = NEUTRAL,
        config: SolveConfig | None = None,
    ) -> Solution:
        """Find the setting with most of a metric that keeps limits, shown on other people.

        Parameters
        ----------
        aim, such_that, controls, origin
            ``"ild"``; ``"ndcg loss <= 2%"``, ``"ndcg loss <= 2% for every gender"`` …; as for a
            sweep.

        Returns
        -------
        Solution
            ``.shown`` keeps every limit, or is None; then ``.estimated`` or ``.nearest``.

        Examples
        --------
        >>> found = studio.solve("ild", ["ndcg loss <= 50%"], controls=["diversity"])
        >>> best = found.shown or found.estimated or found.nearest
        >>> found.n_settings > 0 and best is not None
        True
        """
        space = make_space(origin, controls)
        return solve(self.artifacts, space, aim, such_that, config=config)

    def explain(self, person: str, scenario: Scenario = NEUTRAL) -> Ledger:
        """Say of each item of one person's list why it stands where it does.

        ``person`` is their ``user_id``.

        Returns
        -------
        Ledger
            ``.entries``: item (row of ``items``), rank before and after, the parts that moved it
            (they add up to the difference in score) and the main reason as ``.text``.

        Examples
        --------
        >>> studio.explain("u7").entries[0].text
        'where the ranker put it'
        >>> moved = studio.explain("u7", Scenario(diversity=0.8)).entries
        >>> any("diversity" in one.text for one in moved)
        True
        """
        return explain_list(self.artifacts, scenario, person_row(self.artifacts, person))

    def _rows(self, people: Sequence[str]) -> NDArray[np.int64]:
        return np.array([person_row(self.artifacts, one) for one in people], dtype=np.int64)
