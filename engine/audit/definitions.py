"""The same lists judged by other metrics of the family, and under other models of attention."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.audit.audit import Audit, metric_label
from engine.audit.comparison import findings_of
from engine.audit.finding import Finding
from engine.audit.flips import Judged, is_flip
from engine.metrics.attended_gain import attended_gain
from engine.metrics.metric import Metric
from engine.metrics.rank_weights import ATTENTION_MODELS, AttentionModel, attention_weights
from engine.metrics.registry import METRICS, USER_METRICS

__all__ = ["ATTENDED_PREFIX", "attended_label", "every_verdict", "other_findings"]

PARAMETERS = {"patience": "patience {patience:g}", "top": "{top:g}"}
"""Parameter of an attention model → how the name of the definition says its value."""

ATTENDED_PREFIX = "Hits by attention: "
ATTENDED = METRICS["ndcg"]
"""Hits by attention have NDCG's range and direction; with logarithmic attention they are NDCG."""


def other_findings(audit: Audit) -> dict[str, Judged]:
    """Compare the groups by every other definition of the same kind.

    Of a relevance metric: the other relevance metrics, and hits weighed by each attention model.
    Of any other: the metrics of its family that point the same way.
    """
    return {
        label: Judged(_findings(audit, values, metric), _apart(audit, values))
        for label, metric, values in (*_alike(audit), *_attended(audit))
    }


def _findings(audit: Audit, values: NDArray[np.floating], metric: Metric) -> tuple[Finding, ...]:
    return findings_of(values, audit.groups, audit.settings, metric, audit.comparison.reference)


def _apart(audit: Audit, values: NDArray[np.floating]) -> tuple[Finding, ...]:
    """Test whether each group's disparity differs between the page's metric and another.

    Each metric is divided by its mean over the people who have both, so that a group's mean of the
    difference is the difference of its shares of the mean; paired over the same people.
    """
    both = np.stack([audit.after, values]).astype(np.float64)
    both[:, np.isnan(both).any(axis=0)] = np.nan
    mean = np.array([one[~np.isnan(one)].mean() if (~np.isnan(one)).any() else 0 for one in both])
    scaled = both / np.where(mean == 0, 1.0, mean)[:, None]
    about = audit.groups, audit.settings, audit.metric, audit.comparison.reference
    return findings_of(scaled[1] - scaled[0], *about, is_signed=True)


def _alike(audit: Audit) -> Iterator[tuple[str, Metric, NDArray[np.floating]]]:
    kind = audit.metric.family, audit.metric.direction
    for name in USER_METRICS:
        metric = METRICS[name]
        if (metric.family, metric.direction) == kind and name != audit.metric.name:
            values = audit.evaluation.measured.column(name)
            if np.isfinite(values).any():  # a definition that this data give nobody is none here
                yield metric_label(metric, audit.scenario.k), metric, values


def _attended(audit: Audit) -> Iterator[tuple[str, Metric, NDArray[np.floating]]]:
    """Weigh hits by each attention model whose weights are not a multiple of another's.

    The figure is a share of the best order's, so a constant factor drops out.
    """
    if (audit.metric.family, audit.metric.direction) != (ATTENDED.family, ATTENDED.direction):
        return
    items, holdout = audit.evaluation.measured.items, audit.evaluation.audience.holdout
    known = [_shape("log", items.shape[1])]
    for model in ATTENTION_MODELS.values():
        shape = _shape(model.name, items.shape[1])
        if not any(np.allclose(shape, other) for other in known):
            known.append(shape)
            yield attended_label(model), ATTENDED, attended_gain(items, holdout, model.name)


def attended_label(model: AttentionModel) -> str:
    """Name hits by a model of attention with the parameters that they are taken at.

    >>> attended_label(ATTENTION_MODELS["geometric"]), attended_label(ATTENTION_MODELS["top_k"])
    ('Hits by attention: geometric, patience 0.85', 'Hits by attention: only the top 5')
    """
    given = attention_weights.__kwdefaults__ or {}
    said = [PARAMETERS[name].format(**given) for name in model.uses]
    joint = " " if model.uses == ("top",) else ", "
    return f"{ATTENDED_PREFIX}{joint.join([model.label.lower(), *said])}"


def _shape(model: str, k: int) -> NDArray[np.float64]:
    weights = attention_weights(model, k)
    return weights / weights[0]


def every_verdict(audit: Audit, others: Mapping[str, Judged]) -> pd.DataFrame:
    """Return a row per definition and group: figures, verdict, and whether it flips.

    ``others`` are those of :func:`other_findings`.
    """
    chosen = audit.comparison.after
    page = Judged(chosen, (None,) * len(chosen))
    rows = [
        {
            "definition": label,
            "group": one.group,
            "people": one.people,
            "mean": one.value.value,
            "ratio": one.ratio.value,
            "ratio low": one.ratio.low,
            "ratio high": one.ratio.high,
            "p (Holm)": one.verdict.p_adjusted,
            "verdict": one.judgement,
            "flips": is_flip(first, one, apart),
        }
        for label, judged in {audit.comparison.label: page, **others}.items()
        for first, one, apart in zip(chosen, judged.findings, judged.apart, strict=True)
        if one.n > 0
    ]
    return pd.DataFrame(rows).astype({"people": "Int64"} if rows else {})
