"""Fairness for people: groups that are served worse pay less of what re-ranking costs.

All weights on terms other than relevance, for a person of group g, are multiplied by

    1 - w · (s_max - s_g) / (s_max - s_min)

where s_g is the mean of ``artifacts.service`` over the group: NDCG of what retrieval offered, on a
slice that it never saw, before any re-ranking. At w = 1 the worst-served group keeps the ranker's
order (but for caps and rules, which hold for everyone) and the best-served pays in full.

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
from engine.reranking.audience import Audience
from engine.reranking.kernel.inputs import frozen
from engine.scenario import Scenario

__all__ = ["SMALLEST_GROUP", "group_service", "weight_shares"]

SMALLEST_GROUP = 20


def group_service(
    audience: Audience, attribute: str | None
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return how well each group of an attribute is served, and whether that is its own figure.

    Parameters
    ----------
    attribute : str or None
        ``None`` takes the first.

    Returns
    -------
    service : float64 array of shape (n_groups,)
        Mean service of the people in the group, or of everyone where the group is too small; NaN
        where nobody's service is known.
    is_own : bool array of shape (n_groups,)
        False where the group is too small.

    Raises
    ------
    ScenarioError
        The data set has no such attribute.
    """
    column, labels = _column(audience, attribute)
    codes = np.asarray(audience.user_groups[:, column])
    is_known = ~np.isnan(audience.service) & (codes >= 0)
    counts = np.bincount(codes[is_known], minlength=len(labels))
    known = audience.service[is_known].astype(np.float64)
    sums = np.bincount(codes[is_known], weights=known, minlength=len(labels))
    overall = known.mean() if len(known) else np.nan
    is_own = counts >= SMALLEST_GROUP
    return np.where(is_own, sums / np.maximum(counts, 1), overall), is_own


def weight_shares(audience: Audience, scenario: Scenario) -> NDArray[np.float64]:
    """Return the part of every weight that applies to each person, in [0, 1], shape (n_users,).

    1 for everyone where ``people_fairness`` is 0 or fewer than two groups are large enough.
    """
    if scenario.people_fairness == 0.0:
        return audience.whole_shares
    service, is_own = group_service(audience, scenario.people_attribute)
    if is_own.sum() < 2 or np.ptp(service[is_own]) == 0.0:
        return audience.whole_shares
    low, high = service[is_own].min(), service[is_own].max()
    group_share = 1.0 - scenario.people_fairness * (high - service) / (high - low)
    column, _ = _column(audience, scenario.people_attribute)
    codes = np.asarray(audience.user_groups[:, column])
    overall = np.nanmean(audience.service.astype(np.float64))
    unknown_share = 1.0 - scenario.people_fairness * (high - overall) / (high - low)
    shares = np.where(codes >= 0, group_share[codes], unknown_share)
    return frozen(np.clip(shares, 0.0, 1.0), np.float64)


def _column(audience: Audience, attribute: str | None) -> tuple[int, tuple[str, ...]]:
    names = list(audience.attributes)
    if attribute is None and names:
        attribute = names[0]
    if attribute not in audience.attributes:
        known = ", ".join(names) or "none"
        raise ScenarioError(
            f"`people_attribute` of the scenario names {attribute!r}, which this data set does not "
            f"have; it has: {known}."
        )
    return names.index(attribute), audience.attributes[attribute]
