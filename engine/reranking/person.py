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

from engine.reranking.kernel.records import FLOOR_BIT
from engine.reranking.likeness import genre_share, item_vectors
from engine.reranking.plan import RerankPlan
from engine.scenario import Scenario
from engine.terms import IN_SUM, TERMS
from engine.terms.diversity_methods import DIVERSITY_METHODS
from engine.terms.record import Term

__all__ = ["IS_SHARED", "SUMMANDS", "Person"]

OF_TERMS = tuple(term.part.name for term in TERMS.values() if term.part)
SUMMANDS = ("relevance", *OF_TERMS, "boost")
"""What an item's score is the sum of."""

IS_SHARED = np.array([name in OF_TERMS for name in SUMMANDS])
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
        pool = self.plan.pool
        row = pool.candidates[self.user, : pool.n_valid[self.user]]
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
    def _given(self) -> dict[str, Column]:
        """Summands whose weight is none of the scenario's, each of shape (n,).

        Fairness comes with its weight: it may have been solved for.
        """
        plan = self.plan
        scores = plan.pool.scores[self.user, : len(self.items)].astype(np.float64)
        span = np.ptp(scores) if len(scores) else 0.0
        boost = plan.problem.offsets[self.items, 1]
        return {
            "relevance": (scores - scores.min()) / span if span > 0 else np.zeros(len(scores)),
            "fairness": plan.group.lift[self.items],
            "boost": np.where(self.is_hidden, 0.0, boost),
        }

    @property
    def scenario(self) -> Scenario:
        """The scenario that lists are built by."""
        return self.plan.scenario

    @property
    def window(self) -> int:
        """How many of the last choices count; at least the list's length for all of them."""
        return self.plan.setting.window

    @cached_property
    def likeness(self) -> NDArray[np.float64]:
        """Likeness of the candidates, 1 with themselves, shape (n, n)."""
        share = genre_share(self.scenario)
        pool = self.plan.pool
        vectors = pool.vectors.get(share, lambda: item_vectors(pool, share))
        own = vectors[self.items].astype(np.float64)
        out = own @ own.T
        if DIVERSITY_METHODS[self.scenario.diversity_method].uses_directions:
            np.fill_diagonal(out, 1.0)
        return out

    @cached_property
    def genre_shares(self) -> NDArray[np.float64]:
        """p(g|i) of the candidates, shape (n, n_genres)."""
        genres = self.plan.pool.genre_matrix[self.items]
        return genres / np.maximum(genres.sum(axis=1, keepdims=True), 1)

    @cached_property
    def profile(self) -> Column:
        """p(g|u), shape (n_genres,)."""
        return self.plan.pool.profiles[self.user].astype(np.float64)

    @cached_property
    def _known(self) -> dict[tuple[str, tuple[int, ...]], Any]:
        """What was worked out before, by its name and the list so far."""
        return {}

    def _once(self, name: str, chosen: Sequence[int], work: Callable[[list[int]], Any]) -> Any:
        key = (name, tuple(chosen))
        if key not in self._known:
            self._known[key] = work(list(chosen))
        return self._known[key]

    def unweighted(self, term: Term, chosen: Sequence[int]) -> Column:
        """One of :data:`~engine.terms.IN_SUM` without its weight, shape (n,)."""
        static, dynamic = term.static, term.dynamic
        if static is not None:
            pool = self.plan.pool
            return self._once(term.name, (), lambda _: static(pool, self.scenario)[self.items])
        if term.objective:
            return self._once(term.name, (), lambda _: self._by_objective(term.objective))
        assert dynamic is not None
        return self._once(term.name, chosen, lambda chosen: dynamic(self, chosen))

    def _by_objective(self, name: str) -> Column:
        """Return what the candidates are worth to the person by an objective; 0 without it."""
        scores = self.plan.pool.objective(name)
        if scores is None:
            return np.zeros(len(self.items))
        return scores[self.user, : len(self.items)].astype(np.float64)

    def unshared_terms(self, chosen: Sequence[int]) -> NDArray[np.float64]:
        """Every summand with its weight as the scenario has it, shape (len(SUMMANDS), n).

        Rows are in the order of :data:`SUMMANDS`.
        """
        rows = dict(self._given)
        for term in IN_SUM:
            assert term.part is not None
            weight = getattr(self.scenario, term.name)
            is_off = weight == 0.0
            rows[term.part.name] = (
                np.zeros(len(self.items)) if is_off else weight * self.unweighted(term, chosen)
            )
        return np.stack([rows[name] for name in SUMMANDS])

    def terms(self, chosen: Sequence[int]) -> NDArray[np.float64]:
        """Every summand as it counts for this person, given the list so far.

        Returns
        -------
        float64 array of shape (len(SUMMANDS), n)
            Rows in the order of :data:`SUMMANDS`; a candidate's score is the sum of its column.
        """
        return self.unshared_terms(chosen) * np.where(IS_SHARED, self.share, 1.0)[:, None]

    def barred_by_cap(self, chosen: Sequence[int]) -> NDArray[np.bool_]:
        """Which candidates would break which cap at the next place, shape (n_caps, n)."""
        pool, scenario = self.plan.pool, self.plan.scenario
        out = np.zeros((len(scenario.caps), len(self.items)), dtype=bool)
        for row, cap in enumerate(scenario.caps):
            if len(chosen) < cap.top:
                marks = self.marks(cap.kind)
                names = pool.genre_names if cap.kind == "genre" else pool.provider_names
                is_meant = np.array([cap.value in (None, name) for name in names], dtype=bool)
                is_full = marks[list(chosen)].sum(axis=0) >= cap.at_most
                out[row] = (marks & (is_meant & is_full)).any(axis=1)
        return out

    def marks(self, kind: str) -> NDArray[np.bool_]:
        """Genres, or providers, of the candidates: shape (n, n_names)."""
        pool = self.plan.pool
        if kind == "genre":
            return pool.genre_matrix[self.items]
        provider = pool.items["provider"][self.items]
        return provider[:, None] == np.arange(pool.n_providers)

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
