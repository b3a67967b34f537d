"""The headline figures: relevance, discovery, fairness, exposure."""

from __future__ import annotations

import numpy as np

from dashboard import cached_tune
from dashboard.formats import PLAIN, number
from dashboard.metric_cards import Card, CardPlaces, card_of, card_places
from dashboard.tune.view import View
from engine.evaluation import GroupComparison
from engine.metrics.figures import Figure
from engine.metrics.statistics.policy import POLICY
from engine.metrics.statistics.verdict import Word

__all__ = ["MIN_GROUP", "headline_cards", "headline_places", "worst_group"]

MIN_GROUP = 20
"""Smaller groups are too noisy to be called the worst."""


def headline_places() -> list[CardPlaces]:
    """Make room for the cards."""
    return card_places((2, 2, 2, 2))


def headline_cards(view: View, attribute: str) -> list[tuple[str, list[Card]]]:
    """Return the cards in their groups; the groups of people are those of ``attribute``."""
    figures, k = view.found.figures, view.scenario.k
    groups = view.found.groups(attribute)
    return [
        (
            "Relevance",
            [card_of(figures["ndcg"], f"NDCG@{k}"), card_of(figures["recall"], f"Recall@{k}")],
        ),
        ("Discovery", [card_of(figures["ild"], "Diversity"), card_of(figures["fresh_share"])]),
        (f"Fairness, by {attribute}", [_worst_card(groups, k), _gap_card(groups, k)]),
        ("Exposure", [card_of(figures["aplt"], "Long tail"), card_of(figures["coverage"])]),
    ]


def worst_group(groups: GroupComparison, metric: str) -> int | None:
    """Return the row of the group with the lowest mean, of those large enough; or ``None``."""
    column = groups.now.column(metric)
    means = np.where(
        groups.now.n_defined[:, column] >= MIN_GROUP, groups.now.mean[:, column], np.nan
    )
    return None if np.isnan(means).all() else int(np.nanargmin(means))


def _worst_card(groups: GroupComparison, k: int) -> Card:
    row = worst_group(groups, "ndcg")
    if row is None:
        return Card("Worst group", _unknown(), PLAIN, f"No group has {MIN_GROUP} people.")
    column = groups.now.column("ndcg")
    low, high = float(groups.change.low[row, column]), float(groups.change.high[row, column])
    change = float(groups.change.mean[row, column])
    figure = Figure(
        "ndcg",
        float(groups.now.mean[row, column]),
        float(groups.now.low[row, column]),
        float(groups.now.high[row, column]),
        int(groups.now.n_defined[row, column]),
        int(groups.now.n_undefined[row, column]),
        change,
        low,
        high,
        POLICY.confidence,
        Word(_verdict(change, low, high)),
    )
    note = f"NDCG@{k} of the group served worst now: {groups.labels[row]}."
    return Card("Worst group", figure, PLAIN, note)


def _verdict(change: float, low: float, high: float) -> str:
    if low <= 0 <= high or not np.isfinite(change):
        return "no clear change"
    return "better" if change > 0 else "worse"


def _gap_card(groups: GroupComparison, k: int) -> Card:
    column = groups.now.column("ndcg")
    is_large = groups.now.n_defined[:, column] >= MIN_GROUP
    if is_large.sum() < 2:
        return Card("Gap", _unknown(), PLAIN, f"Fewer than two groups have {MIN_GROUP} people.")
    now, before = (np.ptp(table.mean[is_large, column]) for table in (groups.now, groups.before))
    n = int(groups.now.n_defined[is_large, column].sum())
    figure = Figure("ndcg", float(now), np.nan, np.nan, n, 0, float(now - before))
    chance = cached_tune.gap_by_chance(groups.attributes[0], "ndcg", k)
    note = (
        f"NDCG@{k} of the best-served group minus that of the worst-served, groups of at least "
        f"{MIN_GROUP}; before, it was {number(float(before))}. Chance alone makes a gap: dealing "
        f"people to groups at random, 95 % of gaps stay below {number(chance.limit)}."
    )
    verdict = "beyond chance" if now > chance.limit else "within chance"
    return Card(
        "Gap", figure, PLAIN, note, verdict=verdict, below=f"chance: to {number(chance.limit)}"
    )


def _unknown() -> Figure:
    return Figure("ndcg", np.nan, np.nan, np.nan, 0, 0, reason="The groups are too small.")
