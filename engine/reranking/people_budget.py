"""Fairness for people: groups that are served worse pay less of what re-ranking costs.

All weights on terms other than relevance, for a person of group g, are multiplied by

    1 - w · (s̃_max - s̃_g) / (s_max - s_min)

where s_g is the mean of ``artifacts.service`` over the group: NDCG of what retrieval offered, on a
slice that it never saw, before any re-ranking; s̃_g is that mean freed of noise
(:mod:`engine.reranking.service_gap`). Where no clear difference exists, nothing is done. Where one
does, the worst-served group at w = 1 is spared the part of the weights that is real difference: all
of them where the means are certain, so that it keeps the ranker's order (but for caps and rules,
which hold for everyone). The best-served always pays in full.

The idea is the user side of CPFair (Naghiaei, Rahmani & Deldjoo, SIGIR 2022) and of user-oriented
fairness (Li, Chen, Fu, Ge & Zhang, WWW 2021): re-rank so that the disadvantaged group does not lose
relevance. This linear budget is our own variant of it: it needs no solver and no test labels. It
trades the diversity, freshness and item exposure of the spared groups' lists for their relevance;
it lifts nobody above what the ranker gives.

A group in which fewer than 20 people have a known service takes the overall mean.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.errors import ScenarioError
from engine.reranking.candidate_pool import CandidatePool
from engine.reranking.kernel.inputs import frozen
from engine.reranking.service_gap import ServiceGap, service_gap
from engine.scenario import Scenario

__all__ = ["gap_of", "weight_shares"]


def gap_of(pool: CandidatePool, attribute: str | None) -> ServiceGap:
    """Return how the groups of an attribute are served; ``None`` takes the first attribute.

    Raises
    ------
    ScenarioError
        The data set has no such attribute.
    """
    column, labels = _column(pool, attribute)
    codes = np.asarray(pool.user_groups[:, column])
    return service_gap(pool.service, codes, len(labels))


def weight_shares(pool: CandidatePool, scenario: Scenario) -> NDArray[np.float64]:
    """Return the part of every weight that applies to each person, in [0, 1], shape (n_users,).

    1 for everyone where ``people_fairness`` is 0, where nothing is known of people, and where the
    groups show no clear difference.
    """
    if scenario.people_fairness == 0.0 or not (scenario.people_attribute or pool.attributes):
        return pool.whole_shares
    gap = gap_of(pool, scenario.people_attribute)
    if not gap.is_clear:
        return pool.whole_shares
    own = gap.is_own
    spread = np.append(gap.shrunk, gap.overall)  # the last one is for people of no group, -1
    spared = (gap.shrunk[own].max() - spread) / np.ptp(gap.means[own])
    column, _ = _column(pool, scenario.people_attribute)
    codes = np.asarray(pool.user_groups[:, column])
    shares = 1.0 - scenario.people_fairness * np.clip(spared, 0.0, 1.0)
    return frozen(shares[codes], np.float64)


def _column(pool: CandidatePool, attribute: str | None) -> tuple[int, tuple[str, ...]]:
    names = list(pool.attributes)
    if attribute is None and names:
        attribute = names[0]
    if attribute not in pool.attributes:
        known = ", ".join(names) or "none"
        raise ScenarioError(
            f"`people_attribute` of the scenario names {attribute!r}, which this data set does not "
            f"have; it has: {known}."
        )
    return names.index(attribute), pool.attributes[attribute]
