"""One person's choice, laid open: every term of every candidate at every place.

In float64 and from the definitions, for the ledger and the counterfactuals; the lists themselves
come from the kernel.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.reranking.diversity_of import (
    aspect_coverage,
    calibration_gain,
    diversity_by_likeness,
)
from engine.reranking.kernel.records import FLOOR_BIT
from engine.reranking.likeness import genre_share, item_vectors
from engine.reranking.plan import RerankPlan
from engine.reranking.static_terms import freshness, popularity

__all__ = ["IS_SHARED", "TERMS", "Person"]

TERMS = (
    "relevance",
    "diversity",
    "freshness",
    "fairness",
    "calibration",
    "popularity",
    "boost",
)
"""What an item's score is the sum of."""

IS_SHARED = np.array([name not in ("relevance", "boost") for name in TERMS])
"""Terms that are scaled by the part of the weights that applies to a person."""

Column = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Person:
    """A person's candidates under a plan.

    Attributes
    ----------
    plan : RerankPlan
    user : int
    """

    plan: RerankPlan
    user: int

    @cached_property
    def items(self) -> NDArray[np.int32]:
        """The candidates, best ranker score first, shape (n,)."""
        audience = self.plan.audience
        row = audience.candidates[self.user, : audience.n_valid[self.user]]
        return row.view(np.int32)

    @cached_property
    def share(self) -> float:
        """The part of every weight that applies to this person."""
        return float(self.plan.problem.shares[self.user])

    @cached_property
    def is_hidden(self) -> NDArray[np.bool_]:
        """Candidates that a rule hides, shape (n,)."""
        return np.isneginf(self.plan.problem.offsets[self.items, 1])

    @cached_property
    def pinned(self) -> list[int]:
        """Places in the candidate row of pinned candidates, in the pins' order."""
        pins = self.plan.problem.items["pin"][self.items]
        places = np.flatnonzero((pins >= 0) & ~self.is_hidden)
        return [int(place) for place in places[np.argsort(pins[places], kind="stable")]]

    @cached_property
    def is_lifted(self) -> NDArray[np.bool_]:
        """Candidates of the lifted group, shape (n,)."""
        return (self.plan.problem.items["mask"][self.items] & FLOOR_BIT) == 0

    @cached_property
    def static(self) -> dict[str, Column]:
        """Terms without their weights that do not depend on the list, each of shape (n,).

        Fairness comes with its weight: it may have been solved for.
        """
        plan, audience = self.plan, self.plan.audience
        scores = audience.scores[self.user, : len(self.items)].astype(np.float64)
        span = np.ptp(scores) if len(scores) else 0.0
        boost = plan.problem.offsets[self.items, 1]
        return {
            "relevance": (scores - scores.min()) / span if span > 0 else np.zeros(len(scores)),
            "freshness": freshness(audience, plan.scenario.half_life_days)[self.items],
            "popularity": -popularity(audience)[self.items],
            "fairness": plan.group.lift[self.items],
            "boost": np.where(self.is_hidden, 0.0, boost),
        }

    @cached_property
    def likeness(self) -> NDArray[np.float64]:
        """Likeness of the candidates, 1 with themselves, shape (n, n)."""
        share = genre_share(self.plan.scenario)
        audience = self.plan.audience
        vectors = audience.vectors.get(share, lambda: item_vectors(audience, share))
        own = vectors[self.items].astype(np.float64)
        out = own @ own.T
        if self.plan.scenario.diversity_method in ("dpp", "ssd"):
            np.fill_diagonal(out, 1.0)
        return out

    @cached_property
    def genre_shares(self) -> NDArray[np.float64]:
        """p(g|i) of the candidates, shape (n, n_genres)."""
        genres = self.plan.audience.genre_matrix[self.items]
        return genres / np.maximum(genres.sum(axis=1, keepdims=True), 1)

    @cached_property
    def profile(self) -> Column:
        """p(g|u), shape (n_genres,)."""
        return self.plan.audience.profiles[self.user].astype(np.float64)

    @cached_property
    def _known(self) -> dict[tuple[str, tuple[int, ...]], Any]:
        """What was worked out before, by its name and the list so far."""
        return {}

    def _once(self, name: str, chosen: Sequence[int], work: Callable[[list[int]], Any]) -> Any:
        key = (name, tuple(chosen))
        if key not in self._known:
            self._known[key] = work(list(chosen))
        return self._known[key]

    def diversity(self, chosen: Sequence[int]) -> Column:
        """D(i|S) without its weight, shape (n,)."""
        return self._once("diversity", chosen, self._diversity)

    def _diversity(self, chosen: list[int]) -> Column:
        scenario = self.plan.scenario
        if scenario.diversity_method == "xquad":
            return aspect_coverage(self.genre_shares, self.profile, chosen)
        window = self.plan.setting.window
        return diversity_by_likeness(scenario.diversity_method, self.likeness, chosen, window)

    def calibration(self, chosen: Sequence[int]) -> Column:
        """C(i|S) without its weight, shape (n,)."""
        return self._once("calibration", chosen, self._calibration)

    def _calibration(self, chosen: list[int]) -> Column:
        return calibration_gain(self.genre_shares, self.profile, chosen, self.plan.scenario.k)

    def unshared_terms(self, chosen: Sequence[int]) -> NDArray[np.float64]:
        """Every term with its weight as the scenario has it, shape (len(TERMS), n).

        Rows are in the order of :data:`TERMS`.
        """
        scenario, static = self.plan.scenario, self.static
        rows = {
            **static,
            "freshness": scenario.freshness * static["freshness"],
            "popularity": scenario.popularity_penalty * static["popularity"],
            "diversity": np.zeros(len(self.items)),
            "calibration": np.zeros(len(self.items)),
        }
        if scenario.diversity:
            rows["diversity"] = scenario.diversity * self.diversity(chosen)
        if scenario.calibration:
            rows["calibration"] = scenario.calibration * self.calibration(chosen)
        return np.stack([rows[name] for name in TERMS])

    def terms(self, chosen: Sequence[int]) -> NDArray[np.float64]:
        """Every term as it counts for this person, given the list so far.

        Returns
        -------
        float64 array of shape (len(TERMS), n)
            Rows in the order of :data:`TERMS`; a candidate's score is the sum of its column.
        """
        return self.unshared_terms(chosen) * np.where(IS_SHARED, self.share, 1.0)[:, None]

    def barred_by_cap(self, chosen: Sequence[int]) -> NDArray[np.bool_]:
        """Which candidates would break which cap at the next place, shape (n_caps, n)."""
        audience, scenario = self.plan.audience, self.plan.scenario
        out = np.zeros((len(scenario.caps), len(self.items)), dtype=bool)
        for row, cap in enumerate(scenario.caps):
            if len(chosen) < cap.top:
                marks = self.marks(cap.kind)
                names = audience.genre_names if cap.kind == "genre" else audience.provider_names
                is_meant = np.array([cap.value in (None, name) for name in names], dtype=bool)
                is_full = marks[list(chosen)].sum(axis=0) >= cap.at_most
                out[row] = (marks & (is_meant & is_full)).any(axis=1)
        return out

    def marks(self, kind: str) -> NDArray[np.bool_]:
        """Genres, or providers, of the candidates: shape (n, n_names)."""
        audience = self.plan.audience
        if kind == "genre":
            return audience.genre_matrix[self.items]
        provider = audience.items["provider"][self.items]
        return provider[:, None] == np.arange(audience.n_providers)

    def is_owed(self, chosen: Sequence[int]) -> bool:
        """Whether the floor asks the next place for an item of the lifted group."""
        held = int(self.is_lifted[list(chosen)].sum())
        return held < int(self.plan.limits.floors[len(chosen) + 1])

    def is_open(self, chosen: Sequence[int]) -> NDArray[np.bool_]:
        """Which candidates may take the next place, limits being lifted in their order, (n,)."""
        return self._once("open", chosen, self._is_open)

    def _is_open(self, chosen: list[int]) -> NDArray[np.bool_]:
        left = ~self.is_hidden
        left[chosen] = False
        barred = self.barred_by_cap(chosen)
        owed = self.is_owed(chosen)
        allowed = left & ~barred.any(axis=0) & (self.is_lifted | (not owed))
        for n_kept in range(len(barred), -1, -1):
            if allowed.any():
                break
            allowed = left & ~barred[:n_kept].any(axis=0)
        return allowed
