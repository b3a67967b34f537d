"""What each cap does to the audience: where it binds, what it costs, whether it can be kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engine.artifacts import Artifacts
from engine.reranking.candidate_pool import CandidatePool, pool_of
from engine.reranking.cap_room import capped_marks, no_room
from engine.reranking.lists import Lists
from engine.reranking.plan import make_plan, rerank
from engine.reranking.rules import rule_tables
from engine.reranking.wording import of_all
from engine.scenario import Cap, Scenario

__all__ = ["CapReport", "cap_report"]


@dataclass(frozen=True)
class CapReport:
    """One cap, over all lists.

    Attributes
    ----------
    cap : Cap
    n_lists : int
    n_binding : int
        Lists that are others without this cap alone.
    price : float
        Mean of a metric without this cap less that with it, over all lists where both are known;
        NaN where no metric was given.
    price_error : float
        Standard error of ``price``, from the paired differences; NaN for fewer than two lists.
    priced_at : float
        Mean of the metric with the cap, over the lists that ``price`` is the mean of.
    n_priced : int
        Lists that ``price`` is the mean of.
    n_broken : int
        Lists in which the cap had to be broken somewhere: nothing else was left, or a pin stood
        there.
    n_impossible : int
        Lists that no order of the person's candidates would have let keep this cap, were it the
        only one; see :mod:`engine.reranking.cap_room`. Pins that break it alone count too.
    n_short : int
        Lists with places left empty. Caps are lifted before that, so it is the candidates, and
        what is hidden, that do not suffice.
    helps_at : int or None
        The smallest ``at_most`` at which no list breaks the cap any more; None where none does now.
    """

    cap: Cap
    n_lists: int
    n_binding: int
    price: float
    price_error: float
    priced_at: float
    n_priced: int
    n_broken: int
    n_impossible: int
    n_short: int
    helps_at: int | None

    @property
    def share_binding(self) -> float:
        """Share of lists in which the cap binds; NaN without lists."""
        return self.n_binding / self.n_lists if self.n_lists else np.nan

    @property
    def text(self) -> str:
        """What the cap does, in words: ``Binds in 82 % of lists; cannot be kept in 3 %``."""
        if not self.n_lists:
            return ""
        binds = f"Binds in {of_all(self.n_binding, self.n_lists)} of lists"
        parts = [binds if self.n_binding else "Binds in no list"]
        if self.n_impossible:
            parts.append(f"cannot be kept in {of_all(self.n_impossible, self.n_lists)}")
        n_more = self.n_broken - self.n_impossible
        if n_more > 0:
            parts.append(f"is broken in another {of_all(n_more, self.n_lists)}")
        return "; ".join(parts) + "."


def cap_report(
    artifacts: Artifacts,
    scenario: Scenario,
    lists: Lists | None = None,
    *,
    metric: Callable[[Lists], NDArray[np.floating]] | None = None,
) -> tuple[CapReport, ...]:
    """Report on every cap of a scenario; everyone is re-ranked once per cap, without it.

    Parameters
    ----------
    lists : Lists, optional
        Everyone's lists under the scenario, if they are at hand.
    metric : callable, optional
        Lists → one value per person, for example NDCG; NaN where it is undefined.

    Returns
    -------
    tuple of CapReport
        In the order of ``scenario.caps``.
    """
    lists = rerank(artifacts, scenario) if lists is None else lists
    before = metric(lists) if metric is not None else None
    return tuple(
        _report(artifacts, scenario, lists, index, metric, before)
        for index in range(len(scenario.caps))
    )


def _report(
    artifacts: Artifacts,
    scenario: Scenario,
    lists: Lists,
    index: int,
    metric: Callable[[Lists], NDArray[np.floating]] | None,
    before: NDArray[np.floating] | None,
) -> CapReport:
    caps = scenario.caps
    pool = pool_of(artifacts)
    without = make_plan(pool, replace(scenario, caps=(*caps[:index], *caps[index + 1 :]))).run()
    change: NDArray[np.floating] = np.empty(0)
    level = change
    if metric is not None and before is not None:
        change = metric(without).astype(np.float64) - before
        is_known = ~np.isnan(change)
        change, level = change[is_known], before[is_known]
    broken = np.flatnonzero(lists.relaxed[:, index])
    return CapReport(
        cap=caps[index],
        n_lists=len(lists.items),
        n_binding=int((without.items != lists.items).any(axis=1).sum()),
        price=float(change.mean()) if len(change) else np.nan,
        price_error=change.std(ddof=1) / np.sqrt(len(change)) if len(change) > 1 else np.nan,
        priced_at=float(level.mean()) if len(level) else np.nan,
        n_priced=len(change),
        n_broken=len(broken),
        n_impossible=_n_impossible(pool, scenario, lists, index),
        n_short=int((lists.n_missing > 0).sum()),
        helps_at=_helps_at(artifacts, scenario, index, broken),
    )


def _n_impossible(pool: CandidatePool, scenario: Scenario, lists: Lists, index: int) -> int:
    cap = scenario.caps[index]
    rules = rule_tables(pool, scenario.rules)
    cannot = no_room(pool, cap, scenario.k, np.isneginf(rules.boost))
    if rules.has_pins:
        cannot |= _broken_by_pins(pool, cap, lists, rules.pins >= 0)
    return int((cannot & (lists.relaxed[:, index] > 0)).sum())


def _broken_by_pins(
    pool: CandidatePool, cap: Cap, lists: Lists, is_pinned: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Return in whose list the pins alone hold more than the cap allows, shape (n_lists,)."""
    marks = capped_marks(pool, cap) & is_pinned[:, None]
    padded = np.concatenate([marks, np.zeros((1, marks.shape[1]), dtype=bool)])
    counts = np.zeros((len(lists.items), marks.shape[1]), dtype=np.int32)
    for place in range(min(cap.top, lists.k)):
        counts += padded[lists.items[:, place]]
    return np.asarray((counts > cap.at_most).any(axis=1))


def _helps_at(
    artifacts: Artifacts, scenario: Scenario, index: int, users: NDArray[np.integer]
) -> int | None:
    caps = scenario.caps
    if len(users) == 0:
        return None
    for at_most in range(caps[index].at_most + 1, caps[index].top + 1):
        raised = (*caps[:index], replace(caps[index], at_most=at_most), *caps[index + 1 :])
        plan = make_plan(pool_of(artifacts), replace(scenario, caps=raised))
        if not plan.run(users).relaxed[:, index].any():
            return at_most
    return None
