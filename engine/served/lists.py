"""One person's list under a policy, as the pages show it, and the chance of each of its places."""

from __future__ import annotations

import random
import threading
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.artifacts import Artifacts
from engine.errors import DataError, StudioError
from engine.people.traits import person_row
from engine.reranking import RerankPlan, prepare
from engine.reranking.ledger import ledger_of
from engine.saved.store import ScenarioStore
from engine.scenario import NEUTRAL
from engine.scenario_values import brief
from engine.served.answer import Answer
from engine.served.exploration import Exploration, deal
from engine.served.policies import Policy, Stand, policy_of, read_stand, store_signature

__all__ = ["NEUTRAL_NAME", "ListService"]

MOST_NAMED = 12
"""Saved scenarios that a refusal names."""

EXPLORED = "explored"
EXPLORED_WORDS = "Shown to learn of it: drawn evenly from titles that might have stood here."

NEUTRAL_NAME = "neutral"
"""Names the ranker's order where a scenario is asked for."""


@dataclass(frozen=True, eq=False)
class _Arm:
    """A policy with its plan, and the part of the people that it is shown to."""

    policy: Policy
    plan: RerankPlan
    share: float


@dataclass(frozen=True, eq=False)
class _Ready:
    """Who stands, ready to be served."""

    stand: Stand
    arms: tuple[_Arm, ...]


