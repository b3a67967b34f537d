"""Every metric with its definition, range, direction, unit and source, in one registry.

>>> METRICS["ndcg"].direction
'higher'
"""

from __future__ import annotations

from engine.metrics.discovery_definitions import CHANGE, DISCOVERY
from engine.metrics.exposure_definitions import CONCENTRATION, ITEM_GROUPS
from engine.metrics.metric import Metric
from engine.metrics.objective_definitions import OBJECTIVE_NDCG
from engine.metrics.popularity_definitions import POPULARITY
from engine.metrics.relevance_definitions import RELEVANCE

__all__ = ["AUDIENCE_METRICS", "COLUMN", "HEADLINE", "METRICS", "USER_METRICS"]

METRICS: dict[str, Metric] = {
    metric.name: metric
    for metric in (
        *RELEVANCE,
        *OBJECTIVE_NDCG,
        *DISCOVERY,
        *CHANGE,
        *POPULARITY,
        *CONCENTRATION,
        *ITEM_GROUPS,
    )
}
"""Name → metric."""

USER_METRICS: tuple[str, ...] = tuple(m.name for m in METRICS.values() if m.scope == "user")
"""Names of the columns of the per-user metric matrix, in order."""

AUDIENCE_METRICS: tuple[str, ...] = tuple(m.name for m in METRICS.values() if m.scope == "audience")
"""Names of the metrics that need all lists at once, in the order in which they are computed."""

COLUMN: dict[str, int] = {name: column for column, name in enumerate(USER_METRICS)}
"""Name of a per-user metric → its column."""

HEADLINE: tuple[str, ...] = ("ndcg", "recall", "ild", "fresh_share", "aplt", "coverage")
"""Metrics of the headline. Their changes are judged as one family, with the figures of groups that
stand beside them (:mod:`engine.headline`); each has a card, and each card is one of these."""
