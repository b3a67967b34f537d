"""Definitions of what lists are worth by other objectives: what people finished, bought, shared."""

from __future__ import annotations

from engine.metrics.metric import Metric
from engine.objectives import OBJECTIVES, Objective

__all__ = ["OBJECTIVE_NDCG", "metric_of"]


def metric_of(objective: str) -> str:
    """Return the name of the metric of an objective.

    >>> metric_of("finished")
    'ndcg_finished'
    """
    return f"ndcg_{objective}"


def _ndcg(one: Objective) -> Metric:
    return Metric(
        metric_of(one.name),
        f"NDCG, {one.label.lower()}",
        f"How near the list comes to the best order of what the person {one.verb} in the time of "
        "the test, liked or not.",
        f"as NDCG, with R what was {one.verb} in the test"
        if one.name != "came_back"
        else "as NDCG, with R what was met again in the test, a day or more after the first time",
        0.0,
        1.0,
        "higher",
        "share",
        "relevance",
        "Järvelin & Kekäläinen 2002",
        f"The fit has no ranker of what people {one.verb}, or the person {one.verb} nothing in "
        "the time of the test.",
    )


OBJECTIVE_NDCG: tuple[Metric, ...] = tuple(_ndcg(one) for one in OBJECTIVES.values())
"""Filled by :mod:`engine.metrics.kernels.objectives`."""