class ListService:
    """Answers for the people of one fit; threads may share it.

    Parameters
    ----------
    artifacts : Artifacts
    store : ScenarioStore
        Has the champion, the challenger and what else can be asked for by name.
    data : str
        The name that the store knows the data set by.
    share : float
        Part of the people that gets the challenger's lists.
    explore : Exploration, optional
        How lists that the split decides explore; they do not by default.
    seed : int, optional
        Of what is explored; the system's own by default.

    Raises
    ------
    StudioError
        Who stands cannot be read, or does not fit the data.
    """

    def __init__(
        self,
        artifacts: Artifacts,
        store: ScenarioStore,
        data: str,
        *,
        share: float = 0.5,
        explore: Exploration | None = None,
        seed: int | None = None,
    ) -> None:
        self.explore, self._rng = explore, random.Random(seed)
        self.artifacts, self.store, self.data, self.share = artifacts, store, data, share
        self.trouble = ""
        self._lock = threading.Lock()
        self._seen = store_signature(store.path)
        self._now = self._ready(read_stand(store, data, share))
        self._user_ids = artifacts.users["user_id"].astype(str).tolist()
        self._item_ids = artifacts.items["item_id"].astype(str).tolist()
        self._titles = artifacts.items["title"].astype(str).tolist()

    def stand(self) -> Stand:
        """Return who stands now: what was promoted since is served from the next answer on.

        Where the store has become unreadable, or who stands now does not fit the data, who stood
        before goes on, and ``trouble`` says why.
        """
        signature = store_signature(self.store.path)
        if signature != self._seen:
            with self._lock:
                self._seen = signature
                try:
                    self._now = self._ready(read_stand(self.store, self.data, self.share))
                    self.trouble = ""
                except StudioError as error:
                    self.trouble = str(error)
        return self._now.stand

    def _ready(self, stand: Stand) -> _Ready:
        """Make the plans of who stands, and try them; what is replaced is replaced at once."""
        arms = tuple(self._arm(policy, share) for policy, share in stand.arms())
        for arm in arms:
            arm.plan.run(np.zeros(1, np.int64))
        return _Ready(stand, arms)

    def _arm(self, policy: Policy, share: float, k: int | None = None) -> _Arm:
        if k is not None and k != policy.scenario.k:
            policy = replace(policy, scenario=replace(policy.scenario, k=k))
        return _Arm(policy, prepare(self.artifacts, policy.scenario), share)

    def answer(self, user_id: str, *, k: int | None = None, scenario: str | None = None) -> Answer:
        """Return a person's list.

        Parameters
        ----------
        user_id : str
        k : int, optional
            List length; the scenario's own by default.
        scenario : str, optional
            The name or id of a saved scenario, or ``neutral``. By default the split decides
            between champion and challenger.

        Raises
        ------
        DataError, ScenarioError, StoreError
            Nobody has that id; nothing has that name; the length is out of range.
        """
        row = np.array([person_row(self.artifacts, user_id)], dtype=np.int64)
        own_id = self._user_ids[int(row[0])]
        if scenario is not None:
            arm = self._arm(self._named(scenario), 1.0, k)
            return self._answer(own_id, row, (arm,), 0, is_split=False)
        self.stand()
        now = self._now
        arms = now.arms
        if k is not None:
            arms = tuple(self._arm(arm.policy, arm.share, k) for arm in arms)
        return self._answer(own_id, row, arms, now.stand.arm_of(own_id), is_split=True)

    def _answer(
        self,
        user_id: str,
        row: NDArray[np.int64],
        arms: tuple[_Arm, ...],
        mine: int,
        *,
        is_split: bool,
    ) -> Answer:
        """Deal the list of every arm: a place's chance is that of all deals that agree on it."""
        person = int(row[0])
        explore = self.explore if is_split else None
        dealt = []
        for arm in arms:
            lists = arm.plan.run(row)
            dealt.append(deal(explore, arm.plan, person, lists.items[0], lists.positions[0]))
        items, positions, is_explored = dealt[mine].drawn(self._rng)
        parts = [arm.share * one.chance(items) for arm, one in zip(arms, dealt, strict=True)]
        is_there = items >= 0
        return Answer(
            user_id,
            person,
            arms[mine].policy,
            is_split,
            items[is_there],
            positions[is_there],
            np.minimum(np.sum(parts, axis=0), 1.0)[is_there],
            dealt[mine].at if is_explored else -1,
        )

    def _named(self, name: str) -> Policy:
        if name == NEUTRAL_NAME:
            return Policy(NEUTRAL_NAME, NEUTRAL)
        known = self.store.all(self.data)
        for saved in known:
            if name in (saved.name, saved.id):
                return policy_of(saved)
        there = ", ".join(brief(saved.name) for saved in known[:MOST_NAMED]) or "none yet"
        raise DataError(
            f"No scenario of {self.data} is saved as {brief(name)}; there is {there}, and "
            f"{NEUTRAL_NAME}."
        )

    def to_json(self, answer: Answer, *, reasons: bool = False) -> dict[str, Any]:
        """Return an answer as plain values; with reasons, why each item stands where it does."""
        scores = self.artifacts.scores[answer.row, answer.positions]
        places = zip(
            answer.items.tolist(),
            answer.positions.tolist(),
            scores.astype(float).tolist(),
            answer.propensity.tolist(),
            strict=True,
        )
        listed: list[dict[str, Any]] = [
            {
                "rank": at,
                "item_id": self._item_ids[item],
                "title": self._titles[item],
                "score": score,
                "rank_before": position + 1,
                "propensity": chance,
            }
            for at, (item, position, score, chance) in enumerate(places, start=1)
        ]
        if answer.explored >= 0:
            listed[answer.explored]["explored"] = True
        if reasons:
            plan = prepare(self.artifacts, answer.policy.scenario)
            entries = {entry.item: entry for entry in ledger_of(plan, answer.row).entries}
            for one, item in zip(listed, answer.items.tolist(), strict=True):
                if "explored" in one:
                    one |= {"reason": EXPLORED, "reason_words": EXPLORED_WORDS}
                    continue
                one["reason"] = str(entries[item].reason or "")
                one["reason_words"] = entries[item].text
        policy = answer.policy
        return {
            "user_id": answer.user_id,
            "data": self.data,
            "fit": self.artifacts.fit_id,
            "policy": {"name": policy.name, "id": policy.id, "revision": policy.revision},
            "by_split": answer.is_split,
            "items": listed,
        }
